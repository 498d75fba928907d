"""Writes a page with its layout as JSON and reads it back, for a child process, an upload and the database."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import asdict, astuple
from typing import Any

from articles.reading.values import LaidOutLine, Masthead, Page, PageLayout


def layout_to_json(layout: PageLayout) -> dict[str, Any]:
    """The JSON of a layout: a line is a list of the values of `LaidOutLine` in their order."""
    return {
        "format": layout.format,
        "file_sha256": layout.file_sha256,
        "number": layout.number,
        "width": layout.width,
        "height": layout.height,
        "lines": [astuple(line) for line in layout.lines],
    }


def layout_from_json(values: Mapping[str, Any]) -> PageLayout:
    """The layout that `layout_to_json` wrote."""
    lines = tuple(
        LaidOutLine(start, end, (box[0], box[1], box[2], box[3]), *rest)
        for start, end, box, *rest in values["lines"]
    )
    return PageLayout(**{**values, "lines": lines})


def page_to_json(page: Page) -> dict[str, Any]:
    """The JSON of a page with a layout."""
    date = page.masthead.issue_date
    return {
        "text": page.text,
        "sha256": page.sha256,
        "encoding": page.encoding,
        "flags": list(page.flags),
        "masthead": {**asdict(page.masthead), "issue_date": date and date.isoformat()},
        "layout": layout_to_json(page.layout) if page.layout else None,
    }


def page_from_json(values: Mapping[str, Any]) -> Page:
    """The page that `page_to_json` wrote."""
    masthead, layout = values["masthead"], values["layout"]
    date = masthead["issue_date"]
    return Page(
        text=values["text"],
        sha256=values["sha256"],
        encoding=values["encoding"],
        flags=tuple(values["flags"]),
        masthead=Masthead(**{**masthead, "issue_date": date and dt.date.fromisoformat(date)}),
        layout=layout and layout_from_json(layout),
    )
