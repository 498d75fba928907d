"""Column breaks are removed, and breaks of paragraphs, titles and items stay."""

import pytest

from articles.reading.layout.unwrapping import unwrap_columns
from articles.reading.lines.printed_lines import split_lines

PARAGRAPHS = (
    "我县今年春天在南河两岸种下杨柳三千棵，成活的占九成。林业站的人说，浇水要赶在五月之前做完。",
    "参加种树的有机关干部、学校师生和沿河十二个村的村民，前后干了十天，一共用去两万个工日。",
    "树种好以后，由各村派人看护，县里每年按成活的棵数发给补助，连发三年，钱从水费里出。",
    "明年春天还要在北山脚下种，树苗已经订好，村里的老人说这是几十年来最大的一次。",
    "“树种下去，人就不能走。”看林的林一舟说，他家三代人都在河边种树，没有一年停过。",
)
TITLE = "南河两岸种下三千棵树"


def _wrapped(paragraph: str, width: int, indent: str = "　　") -> list[str]:
    """The lines of a paragraph in a column; no line begins with a mark."""
    size = len(indent) - indent.count(" ") // 2
    lines, line, room = [], indent, width - size
    for character in paragraph:
        if room < 1 and character not in "，。、；：”":
            lines.append(line)
            line, room = "", width
        line += character
        room -= 1
    return [*lines, line]


def _page(*blocks: list[str]) -> str:
    return "\n".join(line for block in blocks for line in block)


@pytest.mark.parametrize(
    "blocks",
    [
        pytest.param([_wrapped(text, 15) for text in PARAGRAPHS], id="a column with indents"),
        pytest.param([_wrapped(text, 18, "    ") for text in PARAGRAPHS], id="indents of half-width blanks"),
        pytest.param([_wrapped(text, 17, "") for text in PARAGRAPHS], id="lost indents"),
        pytest.param([[TITLE], *(_wrapped(text, 16) for text in PARAGRAPHS)], id="a title above"),
        pytest.param([_wrapped(text, 13) for text in PARAGRAPHS[:3]], id="a short page"),
        pytest.param(
            [*(_wrapped(text, 24) for text in PARAGRAPHS), *(_wrapped(text, 12) for text in PARAGRAPHS)],
            id="a narrow block on a wide page",
        ),
        pytest.param(
            [*([text * 2] for text in PARAGRAPHS), *(_wrapped(text, 16) for text in PARAGRAPHS * 2)],
            id="wrapped items on a page of long lines",
        ),
    ],
)
def test_column_breaks_are_removed(blocks):
    lines = unwrap_columns(split_lines(_page(*blocks)))
    assert [line.text for line in lines] == ["".join(block).strip("　 ") for block in blocks]


def test_joined_line_keeps_the_spans_of_its_printed_lines():
    text = _page(*(_wrapped(paragraph, 15) for paragraph in PARAGRAPHS))
    for line in unwrap_columns(split_lines(text)):
        assert "".join(text[start:end] for start, end in line.spans) == line.text


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param(["种树" * n for n in range(3, 30)], id="no common width"),
        pytest.param([*PARAGRAPHS], id="whole paragraphs"),
        pytest.param(
            [
                "●上午九时 河边种树",
                "●上午十时 河边浇水",
                "●下午二时 山脚植草",
                "●下午三时 村里开会",
                "●下午四时 大家回家",
            ],
            id="items",
        ),
        pytest.param(["春天来了", "河水开了", "柳树绿了", "燕子来了", "孩子笑了", "老人醒了"], id="a poem"),
    ],
)
def test_page_without_column_breaks_is_unchanged(lines):
    printed = split_lines("\n".join(lines))
    assert [line.text for line in unwrap_columns(printed)] == lines


def test_dateline_and_item_begin_a_line_below_a_full_line():
    above = "参加种树的有机关干部和沿河各村的村民。"
    blocks = [
        *(_wrapped(text, len(above), "") for text in PARAGRAPHS),
        [above],
        ["本报讯（记者林一舟）昨日，县里又订下树苗。"],
    ]
    assert unwrap_columns(split_lines(_page(*blocks)))[-1].text.startswith("本报讯")
