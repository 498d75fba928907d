"""Why stored mentions are linked as they are, in words: for whoever has to judge it."""

from __future__ import annotations

from collections.abc import Iterable

from articles.models import Mention
from articles.reading import values
from articles.reading.gazetteer.divisions import load_gazetteer
from articles.reading.linking.rules import Translate, explain_link


def explain_links(rows: Iterable[Mention], tell: Translate = str) -> dict[int, str]:
    """For each mention of an article, by id, a sentence that says why it is linked as it is, or why it is not.

    `tell` translates. Mentions that an editor added have no reason but the editor. The rows' places with parents and
    their organizations with seats should be fetched with them.
    """
    links = {row.pk: _link_of(row) for row in rows if row.rule}
    every = list(links.values())
    return {pk: explain_link(link, every, load_gazetteer(), tell) for pk, link in links.items()}


def _link_of(row: Mention) -> values.Link:
    """The link that a row was made of."""
    mention = values.Mention(row.kind, row.part, row.start, row.end, row.surface, row.method, row.score)  # type: ignore[arg-type]
    name = code = within = None
    if row.place:
        name, code = row.place.name, row.place.code or None
        within = row.place.parent.code if row.place.parent and not code else None
    elif row.organization:
        seat = row.organization.seat
        name, code = row.organization.name, seat.code if seat else None
    return values.Link(mention, row.status, row.rule, name, code, tuple(row.candidates), within)  # type: ignore[arg-type]
