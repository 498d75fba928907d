"""Tests the pages of the reading site: what they show, in which order, and in which language."""

import json
import re
from collections.abc import Sequence
from importlib import reload
from urllib.parse import quote

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import clear_url_caches
from pytest_django import Settings

from articles.editing.merging import merge
from articles.models import Article
from newsroom import urls
from tests.factories import (
    make_article,
    make_client_of,
    make_organization,
    make_page,
    make_place,
    make_places,
    make_reporter,
)

pytestmark = pytest.mark.django_db


def shown(client: Client, path: str, **query: str) -> str:
    response = client.get(path, query)
    assert response.status_code == 200
    return response.content.decode()


def printed(number: str, *headlines: str, date: str = "2023-09-14") -> list[Article]:
    """Articles of a page, stored in the reverse of their printed order."""
    page = make_page("字" * 50, publication="沂河晚报", page_number=number, issue_date=date)
    made = []
    for position, headline in reversed([*enumerate(headlines)]):
        where = {"page": page, "start": position, "end": position + 1, "position": position}
        made.append(make_article(headline, date=date, publication="沂河晚报", body="正文。", **where))
    return made[::-1]


def headlines(content: str) -> list[str]:
    return re.findall(r'<a href="/articles/\d+/">([^<]+)</a>', content)


def test_front_page_has_the_newest_issues_first(client: Client) -> None:
    printed("2", "旧闻", date="2023-09-13")
    printed("10", "第十版头条")
    printed("2", "第二版头条", "第二版次条")
    content = shown(client, "/")
    assert headlines(content) == ["第二版头条", "第二版次条", "第十版头条", "旧闻"]
    assert "2 个版, 3 篇稿件" in " ".join(content.split())


def test_issue_has_its_pages_in_order_and_leads_to_the_issues_around(client: Client) -> None:
    for day in ("2023-09-13", "2023-09-15"):
        printed("1", "头条", date=day)
    printed("A10", "十", "十一")
    printed("A2", "二")
    make_article("手写", date="2023-09-14", publication="沂河晚报")
    content = shown(client, "/issues/2023-09-14/沂河晚报/")
    assert headlines(content) == ["二", "十", "十一", "手写"]
    paper = quote("沂河晚报")
    assert re.findall(r'rel="(\w+)" href="([^"]+)', content)[-2:] == [
        ("prev", f"/issues/2023-09-13/{paper}/"),
        ("next", f"/issues/2023-09-15/{paper}/"),
    ]


def test_day_lists_the_papers_of_the_day_and_what_is_of_an_unknown_paper(client: Client) -> None:
    printed("1", "头条")
    make_article("佚名", date="2023-09-14")
    content = shown(client, "/issues/2023-09-14/")
    assert headlines(content) == ["佚名", "头条"]
    assert "报纸不详" in content
    assert client.get("/issues/2023-02-30/").status_code == 404
    make_article("没有日期", issue_date=None)
    assert client.get("/issues/0001-01-01/").status_code == 404
    assert client.get("/issues/2023-09-20/").status_code == 404


def test_article_has_credits_links_neighbours_and_its_place_in_the_paper(client: Client) -> None:
    before, article, after = printed("A2", "前", "中", "后")
    places, office, reporter = make_places(), make_organization("芮城县教育局"), make_reporter("周明")
    article.body = "在芮城县，芮城县教育局说：<b>好</b>。\n小标题\n完。"
    article.blocks = [{"kind": "heading", "text": "小标题", "spans": []}]
    article.save()
    article.mentions.create(
        kind="place", part="body", start=1, end=4, surface="芮城县", place=places["芮城县"], status="linked"
    )
    article.mentions.create(
        kind="place", part="body", start=5, end=8, surface="芮城县", place=places["芮城县"], status="linked"
    )
    article.mentions.create(
        kind="organization",
        part="body",
        start=5,
        end=11,
        surface="芮城县教育局",
        organization=office,
        status="linked",
    )
    article.bylines.create(reporter=reporter, role="photographer", order=1)
    content = shown(client, f"/articles/{article.pk}/")
    county = f'<a class="place" href="/places/{places["芮城县"].pk}/">芮城县</a>'
    link = f'<a class="organization" href="/organizations/{office.pk}/">芮城县教育局</a>'
    assert f"<p>在{county}，{link}说：&lt;b&gt;好&lt;/b&gt;。</p><h2>小标题</h2>" in re.sub(
        r">\s+<", "><", content
    )
    assert f'<a href="/reporters/{reporter.pk}/">周明</a>' in content
    assert "第 A2 版" in content
    assert f'rel="prev" href="/articles/{before.pk}/"' in content
    assert f'rel="next" href="/articles/{after.pk}/"' in content


