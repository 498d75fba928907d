"""Header and foot lines give the masthead; lines that only look like headers do not."""

import datetime as dt

import pytest

from articles.reading.formats.page_headers import is_page_header, read_masthead
from articles.reading.lines.printed_lines import split_lines
from articles.reading.values import Masthead


@pytest.mark.parametrize(
    ("text", "masthead"),
    [
        (
            "临河晚报 2023年9月14日 星期四 第6版 民生",
            Masthead("临河晚报", dt.date(2023, 9, 14), "6", "民生"),
        ),
        (
            "临河日报\n2016年5月26日　星期四\n03　综合新闻",
            Masthead("临河日报", dt.date(2016, 5, 26), "3", "综合新闻"),
        ),
        ("2024-08-05 第05版：教育·健康", Masthead(None, dt.date(2024, 8, 5), "5", "教育健康")),
        ("二〇〇三年十月二十五日 星期六 第二版", Masthead(None, dt.date(2003, 10, 25), "2", None)),
        ("中華民國一一二年十月三日 星期二", Masthead(None, dt.date(2023, 10, 3), None, None)),
        ("A04 要闻 2022年1月8日 星期六 农历腊月初六", Masthead(None, dt.date(2022, 1, 8), "A04", "要闻")),
        (
            "临河时报 2020年11月27日 星期五 总第3021期 责任编辑 林一舟 版式 李平",
            Masthead("临河时报", dt.date(2020, 11, 27)),
        ),
        ("2023年2月30日 星期四", Masthead()),
        ("南河晨刊　2002年9月3日　第7版", Masthead("南河晨刊", dt.date(2002, 9, 3), "7", None)),
        ("南河牧报 2010年5月19日 第2版", Masthead("南河牧报", dt.date(2010, 5, 19), "2", None)),
        ("临 河 报\n3/国内", Masthead("临河报", None, "3", "国内")),
        (
            "[A11] 城事 2010.5.19 星期三 责编/林一舟 版式/李平 校对/王芳",
            Masthead(None, dt.date(2010, 5, 19), "A11", "城事"),
        ),
        (
            "临河日报　中共临河市委主办　2023年3月14日　星期二　今日8版",
            Masthead("临河日报", dt.date(2023, 3, 14)),
        ),
        ("昨日上午，南河镇的早市照常开市。", Masthead()),
    ],
)
def test_masthead_is_read_from_header_lines(text, masthead):
    assert read_masthead(text) == masthead


@pytest.mark.parametrize(
    "text",
    [
        "临河日报",
        "深度 05",
        "第三版",
        "1986年3月8日 第2版",
        "新闻热线：0359-2000000",
        "03　综合新闻　责任编辑：林一舟　版式：李平",
        "临河时报 LINHE TIMES",
        "LINHE DAILY",
        "临　河　晚　报",
        "南河报",
        "临河晚报·民生",
        "A3·社会",
        "综合新闻 3",
        "乡村天地   2004-04-22  星期四  B3版  农家顾问   热线:0539-8312×××",
        "督印人：临河晨报有限公司　　编辑：林一舟",
        "社址：临河市人民路12号 邮编：044000 电话：0359-2000000",
    ],
)
def test_header_line_is_recognised(text):
    assert is_page_header(split_lines(text)[0])


@pytest.mark.parametrize(
    "text",
    [
        "2023年9月14日",  # an announcement is signed with a date
        "今天上午10时",
        "我县第三版县志出版",
        "本报讯（记者 林一舟）9月14日",
        "编辑 林一舟 校对 李平",  # of an article
        "07年高考",
        "周末去哪儿",
        "一版责任田，三年有收成",
        "一周简报",
        "赛场快报",
        "3 关注民生",
        "NEWS不是新闻",
        "2024年4月22日 县委召开扩大会议",
    ],
)
def test_line_that_is_not_a_header_is_not_recognised(text):
    assert not is_page_header(split_lines(text)[0])
