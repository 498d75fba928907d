"""The official divisions have names, codes and parents; their index is built once and survives damage."""

import lzma
import sqlite3
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import pytest

from articles.reading.gazetteer.divisions import (
    _DIVISIONS_FILE,
    Division,
    Gazetteer,
    _open_gazetteer,
    load_gazetteer,
)
from scripts.gazetteer_rows import Row, pack
from tests.support.loading import PATIENCE

RUICHENG = "140830"


@pytest.fixture(scope="module")
def china() -> Gazetteer:
    return load_gazetteer()


@pytest.fixture(scope="module")
def everything() -> list[Division]:
    places = load_gazetteer()
    provinces = [found[0] for found in places.everywhere().values() if found[0].kind == "province"]
    return [
        place for province in dict.fromkeys(provinces) for place in (province, *places.under(province.code))
    ]


@pytest.mark.parametrize(
    ("code", "chain"),
    [
        ("140830", "山西省 运城市 芮城县"),
        ("140830105", "山西省 运城市 芮城县 大王镇"),
        ("140830105209", "山西省 运城市 芮城县 大王镇 金盆村"),
        ("140830102208", "山西省 运城市 芮城县 陌南镇 东窑村"),
        ("140830202206", "山西省 运城市 芮城县 学张乡 三坑村"),
        ("140830101002", "山西省 运城市 芮城县 风陵渡镇 新风社区"),
        ("140830104207", "山西省 运城市 芮城县 永乐镇 蔡村"),
        ("140830100010", "山西省 运城市 芮城县 古魏镇 寿圣社区"),
        ("140824", "山西省 运城市 稷山县"),
        ("140825", "山西省 运城市 新绛县"),
        pytest.param(
            "140825400010", "山西省 运城市 新绛县 学府城社区", id="its town 新绛县社区 is a placeholder"
        ),
        ("140826", "山西省 运城市 绛县"),
        pytest.param("110105", "北京市 朝阳区", id="no 市辖区 between"),
        pytest.param("429005", "湖北省 潜江市", id="no 省直辖县级行政区划 between"),
        pytest.param("441900003", "广东省 东莞市 东城街道", id="a city without counties"),
        pytest.param("130171100", "河北省 石家庄市 裕华区 宋营镇", id="a town that NBS counts to a zone"),
        pytest.param("500105001", "重庆市 两江新区 华新街街道", id="a district merged in 2025"),
        pytest.param("810307", "香港特别行政区 新界 沙田区", id="Hong Kong"),
    ],
)
def test_code_has_its_ancestors(china: Gazetteer, code: str, chain: str) -> None:
    place = china.by_code(code)
    assert place is not None
    assert " ".join(above.name for above in (*china.ancestors(code), place)) == chain


@pytest.mark.parametrize("code", ["", "999999", "1408301", "110100", "芮城县"])
def test_unknown_code_returns_nothing(china: Gazetteer, code: str) -> None:
    assert china.by_code(code) is None
    assert china.ancestors(code) == china.under(code) == china.named("芮城县", within=code) == []


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("芮城", ["140830"]),
        ("芮城县", ["140830"]),
        ("绛县", ["140826"]),
        ("运城", ["140800"]),
        ("湘西", ["433100"]),
        ("内蒙古", ["150000"]),
        ("台湾", ["710000"]),
        ("朝阳区", ["110105", "220104"]),
        ("朝阳", ["110105", "211300", "211321", "220104"]),
        pytest.param("海南", ["150303", "460000", "632500"], id="海南: district, province, prefecture"),
        pytest.param("襄樊", ["420600"], id="襄樊, since 2010 襄阳"),
        pytest.param("襄阳", ["420600"], id="襄阳, and not 襄州区 that was 襄阳县"),
        pytest.param("晋江", ["350582"], id="晋江, and not 泉州市 that was 晋江地区"),
        pytest.param("密云县", ["110118"], id="密云县, since 2015 密云区"),
        pytest.param("郫县", ["510117"], id="郫县, since 2016 郫都区"),
        pytest.param("中甸", ["533401"], id="中甸, since 2001 香格里拉"),
        pytest.param("崇文区", ["110103"], id="崇文区, former"),
        ("学府城社区", ["140825400010"]),
    ],
)
def test_name_returns_its_places(china: Gazetteer, name: str, codes: list[str]) -> None:
    assert [place.code for place in china.named(name)] == codes


