"""Tests how names on pages become records and mentions, and that editors' decisions stay."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from django.utils import timezone

from articles.editing.article_corrections import correct_article
from articles.editing.name_authority import recorded_names
from articles.loading import file_plan, reextraction
from articles.loading.load_ledger import LoadLedger
from articles.loading.reading_differences import _compare_mentions
from articles.loading.reextraction import reextract
from articles.models import Alias, Article, Load, Organization, Page, Place
from articles.models import Mention as Row
from articles.reading.values import Link, LinkStatus, Mention, Reading
from tests.support.loading import dump, load, outcomes, read_plainly

pytestmark = pytest.mark.django_db

TEXT = "新桥通车\n记者 林一舟\n芮城县大王镇金盆村的桥通车了，县人民法院派人到场。"


def place(surface: str, start: int, code: str | None, status: LinkStatus = "linked") -> Link:
    mention = Mention("place", "body", start, start + len(surface), surface, "division", 0.9)
    return Link(
        mention, status, "own_name", surface if code else None, code, () if code else ("140830105209", "1")
    )


COURT = Mention("organization", "body", 15, 20, "县人民法院", "organization:seat", 0.9)
LINKS = (
    place("芮城县", 0, "140830"),
    place("大王镇", 3, "140830105"),
    place("金盆村", 6, "140830105209"),
    Link(COURT, "linked", "level_article", "芮城县人民法院", "140830"),
)


@pytest.fixture
def named(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Sets the links that reading a page finds, with the page divided plainly."""

    def find(*links: Link) -> None:
        def read(data: bytes, *_: object) -> Reading:
            reading = read_plainly(data)
            return replace(reading, stories=tuple(replace(story, links=links) for story in reading.stories))

        monkeypatch.setattr(file_plan, "read_page", read)

    find(*LINKS)
    return find


@pytest.fixture
def file(tmp_path: Path, named: Callable[..., None]) -> Path:  # noqa: ARG001 # pages name what `named` sets
    path = tmp_path / "0730.txt"
    path.write_text(TEXT, encoding="utf-8")
    return path


def again(*, dry_run: bool = False) -> list[reextraction.ReextractedPage]:
    ledger = LoadLedger(Load(started_at=timezone.now()))
    done = list(reextract(Page.objects.current(), "published", ledger, dry_run=dry_run))
    ledger.close({})
    return done


def rows() -> list[tuple[str, str, str]]:
    return [(row.surface, row.status, row.verdict) for row in Row.objects.order_by("start")]


def test_places_are_created_with_ancestors(file: Path) -> None:
    load(file)
    village = Place.objects.get(code="140830105209")
    assert village.full_name == "山西省运城市芮城县大王镇金盆村"
    assert village.path == "140000.140800.140830.140830105.140830105209"
    assert list(Place.objects.order_by("path").values_list("kind", flat=True)) == [
        "province", "city", "county", "township", "village",
    ]  # fmt: skip


def test_organization_is_created_with_seat_and_kind(file: Path) -> None:
    load(file)
    court = Organization.objects.get()
    assert (court.name, court.kind, court.seat and court.seat.code) == ("芮城县人民法院", "court", "140830")


def test_place_without_code_is_one_record(file: Path, named: Callable[..., None]) -> None:
    river = Mention("place", "body", 0, 3, "芮城县", "nature", 0.9)
    named(Link(river, "linked", "feature", "南河"))
    load(file)
    second = file.with_name("0731.txt")
    second.write_text(TEXT.replace("新桥", "旧桥"), encoding="utf-8")
    load(second)
    assert [(found.name, found.code) for found in Place.objects.all()] == [("南河", "")]
    assert Row.objects.filter(place__name="南河").count() == 2


def test_road_is_created_within_its_county(file: Path, named: Callable[..., None]) -> None:
    road = Mention("place", "body", 0, 3, "芮城县", "unit:road", 0.9)
    named(replace(Link(road, "linked", "local", "人民路"), within="140830"))
    load(file)
    found = Place.objects.get(name="人民路")
    assert (found.code, found.parent and found.parent.code, found.path) == (
        "",
        "140830",
        "140000.140800.140830",
    )


def test_second_load_writes_nothing(file: Path) -> None:
    load(file)
    before = dump()
    assert outcomes(load(file)) == ["unchanged"]
    assert dump() == before


def test_reextraction_by_same_rules_writes_nothing(file: Path) -> None:
    load(file)
    before = dump()
    (page,) = again()
    assert (page.articles, page.differences) == ({"unchanged": 1}, ())
    assert dump() == before


def test_newer_rules_replace_extracted_mentions(file: Path, named: Callable[..., None]) -> None:
    load(file)
    named(LINKS[0], place("大王镇", 3, None, "ambiguous"))
    (page,) = again()
    assert rows() == [("芮城县", "linked", ""), ("大王镇", "ambiguous", "")]
    assert sorted((found.change, found.name) for found in page.differences) == [
        ("gone", "县人民法院"),
        ("gone", "金盆村"),
        ("relinked", "大王镇"),
        ("updated", "新桥通车"),
    ]


def test_dry_run_of_reextraction_shows_differences_and_writes_nothing(
    file: Path, named: Callable[..., None]
) -> None:
    load(file)
    before = dump()
    named(*LINKS[1:])
    (page,) = again(dry_run=True)
    assert [(found.subject, found.change, found.name, found.before) for found in page.differences] == [
        ("article", "updated", "新桥通车", ""),
        ("mention", "gone", "芮城县", "芮城县 140830"),
    ]
    assert dump() == before


