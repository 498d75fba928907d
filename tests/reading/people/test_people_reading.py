"""People are read with their posts and other attributes, and with the words that say so."""

from pathlib import Path

import pytest

from articles.reading.names import recognition
from articles.reading.names.tagger import load_tagger
from articles.reading.pipeline import read_page
from articles.reading.values import PersonClaim, Story

SAMPLE = Path(__file__).resolve().parents[4] / "shared" / "seeds"
needs_tagger = pytest.mark.skipif(load_tagger() is None, reason="the tagger is not installed")

APPOINTMENTS = """芮城县人大常委会任免名单

　　6月28日，芮城县第十七届人民代表大会常务委员会第十二次会议通过：
　　任命林一舟为芮城县人民政府副县长；
　　任命何晓梅为芮城县教育局局长，陈大同为芮城县水利局局长；
　　决定任命周文、吴小兰为芮城县人民法院审判员。
　　免去邓青山的芮城县教育局局长职务。
"""
NOTICE = """芮城县委组织部干部任前公示

　　林一舟，男，汉族，1975年6月生，大学学历，中共党员，现任芮城县陌南镇党委副书记、镇长，拟任芮城县水利局局长。
　　何晓梅，女，1982年3月生，现任芮城县教育局副局长，拟提名为芮城县学张乡乡长候选人。
"""
ELECTION = """芮城县选出新县长

　　本报讯（记者 王一帆）1月9日，芮城县第十七届人民代表大会第三次会议选举林一舟为芮城县人大常委会主任，何晓梅当选为芮城县人民政府县长，邓青山、周文当选为副县长。
"""
OBITUARY = """林一舟同志逝世

　　中国共产党党员、原芮城县委副书记、县长林一舟同志因病医治无效，于2024年3月2日在运城逝世，享年86岁。
　　林一舟，山西芮城人，1938年出生于芮城县陌南镇。1980年任芮城县水利局局长。
"""


def read(text: str) -> Story:
    (story,) = read_page(text.encode()).stories
    return story


def read_body(body: str) -> Story:
    return read(f"南河大桥昨天通车\n\n　　{body}\n")


def names(story: Story) -> list[str]:
    return [person.name for person in story.people]


def posts(story: Story) -> list[tuple[str, str, str | None, str]]:
    return [(one.person, one.post, one.organization, one.status) for one in story.claims if one.post]


def attributes(story: Story) -> set[tuple[str, str, str]]:
    return {(one.person, one.attribute, one.value) for one in story.claims if one.attribute}


@needs_tagger
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            APPOINTMENTS,
            [
                ("林一舟", "副县长", "芮城县人民政府", "elected"),
                ("何晓梅", "局长", "芮城县教育局", "elected"),
                ("陈大同", "局长", "芮城县水利局", "elected"),
                ("周文", "审判员", "芮城县人民法院", "elected"),
                ("吴小兰", "审判员", "芮城县人民法院", "elected"),
                ("邓青山", "局长", "芮城县教育局", "former"),
            ],
            id="appointments and dismissals",
        ),
        pytest.param(
            NOTICE,
            [
                ("林一舟", "党委副书记", "芮城县陌南镇党委", "current"),
                ("林一舟", "镇长", "芮城县陌南镇", "current"),
                ("林一舟", "局长", "芮城县水利局", "proposed"),
                ("何晓梅", "副局长", "芮城县教育局", "current"),
                ("何晓梅", "乡长", "芮城县学张乡", "proposed"),
            ],
            id="notice before an appointment",
        ),
        pytest.param(
            ELECTION,
            [
                ("林一舟", "主任", "芮城县人民代表大会常务委员会", "elected"),
                ("何晓梅", "县长", "芮城县人民政府", "elected"),
                ("邓青山", "副县长", "芮城县", "elected"),
                ("周文", "副县长", "芮城县", "elected"),
            ],
            id="election",
        ),
        pytest.param(
            OBITUARY,
            [
                ("林一舟", "县委副书记", "芮城县委", "deceased"),
                ("林一舟", "县长", "芮城县", "deceased"),
                ("林一舟", "局长", "芮城县水利局", "deceased"),
            ],
            id="obituary",
        ),
    ],
)
def test_posts_of_a_page_about_people(text, expected):
    assert posts(read(text)) == expected


