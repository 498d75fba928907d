"""Prints the results of `loadseeds`: lines and a tally for people, JSON for programs."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from django.core.management.base import OutputWrapper

from articles.reading.values import Rejected, Story

from .json_output import JsonObject, page_json, rejection_json
from .loader import FileResult
from .reading_differences import Difference
from .reextraction import ReextractedPage

_FILES = ("created", "updated", "unchanged", "rejected")
_ARTICLES = ("created", "updated", "withdrawn", "unchanged")
# What a re-extraction changes, by the name of its counts.
_CHANGES = {
    "titles": ("title", ("changed",)),
    "lines": ("line", ("added", "gone", "changed")),
    "credits": ("credit", ("added", "gone", "changed")),
    "dates": ("date", ("changed",)),
    "imprints": ("imprint", ("changed",)),
    "boundaries": ("boundary", ("changed",)),
    "mentions": ("mention", ("added", "gone", "moved", "relinked", "ruled")),
}


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
            self._print(f"{result.outcome:<9} {_shown_path(result.path)} ({articles} articles)")
        if self._dry_run and result.reading:
            for story in result.reading.stories:
                self._print(*_story_lines(story))

    def end(self, notice: str) -> None:
        for path, rejected in self.tally.rejected:
            self._print(f"rejected  {_shown_path(path)}: {rejected}")
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
    """Prints what reading pages again changes, or would change: lines for people, or one JSON object for programs."""

    def __init__(self, out: OutputWrapper, *, as_json: bool) -> None:
        self._out = out
        self._as_json = as_json
        self._pages: list[JsonObject] = []
        self._changes = Counter[tuple[str, str]]()
        self._rules = Counter[tuple[str, str]]()
        self._articles = Counter[str]()
        self._decided = 0

    def show(self, result: ReextractedPage) -> None:
        self._articles += result.articles
        for difference in result.differences:
            if difference.is_decided:
                self._decided += 1
                continue
            self._changes[difference.subject, difference.change] += 1
            if difference.rule:
                self._rules[difference.rule, difference.change] += 1
        if self._as_json:
            self._pages.append(
                {
                    "path": result.path,
                    "sha256": result.page.sha256,
                    "articles": {outcome: result.articles[outcome] for outcome in _ARTICLES},
                    "differences": [asdict(difference) for difference in result.differences],
                }
            )
            return
        for difference in result.differences:
            self._out.write(f"{_difference_line(difference)} in {_shown_path(result.path)}\n")

    def tally(self) -> dict[str, dict[str, int]]:
        counts = {"articles": {outcome: self._articles[outcome] for outcome in _ARTICLES}}
        for things, (subject, changes) in _CHANGES.items():
            counts[things] = {change: self._changes[subject, change] for change in changes}
        counts["decisions"] = {"unchanged": self._decided}
        return counts

    def end(self, notice: str) -> None:
        if self._as_json:
            self._out.write(json.dumps({"pages": self._pages, "tally": self.tally()}) + "\n")
            return
        for (rule, change), count in sorted(self._rules.items()):
            self._out.write(f"{count:>6,} {change} by {rule}\n")
        for things, counts in self.tally().items():
            shown = ", ".join(f"{count:,} {outcome}" for outcome, count in counts.items())
            self._out.write(f"{things.capitalize():<10} {shown}\n")
        self._out.write(f"{notice}\n")


def _shown_path(path: str) -> str:
    """A path as the user would type it: relative, if it is below the current folder."""
    return path.removeprefix(f"{Path.cwd()}/")


def _difference_line(difference: Difference) -> str:
    """One difference: what it is about, how it changes, its name, the values before and after, and why."""
    values = " -> ".join(
        " ".join(value.split()) or "nothing"
        for value in (difference.before, difference.after)
        if difference.before or difference.after
    )
    name = " ".join(difference.name.split())
    parts = [f"{difference.subject:<8} {difference.change:<9} {name}", values]
    line = ": ".join(filter(None, parts))
    rule = f" ({difference.rule})" if difference.rule else ""
    stays = ", which stays as an editor decided it," if difference.is_decided else ""
    return f"{line}{rule}{stays}"


def _story_lines(story: Story) -> Iterator[str]:
    """The lines of an article: every block with its kind, and the credits."""
    yield ""
    yield from (f"  {block.kind:<9} {' '.join(block.text.split())}" for block in story.blocks)
    yield from (f"  {credit.role:<13} = {credit.name}" for credit in story.bylines)
