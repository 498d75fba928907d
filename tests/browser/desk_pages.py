"""The pages of the desk, found by the addresses that the admin has, and rows that each has something to show of."""

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Any

from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.urls import URLPattern, URLResolver, reverse
from django.utils import timezone

from articles.models import (
    ApiToken,
    Article,
    Boundary,
    Distinction,
    Load,
    LoadFile,
    Mention,
    Merge,
    NameRuling,
    Organization,
    Page,
    Place,
    Region,
    Reporter,
    Upload,
    WebhookEndpoint,
)
from tests.factories import make_alias, make_load_file

# Addresses that are no pages: data for scripts, what only a POST asks for, parts of the page of an article, redirects.
_NO_PAGES = {
    "jsi18n", "autocomplete", "logout", "login", "view_on_site", "merge_undo", "distinguish", "forget_distinction",
    "articles_article_presence", "articles_organization_presence", "articles_place_presence",
    "articles_reporter_presence", "articles_alias_presence", "articles_article_restore", "articles_place_restore",
    "articles_organization_restore", "articles_reporter_restore", "articles_article_move", "articles_article_byline",
    "articles_article_new_name", "articles_article_find_names", "articles_article_name", "articles_article_record", "articles_article_block",
    "articles_article_split", "articles_article_join", "articles_article_line", "articles_load_start",
    "articles_nameruling_undo", "articles_nameruling_switch", "articles_load_decide", "articles_load_retry", "articles_upload_change",
}  # fmt: skip
# Pages of which one model shows what those of all models look like.
_LIKE_ANOTHER = ("_history", "_delete", "_revert")
_SHOWN_OF = ("articles_article_", "articles_reporter_delete")


def make_rows(user: User) -> None:
    """Make a row of every kind that a load alone does not make."""
    reporters = [reporter.pk for reporter in Reporter.objects.order_by("pk")[:4]]
    Merge.objects.create(kind="reporter", source=reporters[0], target=reporters[1], by=user)
    Distinction.objects.create(kind="reporter", first=reporters[2], second=reporters[3], by=user)
    NameRuling.objects.create(kind="place", name="花园小区", verdict="rejected", by=user)
    WebhookEndpoint.objects.create(
        name="网站", url="https://news.example/", secret=WebhookEndpoint.new_secret()
    )
    make_alias("浮桥工地", Place.objects.order_by("pk")[0])
    page = Page.objects.order_by("pk")[0]
    Boundary.objects.create(page=page, offset=3, begins=True, by=user)
    Region.objects.create(page=page, start=0, end=2, kind=Region.Kind.ADVERT)
    load = Load.objects.order_by("pk")[0]
    make_load_file(load, "0731.txt", LoadFile.Outcome.REJECTED, reason="bad_encoding", detail="byte 0x81")
    Upload.objects.create(
        by=user, publication="沂河晚报", status=Article.Status.DRAFT, issue_date=dt.date(2023, 9, 14)
    )
    ApiToken.objects.issue(user, "website", timezone.localdate() + dt.timedelta(days=30))
    Group.objects.get_or_create(name="editor")
    article = Article.objects.order_by("pk")[0]
    article.headline += "（更正）"
    article.save()


def desk_pages() -> dict[str, str]:
    """The address of every page of the desk, by its name."""
    return dict(_pages(admin.site.get_urls()))


def _pages(patterns: Iterable[URLPattern | URLResolver]) -> Iterator[tuple[str, str]]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from _pages(pattern.url_patterns)
        elif pattern.name and pattern.name not in _NO_PAGES and not _is_like_another(pattern.name):
            yield from _addresses(pattern)


def _is_like_another(name: str) -> bool:
    return name.endswith(_LIKE_ANOTHER) and not name.startswith(_SHOWN_OF)


def _addresses(pattern: URLPattern) -> Iterator[tuple[str, str]]:
    name = str(pattern.name)
    if name == "app_list":
        yield from ((f"{name} {app}", reverse(f"admin:{name}", args=[app])) for app in ("articles", "auth"))
        return
    arguments = {word: _argument(name, word) for word in pattern.pattern.regex.groupindex}
    yield name, reverse(f"admin:{name}", kwargs=arguments)


def _argument(name: str, word: str) -> Any:
    """What stands in an address: the id of a record that shows much."""
    organizations = _ids(Organization)
    given: dict[str, Any] = {
        "kind": "organization",
        "source": organizations[0],
        "target": organizations[1],
        "version": Article.history.order_by("history_id").values_list("history_id", flat=True)[0],
    }
    records = {
        "merge_record": organizations[0],
        "articles_load_preview": _ids(Upload)[0],
        "articles_article_change": Mention.objects.doubtful()
        .order_by("pk")
        .values_list("article", flat=True)[0],
    }
    if word == "mention":
        return Mention.objects.doubtful().order_by("pk")[0].pk
    if word in given:
        return given[word]
    if name in records:
        return records[name]
    app, model, _view = name.split("_", 2)
    return _ids(apps.get_model(app, model))[0]


def _ids(model: Any) -> Any:
    return model._default_manager.order_by("pk").values_list("pk", flat=True)
