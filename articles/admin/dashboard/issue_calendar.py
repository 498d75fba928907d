"""The page with the issues of a paper in a year: what is loaded, and which days and pages are missing."""

import datetime as dt
from collections import defaultdict
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _

from articles.charts.issue_calendar import calendar_months, missing_pages_of, weekday_names
from articles.models import Page

from .coverage import article_list_url


def calendar_urls(site: admin.AdminSite) -> list[URLPattern]:
    return [path("calendar/", site.admin_view(_calendar_view), name="issue_calendar")]


def _calendar_view(request: HttpRequest) -> HttpResponse:
    if not admin.site.get_model_admin(Page).has_view_permission(request):
        raise PermissionDenied
    context = {**admin.site.each_context(request), "title": _("Calendar of issues"), **_calendar(request)}
    return TemplateResponse(request, "admin/dashboard/calendar.html", context)


def _calendar(request: HttpRequest) -> dict[str, Any]:
    """The calendar of the asked paper and year, else of the newest."""
    pages = Page.objects.filter(issue_date__isnull=False, replaced_by=None)
    papers = [*pages.order_by("publication").values_list("publication", flat=True).distinct()]
    newest = pages.order_by("-issue_date").values_list("publication", flat=True).first()
    asked = request.GET.get("publication", newest)
    paper = asked if asked in papers else newest
    dated = pages.filter(publication=paper).order_by("issue_date").values_list("issue_date", flat=True)
    first, last = dated.first(), dated.last()
    years = list(range(first.year, last.year + 1)) if first and last else []
    year = {str(year): year for year in years}.get(request.GET.get("year", ""), years[-1] if years else 0)
    issues: defaultdict[dt.date, list[str]] = defaultdict(list)
    in_year = pages.filter(publication=paper, issue_date__year=year) if year else pages.none()
    for page in in_year.only("issue_date", "page_number"):
        if page.issue_date:
            issues[page.issue_date].append(page.page_number)
    months = (
        calendar_months(year, issues, {date: _articles_url(paper or "", date) for date in issues})
        if year
        else []
    )
    return {
        "papers": papers,
        "paper": paper,
        "years": years,
        "year": year,
        "months": months,
        "gaps": missing_pages_of(months),
        "weekdays": weekday_names(),
    }


def _articles_url(paper: str, date: dt.date) -> str:
    """The list of the articles of an issue."""
    days = {"issue_date_after": date.isoformat(), "issue_date_before": date.isoformat()}
    return article_list_url(**days, **({"publication": paper} if paper else {}))
