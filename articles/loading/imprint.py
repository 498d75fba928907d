"""Where and when a page was printed: what its header and file name say, what a load states, and what settings fill in."""

import datetime as dt
from dataclasses import asdict, dataclass, fields, replace
from typing import Self

from articles.models.page import Page
from articles.reading.values import Masthead


@dataclass(frozen=True, slots=True)
class StatedImprint:
    """What a load states about all its pages; None where each page's own header counts."""

    publication: str | None = None
    issue_date: dt.date | None = None
    home_code: str | None = None


@dataclass(frozen=True, slots=True)
class Imprint:
    """Where and when a page was printed; empty where unknown. `issue_date_source` is one of `Page.DateSource`."""

    publication: str = ""
    issue_date: dt.date | None = None
    issue_date_source: str = ""
    page_number: str = ""
    page_name: str = ""
    home_code: str = ""

    @classmethod
    def of_page(cls, page: Page) -> Self:
        return cls(**{field.name: getattr(page, field.name) for field in fields(cls)})

    def write_to(self, page: Page) -> None:
        """Set the columns of a page, unsaved."""
        for name, value in asdict(self).items():
            setattr(page, name, value)

    def with_stated(self, stated: StatedImprint) -> Self:
        """This imprint, with what a load states in place of what was known."""
        is_other_date = stated.issue_date is not None and stated.issue_date != self.issue_date
        return replace(
            self,
            publication=self.publication if stated.publication is None else stated.publication,
            issue_date=stated.issue_date or self.issue_date,
            issue_date_source="option" if is_other_date else self.issue_date_source,
            home_code=self.home_code if stated.home_code is None else stated.home_code,
        )

    def with_masthead(self, masthead: Masthead) -> Self:
        """This imprint, with what the page's header lines say in place of what was known."""
        return replace(
            self,
            publication=masthead.publication or self.publication,
            issue_date=masthead.issue_date or self.issue_date,
            issue_date_source="header" if masthead.issue_date else self.issue_date_source,
            page_number=masthead.page_number or self.page_number,
            page_name=masthead.page_name or self.page_name,
        )

    def with_file_name(self, named: Masthead) -> Self:
        """This imprint, with what the name of the file says where neither a header nor a load says it."""
        is_free = self.issue_date is None or self.issue_date_source == Page.DateSource.FILE_NAME
        is_dated = named.issue_date is not None and is_free
        return replace(
            self,
            issue_date=named.issue_date if is_dated else self.issue_date,
            issue_date_source=Page.DateSource.FILE_NAME.value if is_dated else self.issue_date_source,
            page_number=self.page_number or named.page_number or "",
        )

    def read_again(self, masthead: Masthead, named: Masthead) -> Self:
        """This imprint with what newer rules read in the same header and file name, but for what a load may have stated."""
        read = self.with_masthead(masthead).with_file_name(named)
        is_stated = self.issue_date_source == "option"
        return replace(
            read,
            publication=self.publication,
            issue_date=self.issue_date if is_stated else read.issue_date,
            issue_date_source=self.issue_date_source if is_stated else read.issue_date_source,
        )