@pytest.mark.parametrize("name", ["市辖区", "城区", "郊区", "县", "", "三坑村定期召集村民"])
def test_word_that_is_not_a_name_returns_no_places(china: Gazetteer, name: str) -> None:
    assert china.named(name) == []
    assert name not in china.everywhere()


def test_village_is_found_within_its_county(china: Gazetteer) -> None:
    assert len(china.named("金盆村")) == 53
    for within in ("140830105209", "140830105", RUICHENG, "140800", "140000"):
        assert [place.code for place in china.named("金盆村委会", within=within)] == ["140830105209"]
    assert china.named("金盆村", within="140824") == []


def test_abolished_division_is_former(china: Gazetteer) -> None:
    codes = ("110103", "500105", "140830", "420600")
    assert [place.former for code in codes if (place := china.by_code(code))] == [True, True, False, False]
    xiangyang = china.by_code("420600")
    assert xiangyang
    assert xiangyang.former_names == ("襄樊市",)


def test_divisions_below_a_county_are_its_towns_and_villages(china: Gazetteer) -> None:
    below = china.under(RUICHENG)
    assert {"大王镇", "风陵渡", "金盆村", "寿圣社区", "新风社区"} <= {
        name for place in below for name in place.names
    }
    assert "芮城县" not in {place.name for place in below}
    assert len(below) == 172
    assert [place.kind for place in below if place.name == "山西风陵渡经济开发区"] == ["other"]


def test_nationwide_names_include_short_and_former_ones(china: Gazetteer) -> None:
    names = china.everywhere()
    assert {
        "山西省",
        "山西",
        "运城",
        "芮城县",
        "芮城",
        "绛县",
        "襄樊",
        "崇文区",
        "苏州工业园区",
        "九龙",
    } <= set(names)
    assert not {"大王镇", "金盆村", "东区", "北区"} & set(names)
    assert {place.code for place in names["朝阳"]} == {"110105", "211300", "211321", "220104"}


@pytest.mark.slow
def test_list_has_the_official_counts_by_level(everything: list[Division]) -> None:
    counts = Counter(place.kind + ", former" * place.former for place in everything)
    assert counts == {
        "province": 34,
        "city": 333,
        "county": 2874,
        "county, former": 79,
        "township": 38723,
        "township, former": 206,
        "village": 619054,
        "other": 2797,
    }


def test_every_division_has_a_parent_of_a_higher_level(everything: list[Division]) -> None:
    """Each place once, after the place it lies in, and on a lower level."""
    levels = ("province", "city", "county", "township", "village")
    seen: dict[str, Division] = {}
    for place in everything:
        assert place.code not in seen
        assert (place.parent is None) == (place.kind == "province")
        if place.parent and "other" not in (place.kind, kind := seen[place.parent].kind):
            assert levels.index(kind) < levels.index(place.kind), place
        seen[place.code] = place


@pytest.mark.parametrize("word", ["市辖区", "直辖", "虚拟", "类似", "村委会", "居委会", "办事处街道", " "])
def test_list_has_no_placeholder(everything: list[Division], word: str) -> None:
    assert [place.name for place in everything if place.kind != "village" and word in place.name] == []


def test_packed_list_stays_small() -> None:
    assert _DIVISIONS_FILE.stat().st_size <= 5 * 2**20


# The index, over a list of a few rows

SHANXI = (
    Row("140000", "山西省", "", "province"),
    Row("140800", "运城市", "140000", "city", names=["运城地区"]),
    Row("140825", "新绛县", "140800", "county"),
    Row("140825400010", "学府城社区", "140825", "village"),
    Row("140830", "芮城县", "140800", "county"),
    Row("140830105", "大王镇", "140830", "township"),
    Row("140830105209", "金盆村", "140830105", "village"),
    Row("140830105210", "768厂社区", "140830105", "village"),
    Row("140830105213", "南庄村", "140830105", "village"),
    Row("140830402", "山西风陵渡经济开发区", "140830", "other"),
    Row("140899x", "平垣乡", "140800", "township", former=True),
)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return packed(tmp_path / "divisions.xz", SHANXI)