def test_verdicts_survive_newer_rules(file: Path, named: Callable[..., None]) -> None:
    load(file)
    Row.objects.filter(surface="金盆村").update(verdict="rejected")
    Row.objects.filter(surface="县人民法院").update(verdict="accepted")
    named(LINKS[0], place("金盆村", 6, None, "ambiguous"))
    again()
    assert rows() == [
        ("芮城县", "linked", ""),
        ("金盆村", "ambiguous", "rejected"),
        ("县人民法院", "linked", "accepted"),
    ]


OTHER_COUNTY = "140824"
UNLISTED = Link(Mention("place", "body", 0, 6, "芮城县大王镇", "suffix", 0.5), "unknown", "unlisted")


@pytest.mark.parametrize(
    ("decided", "found", "is_new"),
    [
        pytest.param(("rejected", "芮城县"), place("芮城县大王", 0, "140830"), False, id="same record"),
        pytest.param(("rejected", "芮城县"), place("芮城县大王", 0, OTHER_COUNTY), True, id="other record"),
        pytest.param(("rejected", "芮城县"), UNLISTED, False, id="longer, not listed"),
        pytest.param(
            ("rejected", "大王镇"), place("大王", 3, None, "ambiguous"), False, id="shorter, ambiguous"
        ),
        pytest.param(
            ("rejected", "大王镇"), place("镇金盆", 5, None, "unknown"), True, id="overlap, unknown"
        ),
        pytest.param(
            ("rejected", "大王镇"), place("镇金盆", 5, "140830105"), False, id="overlap, same record"
        ),
        pytest.param(("rejected", "芮城县"), place("的桥", 9, "140830"), True, id="same record elsewhere"),
        pytest.param(("accepted", "大王镇"), place("大王镇金盆村", 3, "140830105"), False, id="accepted"),
        pytest.param(
            ("accepted", "大王镇"), place("镇金盆村", 5, OTHER_COUNTY), False, id="overlaps accepted"
        ),
        pytest.param(("relinked", "大王镇"), place("王镇", 4, OTHER_COUNTY), False, id="within relinked"),
        pytest.param(
            ("added", "大王镇"), place("大王镇金盆", 3, None, "unknown"), False, id="longer than added"
        ),
    ],
)
def test_verdict_covers_what_overlaps_it(
    file: Path, named: Callable[..., None], decided: tuple[str, str], found: Link, is_new: bool
) -> None:
    """A name that was decided stays decided there, whatever borders newer rules give it."""
    load(file)
    verdict, surface = decided
    row = Row.objects.get(surface=surface)
    linked_by_editor = row.place if verdict == "relinked" else None
    Row.objects.filter(pk=row.pk).update(verdict=verdict, decided_place=linked_by_editor)
    named(found)
    plan, done = again(dry_run=True), again()
    assert [page.differences for page in plan] == [page.differences for page in done]
    assert Row.objects.get(pk=row.pk).verdict == verdict
    surfaces = set(Row.objects.filter(verdict="").values_list("surface", flat=True))
    assert surfaces == ({found.mention.surface} if is_new else set())
    added = [each.is_decided for each in done[0].differences if each.change == "added"]
    assert added == [not is_new]
    assert again(dry_run=True)[0].differences == ()


def test_rejected_place_leaves_organization_that_is_named_with_it(
    file: Path, named: Callable[..., None]
) -> None:
    load(file)
    Row.objects.filter(surface="金盆村").update(verdict="rejected")
    bridge = Mention("organization", "body", 6, 11, "金盆村的桥", "organization:seat", 0.9)
    named(Link(bridge, "linked", "level_article", "金盆村的桥", "140830"))
    again()
    assert Row.objects.get(surface="金盆村的桥").verdict == ""


def test_name_that_a_verdict_covered_is_read_when_it_is_taken_back(
    file: Path, named: Callable[..., None]
) -> None:
    load(file)
    Row.objects.filter(surface="芮城县").update(verdict="rejected")
    named(place("芮城县大王", 0, "140830"))
    again()
    assert rows() == [("芮城县", "linked", "rejected")]
    Row.objects.update(verdict="")
    again()
    assert rows() == [("芮城县大王", "linked", "")]
    assert again(dry_run=True)[0].differences == ()


def test_corrected_part_keeps_its_mentions(file: Path, named: Callable[..., None]) -> None:
    load(file)
    correct_article(Article.objects.get(), body="金盆村的桥通车了。")
    named(LINKS[0])
    again()
    # Only this mention is still in the text; the spans of the others count in the earlier text.
    assert [surface for surface, _, _ in rows()] == ["金盆村"]
    mention = Article.objects.get().mentions.get()
    assert mention.article.body[mention.start : mention.end] == "金盆村"


def test_linker_gets_aliases_of_editors(file: Path) -> None:
    load(file)
    Alias.objects.create(name="芮城新村", place=Place.objects.get(code="140830105209"))
    (record,) = recorded_names().named("place", "芮城新村")
    assert (record.name, record.code) == ("金盆村", "140830105209")


def test_moved_mention_is_neither_added_nor_gone() -> None:
    shape = {
        "part": "body",
        "kind": "place",
        "surface": "芮城县",
        "name": "芮城县",
        "code": "140830",
        "status": "linked",
    }
    before = [{**shape, "start": 0, "end": 3, "method": "division", "rule": "own_name"}]
    after = [{**shape, "start": 4, "end": 7, "method": "division", "rule": "own_name"}]
    assert [found.change for found in _compare_mentions(before, after)] == ["moved"]
