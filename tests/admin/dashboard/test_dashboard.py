"""Tests the dashboard of the admin: open work, last loads, and the coverage of the archive."""

import datetime as dt
import itertools
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from articles.charts.charts import ChartValue, Treemap, draw_bars, draw_treemap
from articles.duplicates import suggestions
from articles.models import Article, Place
from tests.factories import (
    make_article,
    make_client_of,
    make_load,
    make_load_file,
    make_mention,
    make_organization,
    make_place,
    make_reporter,
)

DASHBOARD = reverse("admin:index")
HOSTILE = '"><img src=x onerror=alert(1)>'
pytestmark = pytest.mark.django_db


def dashboard(client: Client, **parameters: str) -> Any:
    return client.get(DASHBOARD, parameters).context["dashboard"]


def listed(client: Client, url: str) -> int:
    count: int = client.get(url).context["cl"].result_count
    return count


@pytest.fixture
def county() -> Place:
    return make_place("柳溪县", "379921")


@pytest.fixture
def archive(county: Place) -> None:
    """Something of everything that waits, with the like of it that does not wait."""
    first = make_article("大桥通车", issue_date="2024-03-05", publication="沂河日报")
    second = make_article("早市搬家", status="in_review", issue_date="2024-05-31", reviewed=True)
    trashed = make_article("旧闻", status="trashed", issue_date="1999-01-01")
    make_article("没有日期的", reviewed=True)
    make_mention(first, record=county)
    for status in ("ambiguous", "unknown", "unknown"):
        make_mention(first, status=status)
    make_mention(second, record=county)
    make_mention(second, status="ambiguous", verdict="rejected")
    make_mention(trashed, record=county)
    make_mention(trashed, status="unknown")
    for number, outcomes in enumerate([("rejected", "rejected"), ("created", "rejected")]):
        load = make_load(
            finished_at=timezone.now(),
            tally={"files": {"created": number, "rejected": 2 - number}, "articles": {"created": 7}},
        )
        for path, outcome in zip(("/a.txt", "/b.txt"), outcomes, strict=True):
            make_load_file(load, path, outcome)


@pytest.mark.usefixtures("archive")
def test_counts_equal_the_linked_lists(admin_client: Client) -> None:
    waiting = dashboard(admin_client).waiting
    assert [item.count for item in waiting[:4]] == [1, 1, 1, 2]
    lists = [item for item in waiting if "duplicates" not in item.url]
    assert [listed(admin_client, item.url) for item in lists] == [item.count for item in lists]


def test_possible_duplicates_are_counted(admin_client: Client) -> None:
    make_article("大桥通车")
    for name in ("周小明", "周晓明"):
        make_reporter(name)
    [item] = [item for item in dashboard(admin_client).waiting if "duplicates" in item.url]
    answer = admin_client.get(item.url)
    assert item.count == answer.context["page"].paginator.count == len(suggestions.suggest_duplicates())
    assert item.count > 0


@pytest.mark.usefixtures("archive")
def test_rejected_file_that_was_loaded_later_is_not_counted(admin_client: Client) -> None:
    assert next(item.count for item in dashboard(admin_client).waiting if "loadfile" in item.url) == 1


@pytest.mark.usefixtures("archive")
def test_counts_of_charts_equal_lists_behind_them(admin_client: Client) -> None:
    shown = dashboard(admin_client)
    drawings = [*shown.coverage.charts, *shown.timeline.charts]
    values = [box.value for chart in drawings for box in chart.boxes]
    assert [(value.name, value.count) for value in values] == [
        *[("柳溪县", 2)] * 2, *[("2024-03", 1), ("2024-04", 0), ("2024-05", 1)] * 2,
    ]  # fmt: skip
    assert [listed(admin_client, value.url) for value in values] == [value.count for value in values]
    assert shown.timeline.undated == listed(admin_client, shown.timeline.undated_url) == 1


@pytest.mark.usefixtures("archive")
@pytest.mark.parametrize(("level", "shown"), [("city", []), ("county", ["柳溪县"]), ("nonsense", ["柳溪县"])])
def test_level_of_the_map_can_be_chosen(admin_client: Client, level: str, shown: list[str]) -> None:
    charts = dashboard(admin_client, level=level).coverage.charts
    assert [box.value.name for chart in charts[:1] for box in chart.boxes] == shown