def packed(path: Path, rows: tuple[Row, ...]) -> Path:
    path.write_bytes(lzma.compress("\n".join(pack({row.code: row for row in rows})).encode()))
    return path


def test_unpacking_reverses_packing(data: Path, tmp_path: Path) -> None:
    places = _open_gazetteer(data, tmp_path)
    for row in SHANXI:
        place = Division(row.code, row.name, row.kind, row.parent or None, row.former, tuple(row.names))
        assert places.by_code(row.code) == place
    assert [place.code for place in places.under("140000")] == [row.code for row in SHANXI[1:]]
    assert [place.code for place in places.under("140825")] == ["140825400010"]


def test_index_is_built_once(
    data: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "made" / "when needed"
    monkeypatch.chdir(tmp_path)
    with caplog.at_level("INFO"):
        for _ in range(2):
            assert _open_gazetteer(data, folder).named("芮城")
    (index,) = folder.iterdir()
    assert [(record.levelname, record.message) for record in caplog.records] == [
        (
            "INFO",
            f"Building the index of divisions in made/when needed/{index.name}; this takes some seconds, once.",
        )
    ]


def test_process_waits_for_an_index_that_another_builds(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = sys.modules[_open_gazetteer.__module__]
    build, look = module._build_file, module._state
    builds: list[Path] = []
    began, came = Event(), Event()

    def slow_build(index: Path, packed: bytes) -> None:
        builds.append(index)
        began.set()
        assert came.wait(PATIENCE)
        build(index, packed)

    def noted_look(index: Path) -> object:
        found = look(index)
        if began.is_set():
            came.set()  # the second has seen that there is no index
        return found

    monkeypatch.setattr(module, "_build_file", slow_build)
    monkeypatch.setattr(module, "_state", noted_look)
    with ThreadPoolExecutor(2) as both:
        first = both.submit(_open_gazetteer, data, tmp_path / "cache")
        assert began.wait(PATIENCE)
        second = both.submit(_open_gazetteer, data, tmp_path / "cache")
        assert [opened.result().by_code(RUICHENG) is None for opened in (first, second)] == [False, False]
    assert len(builds) == 1


def test_deleted_index_is_rebuilt(data: Path, tmp_path: Path) -> None:
    _open_gazetteer(data, tmp_path / "cache")
    for index in (tmp_path / "cache").iterdir():
        index.unlink()
    assert _open_gazetteer(data, tmp_path / "cache").named("金盆村")


def test_new_list_gets_a_new_index(data: Path, tmp_path: Path) -> None:
    assert _open_gazetteer(data, tmp_path).by_code("140830105213")
    packed(data, SHANXI[:6])
    assert _open_gazetteer(data, tmp_path).by_code("140830105213") is None


@pytest.mark.parametrize("damage", [b"", b"no database", b"SQLite format 3\x00" + bytes(200)], ids=len)
def test_damaged_index_is_rebuilt(data: Path, tmp_path: Path, damage: bytes) -> None:
    _open_gazetteer(data, tmp_path / "cache")
    (index,) = (tmp_path / "cache").iterdir()
    index.write_bytes(damage)
    assert _open_gazetteer(data, tmp_path / "cache").named("金盆村")


def test_index_is_in_memory_if_the_cache_is_not_writable(
    data: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("in the way")
    places = _open_gazetteer(data, tmp_path / "file")
    assert [place.code for place in places.named("运城地区")] == ["140800"]
    assert "Set NEWSROOM_CACHE_DIR" in caplog.text


def test_full_disk_leaves_no_file(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    connect = sqlite3.connect

    def small(database: object, **options: object) -> sqlite3.Connection:
        connection = connect(database, **options)  # type: ignore[call-overload]
        if database != ":memory:":
            connection.execute("PRAGMA max_page_count = 2")
        return connection  # type: ignore[no-any-return]

    monkeypatch.setattr(sqlite3, "connect", small)
    assert _open_gazetteer(data, tmp_path / "cache").named("金盆村")
    assert list((tmp_path / "cache").iterdir()) == []
    assert "full" in caplog.text


def test_index_is_read_only(data: Path, tmp_path: Path) -> None:
    _open_gazetteer(data, tmp_path / "cache")
    places = _open_gazetteer(data, tmp_path / "cache")
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        places._connection.execute("DELETE FROM division")
