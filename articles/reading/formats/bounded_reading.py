"""Reads files that hold many pages, each page in a child process with bounds: a hostile file is rejected, and stops nothing."""

import hashlib
import json
import os
import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from typing import Any

from articles.reading.values import Page, Rejected

from . import reading_process
from .laid_out_pages import page_digest
from .page_json import page_from_json

# A PDF may have other bytes before its mark, which begins a line; a text page may write about "%PDF-".
_PDF, _MARK_WITHIN = re.compile(rb"(?:\A|[\r\n\x00\xbf])%PDF-\d\.\d"), 1024
_MOST_PAGES = 400
_SECONDS = 2 * reading_process.CPU_SECONDS
_MOST_COMPLAINT = 100_000
_PASSED_ON = ("PATH", "LANG", "SYSTEMROOT", "TEMP", "TMPDIR")
_CHILD = reading_process.__name__


def is_pdf(data: bytes) -> bool:
    """Whether the bytes are those of a PDF, by their mark."""
    return _PDF.search(data, 0, _MARK_WITHIN) is not None


@dataclass(frozen=True, slots=True)
class FilePage:
    """A page of a file with many pages; `sha256` is the digest by which the page is known."""

    data: bytes = field(repr=False)
    file_sha256: str
    number: int

    @property
    def sha256(self) -> str:
        return page_digest(self.file_sha256, self.number)

    def read(self) -> Page:
        """Read the page; `Rejected` (damaged, too_large, no_text, too_heavy)."""
        return page_from_json(_run(self.data, self.number)["page"])


def list_pages(data: bytes, most: int = _MOST_PAGES) -> list[FilePage]:
    """List the pages of a PDF; `Rejected` (encrypted, damaged, too_many_pages, too_heavy)."""
    count = _run(data, 0)["pages"]
    if count > most:
        raise Rejected("too_many_pages", f"{count:,} pages, and a file may have {most:,}; split the file")
    if not count:
        raise Rejected("damaged", "the file has no pages; export it again")
    digest = hashlib.sha256(data).hexdigest()
    return [FilePage(data, digest, number) for number in range(1, count + 1)]


def _run(data: bytes, number: int) -> dict[str, Any]:
    """The result of a child process, whose input and output are files: the system bounds how long they get."""
    command = [sys.executable, "-P", "-m", _CHILD, str(number)]
    # Not the whole environment: it holds the password of the database.
    environment = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    environment["PYTHONPATH"] = os.pathsep.join(filter(None, sys.path))
    with (
        tempfile.TemporaryFile() as given,
        tempfile.TemporaryFile() as written,
        tempfile.TemporaryFile() as complaint,
    ):
        given.write(data)
        given.seek(0)
        try:
            done = subprocess.run(  # noqa: S603 - the command is ours
                command,
                stdin=given,
                stdout=written,
                stderr=complaint,
                env=environment,
                timeout=_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise _too_heavy(f"after {_SECONDS} seconds") from error
        if done.returncode:
            complaint.seek(0)
            lines = complaint.read(_MOST_COMPLAINT).decode("utf-8", "replace").split("\n")
            raise _too_heavy(next(filter(None, reversed(lines)), f"signal {-done.returncode}"))
        written.seek(0)
        result: dict[str, Any] = json.loads(written.read())
    if "rejected" in result:
        raise Rejected(*result["rejected"])
    return result


def _too_heavy(end: str) -> Rejected:
    bounds = f"{reading_process.CPU_SECONDS} seconds of a processor and {reading_process.MEGABYTES:,} MB"
    detail = f"reading it may take {bounds}, and stopped ({end}); export the file again"
    return Rejected("too_heavy", detail)
