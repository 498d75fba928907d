"""Prints the results of `loadseeds`: lines and a tally for people, JSON for programs."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from typing import get_args

from django.core.management.base import OutputWrapper

from articles.reading.values import Rejected, Story

from .json_output import JsonObject, page_json, rejection_json
from .loader import FileResult
from .reextraction import MentionChange, ReextractedPage

_FILES = ("created", "updated", "unchanged", "rejected")
_ARTICLES = _FILES[:3]


class LoadTally:
    """Files and articles counted by outcome, and the rejected files with the reason."""

    def __init__(self) -> None:
        self.files = Counter[str]()
        self.articles = Counter[str]()
        self.rejected: list[tuple[str, Rejected]] = []

    def add(self, result: FileResult) -> None:
        self.files[result.outcome] += 1
        self.articles += result.articles
        if result.rejected:
            self.rejected.append((result.path, result.rejected))

    def counts(self) -> dict[str, dict[str, int]]:
        return {
            "files": {outcome: self.files[outcome] for outcome in _FILES},
            "articles": {outcome: self.articles[outcome] for outcome in _ARTICLES},
        }


class TextReport:
    """Prints lines for people: a dry run shows each article, a load each changed file if `lines` is set."""

    def __init__(self, out: OutputWrapper, *, dry_run: bool, lines: bool) -> None:
        self.tally = LoadTally()
        self._out = out
        self._dry_run = dry_run
        self._lines = lines

    def show(self, result: FileResult) -> None:
        self.tally.add(result)
        if self._lines and result.outcome != "unchanged" and not result.rejected:
            articles = sum(result.articles.values())
            self._print(f"{result.outcome:<9} {result.path} ({articles} articles)")
        if self._dry_run and result.reading:
            for story in result.reading.stories:
                self._print(*_story_lines(story))

    def end(self, notice: str) -> None:
        for path, rejected in self.tally.rejected:
            self._print(f"rejected  {path}: {rejected}")
        for things, counts in self.tally.counts().items():
            shown = ", ".join(f"{count:,} {outcome}" for outcome, count in counts.items())
            self._print(f"{things.capitalize():<9} {shown}")
        self._print(notice)

    def _print(self, *lines: str) -> None:
        for line in lines:
            self._out.write(f"{line}\n")


class JsonReport:
    """Prints one JSON object, page by page, so that a load of any length fits in memory."""

    def __init__(self, out: OutputWrapper, *, dry_run: bool) -> None:
        self.tally = LoadTally()
        self._out = out
        self._dry_run = dry_run
        self._unchanged: list[dict[str, str]] = []
        self._next = '{"pages": ['

    def show(self, result: FileResult) -> None:
        self.tally.add(result)
        if result.reading and result.imprint:
            page = json.dumps(page_json(result.path, result.reading, result.imprint))
            self._out.write(f"{self._next}\n{page}")
            self._next = ","
        elif not result.rejected:
            self._unchanged.append({"path": result.path, "sha256": result.sha256})

    def end(self, _notice: str) -> None:
        rejected = [rejection_json(path, rejected) for path, rejected in self.tally.rejected]
        rest: JsonObject = {"rejected": rejected}
        if not self._dry_run:
            rest |= {"unchanged": self._unchanged, "tally": self.tally.counts()}
        opening = self._next if self._next != "," else ""
        self._out.write(f"{opening}],\n{json.dumps(rest)[1:]}\n")


LoadReport = TextReport | JsonReport


class ReextractionReport:
    """Prints what today's rules read differently: lines for people, or one JSON object for programs."""

    def __init__(self, out: OutputWrapper, *, as_json: bool) -> None:
        self._out = out
        self._as_json = as_json
        self._pages: list[JsonObject] = []
        self._changes = Counter[str]()
        self._rules = Counter[tuple[str, str]]()
        self._articles = Counter[str]()

    def show(self, result: ReextractedPage) -> None:
        self._articles += result.articles
        self._changes.update(difference.change for difference in result.differences)
        self._rules.update((difference.rule, difference.change) for difference in result.differences)
        if self._as_json:
            differences = [asdict(difference) for difference in result.differences]
            self._pages.append(
                {"path": result.path, "sha256": result.page.sha256, "differences": differences}
            )
            return
        for difference in result.differences:
            target = " -> ".join(filter(None, [difference.before, difference.after]))
            self._out.write(
                f"{difference.change:<9} {difference.surface}: {target} ({difference.rule}) in {result.path}\n"
            )

    def tally(self) -> dict[str, dict[str, int]]:
        return {
            "articles": {outcome: self._articles[outcome] for outcome in _ARTICLES},
            "mentions": {change: self._changes[change] for change in get_args(MentionChange)},
        }

    def end(self, notice: str) -> None:
        if self._as_json:
            self._out.write(json.dumps({"pages": self._pages, "tally": self.tally()}) + "\n")
            return
        for (rule, change), count in sorted(self._rules.items()):
            self._out.write(f"{count:>6,} {change} by {rule}\n")
        for things, counts in self.tally().items():
            shown = ", ".join(f"{count:,} {outcome}" for outcome, count in counts.items())
            self._out.write(f"{things.capitalize():<9} {shown}\n")
        self._out.write(f"{notice}\n")


def _story_lines(story: Story) -> Iterator[str]:
    """The lines of an article: every block with its kind, and the credits."""
    yield ""
    yield from (f"  {block.kind:<9} {' '.join(block.text.split())}" for block in story.blocks)
    yield from (f"  {credit.role:<13} = {credit.name}" for credit in story.bylines)
