"""Matching the towns of two official lists in `scripts/build_gazetteer.py`."""

import pytest

from scripts.build_gazetteer import own_name
from scripts.gazetteer_rows import PLACEHOLDER, Row, Rows
from scripts.gazetteer_towns import merge_towns

COUNTY, NEIGHBOUR = "140830", "140829"


def town(code: str, name: str, parent: str = COUNTY) -> Row:
    return Row(code, name, parent, "township")


@pytest.mark.parametrize(
    ("nbs", "mca", "rule"),
    [
        pytest.param(
            town("140830105", "大王镇"), town("140830107", "大王镇"), "county and name", id="other code"
        ),
        pytest.param(
            town("140830200", "东垆乡"), town("140830110", "东垆镇"), "county and stem", id="乡 to 镇"
        ),
        pytest.param(
            town("140830001", "新华街街道"), town("140830002", "新华街道"), "county and stem", id="街街道"
        ),
        pytest.param(
            town("140830204", "峡门乡"), town("140830205", "峡门回族乡"), "county and stem", id="people"
        ),
        pytest.param(
            town("140830101", "古魏镇"),
            town("140829103", "古魏镇", NEIGHBOUR),
            "prefecture and name",
            id="moved",
        ),
        pytest.param(
            town("140830101", "闫庄镇"),
            town("140830101", "阎庄镇"),
            "county and similarity",
            id="spelling, same code",
        ),
        pytest.param(
            town("140830101", "李集街道"),
            town("140830109", "李家集街道"),
            "county and similarity",
            id="spelling",
        ),
    ],
)
def test_same_town_is_matched_by_rule(nbs: Row, mca: Row, rule: str) -> None:
    rows: Rows = {}
    assert merge_towns([nbs], [mca], rows) == {rule: 1}
    former = [nbs.name] if nbs.name != mca.name else []
    assert rows == {nbs.code: Row(nbs.code, mca.name, mca.parent, "township", names=former)}


@pytest.mark.parametrize(
    ("nbs", "mca", "expected"),
    [
        pytest.param(
            town("140830101", "阳城镇"),
            town("140830101", "永乐镇"),
            {"140830101": ("阳城镇", True), "140830101x": ("永乐镇", False)},
            id="one code for two towns",
        ),
        pytest.param(
            town("140830101", "阳城镇"),
            town("140930101", "阳城镇", "140930"),
            {"140830101": ("阳城镇", True), "140930101": ("阳城镇", False)},
            id="one name in two prefectures",
        ),
        pytest.param(
            town("140830402", "南磑农场"),
            town("140830107", "南磑街道"),
            {"140830402": ("南磑农场", False), "140830107": ("南磑街道", False)},
            id="a farm is no street",
        ),
    ],
)
def test_different_towns_are_not_matched(nbs: Row, mca: Row, expected: dict[str, tuple[str, bool]]) -> None:
    rows: Rows = {}
    merge_towns([nbs], [mca], rows)
    assert {code: (row.name, row.former) for code, row in rows.items()} == expected


def test_ambiguous_similar_towns_are_not_matched() -> None:
    rows: Rows = {}
    nbs = [town("140830101", "东王家镇"), town("140830102", "西王家镇")]
    done = merge_towns(nbs, [town("140830109", "王家镇")], rows)
    assert done == {"only MCA": 1, "only NBS, former": 2}


@pytest.mark.parametrize(
    ("name", "above", "own"),
    [
        ("濮阳县庆祖镇", [("410900", "濮阳市"), ("410928", "濮阳县")], "庆祖镇"),
        ("四平市铁东区平东街道", [("220300", "四平市"), ("220303", "铁东区")], "平东街道"),
        ("源城区新江街道城西社区", [("441602", "源城区"), ("441602003", "新江街道")], "城西社区"),
        ("杨镇一街村", [("110113", "顺义区"), ("110113006", "杨镇")], "杨镇一街村"),
        ("皮山县街道", [("653223", "皮山县")], "皮山县街道"),
        ("平定县城", [("140321", "平定县")], "平定县城"),
    ],
)
def test_own_name(name: str, above: list[tuple[str, str]], own: str) -> None:
    assert own_name(name, [Row(code, place, "", "other") for code, place in above]) == own


@pytest.mark.parametrize(
    ("name", "is_placeholder"),
    [
        ("市辖区", True),
        ("县", True),
        ("省直辖县级行政区划", True),
        ("自治区直辖县级行政单位", True),
        ("海棠区直辖村级区划", True),
        ("红光类似乡级单位", True),
        ("新绛县社区", True),
        ("定襄县居民办事处", True),
        ("城区", True),
        ("新绛县", False),
        ("城区街道", False),
        ("滨湖世纪社区", False),
        ("两江新区", False),
    ],
)
def test_placeholders(name: str, is_placeholder: bool) -> None:
    assert bool(PLACEHOLDER.search(name)) == is_placeholder
