"""Explains in words why stored mentions are linked as they are."""

from collections.abc import Iterable

from articles.models import Mention
from articles.reading import values
from articles.reading.gazetteer.divisions import load_gazetteer
from articles.reading.linking.link_rules import Translate, explain_link, gettext_noop

_RULED = gettext_noop("An editor answered “%(name)s” for many articles on %(day)s, and that decided here.")


def explain_links(
    rows: Iterable[Mention], tell: Translate = str, only: Mention | None = None
) -> dict[int, str]:
    """A sentence for each mention of an article, by its id: why it is linked to its record, or why to none.

    `only` asks for one of them: the evidence for each is looked for among all others. A mention that an editor added has
    no sentence. One that a ruling on its name decided says so too. Fetch the rows with their places' parents, their
    organizations' seats and their rulings.
    """
    read = [row for row in rows if row.rule]
    links = {row.pk: _link_of(row) for row in read}
    every = list(links.values())
    why = {
        pk: explain_link(link, every, load_gazetteer(), tell)
        for pk, link in links.items()
        if only is None or pk == only.pk
    }
    for row in read:
        if row.ruling and row.pk in why:
            ruled = tell(_RULED) % {"name": row.surface, "day": row.ruling.at.date()}
            why[row.pk] = f"{why[row.pk]} {ruled}"
    return why


def _link_of(row: Mention) -> values.Link:
    """The link from which a row was created."""
    mention = values.Mention(row.kind, row.part, row.start, row.end, row.surface, row.method, row.score)  # type: ignore[arg-type]
    name = code = within = None
    if row.place:
        name, code = row.place.name, row.place.code or None
        within = row.place.parent.code if row.place.parent and not code else None
    elif row.organization:
        seat = row.organization.seat
        name, code = row.organization.name, seat.code if seat else None
    return values.Link(mention, row.status, row.rule, name, code, tuple(row.candidates), within)  # type: ignore[arg-type]
