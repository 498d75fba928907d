"""Of several sources of a page's date, the surest one counts."""

import datetime as dt

import pytest

from articles.loading.imprint import Imprint, StatedImprint
from articles.loading.load_terms import LoadTerms
from articles.reading.values import Masthead

HEADER = Masthead("沂河晚报", dt.date(2019, 2, 2), "4", "民生")
NAME = "pages.zip/20190201-03.txt"


def terms(issue_date: dt.date | None = None) -> LoadTerms:
    return LoadTerms(StatedImprint(issue_date=issue_date), Imprint(), "published", 1_000)


@pytest.mark.parametrize(
    ("stated", "masthead", "path", "expected"),
    [
        (None, Masthead(), "page.txt", (None, "", "")),
        (None, Masthead(), NAME, (dt.date(2019, 2, 1), "file_name", "3")),
        (None, HEADER, NAME, (dt.date(2019, 2, 2), "header", "4")),
        (None, Masthead(page_number="5"), NAME, (dt.date(2019, 2, 1), "file_name", "5")),
        (dt.date(2019, 2, 4), HEADER, NAME, (dt.date(2019, 2, 4), "option", "4")),
        (dt.date(2019, 2, 4), Masthead(), NAME, (dt.date(2019, 2, 4), "option", "3")),
        (dt.date(2019, 2, 1), Masthead(), NAME, (dt.date(2019, 2, 1), "file_name", "3")),
    ],
)
def test_option_precedes_header_and_header_precedes_file_name(stated, masthead, path, expected):
    imprint = terms(stated).imprint_of(masthead, path)
    assert (imprint.issue_date, imprint.issue_date_source, imprint.page_number) == expected


@pytest.mark.parametrize("source", ["option", "header"])
def test_file_name_does_not_replace_date_of_earlier_version(source):
    before = Imprint("沂河晚报", dt.date(2018, 1, 5), source, "2")
    imprint = terms().imprint_of(Masthead(), NAME, before)
    assert (imprint.issue_date, imprint.issue_date_source, imprint.page_number) == (
        dt.date(2018, 1, 5),
        source,
        "2",
    )


def test_reading_again_finds_a_file_name_again_and_leaves_an_option():
    named = Masthead(issue_date=dt.date(2019, 2, 1))
    wrong = Imprint(issue_date=dt.date(2019, 1, 2), issue_date_source="file_name")
    assert wrong.read_again(Masthead(), named).issue_date == dt.date(2019, 2, 1)
    assert wrong.read_again(HEADER, named).issue_date_source == "header"
    stated = Imprint(issue_date=dt.date(2019, 2, 4), issue_date_source="option")
    assert stated.read_again(Masthead(), named).issue_date == dt.date(2019, 2, 4)
