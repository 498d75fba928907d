"""Names of divisions are converted from the official to the printed form."""

import pytest

from articles.reading.gazetteer.name_forms import (
    DivisionKind,
    division_stem,
    printed_name,
    short_names,
    township_name,
    village_name,
)


@pytest.mark.parametrize(
    ("official", "printed"),
    [
        pytest.param("金盆村委会", "金盆村", id="village committee, 村 once"),
        pytest.param("金盆村民委员会", "金盆村", id="village committee in full"),
        pytest.param("蔡村村委会", "蔡村", id="村 twice"),
        pytest.param("东于村村民委员会", "东于村", id="村 twice, in full"),
        pytest.param("大圐圙村委", "大圐圙村", id="committee cut off"),
        pytest.param("新风社区居民委员会", "新风社区", id="community in full"),
        pytest.param("寿圣社区居委会", "寿圣社区", id="community"),
        pytest.param("鑫琳居委会", "鑫琳社区", id="residents' committee"),
        pytest.param("江西财大家委会", "江西财大社区", id="families' committee"),
        pytest.param("前屯社区村民委员会", "前屯社区", id="community with a villagers' committee"),
        pytest.param("善都嘎查委员会", "善都嘎查", id="gacha"),
        pytest.param("伊克高里牧委会", "伊克高里村", id="herders' committee"),
        pytest.param("新塘村民委员会（农村社区）", "新塘村", id="note behind"),
        pytest.param("中国矿业大学（北京）社区居委会", "中国矿业大学（北京）社区", id="brackets of the name"),
        pytest.param("水稻研究所社区", "水稻研究所社区", id="as it is"),
        pytest.param("委庄村村民委员会", "委庄村", id="委 in the name"),
        pytest.param("居委会", "居委会", id="nothing but the committee"),
    ],
)
def test_village_name_is_the_printed_one(official: str, printed: str) -> None:
    assert village_name(official) == printed


@pytest.mark.parametrize(
    ("official", "printed"),
    [
        ("库伦街道办事处", "库伦街道"),
        ("石溪办事处", "石溪街道"),
        ("王府地区办事处", "王府地区"),
        ("东山办事处街道", "东山街道"),
        ("浒墅关经开区（镇）", "浒墅关经开区"),
        ("大王镇", "大王镇"),
    ],
)
def test_township_name_is_the_printed_one(official: str, printed: str) -> None:
    assert township_name(official) == printed


@pytest.mark.parametrize(
    ("name", "kind", "expected"),
    [
        ("山西省", "province", ("山西",)),
        ("内蒙古自治区", "province", ("内蒙古",)),
        ("广西壮族自治区", "province", ("广西",)),
        ("新疆维吾尔自治区", "province", ("新疆",)),
        ("香港特别行政区", "province", ("香港",)),
        ("运城市", "city", ("运城",)),
        ("湘西土家族苗族自治州", "city", ("湘西",)),
        ("伊犁哈萨克自治州", "city", ("伊犁",)),
        ("大兴安岭地区", "city", ("大兴安岭",)),
        ("锡林郭勒盟", "city", ("锡林郭勒",)),
        ("芮城县", "county", ("芮城",)),
        ("绛县", "county", ()),
        ("浦东新区", "county", ("浦东",)),
        ("清新区", "county", ("清新",)),
        ("神农架林区", "county", ("神农架",)),
        ("井陉矿区", "county", ()),
        ("东乡族自治县", "county", ()),
        ("积石山保安族东乡族撒拉族自治县", "county", ("积石山",)),
        ("大王镇", "township", ()),
        ("风陵渡镇", "township", ("风陵渡",)),
        ("街津口赫哲族乡", "township", ("街津口乡", "街津口")),
        ("峡门回族乡", "township", ("峡门乡",)),
        ("小溪市乡", "township", ()),
        ("解放路街道", "township", ()),
        ("贡宝拉格苏木", "township", ("贡宝拉格",)),
        ("金盆村", "village", ()),
        ("刘家村社区", "village", ("刘家村",)),
        ("苏州工业园区", "other", ()),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_short_names_are_the_printed_short_forms(
    name: str, kind: DivisionKind, expected: tuple[str, ...]
) -> None:
    assert short_names(name, kind) == expected


def test_stem_is_never_empty() -> None:
    assert [division_stem(name, "county") for name in ("县", "区", "族自治县")] == ["县", "区", "族"]


@pytest.mark.parametrize(
    ("name", "printed"),
    [
        ("朝阳街道办事处", "朝阳街道"),
        ("金盆村民委员会", "金盆村"),
        ("芮城县", "芮城县"),
        ("运城市委", "运城市委"),
        ("", ""),
    ],
)
def test_printed_name_of_any_level(name: str, printed: str) -> None:
    assert printed_name(name) == printed