def test_coverage_of_some_years_counts_their_articles(admin_client: Client) -> None:
    near, far = make_place("芮城县", "140830"), make_place("绛县", "140826")
    make_article("当年", near, date="2020-05-01")
    make_article("今年", near, far, date="2024-05-01")
    coverage = dashboard(admin_client, **{"from": "2022", "to": "2020"}).coverage
    assert (coverage.years, coverage.first, coverage.last) == ([2020, 2021, 2022, 2023, 2024], 2020, 2022)
    for shown in (coverage.charts[0].boxes, coverage.maps[0].circles):
        assert [(one.value.name, one.value.count) for one in shown] == [("芮城县", 1)]
        assert [listed(admin_client, one.value.url) for one in shown] == [1]
    assert [circle.value.name for circle in dashboard(admin_client).coverage.maps[0].circles] == [
        "芮城县",
        "绛县",
    ]


@pytest.mark.usefixtures("archive")
def test_last_loads_show_outcomes_of_files(admin_client: Client) -> None:
    assert [[count for _, count in load.files] for load in dashboard(admin_client).loads] == [[1, 1], [2]]


@pytest.mark.parametrize(
    ("first", "last", "names"),
    [
        pytest.param("2020-01-01", "2020-01-31", ["2020-01"], id="one month"),
        pytest.param(
            "2019-12-31", "2020-02-01", ["2019-12", "2020-01", "2020-02"], id="over the turn of a year"
        ),
        pytest.param(
            "2015-01-01", "2019-12-31", ["2015", "2016", "2017", "2018", "2019"], id="many months are years"
        ),
        pytest.param("1850-01-01", "9999-12-31", ["1850", "9999"], id="a year that was misread"),
    ],
)
def test_time_axis_has_readable_intervals(
    admin_client: Client, first: str, last: str, names: list[str]
) -> None:
    make_article("最早的", issue_date=first)
    make_article("最晚的", issue_date=last)
    timeline = dashboard(admin_client).timeline
    for chart in timeline.charts:
        assert [box.value.name for box in chart.boxes] == names
        assert sum(listed(admin_client, box.value.url) for box in chart.boxes) == 2


def test_archive_of_centuries_fits_the_chart(admin_client: Client) -> None:
    Article.objects.bulk_create(
        Article(headline="稿", status="published", issue_date=dt.date(year, 6, 1))
        for year in range(1850, 2024)
    )
    timeline = dashboard(admin_client).timeline
    assert timeline.is_cut
    for chart in timeline.charts:
        assert chart.boxes[-1].value.name == "2023"
        assert all(chart.left <= box.x and box.x + box.width <= chart.width for box in chart.boxes)


def test_empty_archive_shows_first_steps(admin_client: Client) -> None:
    make_article("旧闻", status="trashed")
    shown = admin_client.get(DASHBOARD).content.decode()
    assert "loadseeds" in shown
    assert 'class="wide"' not in shown
    assert dashboard(admin_client).waiting == []


@pytest.mark.usefixtures("archive")
def test_reporter_sees_no_loads_and_no_files(admin_client: Client) -> None:
    shown = dashboard(make_client_of("reporter"))
    assert shown.loads is None
    assert [item.url for item in shown.waiting if "loadfile" in item.url] == []
    assert len(shown.waiting) > 0
    assert any("loadfile" in item.url for item in dashboard(admin_client).waiting)


@pytest.mark.usefixtures("archive")
def test_user_without_permissions_sees_the_message_of_django(client: Client) -> None:
    user = User.objects.create_user("anna", is_staff=True)
    client.force_login(user)
    shown = client.get(DASHBOARD).content.decode()
    assert 'class="wide"' not in shown
    assert "柳溪县" not in shown
    assert not dashboard(client).has_blocks
    assert "权限" in shown


@pytest.mark.usefixtures("archive")
def test_dashboard_is_escaped(admin_client: Client, county: Place) -> None:
    Place.objects.filter(pk=county.pk).update(name=HOSTILE)
    shown = admin_client.get(DASHBOARD).content.decode()
    assert "<img src=x" not in shown
    assert "&lt;img src=x" in shown


