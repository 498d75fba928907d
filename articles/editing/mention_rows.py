"""Plans and writes the mentions of articles as they were read, and leaves what editors decided about them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field

from django.utils import timezone

from articles.editing.mention_decisions import covers
from articles.models import Article, Mention, NameRuling
from articles.reading.linking.link_rules import RULE_VERSION
from articles.reading.values import Link

from .record_registry import RecordRegistry
from .rulings.ruling_lookup import RulingLookup
from .text_scopes import TextScope

_Key = tuple[str, int, int, str]
EXTRACTED = (
    *("surface", "place", "organization", "status"),
    *("method", "rule", "rule_version", "score", "candidates"),
)
"""The columns of what was read of a mention; the others are its place and an editor's decision."""
_COLUMNS = [f"{name}_id" if name in ("place", "organization") else name for name in EXTRACTED]
_DECIDED = ("verdict", "decided_place", "decided_organization", "decided_by", "decided_at", "ruling")


@dataclass(frozen=True, slots=True)
class MentionPlan:
    """What a reading makes of the mentions of an article.

    `replaced` are the rows without a verdict of their own, which `added` replace. A row with a verdict keeps its id and
    gets what was read now at its place (`read_again`). `covered` are the links that a verdict holds for, and that get no
    row. `ruled` are the rulings that decide some of `added`.
    """

    added: tuple[Link, ...] = ()
    replaced: tuple[Mention, ...] = ()
    read_again: tuple[tuple[Mention, Link], ...] = ()
    covered: tuple[Link, ...] = ()
    ruled: Mapping[_Key, NameRuling] = field(default_factory=dict)

    @property
    def is_change(self) -> bool:
        """Whether the rows to replace are at other places than those that were read, or of other records or rulings."""
        rows = {_key(row): row.place_id or row.organization_id for row in self.replaced}
        links = {_key_of_link(link): link.record_id for link in self.added}
        rulings = {_key(row): row.ruling_id for row in self.replaced}
        return (
            rows.keys() != links.keys()
            or any(given and given != rows[key] for key, given in links.items())
            or any(ruling.pk != rulings[key] for key, ruling in self.ruled.items())
        )


def plan_mentions(
    article: Article,
    links: Iterable[Link],
    stored: Sequence[Mention],
    scope: TextScope,
    rulings: RulingLookup,
) -> MentionPlan:
    """Plan the mentions in a scope of an article from its links; `stored` are its rows, at their places in the new text.

    A decision on a mention stands above the `rulings` on names, and these above what was read.
    """
    decided = [row for row in stored if row.verdict and not row.ruling_id]
    by_key = {_key(row): row for row in decided}
    added, covered, read_again = [], [], []
    for link in links:
        if not scope.holds(_key_of_link(link)[:3]):
            continue
        if row := by_key.get(_key_of_link(link)):
            read_again.append((row, link))
        elif any(_is_covered(link, row) for row in decided):
            covered.append(link)
        else:
            added.append(link)
    is_replaced = (row for row in stored if row.ruling_id or not row.verdict)
    replaced = [row for row in is_replaced if scope.holds(_key(row)[:3])]
    found = ((link, rulings.ruling_on(article, link)) for link in added)
    ruled = {_key_of_link(link): ruling for link, ruling in found if ruling}
    return MentionPlan(tuple(added), tuple(replaced), tuple(read_again), tuple(covered), ruled)


def write_mentions(plans: Sequence[tuple[Article, MentionPlan]], registry: RecordRegistry) -> None:
    """Write the mentions of articles as planned; a row at the same place as before keeps its id."""
    registry.prepare(link for _, plan in plans for link in _links_to_write(plan))
    new, changed, gone, ruled = [], [], [], []
    for article, plan in plans:
        left = {_key(row): row for row in plan.replaced}
        same = [(left.pop(key), link) for link in plan.added if (key := _key_of_link(link)) in left]
        for row, link in (*plan.read_again, *same):
            found = _row(article, link, registry)
            if any(getattr(found, name) != getattr(row, name) for name in _COLUMNS):
                found.pk = row.pk
                changed.append(found)
        # Copies, as the report of a load compares the rows with the plan.
        decided = [copy(row) for row, _ in same]
        ruled += [row for row in decided if _follow_ruling(row, plan.ruled.get(_key(row)))]
        before = {_key(row) for row, _ in same}
        for link in plan.added:
            if _key_of_link(link) not in before:
                new.append(row := _row(article, link, registry))
                _follow_ruling(row, plan.ruled.get(_key_of_link(link)))
        gone += [row.pk for row in left.values()]
    if gone:
        Mention.objects.filter(pk__in=gone).delete()
    Mention.objects.bulk_update(changed, EXTRACTED)
    Mention.objects.bulk_update(ruled, _DECIDED)
    Mention.objects.bulk_create(new)


def _follow_ruling(row: Mention, ruling: NameRuling | None) -> bool:
    """Decide a row as a ruling says; return whether that changes it. Without one, an earlier ruling on it stays."""
    if ruling is None or row.ruling_id == ruling.pk:
        return False
    for name, value in ruling.verdict_columns().items():
        setattr(row, name, value)
    row.decided_at = timezone.now()
    return True


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
