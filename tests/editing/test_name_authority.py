"""Names that editors gave to records are found in pages that are loaded or read again later."""

from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.editing.merging import merge, undo_merge
from articles.editing.name_authority import recorded_names
from articles.editing.record_trash import restore_record, trash_record
from articles.loading.load_ledger import LoadLedger
from articles.loading.reextraction import reextract
from articles.models import Alias, Load, Mention, Organization, Page, Place
from articles.models.history import by_machine
from tests.factories import make_alias, make_organization, make_place, make_places
from tests.support.loading import load

pytestmark = pytest.mark.django_db

TEXT = """县里加强防疫

本报讯（记者 林一舟）芮城县昨天召开会议。县疾控站派人到场，宣讲防疫知识，群众提出了许多问题。

大家说，老粮站旁边的接种点很方便，去年冬天开始，这里每天都有人来。
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "0730.txt"
    path.write_text(TEXT, encoding="utf-8")
    return path


def found() -> dict[str, str | None]:
    """By surface the record to which each mention resolves, None if it is in doubt."""
    rows = Mention.objects.with_records()
    return {row.surface: row.record.name if row.record else None for row in rows}


def test_alias_of_organization_is_found_in_a_later_page(file: Path) -> None:
    station = make_organization("芮城县疾病预防控制中心", make_places()["芮城县"])
    make_alias("县疾控站", station)
    load(file)
    assert found()["县疾控站"] == "芮城县疾病预防控制中心"
    assert not Place.objects.filter(name="县疾控站").exists()
    assert Organization.objects.count() == 1


def test_record_that_an_editor_made_is_found_in_a_later_page(file: Path) -> None:
    station = make_place("老粮站", parent=make_places()["芮城县"])
    load(file)
    assert Mention.objects.get(surface="老粮站").place == station


def test_record_within_a_place_without_code_is_linked_to_itself(file: Path) -> None:
    old_town = make_place("老县城", parent=make_places()["芮城县"])
    station = make_place("老粮站", parent=old_town)
    clinic = make_organization("县疾控站", old_town)
    load(file)
    assert Mention.objects.get(surface="老粮站").place == station
    assert Mention.objects.get(surface="县疾控站").organization == clinic


def test_alias_is_found_when_a_page_is_read_again(file: Path) -> None:
    load(file)
    assert "老粮站" not in found()
    make_alias("老粮站", Place.objects.get(code="140830"))
    ledger = LoadLedger(Load(started_at=timezone.now()))
    list(reextract(Page.objects.all(), "published", ledger, dry_run=False))
    ledger.close({})
    assert found()["老粮站"] == "芮城县"


def test_names_of_a_merged_record_mean_its_survivor(file: Path) -> None:
    kept, merged = make_organization("芮城县疾病预防控制中心"), make_organization("防疫站")
    make_alias("县疾控站", merged)
    made = merge(merged, kept, None)
    load(file)
    assert found()["县疾控站"] == kept.name
    undo_merge(made)
    assert [record.name for record in recorded_names().named("organization", "县疾控站")] == ["防疫站"]


def test_names_of_a_record_in_the_trash_are_not_found(file: Path) -> None:
    station = make_place("老粮站")
    make_alias("老粮库", station)
    trash_record(station)
    load(file)
    assert "老粮站" not in found()
    assert not recorded_names().named("place", "老粮库")
    restore_record(station)
    assert recorded_names().named("place", "老粮库")


def test_alias_of_two_records_is_in_doubt(file: Path) -> None:
    for name in ("芮城县疾病预防控制中心", "绛县疾病预防控制中心"):
        make_alias("县疾控站", make_organization(name))
    load(file)
    mention = Mention.objects.get(surface="县疾控站")
    assert (mention.status, mention.organization, len(mention.candidates)) == ("ambiguous", None, 2)


def test_names_that_only_the_loader_gave_are_not_recorded(file: Path) -> None:
    with by_machine():
        Organization.objects.bulk_create([Organization(name="县疾控站")])
    load(file)
    assert not recorded_names().named("organization", "县疾控站")
    organization = Organization.objects.get(name="县疾控站")
    organization.kind = "hospital"
    organization.save()
    assert recorded_names().named("organization", "县疾控站")


def test_a_deleted_record_is_created_again_by_its_name(file: Path) -> None:
    station = make_place("老粮站")
    recorded_names()
    with by_machine():  # as by a purge, which leaves no history
        station.delete()
    load(file)
    assert Mention.objects.get(surface="老粮站").place == Place.objects.get(name="老粮站")


def test_names_are_compiled_again_only_after_one_was_recorded() -> None:
    make_alias("老粮库", make_place("老粮站"))
    before = recorded_names()
    with by_machine():
        Organization.objects.bulk_create([Organization(name="大桥公司")])
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert recorded_names() is before
    assert len(queries) == 1
    Alias.objects.get().delete()
    assert not recorded_names().named("place", "老粮库")


def test_compiling_takes_no_more_queries_for_more_names() -> None:
    counts = []
    for size in (2, 200):
        for number in range(size):
            make_alias(f"{size}粮{number}库", make_place(f"{size}粮{number}站"))
        with CaptureQueriesContext(connection) as queries:
            assert len(recorded_names().names) >= 2 * size
        counts.append(len(queries))
    assert counts[0] == counts[1]
