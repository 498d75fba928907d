"""Tests that records in the trash are hidden everywhere, and restored unchanged."""

from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from articles.counts.appearances import count_wrong_appearances
from articles.editing.bylines import set_bylines
from articles.editing.merging import distinguish, merge, undo_merge
from articles.editing.record_registry import RecordRegistry
from articles.editing.record_trash import (
    Uses,
    count_uses,
    delete_record_for_good,
    restore_record,
    trash_record,
)
from articles.loading import file_plan
from articles.models import (
    Byline,
    Distinction,
    LastChange,
    Mention,
    Organization,
    OrganizationAppearance,
    Place,
    PlaceAppearance,
    Reporter,
)
from tests.factories import make_article, make_organization, make_place, make_places, make_reporter
from tests.support.loading import MARKET, dump, load, read_plainly

pytestmark = pytest.mark.django_db

TABLES = ("PlaceAppearance", "OrganizationAppearance")


def appearances() -> dict[str, Any]:
    rows = dump()
    return {name: rows[name] for name in TABLES}


def refused(act: Any, record: Any) -> str:
    with translation.override("en"), pytest.raises(ValidationError) as refusal:
        act(record)
    return refusal.value.messages[0]


def test_trashed_organization_is_hidden_and_restored_unchanged() -> None:
    county = make_places()["绛县"]
    court, school = (make_organization(name, county) for name in ("绛县人民法院", "绛县中学"))
    named, other = make_article("大桥通车", court, school), make_article("早市搬家", school)
    before, changes = appearances(), LastChange.objects.in_bulk()
    trash_record(court)
    mention = named.mentions.get(organization=court)
    assert (mention.record, mention.place_of_article, mention.is_doubtful, mention.outcome) == (
        None, None, True, "unknown",
    )  # fmt: skip
    assert list(Mention.objects.doubtful()) == list(Mention.objects.with_status("unknown")) == [mention]
    assert mention not in Mention.objects.with_status("linked")
    assert not Mention.objects.of_organizations(Organization.objects.filter(pk=court.pk))
    assert not OrganizationAppearance.objects.filter(organization=court)
    assert court not in Organization.objects.surviving()
    stamps = LastChange.objects.stamps([named.pk, other.pk])
    assert [changes[one.pk].stamp == stamps[one.pk] for one in (named, other)] == [False, True]
    assert count_wrong_appearances() == 0
    restore_record(court)
    assert (appearances(), mention.article.mentions.doubtful().count()) == (before, 0)


@pytest.mark.parametrize(
    ("verdict", "doubtful"),
    [
        pytest.param("", True, id="linked by the loader"),
        pytest.param("accepted", True, id="accepted"),
        pytest.param("relinked", True, id="linked by an editor"),
        pytest.param("added", True, id="added"),
        pytest.param("rejected", False, id="rejected"),
    ],
)
def test_mention_of_a_trashed_record_is_doubtful_unless_rejected(verdict: str, doubtful: bool) -> None:
    lake = make_place("东湖")
    named = make_article("大桥通车", lake)
    decided = lake if verdict in {"relinked", "added"} else None
    Mention.objects.update(verdict=verdict, decided_place=decided)
    trash_record(lake)
    mention = named.mentions.get()
    assert ([*Mention.objects.doubtful()] == [mention], mention.is_doubtful) == (doubtful, doubtful)
    assert (mention.record, PlaceAppearance.objects.count()) == (None, 0)
    mention.article.mentions.update(verdict="", decided_place=None)
    restore_record(lake)
    assert not Mention.objects.doubtful()


def test_places_within_a_trashed_place_stay_within_its_ancestors() -> None:
    """A load may put a town into a trashed county: the town is still within the county's city."""
    made = make_places()
    county = made["绛县"]
    trash_record(county)
    town = make_place("古绛镇", "140826100", county)
    body = make_organization("绛县人民法院", county)
    named = make_article("大桥通车", town, body, county)
    assert set(PlaceAppearance.objects.values_list("place__name", flat=True)) == {
        "古绛镇",
        "运城市",
        "山西省",
    }
    assert Place.objects.get(pk=town.pk).full_name == "山西省运城市古绛镇"
    assert count_wrong_appearances() == 0
    restore_record(county)
    named_here = PlaceAppearance.objects.filter(article=named, position__isnull=False)
    assert set(named_here.values_list("place__name", flat=True)) == {"古绛镇", "绛县"}
    assert count_wrong_appearances() == 0


def test_loader_links_to_trashed_record_without_restoring_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(file_plan, "read_page", read_plainly)
    reporter = make_reporter("何小满")
    trash_record(reporter)
    (tmp_path / "0730.txt").write_text(MARKET, encoding="utf-8")
    load(tmp_path)
    byline = Byline.objects.get()
    assert (byline.reporter, byline.surface, Reporter.objects.count()) == (reporter, "何小满", 1)
    assert not Reporter.objects.surviving().exists()
    assert RecordRegistry().reporters(["何小满"]) == {"何小满": reporter}


