"""Tests that a merged record resolves to its survivor everywhere, and that undoing a merge restores all rows."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from articles.counts.appearances import rebuild_appearances
from articles.editing.mention_decisions import Decision, decide_mention
from articles.editing.merging import distinguish, forget_distinction, merge, undo_merge
from articles.models import (
    Distinction,
    LastChange,
    Mention,
    Merge,
    Organization,
    OrganizationAppearance,
    Place,
    PlaceAppearance,
    Reporter,
)
from articles.models.record import Record
from tests.factories import (
    make_alias,
    make_article,
    make_byline,
    make_organization,
    make_place,
    make_reporter,
)
from tests.support.loading import dump

pytestmark = pytest.mark.django_db


def appearances() -> set[tuple[str, int, int, bool]]:
    """Every appearance: kind, record, article, and whether the article names the record itself."""
    places = PlaceAppearance.objects.values_list("place", "article", "position")
    bodies = OrganizationAppearance.objects.values_list("organization", "article", "position")
    return {
        (kind, record, article, position is not None)
        for kind, rows in (("place", places), ("organization", bodies))
        for record, article, position in rows
    }


def state() -> dict[str, Any]:
    """All rows except those that only record a change and its time."""
    silent = {"LastChange", "Merge", "HistoricalMerge", "Distinction", "HistoricalDistinction"}
    return {
        name: sorted(tuple(str(value) for value in row if not hasattr(value, "tzinfo")) for row in rows)
        for name, rows in dump().items()
        if name not in silent
    }


def test_survivor_appears_where_the_merged_record_was_named() -> None:
    county = make_place("绛县", "140826")
    short, full = (make_organization(name) for name in ("县法院", "绛县人民法院"))
    full.seat = county
    full.save()
    article, other = make_article("大桥通车", short), make_article("大桥通车", full)
    merge(short, full, None)
    assert appearances() == {
        ("organization", full.pk, article.pk, True), ("organization", full.pk, other.pk, True),
        ("place", county.pk, article.pk, True), ("place", county.pk, other.pk, True),
    }  # fmt: skip
    mention = article.mentions.get()
    assert (mention.record, mention.place_of_article) == (full, county)
    assert list(
        Mention.objects.of_organizations(Organization.objects.filter(pk=full.pk)).order_by("pk")
    ) == list(Mention.objects.order_by("pk"))


def test_places_within_a_merged_place_are_within_the_survivor() -> None:
    county = make_place("芮城县", "140830")
    old, new = make_place("古城"), make_place("古城村", parent=county)
    gate = make_place("东门", parent=old)
    article = make_article("大桥通车", gate)
    merge(old, new, None)
    assert [place.name for place in Place.objects.get(pk=gate.pk).ancestors()] == ["芮城县", "古城村"]
    assert appearances() == {
        ("place", gate.pk, article.pk, True), ("place", new.pk, article.pk, False), ("place", county.pk, article.pk, False),
    }  # fmt: skip


def test_undoing_a_merge_restores_every_row() -> None:
    county = make_place("绛县", "140826")
    one, two, three = (make_organization(name, county) for name in ("县法院", "法院", "绛县人民法院"))
    make_alias("法庭", one)
    for records in ((one,), (two, three), (one, two, county), ()):
        make_article("大桥通车", *records)
    before = state()
    first, second = merge(one, two, None), merge(two, three, None)
    assert set(three.merged.all()) == {one, two}
    assert Organization.objects.get(pk=three.pk).other_names() == ["县法院", "法庭", "法院"]
    undo_merge(second)
    assert set(two.merged.all()) == {one}
    undo_merge(first)
    assert state() == before


def test_merges_can_be_undone_in_any_order() -> None:
    one, two, three = (make_organization(name) for name in "甲乙丙")
    for body in (one, two, three):
        make_article("大桥通车", body)
    before = state()
    first, second = merge(one, two, None), merge(two, three, None)
    undo_merge(first)
    assert [Organization.objects.get(pk=body.pk).survivor for body in (one, two)] == [one, three]
    undo_merge(second)
    assert state() == before


def test_merge_updates_the_articles_that_name_the_record() -> None:
    one, two = (make_organization(name) for name in "甲乙")
    named, other = make_article("大桥通车", one), make_article()
    before = LastChange.objects.in_bulk()
    merge(one, two, None)
    after = LastChange.objects.in_bulk()
    assert [after[one.pk].stamp == before[one.pk].stamp for one in (named, other)] == [False, True]


def test_merging_reporters_does_not_change_bylines() -> None:
    one, two = (make_reporter(name) for name in ("张國華", "国华"))
    article = make_article("大桥通车")
    byline = make_byline(article, two)
    made = merge(two, one, None)
    byline.refresh_from_db()
    assert (byline.reporter, byline.reporter.survivor) == (two, one)
    assert list(Reporter.objects.surviving().called("國华")) == [one]
    undo_merge(made)
    assert Reporter.objects.get(pk=two.pk).merged_into is None


def refused(source: Record, target: Record) -> str:
    with pytest.raises(ValidationError) as refusal:
        merge(source, target, None)
    return refusal.value.messages[0]


def test_invalid_merge_is_rejected() -> None:
    county = make_place("芮城县", "140830")
    town = make_place("大王镇", "140830105", county)
    one, two, three = (make_organization(name) for name in "甲乙丙")
    with translation.override("en"):
        assert refused(one, one) == refused(one, town) == "Two different records of one kind can be merged."
        assert refused(county, town) == "大王镇 is within 芮城县: merge it the other way round."
        merge(one, two, None)
        assert refused(one, three) == refused(three, one) == "甲 is merged into another record already."
        distinguish(two, three, None)
        assert refused(three, two).startswith("An editor decided that 丙 and 乙 are not the same")
    assert (Merge.objects.count(), Distinction.objects.count()) == (1, 1)
    assert forget_distinction(three, two)
    assert not forget_distinction(three, two)
    merge(three, two, None)


def test_merged_records_cannot_be_marked_as_distinct() -> None:
    one, two = (make_organization(name) for name in "甲乙")
    merge(one, two, None)
    with pytest.raises(ValidationError):
        distinguish(one, two, None)


def test_merge_can_be_undone_only_once() -> None:
    one, two = (make_organization(name) for name in "甲乙")
    made = merge(one, two, None)
    undo_merge(made)
    with pytest.raises(ValidationError):
        undo_merge(Merge.objects.get(pk=made.pk))


def test_wrong_appearances_are_counted_and_rebuilt(capsys: pytest.CaptureFixture[str]) -> None:
    county = make_place("绛县", "140826")
    make_article("大桥通车", county, make_organization("绛县人民法院", county))
    right = appearances()
    call_command("rebuildindex", "--check")
    PlaceAppearance.objects.update(position=None)
    OrganizationAppearance.objects.all().delete()
    with pytest.raises(SystemExit) as stopped:
        call_command("rebuildindex", "--check")
    assert stopped.value.code == 1
    assert (
        "appearances of 3 places and organizations in articles are wrong: run manage.py rebuildindex."
        in capsys.readouterr().out
    )
    call_command("rebuildindex")
    assert appearances() == right


ACTIONS = st.lists(
    st.tuples(st.sampled_from(["merge", "undo", "move", "seat", "reject", "relink", "delete"]), st.integers(0, 20), st.integers(0, 20)),
    max_size=12,
)  # fmt: skip


@pytest.mark.slow
class AppearancesFollow(TestCase):
    """Tests that appearances after any edits equal those computed from the mentions."""

    @settings(max_examples=40)
    @given(ACTIONS)
    def test_appearances_are_right_after_any_sequence_of_edits(
        self, actions: list[tuple[str, int, int]]
    ) -> None:
        """Merges, undone merges, moved places and organizations, verdicts and deletions leave no outdated appearance."""
        places = [make_place(f"地{number}") for number in range(4)]
        bodies = [make_organization(f"社{number}", places[number]) for number in range(3)]
        for number in range(4):
            make_article("大桥通车", places[number], bodies[number % 3])
        for action, one, other in actions:
            self.act(action, one, other)
        followed = appearances()
        rebuild_appearances()
        assert followed == appearances()

    def act(self, action: str, one: int, other: int) -> None:
        places, bodies = list(Place.objects.order_by("pk")), list(Organization.objects.order_by("pk"))
        mentions = list(Mention.objects.order_by("pk"))
        try:
            if action == "merge":
                records: list[Any] = places if one % 2 else bodies
                merge(records[one % len(records)], records[other % len(records)], None)
            elif action == "undo" and Merge.objects.filter(undone_at=None).exists():
                merges = list(Merge.objects.filter(undone_at=None))
                undo_merge(merges[one % len(merges)])
            elif action == "move":
                place = places[one % 4]
                place.parent = places[other % 4]
                place.full_clean()
                place.save()
            elif action == "seat":
                body = bodies[one % 3]
                body.seat = places[other % 4]
                body.save()
            elif mentions and action == "delete":
                mentions[one % len(mentions)].delete()
            elif mentions:
                mention = mentions[one % len(mentions)]
                target = (places if mention.kind == "place" else bodies)[other % 3]
                rejected, relinked = Decision("rejected"), Decision("relinked", target)
                decide_mention(mention, rejected if action == "reject" else relinked, None)
        except ValidationError:
            pass  # an invalid edit changes nothing, as the comparison shows
