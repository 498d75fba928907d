"""Tests the counts of facets, timelines and co-occurrence, and what they leave out."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from articles.editing.article_trash import trash_article
from articles.editing.merging import merge
from articles.models import Article, Organization, Place, Reporter
from tests.factories import make_article, make_byline, make_organization, make_places, make_reporter
from tests.support.api import API

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _town() -> None:
    """Four published articles on places of two counties, and a draft that would change every count."""
    made = make_places()
    court = make_organization("绛县人民法院", made["绛县"])
    zhou, wu = (make_reporter(name) for name in ("周明", "吴芳"))
    make_article("桥", made["大王镇"], zhou, body="大桥通车", date="2024-07-30", publication="沂河晚报")
    make_article("路", made["芮城县"], made["绛县"], zhou, wu, date="2024-07-01", publication="沂河晚报")
    make_article("庭", court, wu, date="2024-08-02", publication="临河日报")
    make_article("市", made["大王镇"], court)
    make_article(
        "稿", *made.values(), court, zhou, wu, date="2020-01-01", publication="草稿报", status="draft"
    )


def counts(values: list[dict[str, Any]]) -> dict[Any, int]:
    return {value.get("name", value.get("period")): value["count"] for value in values}


def test_facets_count_articles(client: APIClient) -> None:
    answer = client.get(f"{API}/articles/facets/").json()
    assert {facet: counts(values) for facet, values in answer.items()} == {
        "reporter": {"周明": 2, "吴芳": 2},
        "place": {"芮城县": 3, "绛县": 3},
        "organization": {"绛县人民法院": 2},
        "publication": {"沂河晚报": 2, "临河日报": 1},
        "month": {"2024-07": 2, "2024-08": 1, None: 1},
    }


@pytest.mark.parametrize(
    ("query", "facet", "expected"),
    [
        pytest.param("place_level=township", "place", {"大王镇": 2}, id="townships"),
        pytest.param("place_level=city", "place", {"运城市": 4}, id="cities, with everything below"),
        pytest.param("publication=沂河晚报", "publication", {"沂河晚报": 2, "临河日报": 1}, id="its own filter applies after"),
        pytest.param("publication=沂河晚报", "month", {"2024-07": 2}, id="another's filter applies before"),
        pytest.param("issue_date_after=2024-08-01", "month", {"2024-07": 2, "2024-08": 1, None: 1}, id="months are narrowed by dates"),
        pytest.param("issue_date_after=2024-08-01", "organization", {"绛县人民法院": 1}, id="dates"),
        pytest.param("place=140830", "reporter", {"周明": 2, "吴芳": 1}, id="a place with everything below"),
        pytest.param("place=140830", "place", {"芮城县": 3, "绛县": 3}, id="a place's own filter applies after"),
        pytest.param("q=大桥", "reporter", {"周明": 1}, id="a search"),
        pytest.param("size=1", "publication", {"沂河晚报": 2}, id="the commonest"),
    ],
)  # fmt: skip
def test_facets_under_filters(client: APIClient, query: str, facet: str, expected: dict[str, int]) -> None:
    answer = client.get(f"{API}/articles/facets/?facet={facet}&{query}").json()
    assert {name: counts(values) for name, values in answer.items()} == {facet: expected}


def test_facets_of_a_place_count_its_articles(client: APIClient) -> None:
    answer = client.get(f"{API}/places/140826/facets/?facet=place,publication").json()
    assert counts(answer["place"]) == {"绛县": 3, "芮城县": 2}
    assert counts(answer["publication"]) == {"沂河晚报": 1, "临河日报": 1}


def test_merged_record_is_counted_with_its_survivor(client: APIClient) -> None:
    zhou, wu = Reporter.objects.order_by("pk")
    merge(wu, zhou, None)
    answer = client.get(f"{API}/articles/facets/?facet=reporter").json()
    assert counts(answer["reporter"]) == {"周明": 3}


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        pytest.param("articles/timeline/", [("2024-07", 2), ("2024-08", 1), (None, 1)], id="all"),
        pytest.param("articles/timeline/?interval=year", [("2024", 3), (None, 1)], id="years"),
        pytest.param("articles/timeline/?interval=day&place=140826", [("2024-07-01", 1), ("2024-08-02", 1), (None, 1)], id="days of a place"),
        pytest.param("places/140830/timeline/", [("2024-07", 2), (None, 1)], id="below a place"),
    ],
)  # fmt: skip
def test_timelines_count_articles_by_period(
    client: APIClient, path: str, expected: list[tuple[str, int]]
) -> None:
    answer = client.get(f"{API}/{path}").json()
    assert [(period["period"], period["count"]) for period in answer["results"]] == expected


def test_co_occurrence_counts_records_named_together(client: APIClient) -> None:
    answer = client.get(f"{API}/places/140826/company/").json()
    assert {kind: counts(answer[kind]) for kind in ("reporter", "place", "organization")} == {
        "reporter": {"吴芳": 2, "周明": 1},
        "place": {"芮城县": 1, "大王镇": 1},
        "organization": {"绛县人民法院": 2},
    }
    (court,) = answer["organization"]
    assert court["periods"] == [{"period": "2024-08", "count": 1}, {"period": None, "count": 1}]


def test_co_occurrence_of_a_reporter_can_be_narrowed(client: APIClient) -> None:
    pk = Reporter.objects.get(name="周明").pk
    answer = client.get(f"{API}/reporters/{pk}/company/?kind=reporter,place&interval=year&size=1").json()
    assert answer["interval"] == "year"
    assert {kind: counts(answer[kind]) for kind in ("reporter", "place")} == {
        "reporter": {"吴芳": 1},
        "place": {"绛县": 1},
    }


@pytest.mark.parametrize(
    ("query", "named"),
    [
        pytest.param("facet=month,color", "facet", id="no facet"),
        pytest.param("place_level=village2", "place_level", id="no level"),
        pytest.param("size=0", "size", id="no values"),
        pytest.param("page_size=3", "page_size", id="facets have no pages"),
        pytest.param("ordering=id", "ordering", id="facets have no order"),
    ],
)
def test_invalid_parameter_of_facets_is_400(client: APIClient, query: str, named: str) -> None:
    answer = client.get(f"{API}/articles/facets/?{query}")
    assert (answer.status_code, [error["parameter"] for error in answer.json()["errors"]]) == (400, [named])


@pytest.mark.parametrize(
    "query",
    [
        "", "place=140830", "place=140830,140826", "place=140800&reporter=1", "reporter=2", "reporter=1,2", "organization=1",
        "issue_date_after=2024-07-02", "issue_date_before=2024-07-31", "issue_date_after=2020-01-01&issue_date_before=2024-07-31",
        "publication=沂河晚报", "q=大桥", "id=1,2,3", "updated_since=2000-01-01T00:00:00Z", "reporter=1&issue_date_after=2024-07-02",
    ],
)  # fmt: skip
def test_timeline_counts_the_articles_of_the_list(client: APIClient, editor: APIClient, query: str) -> None:
    """Counts narrow by records with the facet index, and by all else with the filters of lists."""
    first, zhou, wu = Article.objects.order_by("pk")[0], *Reporter.objects.order_by("pk")
    trash_article(first)
    merge(wu, zhou, None)
    numbered = {
        "reporter": [zhou.pk, wu.pk],
        "organization": [Organization.objects.get().pk],
        "id": _articles(),
    }
    asked = "&".join(_numbered(parameter, numbered) for parameter in query.split("&"))
    for one in (client, editor):
        listed = one.get(f"{API}/articles/?count=true&{asked}").json()
        periods = one.get(f"{API}/articles/timeline/?{asked}").json()["results"]
        assert sum(period["count"] for period in periods) == listed["count"]


def _articles() -> list[int]:
    return list(Article.objects.order_by("pk").values_list("pk", flat=True))


def _numbered(parameter: str, ids: dict[str, list[int]]) -> str:
    """A parameter with the ids that the first, the second and so on have in the database at hand."""
    name, _, value = parameter.partition("=")
    if name not in ids:
        return parameter
    return f"{name}={','.join(str(ids[name][int(number) - 1]) for number in value.split(','))}"


def test_unfiltered_and_filtered_facets_agree(client: APIClient, editor: APIClient) -> None:
    """Without a filter the articles come from the facet index, with `updated_since` from a query."""
    first, *_ = Article.objects.all()
    trash_article(first)
    merge(Reporter.objects.get(name="吴芳"), Reporter.objects.get(name="周明"), None)
    for one in (client, editor):
        whole = one.get(f"{API}/articles/facets/").json()
        narrowed = one.get(f"{API}/articles/facets/?updated_since=2000-01-01T00:00:00Z").json()
        assert whole == narrowed
        assert whole["reporter"]


def test_facets_by_section_role_day_and_year(client: APIClient) -> None:
    make_article("照", section="要闻", date="2023-01-02")
    shot = make_article("影", section="要闻")
    make_byline(shot, Reporter.objects.get(name="周明"), role="photographer")
    answer = client.get(f"{API}/articles/facets/?facet=section,role,day,year").json()
    assert {facet: counts(values) for facet, values in answer.items()} == {
        "section": {"要闻": 2},
        "role": {"reporter": 3, "photographer": 1},
        "day": {"2023-01-02": 1, "2024-07-01": 1, "2024-07-30": 1, "2024-08-02": 1, None: 2},
        "year": {"2023": 1, "2024": 3, None: 2},
    }


def test_totals_say_what_the_values_of_a_facet_leave_out(client: APIClient) -> None:
    make_article("第三报的", publication="第三报")
    query = "facet=publication,reporter,month&size=1&totals=true"
    answer = client.get(f"{API}/articles/facets/?{query}").json()
    assert counts(answer["publication"]) == {"沂河晚报": 2}
    assert answer["totals"] == {
        "publication": {"articles": 5, "values": 3, "other": 2, "missing": 1},
        "reporter": {"articles": 5, "values": 2, "other": 1, "missing": 2},
        "month": {"articles": 5, "values": 2, "other": 0, "missing": 2},
    }
    assert "totals" not in client.get(f"{API}/articles/facets/").json()


def ids_of(*names: str) -> str:
    records = [*Place.objects.filter(name__in=names), *Organization.objects.filter(name__in=names)]
    return ",".join(str(one.pk) for one in [*records, *Reporter.objects.filter(name__in=names)])


@pytest.mark.parametrize(
    ("query", "found"),
    [
        pytest.param("place_all=140830,140826", {"路", "市"}, id="all places"),
        pytest.param("place=140830,140826", {"路", "市", "桥", "庭"}, id="any place"),
        pytest.param("place_not=140826", {"桥"}, id="not a place"),
        pytest.param("place=140830&place_not=140826", {"桥"}, id="a place and not another"),
        pytest.param("reporter_all={周明},{吴芳}", {"路"}, id="all reporters"),
        pytest.param("reporter_not={周明}", {"庭", "市"}, id="not a reporter"),
        pytest.param("reporter_not={周明},{吴芳}", {"市"}, id="none of several"),
        pytest.param("organization_all={绛县人民法院}&place_all=140830", {"市"}, id="kinds together"),
        pytest.param("organization_not={绛县人民法院}", {"桥", "路"}, id="not an organization"),
        pytest.param("place_all=987654321", set(), id="no such record"),
        pytest.param("place_not=987654321", {"桥", "路", "庭", "市"}, id="not what is not there"),
    ],
)
def test_all_and_none_of_several_records(client: APIClient, query: str, found: set[str]) -> None:
    made = {name: ids_of(name) for name in ("周明", "吴芳", "绛县人民法院")}
    asked = f"{API}/articles/?{query.format_map(made)}&count=true"
    answer = client.get(asked).json()
    assert ({one["headline"] for one in answer["results"]}, answer["count"]) == (found, len(found))
    year = client.get(f"{API}/articles/timeline/?{query.format_map(made)}&interval=year").json()["results"]
    assert sum(one["count"] for one in year) == len(found)


def test_a_merged_reporter_is_all_and_none_too(client: APIClient) -> None:
    zhou, wu = (Reporter.objects.get(name=name) for name in ("周明", "吴芳"))
    merge(wu, zhou, None)
    for pk in (zhou.pk, wu.pk):
        found = client.get(f"{API}/articles/?reporter_not={pk}").json()["results"]
        assert [one["headline"] for one in found] == ["市"]
        assert len(client.get(f"{API}/articles/?reporter_all={pk}").json()["results"]) == 3


@pytest.mark.parametrize("name", ["place_all", "place_not", "reporter_all", "organization_not"])
def test_a_wrong_id_is_an_error_of_its_parameter(client: APIClient, name: str) -> None:
    answer = client.get(f"{API}/articles/?{name}=x")
    assert (answer.status_code, answer.json()["errors"][0]["parameter"]) == (400, name)


def test_articles_by_role_and_agency(client: APIClient) -> None:
    zhou, wu = (Reporter.objects.get(name=name) for name in ("周明", "吴芳"))
    make_byline(make_article("影", wu, agency="新华社"), zhou, role="photographer", order=5)

    def found(path: str) -> list[str]:
        return [one["headline"] for one in client.get(f"{API}/{path}").json()["results"]]

    assert found("articles/?role=photographer") == found("articles/?agency=新华社") == ["影"]
    assert found(f"articles/?role=photographer&reporter={zhou.pk}") == ["影"]
    assert found(f"articles/?role=photographer&reporter={wu.pk}") == []
    assert found(f"reporters/{wu.pk}/articles/?role=photographer") == []
    for reporter, count in ((zhou, 1), (wu, 0)):
        query = f"role=photographer&reporter={reporter.pk}"
        results = client.get(f"{API}/articles/timeline/?{query}").json()["results"]
        assert sum(one["count"] for one in results) == count