def test_trashed_reporter_cannot_be_credited() -> None:
    reporter = make_reporter("何小满")
    old = make_article("早市搬家", reporter)
    trash_record(reporter)
    assert refused(
        lambda _record: set_bylines(make_article("大桥通车"), [{"name": "何小满"}]), reporter
    ).startswith("何小满 is in")
    set_bylines(old, [{"reporter": reporter}])
    assert old.bylines.get().reporter == reporter


def test_record_in_use_cannot_be_trashed() -> None:
    made = make_places()
    court, hall = (make_organization(name, made["大王镇"]) for name in ("大王法庭", "大王法院"))
    assert refused(trash_record, made["运城市"]) == (
        "绛县 and others, 2 in all, are within 运城市: move them first, or trash them."
    )
    assert refused(trash_record, made["芮城县"]) == "大王镇 is within 芮城县: move it first, or trash it."
    assert "大王法庭 and others, 2" in refused(trash_record, made["大王镇"])
    made_merge = merge(court, hall, None)
    assert refused(trash_record, court) == "大王法庭 is merged into another record: undo that first."
    assert refused(trash_record, hall) == "大王法庭 is merged into 大王法院: undo that first."
    undo_merge(made_merge)
    assert refused(restore_of_a_part(made["大王镇"], court, hall), court) == (
        "大王法庭 is within 大王镇, which is in the trash: restore that first."
    )
    assert (
        refused(lambda record: merge(record, hall, None), court)
        == "大王法庭 is in the trash: restore it first."
    )


def restore_of_a_part(town: Place, *bodies: Organization) -> Any:
    for body in bodies:
        trash_record(body)
    trash_record(town)
    return restore_record


def test_uses_of_a_record_are_counted() -> None:
    county = make_places()["芮城县"]
    make_organization("芮城县人民法院", county)
    county.aliases.create(name="芮邑")
    make_article("大桥通车", county, county)
    make_article("早市搬家", county)
    Mention.objects.filter(article__headline="早市搬家").update(verdict="rejected")
    assert count_uses(county) == Uses(articles=1, mentions=2, aliases=1, children=1, bodies=1)
    reporter = make_reporter("何小满")
    make_article("早市搬家", reporter)
    assert count_uses(reporter) == Uses(articles=1, bylines=1)
    trash_record(reporter)
    assert count_uses(reporter) == Uses(articles=1, bylines=1)


def test_only_unused_records_are_deleted_for_good() -> None:
    used, unused, other = (make_organization(name) for name in "甲乙丙")
    make_article("大桥通车", used)
    unused.aliases.create(name="丁")
    distinguish(unused, other, None)
    assert refused(delete_record_for_good, unused) == "Only what is in the trash is deleted for good."
    for body in (used, unused):
        trash_record(body)
    assert refused(delete_record_for_good, used).startswith("甲 is still used")
    delete_record_for_good(unused)
    assert (list(Organization.objects.all()), Distinction.objects.count()) == ([other, used], 0)


def test_name_of_a_trashed_record_cannot_be_used_again() -> None:
    lake = make_place("东湖")
    again = Place(name="东 湖")
    assert refused(Place.full_clean, again) == "There is a place of this name already."
    trash_record(lake)
    assert refused(Place.full_clean, again) == "东湖 is in the trash: restore it first."


def test_trashing_and_restoring_are_in_the_history() -> None:
    body = make_organization("甲")
    trash_record(body)
    restore_record(body)
    restore_record(body)
    rows = body.history.order_by("history_id").values_list("trashed_at", flat=True)
    assert [moment is not None for moment in rows] == [False, True, False]


@pytest.mark.slow
class TrashIsUndone(TestCase):
    """Tests that restoring all trashed records restores every appearance."""

    @settings(max_examples=25)
    @given(st.lists(st.integers(0, 8), max_size=8))
    def test_restoring_all_records_restores_every_appearance(self, order: list[int]) -> None:
        """Records that cannot be trashed are left alone; the others are restored in reverse order."""
        made = list(make_places().values())
        bodies = [make_organization(f"社{number}", place) for number, place in enumerate(made[1:])]
        records: list[Any] = [*made, *bodies]
        for number, record in enumerate(records):
            make_article("大桥通车", record, records[number - 1])
        before = appearances()
        trashed = []
        for number in order:
            try:
                trash_record(records[number])
            except ValidationError:
                continue
            if records[number] not in trashed:
                trashed.append(records[number])
            assert count_wrong_appearances() == 0
        for record in reversed(trashed):
            restore_record(record)
        assert appearances() == before
