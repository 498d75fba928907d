"""The name of a file gives the date and the page, and no number that only looks like a date does."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.reading.formats.file_names import read_file_name
from articles.reading.values import Masthead


@pytest.mark.parametrize(
    ("path", "day", "number"),
    [
        ("rmrb_20250113.txt", dt.date(2025, 1, 13), None),
        ("20190201-01.txt", dt.date(2019, 2, 1), "1"),
        ("/archive/2019/lhrb20190201-A03.TXT", dt.date(2019, 2, 1), "A03"),
        ("pages.zip/lhwb_1993-07-02_p2.txt", dt.date(1993, 7, 2), "2"),
        ("2014.01.29 第5版.txt", dt.date(2014, 1, 29), "5"),
        ("2014_01_29.txt", dt.date(2014, 1, 29), None),
        ("临河晚报2014年1月29日第12版.txt", dt.date(2014, 1, 29), "12"),
        ("upload/lhwb-20140129-sport.txt", dt.date(2014, 1, 29), None),
        ("20190201B2.txt", dt.date(2019, 2, 1), "B2"),
    ],
)
def test_name_of_file_gives_date_and_page(path, day, number):
    assert read_file_name(path) == Masthead(issue_date=day, page_number=number)


@pytest.mark.parametrize(
    "path",
    [
        "000_1118c6e8ad93068f.txt",
        "20190201c6e8ad93.txt",  # a digest
        "20191301-01.txt",
        "20190230.txt",
        "120190201.txt",
        "201902011230.txt",
        "2019-02.txt",
        "2019-0201.txt",
        "20190201/page.txt",  # a folder may have the day of the export
        "13812019020.txt",
        "seed.txt",
        "",
    ],
)
def test_other_numbers_give_no_date(path):
    assert read_file_name(path) == Masthead()


@given(st.text(max_size=60))
def test_any_name_is_read(path):
    read_file_name(path)


@given(st.dates(dt.date(1800, 1, 1), dt.date(2099, 12, 31)), st.sampled_from(["", "-", "_", "."]))
def test_every_day_is_read(day, mark):
    name = day.strftime(f"%Y{mark}%m{mark}%d")
    assert read_file_name(f"lhrb_{name}-07.txt") == Masthead(issue_date=day, page_number="7")
