"""Of several sources of a page's date, the surest one counts."""

import datetime as dt

import pytest

from articles.loading.imprint import Imprint, StatedImprint
from articles.loading.load_terms import LoadTerms
from articles.reading.values import DateEvidence, InferredDate, Masthead, Page, Reading

HEADER = Masthead("沂河晚报", dt.date(2019, 2, 2), "4", "民生")
NAME = "pages.zip/20190201-03.txt"
TEXT = "本报讯 2月1日，新桥通车。"
INFERRED = InferredDate(2, 1, 30, 2019, (DateEvidence("report", 4, 8),))


def reading(masthead: Masthead = Masthead(), inferred: InferredDate | None = None) -> Reading:  # noqa: B008 - frozen
    return Reading(Page(TEXT, "", "utf-8", masthead=masthead), (), (), inferred)


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
    imprint = terms(stated).imprint_of(reading(masthead), path)
    assert (imprint.issue_date, imprint.issue_date_source, imprint.page_number) == expected


@pytest.mark.parametrize("source", ["option", "header"])
def test_file_name_does_not_replace_date_of_earlier_version(source):
    before = Imprint("沂河晚报", dt.date(2018, 1, 5), source, "2")
    imprint = terms().imprint_of(reading(), NAME, before)
    assert (imprint.issue_date, imprint.issue_date_source, imprint.page_number) == (
        dt.date(2018, 1, 5),
        source,
        "2",
    )


def test_reading_again_finds_a_file_name_again_and_leaves_an_option():
    named = Masthead(issue_date=dt.date(2019, 2, 1))
    wrong = Imprint(issue_date=dt.date(2019, 1, 2), issue_date_source="file_name")
    assert wrong.read_again(reading(), named).issue_date == dt.date(2019, 2, 1)
    assert wrong.read_again(reading(HEADER), named).issue_date_source == "header"
    stated = Imprint(issue_date=dt.date(2019, 2, 4), issue_date_source="option")
    assert stated.read_again(reading(), named).issue_date == dt.date(2019, 2, 4)


# --- the interval that the text gives -------------------------------------------------------------


def interval_of(imprint: Imprint) -> tuple[dt.date | None, dt.date | None, dt.date | None]:
    return imprint.issue_date, imprint.issue_earliest, imprint.issue_latest


def test_interval_is_given_with_its_evidence_where_no_date_is_known():
    imprint = terms().imprint_of(reading(inferred=INFERRED), "page.txt")
    assert interval_of(imprint) == (None, dt.date(2019, 2, 1), dt.date(2019, 3, 3))
    assert imprint.issue_evidence == {
        "days": ["--02-01", "--03-02"],
        "found": [{"rule": "report", "start": 4, "end": 8, "quote": "2月1日"}],
    }
    assert imprint.read_again(reading(inferred=INFERRED), Masthead()) == imprint
    assert interval_of(imprint.read_again(reading(), Masthead())) == (None, None, None)


def test_days_without_year_are_evidence_and_no_interval():
    inferred = InferredDate(2, 29, 7, None, INFERRED.evidence)
    imprint = terms().imprint_of(reading(inferred=inferred), "page.txt")
    assert interval_of(imprint) == (None, None, None)
    assert imprint.issue_evidence
    assert imprint.issue_evidence["days"] == ["--02-29", "--03-07"]


@pytest.mark.parametrize(
    ("stated", "masthead", "path"),
    [(dt.date(2019, 2, 4), Masthead(), "page.txt"), (None, HEADER, "page.txt"), (None, Masthead(), NAME)],
)
def test_page_with_a_date_has_no_interval(stated, masthead, path):
    imprint = terms(stated).imprint_of(reading(masthead, INFERRED), path)
    assert imprint.issue_date
    assert (imprint.issue_earliest, imprint.issue_latest, imprint.issue_evidence) == (None, None, None)


@pytest.mark.parametrize("path", ["scan_20240105.txt", "20180930.txt"])
def test_date_of_a_file_that_the_text_excludes_is_not_taken(path):
    imprint = terms().imprint_of(reading(inferred=INFERRED), path)
    assert interval_of(imprint) == (None, dt.date(2019, 2, 1), dt.date(2019, 3, 3))


def test_new_version_of_a_page_has_no_interval_of_the_one_before():
    before = terms().imprint_of(reading(inferred=INFERRED), "page.txt")
    assert interval_of(terms().imprint_of(reading(), "page.txt", before)) == (None, None, None)
    assert interval_of(terms().imprint_of(reading(HEADER), "page.txt", before)) == (
        dt.date(2019, 2, 2),
        None,
        None,
    )