def test_article_is_described_for_search_engines_and_cannot_end_its_element(client: Client) -> None:
    article = make_article("</script><b>桥", body="正文。", date="2023-09-14", publication="沂河晚报")
    content = shown(client, f"/articles/{article.pk}/")
    (document,) = re.findall(r'<script type="application/ld\+json">(.+?)</script>', content)
    described = json.loads(document)
    assert described["@type"] == "NewsArticle"
    assert described["headline"] == "</script><b>桥"
    assert described["url"] == f"http://testserver/articles/{article.pk}/"
    assert described["datePublished"] == "2023-09-14"


def test_search_has_the_grammar_and_filters_of_the_api_and_marks_what_it_found(client: Client) -> None:
    county = make_places()["芮城县"]
    make_article("大桥通车", county, body="芮城县的大桥昨天通车。", date="2023-09-14")
    make_article("大桥停工", body="大桥停工了。", date="2022-01-01")
    content = shown(client, "/articles/", q="大桥 -停工")
    assert headlines(content) == ["大桥通车"]
    assert "<mark>大桥</mark>" in content
    assert headlines(shown(client, "/articles/", q="大桥", issue_date_before="2022")) == ["大桥停工"]
    content = shown(client, "/articles/", place=str(county.pk), utm_source="elsewhere", section="")
    assert headlines(content) == ["大桥通车"]
    assert 'name="place"' in content
    assert re.search(r'<a href="\?"><span lang="zh">芮城县</span>', content)


def test_search_says_what_cannot_be_read(client: Client) -> None:
    response = client.get("/articles/", {"q": "桥*", "place": "x"})
    assert response.status_code == 400
    assert "q: " in response.content.decode()
    assert client.get("/feed.atom", {"q": "桥*"}).status_code == 400


def test_lists_are_paged_in_both_directions(client: Client) -> None:
    reporter = make_reporter("周明")
    for number in range(25):
        make_article(f"第{number:02}篇", reporter, date=f"2023-09-{number + 1:02}")
    for path in ("/articles/", f"/reporters/{reporter.pk}/"):
        first = shown(client, path)
        (following,) = re.findall(r'rel="next" href="([^"]+)', first)
        second = shown(client, path + following.replace("&amp;", "&"))
        assert headlines(first) + headlines(second) == [f"第{number:02}篇" for number in reversed(range(25))]
        assert 'rel="prev"' in second


def test_record_shows_its_articles_and_who_is_named_with_it(client: Client) -> None:
    places, office = make_places(), make_organization("芮城县教育局")
    for year in (2021, 2023):
        make_article(f"{year}年的桥", places["芮城县"], office, date=f"{year}-01-01")
    content = shown(client, "/places/140830/")
    assert headlines(content) == ["2023年的桥", "2021年的桥"]
    assert f'href="/organizations/{office.pk}/"' in content
    assert f'href="/places/{places["运城市"].pk}/"' in content
    assert "issue_date_after=2021" in content
    assert client.get("/places/999999/").status_code == 404
    assert client.get("/reporters/x/").status_code == 404


def test_merged_record_leads_to_the_one_that_stays(client: Client) -> None:
    one, other = make_reporter("周明"), make_reporter("周鸣")
    make_article("桥", one, other)
    merge(other, one, None)
    assert client.get(f"/reporters/{other.pk}/").headers["Location"] == f"/reporters/{one.pk}/"
    assert client.get(f"/en/reporters/{other.pk}/").headers["Location"] == f"/en/reporters/{one.pk}/"


def test_feed_leads_to_pages_of_the_site(client: Client) -> None:
    place = make_place("芮城县", "140830")
    article = make_article("桥", place, date="2023-09-14")
    make_article("别处")
    response = client.get("/feed.atom", {"place": str(place.pk)})
    assert response.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
    assert re.findall(r"<entry>.*?<id>(.*?)</id>", response.content.decode(), re.DOTALL) == [
        f"http://testserver/articles/{article.pk}/"
    ]


