"""Suggested duplicates of records, with their reasons."""

from collections.abc import Sequence
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from articles.duplicates import suggestions as duplicates
from articles.duplicates.finders import Reason
from articles.duplicates.suggestions import suggest_duplicates
from articles.editing.merging import distinguish, forget_distinction, merge, undo_merge
from articles.editing.record_trash import restore_record, trash_record
from articles.models import Organization
from articles.models.merge import MODELS
from tests.factories import make_organization, make_place, make_places, make_reporter

pytestmark = pytest.mark.django_db


def found(kind: str | None = None) -> set[tuple[str, str, str]]:
    """The suggestions as pairs of names, each with its first reason."""
    rows = suggest_duplicates(kind)
    names = {kind: dict(MODELS[kind].objects.values_list("pk", "name")) for kind in MODELS}
    return {
        (names[row.kind][row.first], names[row.kind][row.second], str(row.reasons[0].value)) for row in rows
    }


@pytest.mark.parametrize(
    ("one", "other", "reason"),
    [
        pytest.param(
            ("中共芮城县委", "芮城县"), ("芮城县委", "芮城县"), "short", id="the party is understood"
        ),
        pytest.param(
            ("中国共产党芮城县委员会", "芮城县"), ("县委", "芮城县"), "short", id="the party in full"
        ),
        pytest.param(("芮城县教育局", "芮城县"), ("县教育局", "芮城县"), "short", id="the unit alone"),
        pytest.param(
            ("运城市芮城县教育局", "芮城县"), ("芮城县教育局", "芮城县"), "short", id="the city in front"
        ),
        pytest.param(
            ("芮城教育局", "芮城县"), ("芮城县教育局", "芮城县"), "short", id="the county without its unit"
        ),
        pytest.param(("芮城县人民政府", "芮城县"), ("芮城县政府", "芮城县"), "short", id="the people's"),
        pytest.param(
            ("芮城县住房和城乡建设局", "芮城县"), ("芮城县住房城乡建设局", "芮城县"), "short", id="and"
        ),
        pytest.param(("大王镇村民委员会", "大王镇"), ("大王镇村委会", "大王镇"), "short", id="a committee"),
        pytest.param(
            ("河东印刷有限责任公司", "芮城县"),
            ("河东印刷有限公司", "芮城县"),
            "short",
            id="the form of a firm",
        ),
        pytest.param(
            ("芮城县教育局", "芮城县"), ("芮城县教育局", None), "seat_unknown", id="a seat not known"
        ),
        pytest.param(
            ("县教育局", "芮城县"), ("芮城县教育局", None), "seat_unknown", id="not known, and in full"
        ),
        pytest.param(
            ("芮城县中医院", "芮城县"), ("芮城县中医院", "大王镇"), "seat_within", id="a seat in a seat"
        ),
        pytest.param(
            ("武汉市金银潭医院", None), ("武汉金银潭医院", None), "short", id="a city without its unit"
        ),
        pytest.param(
            ("芮城县中医院", "芮城县"), ("芮城中医院", None), "seat_unknown", id="without unit, not known"
        ),
        pytest.param(("吉林省中医院", None), ("吉林市中医院", None), None, id="a province and a city"),
        pytest.param(("新区域合作社", None), ("新域合作社", None), None, id="no division in front"),
        pytest.param(
            ("国家卫健委", None), ("国家卫生健康委员会", None), "abbreviation", id="words cut short"
        ),
        pytest.param(("上合组织", None), ("上海合作组织", None), "abbreviation", id="two words cut short"),
        pytest.param(("中科院", None), ("中国科学院", None), "abbreviation", id="an academy"),
        pytest.param(
            ("国家发改委", None), ("国家发展和改革委员会", None), "abbreviation", id="a committee cut short"
        ),
        pytest.param(("世卫组织", None), ("世界卫生组织", None), "abbreviation", id="the last word whole"),
        pytest.param(("最高检", None), ("最高人民检察院", None), "abbreviation", id="a word left out"),
        pytest.param(("安理会", None), ("联合国安全理事会", None), "abbreviation", id="the owner left out"),
        pytest.param(("安理会", None), ("联合国安理会", None), "abbreviation", id="only the owner left out"),
        pytest.param(
            ("县卫健局", "芮城县"), ("芮城县卫生健康局", "芮城县"), "abbreviation", id="at one seat"
        ),
        pytest.param(("县卫健局", "芮城县"), ("绛县卫生健康局", "绛县"), None, id="at two seats"),
        pytest.param(("青山大学", None), ("青山理工大学", None), None, id="a part of a name left out"),
        pytest.param(("青山大学", None), ("青山科技大学附属学院", None), None, id="another word at the end"),
        pytest.param(("青山中心", None), ("青山饲料育种推广中心", None), None, id="too much left out"),
        pytest.param(("芮城县教育局", "芮城县"), ("绛县教育局", "绛县"), None, id="two counties"),
        pytest.param(("县教育局", "芮城县"), ("县教育局", "绛县"), None, id="one name in two counties"),
        pytest.param(
            ("共青团芮城县委", "芮城县"), ("芮城县委", "芮城县"), None, id="the youth league is not the party"
        ),
        pytest.param(("芮城县第一中学", "芮城县"), ("芮城县第二中学", "芮城县"), None, id="two schools"),
        pytest.param(("芮城县公安局", "芮城县"), ("芮城县公安局交警大队", "芮城县"), None, id="a part"),
    ],
)
def test_duplicate_organizations_are_suggested(
    one: tuple[str, str | None], other: tuple[str, str | None], reason: str | None
) -> None:
    made = make_places()
    for name, seat in (one, other):
        make_organization(name, made[seat] if seat else None)
    assert found() == ({(one[0], other[0], reason)} if reason else set())


