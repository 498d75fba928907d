"""An advert inside a column is taken out of the sentence that it interrupts."""

import pytest

from articles.reading.pipeline import read_page, read_structure

HEAD = "市防汛办部署防汛工作\n\n本报讯（记者 林一舟）昨天，南河市召开防汛工作会议，要求各县落实责任，排查隐患，确"
GOES_ON = "保人民群众生命财产安全。会议指出，今年汛期来得早，各地要提前准备物资。"


def read(*inset: str) -> tuple[list[str], list[str]]:
    page = "\n".join([HEAD, *inset, GOES_ON])
    reading = read_structure(page.encode())
    texts = [block.text for story in reading.stories for block in story.blocks]
    return texts, [page[one.start : one.end] for one in reading.residue if one.kind == "advert"]


@pytest.mark.parametrize(
    "inset",
    [
        pytest.param(["广告 河滨家电城 春季大酬宾 电话2222333"], id="one line"),
        pytest.param(["广告", "河滨家电城", "地址：河滨路12号"], id="the mark alone above it"),
        pytest.param(["【广告】河滨家电城", "冰箱彩电一律九折，欢迎选购", "电话：2222333"], id="in brackets"),
        pytest.param(["廣告：河濱家電城春季大酬賓"], id="in Traditional characters"),
    ],
)
def test_marked_advert_is_residue_and_the_sentence_reads_on(inset: list[str]) -> None:
    texts, adverts = read(*inset)
    assert any("排查隐患，确保人民群众" in text for text in texts)
    assert adverts == inset


@pytest.mark.parametrize(
    "inset",
    [
        pytest.param([], id="no inset"),
        pytest.param(["广告业是今年全市增长最快的行业，"], id="a sentence about advertising"),
        pytest.param(["定广告牌安全，"], id="the word inside a line"),
    ],
)
def test_what_has_no_mark_stays_text(inset: list[str]) -> None:
    texts, adverts = read(*inset)
    assert adverts == []
    assert "".join(inset) in "".join(texts)


@pytest.mark.parametrize(
    "box",
    [
        pytest.param(["广告", "河滨家电城春季大酬宾", "订购电话：2222333"], id="a box of three lines"),
        pytest.param(["广告 河滨家电城春季大酬宾"], id="one line"),
    ],
)
def test_marked_advert_between_paragraphs_is_residue(box: list[str]) -> None:
    lines = [f"{HEAD}保安全。", *box, GOES_ON]
    reading = read_structure("\n".join(lines).encode())
    text = reading.page.text
    assert [text[one.start : one.end] for one in reading.residue if one.kind == "advert"] == box
    (story,) = reading.stories
    assert [block.text for block in story.blocks[1:]] == [f"{HEAD}保安全。".partition("\n\n")[2], GOES_ON]


@pytest.mark.parametrize(
    "advert",
    ["广告 河滨家电城", "广告\n\n河滨家电城 春季大促 电话：0359—2223344", "广告\n河滨家电城\n电话：2223344"],
)
def test_headline_below_an_advert_is_no_part_of_it(advert: str) -> None:
    page = f"{HEAD}保安全。\n\n{advert}\n\n南河新桥通车\n\n本报讯（记者 王芳）昨天，南河新桥正式通车。"
    assert [story.headline for story in read_structure(page.encode()).stories] == [
        "市防汛办部署防汛工作",
        "南河新桥通车",
    ]


def test_advert_without_an_end_is_not_taken_out() -> None:
    reading = read_structure(f"{HEAD}\n广告 河滨家电城\n春季大酬宾".encode())
    assert not [one for one in reading.residue if one.kind == "advert"]


def test_organization_of_an_advert_is_not_linked() -> None:
    page = f"{HEAD}\n广告 河滨家电城 电话2222333\n{GOES_ON}"
    names = [link.mention.surface for story in read_page(page.encode()).stories for link in story.links]
    assert "河滨家电城" not in names
