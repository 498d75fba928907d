"""A join of printed lines that does not read on is in doubt."""

import pytest

from articles.reading.layout.join_doubts import doubtful_joins
from articles.reading.pipeline import read_structure
from articles.reading.values import Block, Story

ABOVE = "要求各县落实责任，排查隐患，确"


def doubts(*lines: str, boundaries: dict[int, bool] | None = None) -> list[tuple[int, str]]:
    """The doubts about a paragraph of these printed lines, by the number of the line."""
    spans, at = [], 0
    for line in lines:
        spans.append((at, at + len(line)))
        at += len(line) + 1
    story = Story((Block("paragraph", tuple(spans), "".join(lines)),))
    starts = [start for start, _end in spans]
    return [(starts.index(one.offset), one.reason) for one in doubtful_joins(story, boundaries or {})]


@pytest.mark.parametrize(
    ("below", "reason"),
    [
        pytest.param("广告 河滨家电城春季大酬宾", "advert", id="mark of an advert"),
        pytest.param("河滨家电城春季大酬宾，电话：2222333", "advert", id="a shop's telephone"),
        pytest.param("本报讯（记者 王芳）昨天，南河新桥通车。", "beginning", id="another article"),
        pytest.param("新华社太原5月2日电（记者 王芳）新桥通车。", "beginning", id="another dateline"),
        pytest.param("三百人）参加了会议。", "bracket", id="a bracket that nothing opened"),
        pytest.param("导读》一书出版。", "bracket", id="a title that nothing opened"),
    ],
)
def test_join_that_does_not_read_on_is_in_doubt(below: str, reason: str) -> None:
    assert doubts(ABOVE, below) == [(1, reason)]


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param([ABOVE, "保人民群众生命财产安全。"], id="the sentence goes on"),
        pytest.param(["出席会议的有（共", "三百人）各县负责人。"], id="a bracket is open above"),
        pytest.param(["大家都读《南河", "年鉴》和县志。"], id="a title is open above"),
        pytest.param(
            ["会议昨天结束。", "本报讯（记者 王芳）昨天，南河新桥通车。"], id="the sentence is finished"
        ),
        pytest.param([ABOVE, "保2222户群众的电话畅通。"], id="figures and a telephone in the news"),
    ],
)
def test_join_that_reads_on_is_not_in_doubt(lines: list[str]) -> None:
    assert doubts(*lines) == []


COLUMN = [
    "昨天上午南河市召开会议，部署今",
    "年的防汛工作。会议要求各县落实",
    "责任，排查隐患，确保人民群众生",
    "命财产安全，各地要提前准备物资",
]


def test_line_that_ends_before_the_edge_of_its_column_lost_its_rest() -> None:
    assert doubts(*COLUMN[:2], "责任，排查隐患，确", *COLUMN[3:], "，不得有误。") == [(3, "short")]


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param([*COLUMN, "，不得有误。"], id="every line is full"),
        pytest.param([*COLUMN[:2], "责任，排查隐患，确保人民群众", *COLUMN[3:]], id="one character less"),
        pytest.param([*COLUMN[:2], "责任，排查隐患。", *COLUMN[3:]], id="the end of a sentence"),
        pytest.param(["会议要求各县落实责任，确", "保安全"], id="too few lines to show a column"),
    ],
)
def test_full_lines_of_a_column_read_on(lines: list[str]) -> None:
    assert doubts(*lines) == []


def test_join_that_an_editor_confirmed_is_not_in_doubt() -> None:
    below = "河滨家电城春季大酬宾，电话：2222333"
    assert doubts(ABOVE, below, boundaries={len(ABOVE) + 1: False}) == []


def test_doubts_of_a_page_name_the_place_of_the_join() -> None:
    page = (
        "市防汛办部署防汛工作\n\n本报讯（记者 林一舟）昨天，南河市召开防汛工作会议，要求各县落实责任，排查隐患，确\n"
        "河滨家电城春季大酬宾欢迎选购，电话：2222333，保人民群众安全。\n"
    )
    (story,) = read_structure(page.encode()).stories
    assert [(page[one.offset :][:5], one.reason) for one in story.doubts] == [("河滨家电城", "advert")]
