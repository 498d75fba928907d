"""Where and when a page was printed: what its header and file name say, what a load states, and what settings fill in."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any, Self

from articles.models.page import Page
from articles.reading.values import InferredDate, Masthead, Reading

# Days by which the date in a file's name may be off the days that the text says: more, and it is that of a scan.
_SLACK = dt.timedelta(31)
_DECIDED_WITH = {"issue_date": ("issue_date_source", "issue_earliest", "issue_latest", "issue_evidence")}
_NO_INTERVAL: dict[str, Any] = {"issue_earliest": None, "issue_latest": None, "issue_evidence": None}


@dataclass(frozen=True, slots=True)
class StatedImprint:
    """What a load states about all its pages; None where each page's own header counts."""

    publication: str | None = None
    issue_date: dt.date | None = None
    home_code: str | None = None


@dataclass(frozen=True, slots=True)
class Imprint:
    """Where and when a page was printed; empty where unknown. `issue_date_source` is one of `Page.DateSource`.

    Where no date is known, `issue_earliest` and `issue_latest` are the days between which the text says that it was
    printed, and `issue_evidence` is what says so: `days`, the same without a year, and `found`, a list of the rule,
    start, end and quote of each. `corrected` are the columns that an editor decided: no source overwrites them.
    """

    publication: str = ""
    issue_date: dt.date | None = None
    issue_date_source: str = ""
    page_number: str = ""
    page_name: str = ""
    home_code: str = ""
    issue_earliest: dt.date | None = None
    issue_latest: dt.date | None = None
    issue_evidence: dict[str, Any] | None = None
    corrected: list[str] | None = None

    @classmethod
    def of_page(cls, page: Page) -> Self:
        return cls(**{field.name: getattr(page, field.name) for field in fields(cls)})

    def _with(self, **values: Any) -> Self:
        """This imprint with other values, but for those that an editor decided."""
        decided = {column for name in self.corrected or () for column in (name, *_DECIDED_WITH.get(name, ()))}
        return replace(self, **{name: value for name, value in values.items() if name not in decided})

    def write_to(self, page: Page) -> None:
        """Set the columns of a page, unsaved."""
        for name, value in asdict(self).items():
            setattr(page, name, value)

    def with_stated(self, stated: StatedImprint) -> Self:
        """This imprint, with what a load states in place of what was known."""
        is_other_date = stated.issue_date is not None and stated.issue_date != self.issue_date
        return self._with(
            publication=self.publication if stated.publication is None else stated.publication,
            issue_date=stated.issue_date or self.issue_date,
            issue_date_source="option" if is_other_date else self.issue_date_source,
            home_code=self.home_code if stated.home_code is None else stated.home_code,
            **_NO_INTERVAL if stated.issue_date else {},
        )

    def with_decided(self, decided: Mapping[str, Any]) -> Self:
        """This imprint, with columns that an editor decided of this page."""
        if not decided:
            return self
        values = dict(decided)
        if "issue_date" in values:
            values |= {"issue_date_source": Page.DateSource.EDITOR.value, **_NO_INTERVAL}
        return replace(self, **values, corrected=sorted({*(self.corrected or ()), *decided}))

    def with_masthead(self, masthead: Masthead) -> Self:
        """This imprint, with what the page's header lines say in place of what was known."""
        return self._with(
            publication=masthead.publication or self.publication,
            issue_date=masthead.issue_date or self.issue_date,
            issue_date_source="header" if masthead.issue_date else self.issue_date_source,
            page_number=masthead.page_number or self.page_number,
            page_name=masthead.page_name or self.page_name,
        )

    def read_from(self, reading: Reading, named: Masthead) -> Self:
        """This imprint, with what a page's header, the name of its file and its text say."""
        inferred = reading.inferred
        imprint = self.with_masthead(reading.page.masthead).with_file_name(named, inferred)
        return imprint.with_inferred(inferred, reading.page.text)

    def with_file_name(self, named: Masthead, inferred: InferredDate | None = None) -> Self:
        """This imprint, with what the name of the file says where neither a header nor a load says it.

        A date that the text excludes is not taken: it may be that of a scan.
        """
        is_free = self.issue_date is None or self.issue_date_source == Page.DateSource.FILE_NAME
        is_dated = named.issue_date is not None and is_free and not _excludes(inferred, named.issue_date)
        return self._with(
            issue_date=named.issue_date if is_dated else self.issue_date,
            issue_date_source=Page.DateSource.FILE_NAME.value if is_dated else self.issue_date_source,
            page_number=self.page_number or named.page_number or "",
        )

    def with_inferred(self, inferred: InferredDate | None, text: str) -> Self:
        """This imprint, with what the text of the page says of its date where that is not known."""
        if self.issue_date or inferred is None:
            return self._with(**_NO_INTERVAL)
        earliest, latest = inferred.interval or (None, None)
        return self._with(
            issue_earliest=earliest, issue_latest=latest, issue_evidence=inferred_json(inferred, text)
        )

    def read_again(self, reading: Reading, named: Masthead) -> Self:
        """This imprint with what newer rules read on the same page and in its file name, but for what a load may have stated."""
        read = self.read_from(reading, named)
        is_stated = self.issue_date_source == "option"
        return read._with(
            publication=self.publication,
            issue_date=self.issue_date if is_stated else read.issue_date,
            issue_date_source=self.issue_date_source if is_stated else read.issue_date_source,
        )


def inferred_json(inferred: InferredDate, text: str) -> dict[str, Any]:
    """What a text says of its date without the interval: `days` of a year, and what is `found` in it."""
    found = [
        {"rule": one.rule, "start": one.start, "end": one.end, "quote": text[one.start : one.end]}
        for one in inferred.evidence
    ]
    return {"days": list(inferred.days_of_year), "found": found}


def _excludes(inferred: InferredDate | None, day: dt.date) -> bool:
    """Whether a text says that its page was printed at quite another time than a day."""
    interval = inferred.interval if inferred else None
    return interval is not None and not interval[0] - _SLACK <= day <= interval[1] + _SLACK