@pytest.mark.usefixtures("archive")
def test_charts_are_complete_and_labelled(admin_client: Client) -> None:
    shown = admin_client.get(DASHBOARD).content.decode()
    drawings = [
        f"<svg{part.split('</svg>')[0]}</svg>" for part in shown.split("<svg")[1:] if "viewBox" in part
    ]
    charts = [svg for svg in map(ET.fromstring, drawings) if svg.get("aria-label")]
    assert len(charts) == 4
    assert all(len(link.findall("title")) == 1 for svg in charts for link in svg.findall("a"))
    assert "style=" not in "".join(drawings)


def test_dashboard_takes_few_queries(
    admin_client: Client, county: Place, django_assert_max_num_queries: Any
) -> None:
    for number in range(30):
        made = make_article(f"稿{number}", issue_date=dt.date(2000 + number, 1, 1))
        make_mention(made, record=county)
        make_mention(made, record=make_place(f"第{number}县", kind="county", parent=county))
        make_load(by=User.objects.get())
    make_organization("柳溪县水利局", county)
    with django_assert_max_num_queries(36):
        assert admin_client.get(DASHBOARD).status_code == 200


# --- Drawing --------------------------------------------------------------------------------------


@pytest.mark.parametrize("counts", [[1], [5, 3, 1], [10_000, *[1] * 39], [7] * 40], ids=str)
@pytest.mark.parametrize("size", [(960, 380), (340, 420)], ids=str)
def test_areas_of_treemap_are_proportional_and_fill_it(counts: list[int], size: tuple[int, int]) -> None:
    chart: Treemap = draw_treemap(
        [ChartValue(f"第{number}县", count, "") for number, count in enumerate(counts)], *size
    )
    assert [box.value.count for box in chart.boxes] == sorted(counts, reverse=True)
    for box in chart.boxes:
        assert 0 <= box.x < box.x + box.width <= chart.width + 1
        assert 0 <= box.y < box.y + box.height <= chart.height + 1
        assert len(box.label) * 13 <= box.width
        share = box.value.count / sum(counts) * chart.width * chart.height
        assert abs(box.width * box.height - share) <= box.width + box.height + 2


def test_treemap_of_no_values_is_empty() -> None:
    assert draw_treemap([], 960, 380).boxes == []
    assert draw_treemap([ChartValue("柳溪县", 0, "")], 960, 380).boxes == []


@pytest.mark.parametrize(
    ("largest", "scale"),
    [
        (1, [0, 1]),
        (5, [0, 1, 2, 3, 4, 5]),
        (6, [0, 2, 4, 6]),
        (11, [0, 5, 10, 15]),
        (437, [0, 100, 200, 300, 400, 500]),
        (99_999, [0, 20_000, 40_000, 60_000, 80_000, 100_000]),
    ],
)
def test_scale_has_round_numbers(largest: int, scale: list[int]) -> None:
    chart = draw_bars([ChartValue("2024", largest, ""), ChartValue("2025", 0, "")], 960, 220)
    assert [line.count for line in chart.lines] == scale
    assert chart.boxes[0].y >= min(line.y for line in chart.lines)
    assert chart.boxes[1].height == 0


@pytest.mark.parametrize("width", [960, 340])
@pytest.mark.parametrize("count", [1, 12, 48, 120])
def test_period_labels_do_not_overlap(width: int, count: int) -> None:
    chart = draw_bars([ChartValue("2024-03", 1, "", "2024-03") for _ in range(count)], width, 220)
    named = [box.x for box in chart.boxes if box.label]
    assert all(later - earlier >= 48 for earlier, later in itertools.pairwise(named))
    assert named[0] == chart.boxes[0].x


@pytest.mark.usefixtures("archive")
def test_front_page_has_an_upload_button_and_a_search(admin_client: Client) -> None:
    shown = admin_client.get(DASHBOARD).content.decode()
    assert f'class="button" href="{reverse("admin:articles_load_upload")}"' in shown
    assert f'action="{reverse("admin:articles_article_changelist")}" role="search"' in shown
