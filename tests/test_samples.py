"""Tests that the invented pages of a first look say something: one paper, several months, one region, read whole."""

from collections import Counter
from pathlib import Path

import pytest

from articles.reading.pipeline import read_page

SAMPLES = sorted((Path(__file__).resolve().parent.parent / "samples").glob("*.txt"))


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_page_is_read_as_it_was_written(path: Path) -> None:
    reading = read_page(path.read_bytes())
    paragraphs = path.read_text(encoding="utf-8").strip().split("\n\n")
    # Behind the header: titles have no full stop.
    titles = [text for text in paragraphs[1:] if "。" not in text]
    assert [
        block.text for story in reading.stories for block in story.blocks if block.kind == "headline"
    ] == titles
    assert all(story.bylines for story in reading.stories)
    printed = reading.page.masthead
    assert printed.publication == "沂河晚报"
    assert printed.issue_date is not None
    assert path.stem == f"yihe_evening_{printed.issue_date:%Y%m%d}-{int(printed.page_number or 0):02}"


def test_pages_spread_over_months_and_lie_in_one_region() -> None:
    readings = [read_page(path.read_bytes()) for path in SAMPLES]
    dates = {reading.page.masthead.issue_date for reading in readings}
    assert len({(date.year, date.month) for date in dates if date}) == 4
    codes = Counter(
        link.code[:4]
        for reading in readings
        for story in reading.stories
        for link in story.links
        if link.code
    )
    assert codes.most_common(1)[0][0] == "3713"
    assert codes["3713"] >= 0.95 * codes.total()
