"""What is known of where and when a page was printed, and who says so."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

from articles.reading.values import Masthead


@dataclass(frozen=True, slots=True)
class StatedImprint:
    """What whoever starts a load says of all its pages; None where the pages shall speak for themselves."""

    publication: str | None = None
    issue_date: dt.date | None = None
    home_code: str | None = None


@dataclass(frozen=True, slots=True)
class Imprint:
    """Where and when a page was printed, empty where nobody knows; a date is from the header or an option."""

    publication: str = ""
    issue_date: dt.date | None = None
    issue_date_source: str = ""
    page_number: str = ""
    page_name: str = ""
    home_code: str = ""

    def restated(self, stated: StatedImprint) -> Imprint:
        """The imprint with what a load states, which stands above whatever was known."""
        dated = stated.issue_date is not None and stated.issue_date != self.issue_date
        return replace(
            self,
            publication=self.publication if stated.publication is None else stated.publication,
            issue_date=stated.issue_date or self.issue_date,
            issue_date_source="option" if dated else self.issue_date_source,
            home_code=self.home_code if stated.home_code is None else stated.home_code,
        )


def imprint_of(masthead: Masthead, otherwise: Imprint) -> Imprint:
    """The imprint that a page's header lines give; where they are silent, what `otherwise` has."""
    return replace(
        otherwise,
        publication=masthead.publication or otherwise.publication,
        issue_date=masthead.issue_date or otherwise.issue_date,
        issue_date_source="header" if masthead.issue_date else otherwise.issue_date_source,
        page_number=masthead.page_number or otherwise.page_number,
        page_name=masthead.page_name or otherwise.page_name,
    )
