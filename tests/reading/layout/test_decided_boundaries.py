"""Stories are split and joined where editors said, and no block is lost or doubled."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.reading.layout.decided_boundaries import apply_boundaries
from articles.reading.values import Block, BlockKind, Page, Story

TEXT = "桥通了/记者周明/昨天桥通了。/会上说/会开了一天。/早市搬家/菜农有摊位。"
KINDS: list[BlockKind] = ["headline", "byline", "paragraph", "heading", "paragraph", "headline", "paragraph"]


def blocks() -> list[Block]:
    made, start = [], 0
    for kind, text in zip(KINDS, TEXT.split("/"), strict=True):
        made.append(Block(kind, ((start, start + len(text)),), text))
        start += len(text) + 1
    return made


PAGE = Page(TEXT, "", "utf-8")
STORIES = (Story(tuple(blocks()[:5])), Story(tuple(blocks()[5:])))
MEETING, MARKET = TEXT.index("会上说"), TEXT.index("早市")


def told(stories: tuple[Story, ...]) -> list[str]:
    return ["/".join(block.text for block in story.blocks) for story in stories]


@pytest.mark.parametrize(
    ("boundaries", "expected"),
    [
        pytest.param({}, ["桥通了/记者周明/昨天桥通了。/会上说/会开了一天。", "早市搬家/菜农有摊位。"], id="nothing decided"),
        pytest.param({MEETING: True}, ["桥通了/记者周明/昨天桥通了。", "会上说/会开了一天。", "早市搬家/菜农有摊位。"], id="split"),
        pytest.param({MEETING + 1: True}, ["桥通了/记者周明/昨天桥通了。/会", "上说/会开了一天。", "早市搬家/菜农有摊位。"], id="split inside a line"),
        pytest.param({MARKET: False}, [TEXT], id="joined"),
        pytest.param({MEETING: True, MARKET: False}, ["桥通了/记者周明/昨天桥通了。", "会上说/会开了一天。/早市搬家/菜农有摊位。"], id="split and joined"),
        pytest.param({MARKET: True}, ["桥通了/记者周明/昨天桥通了。/会上说/会开了一天。", "早市搬家/菜农有摊位。"], id="begins there already"),
        pytest.param({MEETING: False}, ["桥通了/记者周明/昨天桥通了。/会上说/会开了一天。", "早市搬家/菜农有摊位。"], id="goes on there already"),
        pytest.param({0: False}, ["桥通了/记者周明/昨天桥通了。/会上说/会开了一天。", "早市搬家/菜农有摊位。"], id="nothing stands before the first"),
        pytest.param({999: True}, ["桥通了/记者周明/昨天桥通了。/会上说/会开了一天。", "早市搬家/菜农有摊位。"], id="behind the page"),
    ],
)  # fmt: skip
def test_articles_begin_where_an_editor_said(boundaries: dict[int, bool], expected: list[str]) -> None:
    assert told(apply_boundaries(STORIES, PAGE, boundaries)) == expected


def test_title_inside_an_article_becomes_a_section_heading() -> None:
    (story,) = apply_boundaries(STORIES, PAGE, {MARKET: False})
    assert (story.headline, [block.kind for block in story.blocks[5:]]) == (
        "桥通了",
        ["heading", "paragraph"],
    )


def test_block_of_two_columns_is_split_at_the_cut() -> None:
    block = Block("paragraph", ((0, 4), (5, 10)), "桥通了/记者周明/".replace("/", ""))
    pieces = apply_boundaries([Story((block,))], PAGE, {5: True})
    assert [[part.spans for part in story.blocks] for story in pieces] == [[((0, 4),)], [((5, 10),)]]


@given(st.dictionaries(st.integers(0, len(TEXT) + 3), st.booleans()))
def test_every_character_stays_once_and_in_order(boundaries: dict[int, bool]) -> None:
    made = apply_boundaries(STORIES, PAGE, boundaries)
    parts = [block for story in made for block in story.blocks]
    assert "".join(block.text for block in parts) == TEXT.replace("/", "")
    assert all(block.text == "".join(TEXT[start:end] for start, end in block.spans) for block in parts)
    assert apply_boundaries(made, PAGE, boundaries) == made
