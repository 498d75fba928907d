"""Reads the files of a load: a text file is one page, a PDF has one page or many."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Self

from articles.loading.sources.files import NumberedPage, PageSource, ReceivedFile, page_name
from articles.reading.formats.bounded_reading import FilePage, is_pdf, list_pages
from articles.reading.values import Page as ReadPage
from articles.reading.values import Rejected


@dataclass(frozen=True)
class ReadFile:
    """A page that was read from a source, with its digest, or the reason why its file could not be read.

    It is a text file by its bytes, or one page of a file that has many; such a page is read when it is asked for.
    """

    path: str
    source: PageSource | None = None
    data: bytes = b""
    sha256: str = ""
    rejected: Rejected | None = None
    page: FilePage | ReadPage | None = None

    @classmethod
    def of(cls, source: PageSource, max_bytes: int) -> Self:
        """The page of a source that has one; `pages_of` is for files that may have many."""
        return next(cls.pages_of(source, max_bytes))

    @classmethod
    def pages_of(cls, source: PageSource, max_bytes: int) -> Iterator[Self]:
        """The pages of a file, in their order."""
        if isinstance(source, ReceivedFile) and source.page:
            yield cls(source.name, source, sha256=source.page.sha256, page=source.page)
            return
        try:
            data = source.read(max_bytes)
            pages = list_pages(data) if is_pdf(data) else []
        except Rejected as rejected:
            yield cls(source.name, source, rejected=rejected)
            return
        if not is_pdf(data):
            yield cls(source.name, source, data, hashlib.sha256(data).hexdigest())
            return
        if isinstance(source, NumberedPage):
            pages = [page for page in pages if page.number == source.number]
            if not pages:
                gone = Rejected("missing", f"the file has no page {source.number} any more; load the file")
                yield cls(source.name, source, rejected=gone)
        for page in pages:
            is_one = isinstance(source, NumberedPage)
            path = source.name if is_one else page_name(source.name, page.number)
            yield cls(path, source, sha256=page.sha256, page=page)

    @cached_property
    def content(self) -> bytes | ReadPage:
        """The bytes of a text file, or the page of another one; `Rejected`."""
        return self.page.read() if isinstance(self.page, FilePage) else self.page or self.data

    @property
    def number(self) -> int | None:
        """The number of the page in its file; None for a text file."""
        return self.page.number if isinstance(self.page, FilePage) else None

    @property
    def size(self) -> int:
        """The bytes that it holds in memory."""
        return len(self.page.data) if isinstance(self.page, FilePage) else len(self.data)
