"""The days and years of a text give an interval with evidence, and none where they contradict each other."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.reading.dates.date_inference import infer_date
from articles.reading.pipeline import read_structure
from articles.reading.values import Block, Story


def stories(*paragraphs: str) -> list[Story]:
    """Articles of a headline and one paragraph each, as they stand one after another on a page."""
    read, start = [], 0
    for paragraph in paragraphs:
        blocks = (
            Block("headline", ((start, start + 4),), "新桥通车"),
            Block("paragraph", ((start + 5, start + 5 + len(paragraph)),), paragraph),
        )
        read.append(Story(blocks))
        start += 6 + len(paragraph)
    return read


def interval(*paragraphs: str) -> tuple[str, str] | None:
    """The interval, or the days of a year if no year is known."""
    inferred = infer_date(stories(*paragraphs))
    if inferred is None:
        return None
    first, last = inferred.interval or inferred.days_of_year
    return str(first), str(last)


@pytest.mark.parametrize(
    ("paragraphs", "expected"),
    [
        # a dateline precedes what is reported
        (["本报南河5月2日电 （记者林一舟）4月20日，大桥通车。"], ("--05-02", "--05-09")),
        (["本报南河5月2日电 大桥通车。", "本报讯 5月4日，早市搬家。"], ("--05-02", "--05-09")),
        (["7月22日，县里举办2024年水果节。"], ("2024-07-22", "2024-08-21")),
        (
            ["为推动创业，7月22日，县里举办2024年大赛。", "7月24日，法院开庭。2018年，张某受贿。"],
            ("2024-07-24", "2024-08-23"),
        ),
        (
            ["新华社南河8月1日电 大桥通车。", "2019年7月29日，林一舟在南河逝世。"],
            ("2019-08-01", "2019-08-08"),
        ),
        (["本报南河1月10日电 大桥通车。", "进入2014年，南河县又有新路。"], ("2014-01-10", "2014-01-17")),
        # datelines on both sides of the end of a year
        (["本报南河12月30日电 大桥通车。", "本报南河1月2日电 早市搬家。"], ("--01-02", "--01-09")),
        # until March a page reports of the year before
        (["本报南河2月2日讯 据统计，2018年南河县种树三千亩。"], ("--02-02", "--02-09")),
        # an anniversary, a plan and a report are of other years
        (["新华社南河10月1日电 1949年10月1日，南河县解放。"], ("--10-01", "--10-08")),
        (["5月2日，县里发布《2018年医疗报告》。"], ("--05-02", "--06-01")),
        (["12月28日，县里启动2025年春运。"], ("--12-28", "--01-27")),
        (["2018年11月30日，大桥动工，到2022年建成。"], None),
        # days too far apart for one issue
        (["新华社南河10月11日电 大桥通车。", "新华社南河3月5日电 早市搬家。"], None),
        (["大桥昨天通车，2019年动工。"], None),
        ([], None),
    ],
)
def test_interval_follows_from_days_and_years(paragraphs, expected):
    assert interval(*paragraphs) == expected


def test_day_that_the_year_does_not_have_gives_no_interval():
    inferred = infer_date(stories("本报南河2月29日讯 跨入2023年，大桥通车。"))
    assert inferred
    assert (inferred.interval, inferred.days_of_year) == (None, ("--02-29", "--03-07"))


def test_evidence_is_where_it_is_printed():
    text = "新桥通车\n\n　　本报南河7月22日电　昨天\n，县里举办2024年水果节。\n"
    reading = read_structure(text.encode())
    assert reading.inferred
    assert reading.inferred.interval == (dt.date(2024, 7, 22), dt.date(2024, 7, 29))
    quotes = [(one.rule, text[one.start : one.end]) for one in reading.inferred.evidence]
    assert quotes == [("dateline", "7月22日"), ("year_beside", "2024年")]


@given(st.lists(st.dates(dt.date(2000, 1, 1), dt.date(2040, 12, 31)), min_size=1, max_size=4))
def test_last_of_near_days_begins_the_interval(days):
    last = max(days)
    near = [last - dt.timedelta((last - day).days % 20) for day in days]
    inferred = infer_date(stories(*(f"本报南河{day.month}月{day.day}日电 大桥通车。" for day in near)))
    assert inferred
    assert (inferred.month, inferred.day) == (max(near).month, max(near).day)
