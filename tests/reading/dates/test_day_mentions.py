"""Days and years are found in text, with what is said of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.reading.dates.day_mentions import DayMention, find_dates


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("5月2日，大桥通车。", [("lead", 5, 2, None)]),
        ("去年大旱。5月2日上午，记者来到南河镇。", [("lead", 5, 2, None)]),
        ("新华社罗马5月2日电 记者林一舟", [("dateline", 5, 2, None)]),
        ("中国队获胜。（本报5月2日讯）", [("dateline", 5, 2, None)]),
        ("二〇二四年五月二日，大桥通车。", [("day", 2024), ("lead", 5, 2, 2024)]),
        ("2024-05-02", [("day", 2024), ("lead", 5, 2, 2024)]),
        ("民国三十八年一月二十日", [("day", 1949), ("lead", 1, 20, 1949)]),
        ("我们镇里的人一直都在5月2日赶集", [("event", 5, 2, None)]),
        ("去年5月2日，大桥动工。", [("plan", 5, 2, None)]),
        ("大桥将于5月2日通车。", [("plan", 5, 2, None)]),
        ("5月2日，第三届水果节将在南河镇举行。", [("plan", 5, 2, None)]),
        ("5月2日起，车票涨价。", [("plan", 5, 2, None)]),
        ("2023年种了三百亩，到2030年种一千亩。", [("year", 2023), ("plan", 2030)]),
        ("2018—2022年", [("plan", 2022)]),
        ("《南河县2023年报告》", [("plan", 2023)]),
        ("2024年3月动工", [("month", 2024)]),
        ("2013年9月7日、10月3日两次来到", [("day", 2013), ("lead", 9, 7, 2013)]),
        ("2019“金融知识月”活动", [("year", 2019)]),
        ("6月31日，13月2日，2023年2月29日，3年级，80年代", []),
        ("坐5月号线", []),
    ],
)
def test_dates_are_found_with_their_kinds(text, expected):
    found = [
        (one.kind, one.month, one.day, one.year) if isinstance(one, DayMention) else (one.kind, one.year)
        for one in find_dates(text, 10 if text.startswith("新华社") else 0)
    ]
    assert found == expected


@given(st.text(alphabet="2019年月日5至到—、，。电讯将《》（二〇", max_size=80))
def test_found_dates_are_inside_the_text_and_in_its_order(text):
    found = list(find_dates(text))
    assert all(0 <= one.start < one.end <= len(text) for one in found)
    assert [one.start for one in found] == sorted(one.start for one in found)