@pytest.mark.parametrize(
    ("one", "other", "reason"),
    [
        pytest.param(
            ("老槐树", "大王镇"), ("老槐树", "芮城县"), "same_name", id="one with a more exact parent"
        ),
        pytest.param(("新风", "芮城县"), ("新风社区", "芮城县"), "without_unit", id="without the unit"),
        pytest.param(("新风社区", "芮城县"), ("新风村", "芮城县"), None, id="two units"),
        pytest.param(("大王镇", "芮城县"), None, "same_name", id="one with a code"),
        pytest.param(("大王", "芮城县"), None, "without_unit", id="one with a code, and a unit"),
        pytest.param(("芮城", "运城市"), None, "without_unit", id="a county in its city"),
        pytest.param(("大王镇", "绛县"), None, None, id="another county"),
        pytest.param(("老槐树", "大王镇"), ("老槐树", "绛县"), None, id="two counties"),
        pytest.param(("凤凰山", "芮城县"), ("凤凰山村", "芮城县"), None, id="a hill is not a village"),
        pytest.param(("东湖", "芮城县"), ("东湖", None), None, id="anywhere"),
    ],
)
def test_duplicate_places_are_suggested(
    one: tuple[str, str], other: tuple[str, str | None] | None, reason: str | None
) -> None:
    made = make_places()
    for name, parent in filter(None, (one, other)):
        make_place(name, parent=made[parent] if parent else None)
    named = {name for pair in found() for name in pair[:2]}
    assert {pair[2] for pair in found()} == ({reason} if reason else set())
    assert not reason or one[0] in named


@pytest.mark.parametrize(
    ("names", "reason"),
    [
        pytest.param(("张国华", "张国花"), "sound", id="one character misprinted"),
        pytest.param(("张国华", "章国华"), "sound", id="the surname misprinted"),
        pytest.param(("买买提·吐尔逊", "买买提吐尔逊"), "sound", id="the dot left out"),
        pytest.param(("张国华", "张国庆"), None, id="another sound"),
        pytest.param(("王伟", "王维"), None, id="too short"),
        pytest.param(("张国华", "国华"), None, id="a part of the name"),
    ],
)
def test_duplicate_reporters_are_suggested(names: Sequence[str], reason: str | None) -> None:
    for name in names:
        make_reporter(name)
    assert found() == ({(*names, reason)} if reason else set())


def test_reporters_with_disambiguation_are_not_suggested() -> None:
    for disambiguation in ("", "摄影"):
        make_reporter("张国华", disambiguation=disambiguation)
    assert found() == set()


def test_record_named_like_an_alias_is_suggested() -> None:
    made = make_places()
    court = make_organization("绛县人民法院", made["绛县"])
    court.aliases.create(name="晋南法庭")
    for seat in ("绛县", "芮城县", None):
        make_organization("晋南法庭", made[seat] if seat else None)
    tree = make_place("古树", parent=made["大王镇"])
    tree.aliases.create(name="老槐树")
    for parent in ("大王镇", "绛县"):
        make_place("老槐树", parent=made[parent])
    make_reporter("张国华").aliases.create(name="国华")
    make_reporter("国华")
    # The court of its own county and the one without a seat, but not that of another county.
    assert len(suggest_duplicates("organization")) == 4
    assert {pair for pair in found() if pair[2] == "alias"} == {
        ("绛县人民法院", "晋南法庭", "alias"), ("古树", "老槐树", "alias"), ("张国华", "国华", "alias"),
    }  # fmt: skip


def test_decided_pairs_are_not_suggested_again(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    one, two, three = (make_reporter(name) for name in ("张国华", "张国花", "章国华"))
    assert (len(duplicates.suggest_duplicates()), len(duplicates.suggestions_for(one))) == (3, 2)
    with django_assert_num_queries(3):
        assert len(suggest_duplicates("reporter", limit=2)) == 2
    distinguish(two, one, None)
    assert found() == {("张国华", "章国华", "sound"), ("张国花", "章国华", "sound")}
    merged = merge(two, three, None)
    # `one` is distinguished from the record that the others were merged into.
    assert found() == set()
    undo_merge(merged)
    forget_distinction(one, two)
    trash_record(three)
    assert found() == {("张国华", "张国花", "sound")}
    restore_record(three)
    assert len(duplicates.suggest_duplicates()) == 3


def test_suggestions_for_many_spellings_stay_linear() -> None:
    county = make_places()["芮城县"]
    Organization.objects.bulk_create(Organization(name=name, seat=county) for name in _spellings())
    assert len(suggest_duplicates("organization")) < 3 * len(_spellings())


def _spellings() -> list[Any]:
    fronts = (
        "",
        "芮城县",
        "芮城",
        "县",
        "运城市芮城县",
        "运城芮城县",
        "山西省芮城县",
        "山西省运城市芮城县",
        "山西运城芮城",
    )
    return [
        f"{party}{front}人民{'、' * comma}法院"
        for party in ("", "中共")
        for front in fronts
        for comma in (0, 1)
    ]


def test_reasons_are_sentences() -> None:
    assert all(str(reason.label).endswith((".", "。")) for reason in Reason)


def test_abbreviation_of_many_names_suggests_none() -> None:
    for name in ("中科院", "中国科学院", "中国科技院", "中华科学院"):
        make_organization(name)
    assert found() == set()
