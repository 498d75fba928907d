"""Infers when a page was printed from the days and years that its text names, as an interval with evidence.

The day comes first: datelines, or else the days with which reports begin. The year is given only where a rule says it.
docs/dates.md has the rules, and how often each is right.
"""

import datetime as dt
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Generic, TypeVar

from articles.reading.credits.datelines import find_dateline
from articles.reading.lines.character_folding import fold_characters
from articles.reading.values import Block, DateEvidence, InferredDate, Story

from .day_mentions import DayMention, YearMention, find_dates

# Days between what a text reports last and the issue: a weekly prints the dateline of a week ago, a feature a visit.
_AFTER_DATELINE = 7
_AFTER_REPORT = 30
# The days of one issue are near each other; those of a page that was put together from several are not.
_LONGEST_SPREAD = 31
_NEAR = 45
_FIRST_CHARACTERS = 40
# Until March a page may report of the year before as well as of its own; from October on, of the next.
_LAST_REVIEW_MONTH = 3
_FIRST_MONTH_OF_PLANS = 10
_LEAP_YEAR = 2000
_DAYS_OF_YEAR = 366

_SENTENCE_END = re.compile("[。！？]")
_BEGINNING = re.compile(r"(?:进入|今年是|跨入)$")
_BEGUN = re.compile(r"^(?:开年|新年|春运|元旦春节|春节(?:假期|长假))")
_COMING = re.compile("(?:新年|元旦|春节|春运|贺岁)")

_Mention = TypeVar("_Mention", DayMention, YearMention)


@dataclass(frozen=True, slots=True)
class _Found(Generic[_Mention]):
    """A day or year that a block names; `is_first` says that the block is the first text of its article."""

    mention: _Mention
    block: Block
    text: str
    is_first: bool

    def evidence(self, rule: str) -> DateEvidence:
        start = _on_page(self.block, self.mention.start)
        return DateEvidence(rule, start, _on_page(self.block, self.mention.end - 1) + 1)


_Day = _Found[DayMention]
_Year = _Found[YearMention]


def infer_date(stories: Sequence[Story]) -> InferredDate | None:
    """Infer when the page with these stories was printed; None if its text names no day that says it."""
    days: list[_Day] = []
    years: list[_Year] = []
    for story in stories:
        _collect(story, days, years)
    datelines = [day for day in days if day.mention.kind == "dateline"]
    reports = [day for day in days if _begins_report(day, years)]
    last = _last(datelines or reports)
    if last is None:
        return None
    width, rule = (_AFTER_DATELINE, "dateline") if datelines else (_AFTER_REPORT, "report")
    year, evidence = _year(last.mention, days, years)
    found = (last.evidence(rule), *evidence)
    return InferredDate(last.mention.month, last.mention.day, width, year, found)


def _collect(story: Story, days: list[_Day], years: list[_Year]) -> None:
    """Add the days and years that a story names."""
    first = next((block for block in story.blocks if block.kind == "paragraph"), None)
    for block in story.blocks:
        text = fold_characters(block.text)
        dateline = find_dateline(text)
        is_first = block is first or block.kind == "caption"
        for mention in find_dates(text, dateline.end() if dateline else 0):
            if isinstance(mention, DayMention):
                days.append(_Found(mention, block, text, is_first))
            else:
                years.append(_Found(mention, block, text, is_first))


def _begins_report(day: _Day, years: Collection[_Year]) -> bool:
    """Whether a report begins with this day: it is in its first sentence, or a year is printed beside it."""
    mention = day.mention
    if mention.kind not in {"lead", "event"} or mention.year or not day.is_first:
        return False
    if mention.start < _FIRST_CHARACTERS and "。" not in day.text[: mention.start]:
        return True
    return mention.kind == "lead" and any(_is_beside(year, day) for year in years)


def _last(days: Sequence[_Day]) -> _Day | None:
    """The last of some days, which may span the end of a year; None if they are too far apart for one issue."""
    if not days:
        return None
    ordered = sorted(days, key=_number)
    numbers = [_number(day) for day in ordered]
    gaps = [(after - before, place) for place, (before, after) in enumerate(pairwise(numbers))]
    longest, place = max([*gaps, (numbers[0] + _DAYS_OF_YEAR - numbers[-1], len(numbers) - 1)])
    return ordered[place] if _DAYS_OF_YEAR - longest <= _LONGEST_SPREAD else None


def _number(day: _Day) -> int:
    """The number of a day in a leap year."""
    return dt.date(_LEAP_YEAR, day.mention.month, day.mention.day).timetuple().tm_yday


def _year(
    last: DayMention, days: Collection[_Day], years: Collection[_Year]
) -> tuple[int | None, list[DateEvidence]]:
    """The year of the last day that is reported, and what says so; None if no rule gives one."""
    if last.year:
        return last.year, []
    past = [year for year in years if year.mention.kind != "plan" and not _is_coming(year, last)]
    latest = max((year.mention.year for year in past), default=None)
    of_latest = [year for year in past if year.mention.year == latest]
    begun = [year for year in of_latest if _is_begun(year) and last.month < _FIRST_MONTH_OF_PLANS]
    rules: dict[str, Sequence[_Day] | Sequence[_Year]] = {"year_begun": begun}
    if last.month > _LAST_REVIEW_MONTH:
        dated = [day for day in days if day.mention.year == latest and _is_shortly_before(day, last)]
        beside = [year for year in of_latest if any(_is_beside(year, day) for day in days)]
        rules = {"full_date": dated, **rules, "year_beside": beside}
    for rule, found in rules.items():
        if found:
            return latest, [found[0].evidence(rule)]
    return None, []


def _is_coming(year: _Year, last: DayMention) -> bool:
    """Whether the end of a year speaks of the next one: 2025年春运."""
    return last.month >= _FIRST_MONTH_OF_PLANS and bool(_COMING.match(year.text, year.mention.end))


def _is_shortly_before(day: _Day, last: DayMention) -> bool:
    """Whether a day with its year is some weeks before another one; on the same day there is an anniversary."""
    number = dt.date(_LEAP_YEAR, last.month, last.day).timetuple().tm_yday
    return day.mention.kind != "plan" and 0 < number - _number(day) <= _NEAR


def _is_begun(year: _Year) -> bool:
    """Whether the year is said to have begun: 进入2024年, 2024年开年."""
    before, behind = year.text[: year.mention.start], year.text[year.mention.end :]
    return year.mention.kind == "year" and bool(_BEGINNING.search(before) or _BEGUN.match(behind))


def _is_beside(year: _Year, day: _Day) -> bool:
    """Whether a year is printed behind a day without year, in its sentence: 7月22日，县里举办2024年大赛."""
    if year.mention.kind != "year" or day.block is not year.block or day.mention.year:
        return False
    between = year.text[day.mention.end : year.mention.start]
    is_behind = day.mention.end <= year.mention.start and not _SENTENCE_END.search(between)
    return is_behind and day.mention.kind != "plan"


def _on_page(block: Block, offset: int) -> int:
    """The place on the page of a character of a block's text."""
    for start, end in block.spans:
        if offset < end - start:
            return start + offset
        offset -= end - start
    raise IndexError(offset)
