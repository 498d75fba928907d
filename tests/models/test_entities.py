"""Tests reporters, places and their names."""

import pytest
from django.core.exceptions import ValidationError
from pytest_django import DjangoAssertNumQueries

from articles.models import Place, Reporter
from tests.factories import make_alias, make_article, make_mention, make_place, make_reporter

pytestmark = pytest.mark.django_db


@pytest.fixture
def village() -> Place:
    """金盆村 with its ancestors."""
    city = make_place("运城市", "140800", make_place("山西省", "140000"))
    town = make_place("大王镇", "140830105", make_place("芮城县", "140830", city))
    return make_place("金盆村", "140830105209", town)


def test_place_has_path_and_full_name(village: Place) -> None:
    assert village.path == "140000.140800.140830.140830105.140830105209"
    assert village.full_name == "山西省运城市芮城县大王镇金盆村"


def test_place_without_code_has_the_path_of_its_parent(village: Place) -> None:
    grove = make_place("老槐树", parent=village)
    assert grove.path == village.path


def test_article_appears_at_all_ancestors_of_its_places(village: Place) -> None:
    grove = make_place("老槐树", parent=village)
    make_place("村口", parent=village)
    make_place("绛县", "140826", Place.objects.get(code="140800"))
    article = make_article("老槐树下")
    make_mention(article, "老槐树", grove)
    found = {row.place: row.position is not None for row in article.place_appearances.select_related("place")}
    assert found == {grove: True, **dict.fromkeys((village, *village.ancestors()), False)}


def test_full_name_with_ancestors_takes_one_query(
    village: Place, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    grove = make_place("老槐树", parent=village)
    with django_assert_num_queries(1):
        found = Place.objects.with_ancestors().get(pk=grove.pk)
        assert found.full_name == "山西省运城市芮城县大王镇金盆村老槐树"


@pytest.mark.parametrize(
    ("id_or_code", "found"),
    [
        pytest.param("140830", "芮城县", id="code"),
        pytest.param("140830000000", "芮城县", id="code filled up with zeros"),
        pytest.param("140830105209", "金盆村", id="code of a village"),
        pytest.param("14082", "绛县", id="id"),
        pytest.param("1000000", "夏县", id="id behind the codes"),
        pytest.param("140831", None, id="neither"),
        pytest.param("014082", None, id="id with a zero in front"),
        pytest.param("9" * 12, None, id="largest"),
        pytest.param("9" * 20, None, id="larger than ids are"),
        pytest.param("-1", None, id="negative"),
        pytest.param("芮城县", None, id="name"),
        pytest.param("", None, id="nothing"),
    ],
)
@pytest.mark.usefixtures("village")
def test_place_is_found_by_id_or_code(id_or_code: str, found: str | None) -> None:
    for pk, name in ((1_000_000, "夏县"), (14082, "绛县")):
        make_place(name, pk=pk)
    place = Place.objects.by_id_or_code(id_or_code)
    assert getattr(place, "name", None) == found


def test_moved_place_updates_the_paths_within_it(village: Place) -> None:
    county = Place.objects.get(code="140830")
    county.parent = make_place("河南省", "41", kind="province")
    county.save()
    village.refresh_from_db()
    assert village.path == "41.140830.140830105.140830105209"


def test_place_cannot_be_within_itself(village: Place) -> None:
    province = Place.objects.get(code="140000")
    province.parent = village
    with pytest.raises(ValidationError, match=r"itself|自身"):
        province.full_clean()


def test_key_folds_spelling_variants_of_a_name() -> None:
    reporters = Reporter.objects.bulk_create([Reporter(name="張 國華"), Reporter(name="周明")])
    assert [reporter.key for reporter in reporters] == ["张国华", "周明"]


@pytest.mark.parametrize(
    "name", [pytest.param("周　明", id="another's name"), pytest.param("\u200b", id="nothing that prints")]
)
def test_form_rejects_duplicate_or_invisible_name(name: str) -> None:
    make_reporter("周明")
    with pytest.raises(ValidationError):
        Reporter(name=name).full_clean(exclude=["key"])


class TestNamed:
    """Tests which reporter a name in a byline means."""

    def test_name_matches_reporter_without_disambiguation(self) -> None:
        reporter = make_reporter("周明")
        make_reporter("周明", disambiguation="摄影")
        assert Reporter.objects.named(["周 明"]) == {"周明": reporter}

    def test_alias_matches_its_reporter(self) -> None:
        reporter = make_reporter("周晓明", disambiguation="运城")
        make_alias("晓明", reporter)
        assert Reporter.objects.named(["曉明"]) == {"晓明": reporter}

    def test_alias_of_two_reporters_matches_neither(self) -> None:
        for name in ("周晓明", "郑晓明"):
            make_alias("晓明", make_reporter(name))
        assert Reporter.objects.named(["晓明"])["晓明"].name == "晓明"

    def test_unknown_names_are_created_once(self) -> None:
        made = Reporter.objects.named(["吴芳", "吴 芳", "何小满"])
        assert {key: reporter.name for key, reporter in made.items()} == {"吴芳": "吴 芳", "何小满": "何小满"}
        assert Reporter.objects.named(["吴芳", "何小满"]) == made
        assert Reporter.objects.count() == 2
