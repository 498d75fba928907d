"""Plans and writes the mentions of articles as they were read, and leaves what editors decided about them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from articles.editing.mention_decisions import covers
from articles.models import Article, Mention
from articles.reading.linking.link_rules import RULE_VERSION
from articles.reading.values import Link

from .record_registry import RecordRegistry

_Key = tuple[str, int, int, str]
_EXTRACTED = (
    *("surface", "place", "organization", "status"),
    *("method", "rule", "rule_version", "score", "candidates"),
)


@dataclass(frozen=True, slots=True)
class MentionPlan:
    """What a reading makes of the mentions of an article.

    `replaced` are the rows without verdict, which `added` replace. A row with a verdict keeps its id and gets what was
    read now at its place (`read_again`). `covered` are the links that a verdict holds for, and that get no row.
    """

    added: tuple[Link, ...] = ()
    replaced: tuple[Mention, ...] = ()
    read_again: tuple[tuple[Mention, Link], ...] = ()
    covered: tuple[Link, ...] = ()

    @property
    def is_change(self) -> bool:
        """Whether the rows without verdict are at other places than those that were read, or of other given records."""
        rows = {_key(row): row.place_id or row.organization_id for row in self.replaced}
        links = {_key_of_link(link): link.record_id for link in self.added}
        return rows.keys() != links.keys() or any(
            given and given != rows[key] for key, given in links.items()
        )


def plan_mentions(article: Article, links: Sequence[Link], stored: Sequence[Mention]) -> MentionPlan:
    """Plan the mentions of an article from its links; `stored` are its rows, at their places in the new text.

    A part that an editor corrected keeps its mentions, as their offsets count in the corrected text.
    """
    decided = [row for row in stored if row.verdict]
    by_key = {_key(row): row for row in decided}
    added, covered, read_again = [], [], []
    for link in links:
        if link.mention.part in article.corrected:
            continue
        if row := by_key.get(_key_of_link(link)):
            read_again.append((row, link))
        elif any(_is_covered(link, row) for row in decided):
            covered.append(link)
        else:
            added.append(link)
    replaced = [row for row in stored if not row.verdict and row.part not in article.corrected]
    return MentionPlan(tuple(added), tuple(replaced), tuple(read_again), tuple(covered))


def write_mentions(plans: Sequence[tuple[Article, MentionPlan]], registry: RecordRegistry) -> None:
    """Write the mentions of articles as planned."""
    registry.prepare(link for _, plan in plans for link in _links_to_write(plan))
    if replaced := [row.pk for _, plan in plans for row in plan.replaced]:
        Mention.objects.filter(pk__in=replaced).delete()
    again = []
    for article, plan in plans:
        for row, link in plan.read_again:
            found = _row(article, link, registry)
            found.pk = row.pk
            again.append(found)
    Mention.objects.bulk_update(again, _EXTRACTED)
    Mention.objects.bulk_create(
        _row(article, link, registry) for article, plan in plans for link in plan.added
    )


def _links_to_write(plan: MentionPlan) -> Iterator[Link]:
    yield from plan.added
    yield from (link for _, link in plan.read_again)


def _is_covered(link: Link, decided: Mention) -> bool:
    mention = link.mention
    if decided.part != mention.part or decided.end <= mention.start or mention.end <= decided.start:
        return False
    # Only now, because it costs a query.
    record = RecordRegistry.stored_record(link)
    found = Mention(
        kind=mention.kind, part=mention.part, start=mention.start, end=mention.end, status=link.status
    )
    setattr(found, mention.kind, record)
    return covers(decided, found)


def _row(article: Article, link: Link, registry: RecordRegistry) -> Mention:
    mention = link.mention
    return Mention(
        article=article,
        part=mention.part,
        start=mention.start,
        end=mention.end,
        kind=mention.kind,
        surface=mention.surface,
        place=registry.place(link),
        organization=registry.organization(link),
        status=link.status,
        method=mention.method,
        rule=link.rule,
        rule_version=RULE_VERSION,
        score=mention.score,
        candidates=list(link.candidates),
    )


def _key(row: Mention) -> _Key:
    return row.part, row.start, row.end, row.kind


def _key_of_link(link: Link) -> _Key:
    mention = link.mention
    return mention.part, mention.start, mention.end, mention.kind
