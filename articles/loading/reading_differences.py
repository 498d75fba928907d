"""Says what a plan changes in the articles of a page, one difference at a time, for the report of a re-extraction."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

from articles.models import Article, Mention
from articles.reading.values import TITLES

from .article_plan import ArticlePlan, PagePlan
from .imprint import Imprint
from .json_output import JsonObject, link_json

Subject = Literal["article", "title", "line", "credit", "date", "imprint", "boundary", "mention", "residue"]
ChangeKind = Literal[
    "created", "updated", "withdrawn", "restored", "added", "gone", "changed", "moved", "relinked", "ruled"
]

_Place = tuple[str, int, int]

_SUBJECTS: dict[str, Subject] = {
    **dict.fromkeys(TITLES, "title"),
    **dict.fromkeys(("dateline", "agency"), "credit"),
    **dict.fromkeys(
        ("issue_date", "issue_date_source", "issue_earliest", "issue_latest", "issue_evidence"), "date"
    ),
    **dict.fromkeys(("publication", "section", "page_number", "page_name", "home_code"), "imprint"),
    **dict.fromkeys(("start", "end", "position", "page_id"), "boundary"),
}
"""By column what a change of it is called."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that today's rules read differently; `article` is the id of a stored article, None for others.

    `name` is the column, or the words on the page. `is_decided` says that an editor's decision covers it: what was read is
    recorded, and what is shown stays.
    """

    subject: Subject
    change: ChangeKind
    name: str
    before: str = ""
    after: str = ""
    rule: str = ""
    article: int | None = None
    is_decided: bool = False


def compare_imprints(before: Imprint, after: Imprint) -> Iterator[Difference]:
    """What differs in where and when the page was printed."""
    new = asdict(after)
    for name, old in asdict(before).items():
        if old != new[name]:
            yield Difference(_SUBJECTS[name], "changed", name, _text(old), _text(new[name]))


def compare_residue(
    text: str, before: Sequence[JsonObject], after: Sequence[JsonObject]
) -> Iterator[Difference]:
    """What differs in what is printed on a page besides its articles."""
    for one in before:
        if one not in after:
            yield Difference("residue", "gone", one["kind"], before=text[one["start"] : one["end"]])
    for one in after:
        if one not in before:
            yield Difference("residue", "added", one["kind"], after=text[one["start"] : one["end"]])


def compare_page(plan: PagePlan) -> Iterator[Difference]:
    """What a plan changes in the articles of a page."""
    for article in plan.articles:
        yield from _compare_article(article)


def _compare_article(plan: ArticlePlan) -> Iterator[Difference]:
    if plan.outcome == "unchanged":
        return
    article, before = plan.article, plan.before
    # The report names a new article by its headline alone: a dry run gives it no id.
    pk = None if plan.outcome == "created" else article.pk
    yield Difference("article", plan.outcome, str(article), article=pk)
    if plan.outcome == "withdrawn":
        return
    if plan.outcome == "updated":
        for name, subject in _SUBJECTS.items():
            yield from _compare_value(plan, name, subject)
        if before["status"] != article.status:
            yield Difference(
                "article", "restored", str(article), before["status"], article.status, article=pk
            )
        yield from _compare_lines(before["blocks"], article.blocks, article)
    yield from _compare_credits(plan, pk)
    yield from _compare_stored_mentions(plan, pk)


def _compare_value(plan: ArticlePlan, name: str, subject: Subject) -> Iterator[Difference]:
    """Compare a column, or what was extracted for it where an editor decided the column."""
    is_decided = name in plan.article.corrected
    if is_decided:
        old, new = plan.extracted_before.get(name), plan.article.extracted.get(name)
    elif name in plan.before:
        old, new = plan.before[name], getattr(plan.article, name)
    else:
        return
    if _text(old) != _text(new):
        yield Difference(
            subject, "changed", name, _text(old), _text(new), article=plan.article.pk, is_decided=is_decided
        )


def _compare_lines(
    before: Sequence[JsonObject], after: Sequence[JsonObject], article: Article
) -> Iterator[Difference]:
    """Compare the blocks that are shown, by where they are printed; one that an editor wrote is not printed."""
    old, new = (
        {str(block["spans"]): block for block in blocks if block["spans"]} for blocks in (before, after)
    )
    for place, block in new.items():
        was = old.pop(place, None)
        if was is None:
            yield Difference("line", "added", block["text"], after=block["kind"], article=article.pk)
        elif was["kind"] != block["kind"]:
            yield Difference("line", "changed", block["text"], was["kind"], block["kind"], article=article.pk)
    for block in old.values():
        yield Difference("line", "gone", block["text"], before=block["kind"], article=article.pk)


def _compare_credits(plan: ArticlePlan, pk: int | None) -> Iterator[Difference]:
    """Compare the credits; a person whom several lines of an article credit, as after a join, has one byline."""
    is_decided = "bylines" in plan.article.corrected
    old, new = (
        dict.fromkeys((byline["name"], byline["role"]) for byline in extracted.get("bylines", []))
        for extracted in (plan.extracted_before, plan.article.extracted)
    )
    for name, role in new:
        if (name, role) not in old:
            yield Difference("credit", "added", name, after=role, article=pk, is_decided=is_decided)
    for name, role in old:
        if (name, role) not in new:
            yield Difference("credit", "gone", name, before=role, article=pk, is_decided=is_decided)


def _compare_stored_mentions(plan: ArticlePlan, pk: int | None) -> Iterator[Difference]:
    """Compare the rows of mentions with those that replace them, and what was read under an editor's verdict."""
    if not plan.affects_mentions:
        return
    mentions = plan.mentions
    lost = [row for row in plan.lost_mentions if not row.verdict]
    before = [_row_json(row, plan.places_before[row.pk]) for row in (*mentions.replaced, *lost)]
    for found in _compare_mentions(before, [link_json(link) for link in mentions.added]):
        yield replace(found, article=pk)
    yield from _compare_rulings(plan, pk)
    for row in plan.lost_mentions:
        if row.verdict:
            yield replace(_mention("gone", _row_json(row, plan.places_before[row.pk]), None), article=pk)
    for row, link in mentions.read_again:
        was, now = _row_json(row, (row.part, row.start, row.end)), link_json(link)
        if _record(was) != _record(now) and row.method != "editor":
            yield replace(_mention("relinked", was, now), article=pk, is_decided=True)
    known = {_span(mention) for mention in _mentions(plan.extracted_before)}
    for link in mentions.covered:
        if _span(now := link_json(link)) not in known:
            yield replace(_mention("added", None, now), article=pk, is_decided=True)