def test_sitemap_names_all_that_is_public(client: Client) -> None:
    article = make_article("桥", make_reporter("周明"), date="2023-09-14", publication="沂河晚报")
    index = re.findall("<loc>http://testserver(.*?)</loc>", shown(client, "/sitemap.xml"))
    assert len(index) == 5
    named = [
        url for path in index for url in re.findall("<loc>http://testserver(.*?)</loc>", shown(client, path))
    ]
    assert f"/articles/{article.pk}/" in named
    assert f"/issues/2023-09-14/{quote('沂河晚报')}/" in named
    assert {client.get(path).status_code for path in named} == {200}
    assert "http://testserver/sitemap.xml" in shown(client, "/robots.txt")
    assert "Disallow: /admin/" in shown(client, "/robots.txt")


def test_language_is_that_of_the_address(client: Client) -> None:
    make_article("桥", date="2023-09-14")
    client.cookies["django_language"] = "en"
    assert "最新各期" in shown(client, "/")
    english = shown(client, "/en/")
    assert "Newest issues" in english
    assert 'href="/en/issues/2023-09-14/"' in english
    assert '<link rel="alternate" hreflang="zh-hans" href="http://testserver/">' in english


def test_admin_leads_to_the_site_in_its_language() -> None:
    assert 'href="/"' in shown(make_client_of("editor"), "/admin/")
    assert 'href="/en/"' in shown(make_client_of("editor", name="bob", language="en"), "/admin/")


def test_site_can_be_off(client: Client, settings: Settings) -> None:
    settings.NEWSROOM_SITE = False
    reload(urls)
    clear_url_caches()
    try:
        assert client.get("/").headers["Location"] == "/admin/"
        assert client.get("/articles/").status_code == 404
        assert client.get("/robots.txt").status_code == 404
        article = make_article(status="draft")
        editor = make_client_of("editor")
        change = shown(editor, f"/admin/articles/article/{article.pk}/change/")
        assert "preview/" not in change
        assert editor.get(f"/admin/articles/article/{article.pk}/preview/").status_code == 404
    finally:
        settings.NEWSROOM_SITE = True
        reload(urls)
        clear_url_caches()


def test_client_that_has_a_page_gets_304_until_something_changes(client: Client) -> None:
    article = make_article("桥", date="2023-09-14")
    path = f"/articles/{article.pk}/"
    first = client.get(path)
    assert first.headers["Cache-Control"] == "public, max-age=60"
    tag = first.headers["ETag"]
    assert client.get(path, headers={"if-none-match": tag}).status_code == 304
    Article.objects.filter(pk=article.pk).update(headline="新桥")
    assert client.get(path, headers={"if-none-match": tag}).status_code == 200


