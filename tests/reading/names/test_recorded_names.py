"""Names that editors gave to records are found in any text, and with care: a wrong link is worse than a doubt."""

from collections import Counter
from typing import Any

import pytest

from articles.reading.linking.linker import Decisions, NamedRecord
from articles.reading.names import recognition
from articles.reading.names.recorded_names import RecordedNames
from articles.reading.pipeline import read_names
from articles.reading.values import Block, MentionKind, Story

CDC = NamedRecord("芮城县疾病预防控制中心", "140830", id=7)
STATION = NamedRecord("老粮站", None, within="140830", id=8, is_own_name=True)
YARN = NamedRecord("星河纺织公司", None, id=9)


@pytest.fixture(params=["with the tagger", "without"], autouse=True)
def finders(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "without":
        monkeypatch.setattr(recognition, "load_tagger", lambda: None)


def authority(*names: tuple[MentionKind, str, NamedRecord]) -> Decisions:
    records: dict[tuple[MentionKind, str], tuple[NamedRecord, ...]] = {}
    for kind, key, record in names:
        records[kind, key] = (*records.get((kind, key), ()), record)
    return Decisions(names=records, recorded=RecordedNames(records))


def links(
    text: str, *names: tuple[MentionKind, str, NamedRecord], home: str = ""
) -> list[tuple[str, str, str, int | None]]:
    story = Story((Block("paragraph", ((0, len(text)),), text),))
    (read,) = read_names([story], home, authority(*names))
    return [(link.mention.surface, link.status, link.rule, link.record_id) for link in read.links]


@pytest.mark.parametrize(
    ("text", "kind", "name", "record", "found"),
    [
        pytest.param(
            "昨日，县疾控站到乡下宣传。", "organization", "县疾控站", CDC, ("县疾控站", "linked", "alias", 7),
            id="a word that no finder knows",
        ),
        pytest.param(
            "芮城县疾控站组织人员下乡。", "organization", "县疾控站", CDC, ("芮城县疾控站", "linked", "alias", 7),
            id="behind its seat, where the alias has the level",
        ),
        pytest.param(
            "绛县的群众到县疾控站接种。", "organization", "县疾控站", CDC, ("县疾控站", "unknown", "named_elsewhere", None),
            id="the county station of another county",
        ),
        pytest.param(
            "“星河纺织”来了。", "organization", "星河纺织", YARN, ("星河纺织", "linked", "alias", 9), id="in quotes",
        ),
        pytest.param(
            "老糧站旁邊住著三戶人家。", "place", "老粮站", STATION, ("老糧站", "linked", "recorded_name", 8), id="Traditional characters",
        ),
        pytest.param(
            "绛县的老粮站旁边住着三户。", "place", "老粮站", STATION, ("老粮站", "unknown", "named_elsewhere", None),
            id="a place of that name in another county",
        ),
        pytest.param(
            "晋纺，是老厂。", "organization", "晋纺", YARN, ("晋纺", "linked", "alias", 9), id="two characters between marks",
        ),
    ],
)  # fmt: skip
def test_recorded_name_is_found_and_linked(
    text: str, kind: MentionKind, name: str, record: NamedRecord, found: tuple[Any, ...]
) -> None:
    assert found in links(text, (kind, name, record))


@pytest.mark.parametrize(
    ("text", "kind", "name"),
    [
        pytest.param(
            "全晋纺织业加快，说晋纺织工。", "organization", "晋纺", id="two characters inside words"
        ),
        pytest.param("晋纺村的人来了。", "organization", "晋纺", id="inside a longer place"),
        pytest.param("银星河纺织公司开业。", "organization", "星河纺织", id="inside a longer organization"),
        pytest.param("老粮站小学开学。", "place", "老粮站", id="at the beginning of an organization"),
        pytest.param(
            "全县疾控工作会议召开。", "organization", "县疾控", id="three characters without borders"
        ),
        pytest.param("和平，就在前方。", "place", "和平", id="a common word"),
        pytest.param("IBM公司开业。", "organization", "BM公司", id="in a Latin word"),
        pytest.param("11号桥通车。", "place", "1号桥", id="in a number"),
        pytest.param("他到医院，看望病人。", "organization", "医院", id="a kind of organization"),
    ],
)
def test_recorded_name_is_not_found_in_another_word(text: str, kind: MentionKind, name: str) -> None:
    record = NamedRecord("某处", None, id=7)
    assert [row for row in links(text, (kind, name, record)) if row[3] == 7] == []


def test_name_of_two_records_is_in_doubt() -> None:
    other = NamedRecord("绛县疾病预防控制中心", "140826", id=11)
    rows = links(
        "县疾控站组织人员下乡。", ("organization", "县疾控站", CDC), ("organization", "县疾控站", other)
    )
    assert rows == [("县疾控站", "ambiguous", "several_aliases", None)]


def test_name_of_a_place_and_an_organization_is_in_doubt() -> None:
    rows = links("他到青年宫参观。", ("organization", "青年宫", CDC), ("place", "青年宫", STATION))
    assert rows == [("青年宫", "ambiguous", "several_aliases", None)]


@pytest.mark.parametrize(
    ("home", "status"),
    [
        pytest.param("140830", "linked", id="at home"),
        pytest.param("140826", "unknown", id="in the paper of another county"),
        pytest.param("", "linked", id="where nothing names a county"),
    ],
)
def test_name_with_a_level_is_that_of_the_home(home: str, status: str) -> None:
    rows = links("县疾控站组织人员下乡。", ("organization", "县疾控站", CDC), home=home)
    assert [row[1] for row in rows] == [status]


def test_name_of_an_official_division_keeps_its_rules() -> None:
    yard = NamedRecord("大王镇", None, within="140826", id=7, is_own_name=True)
    assert links("芮城县大王镇的枣熟了。", ("place", "大王镇", yard))[1] == (
        "大王镇",
        "linked",
        "chain",
        None,
    )
    alias = NamedRecord("运城市", "140800", id=7)
    assert links("在河东，枣熟了。", ("place", "河东", alias))[0] == ("河东", "linked", "alias", 7)


class _CountedKinds(dict[str, MentionKind]):
    """Counts how often a name is looked up."""

    counts: Counter[str] = Counter()

    def __contains__(self, name: object) -> bool:
        self.counts["looked up"] += 1
        return super().__contains__(name)


def _look_ups(names: RecordedNames, text: str) -> int:
    names._kinds = _CountedKinds(names._kinds)
    _CountedKinds.counts.clear()
    assert list(names.matches(text)) == []
    return _CountedKinds.counts["looked up"]


def test_cost_of_a_text_does_not_grow_with_the_number_of_names() -> None:
    text = "芮城县的枣熟了。" * 100
    few = RecordedNames(("place", f"芮城第{number:05}站") for number in range(10))
    many = RecordedNames(("place", f"芮城第{number:05}站") for number in range(100_000))
    assert _look_ups(few, text) == _look_ups(many, text) == 100