@needs_tagger
@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("芮城县教育局局长林一舟说。", [("林一舟", "局长", "芮城县教育局", "current")]),
        # one 局 for both
        ("芮城县教育局长林一舟说。", [("林一舟", "局长", "芮城县教育局", "current")]),
        (
            "大王镇金盆村党支部书记兼村委会主任林一舟说。",
            [
                ("林一舟", "党支部书记", "芮城县大王镇金盆村党支部", "current"),
                ("林一舟", "村委会主任", "芮城县大王镇金盆村村委会", "current"),
            ],
        ),
        (
            "记者走进芮城县大王镇金盆村。该村党支部书记林一舟说。",
            [("林一舟", "党支部书记", "芮城县大王镇金盆村党支部", "current")],
        ),
        (
            "芮城县教育局原局长林一舟、副局长何晓梅出席。",
            [
                ("林一舟", "局长", "芮城县教育局", "former"),
                ("何晓梅", "副局长", "芮城县教育局", "current"),
            ],
        ),
        # said of both, as several people have it at once
        (
            "芮城县副县长林一舟、何晓梅出席。",
            [("林一舟", "副县长", "芮城县", "current"), ("何晓梅", "副县长", "芮城县", "current")],
        ),
        (
            "会议任命林一舟、何晓梅为芮城县教育局正副局长。",
            [
                ("林一舟", "局长", "芮城县教育局", "elected"),
                ("何晓梅", "副局长", "芮城县教育局", "elected"),
            ],
        ),
        ("芮城县教育局总经济师助理林一舟说。", [("林一舟", "总经济师助理", "芮城县教育局", "current")]),
        ("北京大学林一舟教授说。", [("林一舟", "教授", "北京大学", "current")]),
        # in old papers a verb: he took the chair
        ("林一舟主席，何晓梅报告。", []),
        ("中央有关部门负责人林一舟说。", []),
        ("林一舟是金盆村的村民。", []),
    ],
)
def test_posts_beside_names(body, expected):
    assert posts(read_body(body)) == expected


@needs_tagger
@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("村民林一舟说：“路好走了。”", ["林一舟"]),
        ("张某、李女士、小温和王局长都来了，马师傅也来了。", []),
        ("本报记者林一舟到金盆村采访，村民何晓梅带路。", ["何晓梅"]),
        ("小记者林一舟说，大桥很长。", ["林一舟"]),
        ("尼日利亚官员阿里·亚莱说，大桥很长。", ["阿里·亚莱"]),
        ("他在鲁迅文学院读书。", []),
        # the tagger takes what villagers do for a name
        ("这里也是村民乐享休闲的娱乐场所。", []),
        ("白白走了，林一舟来了。", ["林一舟"]),
        # papers in Traditional characters shorten a name to the family name
        ("內政部長徐國勇昨天談論救災，徐非指責大家。", ["徐國勇"]),
    ],
)
def test_people_have_full_names(body, expected):
    assert names(read_body(body)) == expected


@needs_tagger
@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("村民林一舟说：“路好走了。”", {("林一舟", "occupation", "村民")}),
        ("45岁的林一舟说：“路好走了。”", {("林一舟", "age", "45")}),
        ("林一舟的妻子何晓梅今年42岁。", {("何晓梅", "kinship", "妻子"), ("何晓梅", "age", "42")}),
        (
            "林一舟，1938年5月2日出生于芮城县陌南镇。",
            {("林一舟", "birth", "1938-05-02"), ("林一舟", "home", "芮城县陌南镇")},
        ),
    ],
)
def test_attributes_are_read_apart_from_posts(body, expected):
    story = read_body(body)
    assert attributes(story) == expected
    assert posts(story) == []


@needs_tagger
def test_year_of_birth_is_not_that_of_a_post():
    (_, _, since) = [one.since for one in read(NOTICE).claims if one.person == "林一舟" and one.post]
    assert since is None
    (claim,) = [one for one in read(OBITUARY).claims if one.rule == "verb"]
    assert claim.since == "1980"


@needs_tagger
@pytest.mark.parametrize(
    "text", [APPOINTMENTS, NOTICE, ELECTION, OBITUARY], ids="任免 公示 当选 讣告".split()
)
def test_span_of_a_claim_has_the_person_and_what_is_said(text):
    story = read(text)
    for claim in story.claims:
        words = getattr(story, claim.part)[claim.start : claim.end]
        assert claim.person in words
        assert (claim.post or claim.value[:4]) in words or claim.attribute == "death"


def test_names_behind_posts_are_found_without_the_tagger(monkeypatch):
    monkeypatch.setattr(recognition, "load_tagger", lambda: None)
    story = read_body("芮城县大王镇金盆村党支部书记林一舟说，路好走了。")
    assert posts(story) == [("林一舟", "党支部书记", "芮城县大王镇金盆村党支部", "current")]


@needs_tagger
@pytest.mark.skipif(not SAMPLE.exists(), reason="the sample page is not part of the project")
def test_sample_page_names_eight_people_with_their_villages():
    """Of one the page says that he is a villager, of the others which posts they have in a village."""
    (path,) = SAMPLE.glob("*.txt")
    stories = read_page(path.read_bytes()).stories
    people = [person.name for story in stories for person in story.people]
    claims: list[PersonClaim] = [claim for story in stories for claim in story.claims]
    assert len(people) == 8
    assert {claim.person for claim in claims} == set(people)
    held = [claim for claim in claims if claim.post]
    assert len(held) == 12
    assert len({claim.person for claim in held}) == 7
    assert all(claim.organization and claim.place and claim.status == "current" for claim in held)
    assert all((claim.place or "").endswith(("村", "社区")) for claim in held)