def test_too_many_requests_are_refused_in_words(client: Client, settings: Settings) -> None:
    settings.NEWSROOM_RATES = {**settings.NEWSROOM_RATES, "anonymous": "2/minute"}
    answers = [client.get("/") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[-1].headers["Retry-After"] == "60"
    assert "请求过多" in answers[-1].content.decode()


def test_page_of_the_site_has_no_script_and_no_inline_style(client: Client) -> None:
    article = make_article("桥", make_places()["芮城县"], make_reporter("周明"), date="2023-09-14")
    for path in (
        "/",
        "/articles/?q=桥",
        f"/articles/{article.pk}/",
        "/places/140830/",
        "/nowhere/",
        "/articles/99999/",
    ):
        response = client.get(path)
        content = response.content.decode()
        assert re.findall(r"<script(?! type=.application/ld\+json)|<style|\sstyle=|\son\w+=", content) == []
        assert "script-src 'self'" in response.headers["Content-Security-Policy"]


def test_unknown_address_is_a_page_in_the_language_of_the_address(client: Client) -> None:
    assert "未找到" in client.get("/nowhere/").content.decode()
    assert "Not found" in client.get("/en/nowhere/").content.decode()
    assert "不再公开" in client.get("/articles/99999/").content.decode()


def test_server_error_is_a_page(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("articles.site.issue_pages.render_site_page", None)
    client.raise_request_exception = False
    response = client.get("/")
    assert response.status_code == 500
    assert "出错了" in response.content.decode()


# Bounds, as the facet index is read again inside the transaction of a test, by a query for each of its facets.
MOST_QUERIES = {
    "/": 20,
    "/articles/?q=大桥": 25,
    "/issues/2023-09-01/沂河晚报/": 3,
    "/articles/{pk}/": 4,
    "/places/140830/": 60,
    "/sitemap-articles.xml": 2,
}


@pytest.mark.parametrize(("path", "most"), MOST_QUERIES.items(), ids=MOST_QUERIES)
def test_number_of_queries_does_not_grow_with_the_articles(client: Client, path: str, most: int) -> None:
    places, office, reporter = make_places(), make_organization("芮城县教育局"), make_reporter("周明")

    def queries_with(pages: Sequence[int]) -> int:
        for number in pages:
            printed(f"{number}", f"大桥{number}", f"大桥又{number}", date="2023-09-01")
            named = (places["芮城县"], office, reporter)
            make_article(f"大桥{number}", *named, body="芮城县", date=f"{2000 + number}-09-02")
        address = path.format(pk=Article.objects.filter(page__isnull=False).earliest("pk").pk)
        shown(client, address)
        # The representations of other articles are made for this one's page alone.
        with CaptureQueriesContext(connection) as captured:
            shown(client, address)
        return len(captured)

    counts = (queries_with(range(1, 4)), queries_with(range(4, 16)))
    assert counts[0] == counts[1] <= most


def test_calendar_shows_the_issues_of_a_paper_and_what_is_missing(client: Client) -> None:
    for number in ("1", "3"):
        printed(number, "头条", date="2023-09-14")
    printed("1", "旧", date="2021-05-01")
    make_article("佚名", date="2024-01-01", publication="山城日报")
    content = shown(client, "/issues/", publication="沂河晚报")
    assert f'<a href="/issues/2023-09-14/{quote("沂河晚报")}/">14<' in content
    assert re.search(r"缺版： 2</span>", content)
    assert 'value="山城日报"' in content
    assert f"/issues/2021-05-01/{quote('沂河晚报')}/" in shown(
        client, "/issues/", publication="沂河晚报", year="2021"
    )
    assert "/issues/2024-01-01/" in shown(client, "/issues/", publication="没有的报", year="x")


def test_calendar_and_map_of_an_empty_archive_say_so(client: Client) -> None:
    assert "还没有已发布且有日期的报纸" in shown(client, "/issues/")
    assert "没有稿件提到" in shown(client, "/map/")


def test_map_shows_the_places_of_a_level_in_some_years(client: Client) -> None:
    places = make_places()
    make_article("今年", places["芮城县"], date="2024-01-01")
    make_article("当年", places["绛县"], date="2020-01-01")
    content = shown(client, "/map/")
    assert content.count("<circle") == 4  # two places, on two drawings
    narrowed = shown(client, "/map/", **{"from": "2024", "to": "2022"})
    assert "<title>芮城县: 1</title>" in narrowed
    assert "绛县" not in narrowed
    assert f"place={places['芮城县'].pk}&amp;issue_date_after=2022&amp;issue_date_before=2024" in narrowed
    assert "<title>山西省: 2</title>" in shown(client, "/map/", level="province")


def test_place_page_shows_where_it_is(client: Client) -> None:
    places = make_places()
    make_article("镇上", places["大王镇"], make_reporter("周明"), date="2024-01-01")
    assert "<circle" in shown(client, f"/places/{places['大王镇'].pk}/")
    other = make_place("月宫")
    make_article("天上", other)
    assert "<circle" not in shown(client, f"/places/{other.pk}/")


def test_graph_leads_from_name_to_name(client: Client) -> None:
    places, office, reporter = make_places(), make_organization("芮城县教育局"), make_reporter("周明")
    make_article("桥", places["芮城县"], office, reporter)
    make_article("路", office, make_reporter("吴芳"))
    path = f"/places/{places['芮城县'].pk}/graph/"
    content = shown(client, path)
    assert f'href="/organizations/{office.pk}/graph/"' in content
    assert f'href="/reporters/{reporter.pk}/graph/"' in content
    assert "吴芳" not in content
    assert "吴芳" in shown(client, f"/organizations/{office.pk}/graph/")
    assert path in shown(client, f"/organizations/{office.pk}/graph/")
