"""Addresses of the reading site."""

import datetime as dt

from django.urls import path, register_converter

from . import article_pages, chart_pages, issue_pages, record_pages, sitemaps


class _Day:
    """A date in an address: 2024-07-30."""

    regex = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"

    def to_python(self, value: str) -> dt.date:
        date = dt.date.fromisoformat(value)
        if date == dt.date.min:  # the `sort_date` of articles without a date
            raise ValueError(value)
        return date

    def to_url(self, value: dt.date) -> str:
        return value.isoformat()


register_converter(_Day, "day")

app_name = "site"
urlpatterns = [
    path("", issue_pages.front, name="front"),
    path("issues/", chart_pages.issue_calendar, name="issues"),
    path("map/", chart_pages.place_map, name="map"),
    path("issues/<day:date>/", issue_pages.day, name="day"),
    path("issues/<day:date>/<path:publication>/", issue_pages.issue, name="issue"),
    path("articles/", article_pages.search, name="articles"),
    path("articles/<int:pk>/", article_pages.article, name="article"),
    path("feed.atom", article_pages.feed, name="feed"),
    path("reporters/<str:pk>/", record_pages.reporter, name="reporter"),
    path("reporters/<str:pk>/graph/", chart_pages.reporter_graph, name="reporter-graph"),
    path("places/<str:pk>/", record_pages.place, name="place"),
    path("places/<str:pk>/graph/", chart_pages.place_graph, name="place-graph"),
    path("organizations/<str:pk>/", record_pages.organization, name="organization"),
    path("organizations/<str:pk>/graph/", chart_pages.organization_graph, name="organization-graph"),
    path("sitemap.xml", sitemaps.sitemap_index, name="sitemaps"),
    path("sitemap-<str:section>.xml", sitemaps.sitemap, name="sitemap"),
    path("robots.txt", sitemaps.robots, name="robots"),
]