def _compare_rulings(plan: ArticlePlan, pk: int | None) -> Iterator[Difference]:
    """The mentions that a ruling on their name decides now, and did not decide before."""
    before = {_span_of_row(row): row.ruling_id for row in plan.mentions.replaced}
    for span, ruling in plan.mentions.ruled.items():
        if before.get(span) != ruling.pk:
            after = str(ruling.record or ruling.get_verdict_display())
            yield Difference("mention", "ruled", ruling.name, after=after, article=pk)


def _span_of_row(row: Mention) -> tuple[str, int, int, str]:
    return row.part, row.start, row.end, row.kind


def _compare_mentions(before: Sequence[JsonObject], after: Sequence[JsonObject]) -> Iterator[Difference]:
    """How the mentions of an article differ; one with the same words at another place has moved."""
    old, new = {_span(mention): mention for mention in before}, {_span(mention): mention for mention in after}
    left = defaultdict(list)
    for span in sorted(old.keys() - new.keys()):
        left[_words(old[span])].append(old[span])
    for span, mention in new.items():
        if span in old:
            if _record(old[span]) != _record(mention):
                yield _mention("relinked", old[span], mention)
        elif same := left.get(_words(mention)):
            yield _mention("moved", same.pop(0), mention)
        else:
            yield _mention("added", None, mention)
    for mention in (mention for mentions in left.values() for mention in mentions):
        yield _mention("gone", mention, None)


def _mention(change: ChangeKind, before: JsonObject | None, after: JsonObject | None) -> Difference:
    mention = after or before or {}
    return Difference(
        "mention",
        change,
        mention["surface"],
        _target(before) if before else "",
        _target(after) if after else "",
        ", ".join(filter(None, [mention["method"], mention["rule"]])),
    )


def _row_json(row: Mention, place: _Place) -> JsonObject:
    """A stored mention at a place as `link_json` gives one that is read."""
    part, start, end = place
    record = row.place or row.organization
    seat = row.organization.seat if row.organization else None
    coded = row.place or seat
    return {
        "kind": row.kind,
        "part": part,
        "start": start,
        "end": end,
        "surface": row.surface,
        "status": row.status,
        "name": record.name if record else None,
        "code": coded.code or None if coded else None,
        "method": row.method,
        "rule": row.rule,
    }


def _span(mention: JsonObject) -> tuple[str, int, int, str]:
    return mention["part"], mention["start"], mention["end"], mention["kind"]


def _words(mention: JsonObject) -> tuple[str, str, str]:
    return mention["part"], mention["kind"], mention["surface"]


def _target(mention: JsonObject) -> str:
    """The record that a mention is linked to, as text: 芮城县 140830, or the status of one without record."""
    return " ".join(filter(None, [mention["name"], mention["code"]])) or str(mention["status"])


def _record(mention: JsonObject) -> str:
    """What says whether two links are to the same record: the code of a place, whose name editors may change."""
    is_coded = mention["kind"] == "place" and mention["code"]
    return str(mention["code"]) if is_coded else _target(mention)


def _mentions(extracted: JsonObject) -> list[JsonObject]:
    """The mentions of an article and the references that point back to them."""
    return [*extracted.get("mentions", []), *extracted.get("references", [])]


def _text(value: Any) -> str:
    return "" if value is None else str(value)
