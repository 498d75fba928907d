"""Regions of a page are what an editor said they are, and no character is lost or doubled."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.reading.layout.decided_regions import DecidedRegion, apply_regions
from articles.reading.pipeline import read_structure
from articles.reading.values import Block, Page, Residue, Story

#       0         1         2         3
#       0123456789012345678901234567890123456
TEXT = "桥通了\n昨天确\n家电城\n保通车。\n早市搬家\n菜农有摊位。"
PAGE = Page(TEXT, "", "utf-8")
BRIDGE = Story(
    (
        Block("headline", ((0, 3),), "桥通了"),
        Block("paragraph", ((4, 7), (8, 11), (12, 16)), "昨天确家电城保通车。"),
    )
)
MARKET = Story((Block("headline", ((17, 21),), "早市搬家"), Block("paragraph", ((22, 28),), "菜农有摊位。")))


def shown(stories: tuple[Story, ...]) -> list[str]:
    return ["/".join(block.text for block in story.blocks) for story in stories]


@pytest.mark.parametrize(
    ("region", "expected", "residue"),
    [
        pytest.param(DecidedRegion(8, 11, "advert"), ["桥通了/昨天确保通车。", "早市搬家/菜农有摊位。"], ["家电城"], id="an advert leaves the sentence around it whole"),
        pytest.param(DecidedRegion(9, 11, "notice"), ["桥通了/昨天确家保通车。", "早市搬家/菜农有摊位。"], ["电城"], id="a part of a line"),
        pytest.param(DecidedRegion(17, 28, "removed"), ["桥通了/昨天确家电城保通车。"], ["早市搬家", "菜农有摊位。"], id="a whole article"),
        pytest.param(DecidedRegion(8, 11, "text", 17), ["桥通了/昨天确保通车。", "家电城/早市搬家/菜农有摊位。"], [], id="text of the next article"),
        pytest.param(DecidedRegion(17, 21, "text", 0), ["桥通了/昨天确家电城保通车。/早市搬家", "菜农有摊位。"], [], id="a headline of the article before"),
        pytest.param(DecidedRegion(8, 11, "text", 8), ["桥通了/昨天确保通车。", "家电城", "早市搬家/菜农有摊位。"], [], id="an article of its own"),
        pytest.param(DecidedRegion(3, 4, "advert"), ["桥通了/昨天确家电城保通车。", "早市搬家/菜农有摊位。"], [], id="white space"),
    ],
)  # fmt: skip
def test_region_is_what_an_editor_said(
    region: DecidedRegion, expected: list[str], residue: list[str]
) -> None:
    stories, left = apply_regions([BRIDGE, MARKET], [], PAGE, [region])
    assert shown(stories) == expected
    assert [TEXT[one.start : one.end] for one in left] == residue
    assert {one.kind for one in left} <= {region.kind}


def test_title_that_moves_into_an_article_is_a_section_heading() -> None:
    (bridge, _market), _ = apply_regions([BRIDGE, MARKET], [], PAGE, [DecidedRegion(17, 21, "text", 0)])
    assert [block.kind for block in bridge.blocks] == ["headline", "paragraph", "heading"]


def test_residue_becomes_a_paragraph_of_its_article() -> None:
    stories, left = apply_regions(
        [MARKET], [Residue("advert", 8, 11)], PAGE, [DecidedRegion(8, 11, "text", 17)]
    )
    assert (shown(stories), left) == (["家电城/早市搬家/菜农有摊位。"], ())


PIECES = [
    "本报讯（记者 林一舟）",
    "南河两岸种树三千棵",
    "今年成活的占九成。",
    "遗失声明",
    "声明作废",
    "\n",
    "\n\n",
    "广告 河滨家电城",
    " ",
]
REGIONS = st.builds(
    lambda start, length, kind, anchor: DecidedRegion(
        start, start + length, kind, anchor if kind == "text" else None
    ),
    st.integers(0, 90),
    st.integers(1, 30),
    st.sampled_from(["advert", "notice", "removed", "text"]),
    st.integers(0, 90),
)


@given(
    st.lists(st.sampled_from(PIECES), min_size=1, max_size=14).map("".join),
    st.dictionaries(st.integers(0, 90), st.booleans(), max_size=4),
    st.lists(REGIONS, max_size=4, unique_by=lambda region: region.start),
)
def test_every_character_belongs_to_one_block_or_residue_whatever_was_decided(
    text: str, boundaries: dict[int, bool], regions: list[DecidedRegion]
) -> None:
    apart: list[DecidedRegion] = []
    for region in sorted(regions, key=lambda region: region.start):
        if not apart or apart[-1].end <= region.start:
            apart.append(region)
    reading = read_structure(text.strip().encode() or b"x", boundaries, apart)
    parts = [block for story in reading.stories for block in story.blocks]
    spans = [span for block in parts for span in block.spans]
    spans += [(residue.start, residue.end) for residue in reading.residue]
    assert [char for start, end in sorted(spans) for char in range(start, end)] == list(
        range(len(reading.page.text))
    )
    assert all(
        block.text == "".join(reading.page.text[start:end] for start, end in block.spans) for block in parts
    )
