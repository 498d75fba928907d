"""Search on the database of the tests finds the same as a scan of every text."""

import datetime as dt
import json
from typing import Any

import pytest
from django.db import DataError, connection
from django.db.models import Q
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from articles.models import Article
from articles.search import Query, Term, filter_and_rank, filter_matching, first_page, fold_text, parse_query
from tests.factories import make_article
from tests.search.reference import PARTS, expected, found, plain_query, ranks

pytestmark = pytest.mark.django_db
on_postgresql = pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite plans otherwise")

TEXTS = {
    "bridge": "昨天上午，记者在芮城县里看到，横跨恭水涧的新桥已经通车。",
    "taiwan": "臺灣學者參觀了運城鹽湖。",
    "digits": "全年增长３．５％，达到２０２４万元；去年为3.1%。",
    "latin": "The New York office opened a Wi-Fi hall: C++ AND rust NEAR you.",
    "memorial": "学生们纪念“一二·九”运动。",
    "signs": "打八折*100%_优惠 (限\"今天\") {a} ^b c:d 'e' \\f",
    "astral": "𠮷野家新店开张😀，排队的人很多",
    "hidden": "新\u200b大\ufeff桥\u202e昨天合\ufe0f龙",
    "broken": "前半\ufffd\ufffd后半段扫描坏了",
    "lines": "第一段结束。\n　　第二段开始。",
    "last": "最后一个字是尾",
}


@pytest.fixture
def texts() -> None:
    Article.objects.bulk_create(
        Article(headline=name, body=text, issue_date=dt.date(2024, 7, 30)) for name, text in TEXTS.items()
    )


@pytest.mark.usefixtures("texts")
@pytest.mark.parametrize(
    ("q", "names"),
    [
        pytest.param("芮城", "bridge", id="a name inside a sentence"),
        pytest.param("城县", "bridge", id="two characters across words"),
        pytest.param("恭水涧", "bridge", id="three characters"),
        pytest.param("横跨恭水涧的新桥", "bridge", id="a long phrase"),
        pytest.param("恭水涧新桥", "", id="characters that do not stand together"),
        pytest.param("桥", "bridge hidden", id="one character"),
        pytest.param("尾", "last", id="the last character"),
        pytest.param("台湾学者", "taiwan", id="Simplified finds Traditional"),
        pytest.param("芮城縣", "bridge", id="Traditional finds Simplified"),
        pytest.param("2024万", "digits", id="full-width digits"),
        pytest.param("3.5%", "digits", id="punctuation of the other width"),
        pytest.param("３．１％", "digits", id="the other way round"),
        pytest.param('"new york"', "latin", id="phrase with a space"),
        pytest.param("york new", "latin", id="words in any order"),
        pytest.param('"york new"', "", id="phrase in another order"),
        pytest.param("ORK", "latin", id="inside a Latin word"),
        pytest.param("wi-fi c++", "latin", id="signs inside words"),
        pytest.param('"AND"', "latin", id="an operator in quotes is a word"),
        pytest.param("rust NEAR", "latin", id="another one"),
        pytest.param("rust AND york", "latin", id="AND"),
        pytest.param("rust OR 芮城", "bridge latin", id="OR"),
        pytest.param("昨天 桥 OR 学者", "bridge hidden", id="OR binds closer than a blank"),
        pytest.param("学者 OR 桥 芮城 OR 盐湖", "bridge taiwan", id="two groups"),
        pytest.param("昨天 NOT 芮城", "hidden", id="NOT"),
        pytest.param("昨天 AND NOT 芮城", "hidden", id="AND NOT"),
        pytest.param("昨天 OR 学者 -通车", "taiwan hidden", id="OR and an exclusion"),
        pytest.param('"恭水涧的" OR "合龙"', "bridge hidden", id="OR of phrases"),
        pytest.param("headline:bridge", "bridge", id="a word in the headline"),
        pytest.param("headline:桥", "", id="a word that stands in the body alone"),
        pytest.param("body:桥 headline:hid", "hidden", id="words in two parts"),
        pytest.param('headline:taiwan OR body:"恭水涧的"', "bridge taiwan", id="parts in a group"),
        pytest.param("桥 -headline:bridge", "hidden", id="exclusion in a part"),
        pytest.param("一二·九", "memorial", id="dot"),
        pytest.param("“一二・九”", "memorial", id="quoted, with another dot"),
        pytest.param("念「一二", "memorial", id="quotes in text"),
        pytest.param('"折*100%_优"', "signs", id="wildcards in quotes are text"),
        pytest.param("优_", "", id="one-character wildcard"),
        pytest.param("优%限", "", id="wildcard for anything"),
        pytest.param('"打*"', "", id="no prefix search"),
        pytest.param('限"今天"', "signs", id="quotes inside a word"),
        pytest.param("^b", "signs", id="caret"),
        pytest.param("body:d", "latin signs", id="one letter in the body"),
        pytest.param('"c:d"', "signs", id="colon in quotes"),
        pytest.param("\\f 'e'", "signs", id="backslash and apostrophes"),
        pytest.param("{a}", "signs", id="braces"),
        pytest.param("𠮷野", "astral", id="beyond the first plane"),
        pytest.param("😀", "astral", id="emoji"),
        pytest.param("大桥昨天合龙", "hidden", id="zero-width inside a word"),
        pytest.param("后半段", "broken", id="behind replacement characters"),
        pytest.param("\ufffd后", "broken", id="a replacement character"),
        pytest.param("段开始", "lines", id="behind a line break"),
        pytest.param("昨天 -芮城", "hidden", id="exclusion"),
        pytest.param('桥 -"合龙" -通车', "", id="two exclusions"),
        pytest.param("桥 -合隆", "bridge hidden", id="exclusion of what is nowhere"),
        pytest.param("昨天 桥 合", "hidden", id="three words"),
        pytest.param("没有的词", "", id="nothing"),
        pytest.param("\ud800", "broken", id="half a surrogate counts as unreadable"),
    ],
)
def test_found(q: str, names: str) -> None:
    assert found(q) == names.split()


def test_text_after_nul_is_found() -> None:
    if connection.vendor == "postgresql":
        with pytest.raises(DataError, match="NUL"):
            make_article(body="前面\x00后面")
        return
    make_article("nul", body="前面\x00后面")
    assert found("后面") == found('"前面 后面"') == ["nul"]


@pytest.mark.usefixtures("texts")
@pytest.mark.parametrize("name", TEXTS)
def test_every_substring_is_found(name: str) -> None:
    folded = fold_text(TEXTS[name])
    pieces = {
        folded[start : start + size].strip("　") for size in (1, 2, 3, 7) for start in range(len(folded))
    }
    for piece in pieces - {""}:
        names = filter_matching(Article.objects.all(), plain_query([piece])).values_list(
            "headline", flat=True
        )
        assert name in names, piece


def test_term_matches_within_one_part_only() -> None:
    make_article("大桥", kicker="通车", subtitle="两岸", body="居民")
    assert [found(q) for q in ("桥通", "车两", "岸居", "大桥通车", '"桥 通"', "两岸居民")] == [[]] * 6
    assert found("大桥 居民 两岸") == ["大桥"]
    assert found("大桥 -居民") == []


def test_ranks() -> None:
    Article.objects.bulk_create(
        [
            Article(headline="正文", body="新桥通车"),
            Article(headline="肩题", kicker="新桥", body="通车"),
            Article(headline="副题", subtitle="通车", body="新桥"),
            Article(headline="新桥", body="通车"),
            Article(headline="通车：新桥"),
            Article(headline="新桥没有", body="车通"),
            Article(headline="不算", kicker="新", subtitle="桥", body="新桥通车"),
        ]
    )
    assert ranks("新桥 通车") == {"通车：新桥": 0, "肩题": 1, "副题": 1, "新桥": 1, "正文": 2, "不算": 2}
    assert ranks("车") == {
        "通车：新桥": 0,
        "副题": 1,
        "正文": 2,
        "肩题": 2,
        "新桥": 2,
        "新桥没有": 2,
        "不算": 2,
    }
    assert ranks("新桥 -通车") == {"新桥没有": 0}


def looks(plan: dict[str, Any]) -> int:
    """The largest number of visits to the search table by one node of an executed plan."""
    of_step = plan["Actual Loops"] if plan.get("Relation Name") == "articles_search" else 0
    return max([of_step, *map(looks, plan.get("Plans", []))])


@on_postgresql
def test_ranking_makes_no_lookup_per_match() -> None:
    Article.objects.bulk_create(Article(headline=name, body="新桥") for name in ["新桥"] * 5 + ["早市"] * 195)
    for q in ("新桥", "新", "新桥 桥", "新桥 早市"):
        answer = filter_and_rank(Article.objects.all(), parse_query(q)).order_by("search_rank", "-pk")
        [explained] = json.loads(answer.explain(format="json", analyze=True))
        assert looks(explained["Plan"]) == 1, q


@on_postgresql
def test_first_page_reads_only_texts_of_its_candidates() -> None:
    Article.objects.bulk_create(Article(body="乡村振兴") for _ in range(200))
    query = parse_query("乡村振兴")
    answer = filter_and_rank(Article.objects.all(), query).order_by("search_rank", "-pk")
    with CaptureQueriesContext(connection) as queries:
        assert len(first_page(answer, query, 5)) == 5
    assert len(queries) == 1
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {queries[0]['sql']}")
        [explained] = cursor.fetchone()[0]
    assert looks(explained["Plan"]) == 10


def test_candidates_without_match_are_not_on_a_page() -> None:
    """All articles have the pairs of the term, but only the oldest has the term."""
    make_article("最旧", body="乡村振兴")
    Article.objects.bulk_create(Article(body="振兴、乡村振，村振兴") for _ in range(9))
    query = parse_query("乡村振兴")
    answer = filter_and_rank(Article.objects.all(), query).order_by("search_rank", "-pk")
    for size in (1, 2, 5, 20):
        assert [article.headline for article in first_page(answer, query, size)] == ["最旧"]
    assert answer.count() == 1
    assert first_page(answer.filter(search_rank__lt=2), query, 5) == []


def test_search_combines_with_other_filters() -> None:
    Article.objects.bulk_create(
        Article(headline=f"新桥{day}", issue_date=dt.date(2024, 7, day), status=status, body="新桥" * 9)
        for day, status in ((1, "published"), (2, "draft"), (3, "published"))
    )
    query = parse_query("新桥")
    newest = filter_matching(Article.objects.published(), query).order_by("-issue_date")
    assert [article.headline for article in newest] == ["新桥3", "新桥1"]
    assert newest.count() == 2
    assert filter_matching(newest, parse_query("桥1")).get().headline == "新桥1"
    assert (
        filter_matching(Article.objects.filter(status="draft") | Article.objects.filter(pk=0), query).count()
        == 1
    )
    assert Article.objects.exclude(pk__in=filter_matching(Article.objects.all(), query)).count() == 0
    assert list(newest.order_by().values_list("issue_date__year").distinct()) == [(2024,)]
    assert filter_matching(Article.objects.all(), query).filter(status="draft").delete()[0] >= 1


def test_ranked_articles_are_paged_by_keyset() -> None:
    Article.objects.bulk_create(
        Article(
            headline="新桥" if number % 3 == 0 else "早市",
            kicker="新桥" if number % 3 == 1 else "",
            body="新桥",
            issue_date=dt.date(2024, 7, 1 + number % 4),
        )
        for number in range(23)
    )
    answer = filter_and_rank(Article.objects.all(), parse_query("新桥")).order_by(
        "search_rank", "-sort_date", "-pk"
    )
    whole = list(answer.values_list("search_rank", "sort_date", "pk"))
    assert [rank for rank, *_ in whole] == sorted(rank for rank, *_ in whole)
    paged: list[tuple[int, dt.date, int]] = []
    rest = answer
    while page := list(rest.values_list("search_rank", "sort_date", "pk")[:5]):
        paged += page
        rank, date, pk = page[-1]
        rest = answer.filter(
            Q(search_rank__gt=rank)
            | Q(search_rank=rank, sort_date__lt=date)
            | Q(search_rank=rank, sort_date=date, pk__lt=pk)
        )
    assert paged == whole


# Few characters, so that terms often match or nearly match; some fold to others.
ALPHABET = "中國国人民\u200b a１1。.“ \n\ufffd𠮷"
ARTICLES = st.lists(
    st.fixed_dictionaries({part: st.text(ALPHABET, max_size=8) for part in PARTS}), min_size=1, max_size=4
)
TERMS = st.builds(
    Term,
    st.text(ALPHABET, min_size=1, max_size=4).map(fold_text).filter(bool),
    st.just("") | st.sampled_from(PARTS),
)


@pytest.mark.slow
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    ARTICLES,
    st.lists(st.lists(TERMS, min_size=1, max_size=2), min_size=1, max_size=3),
    st.lists(TERMS, max_size=1),
)
def test_matches_and_ranks_equal_a_scan_of_all_texts(
    parts: list[dict[str, str]], wanted: list[list[Term]], excluded: list[Term]
) -> None:
    Article.objects.all().delete()
    articles = Article.objects.bulk_create(Article(**texts) for texts in parts)
    query = Query(tuple(map(tuple, wanted)), tuple(excluded))
    answers = dict(filter_and_rank(Article.objects.all(), query).values_list("pk", "search_rank"))
    plain = {article.pk: expected(article, query) for article in articles}
    hits = {pk: rank for pk, rank in plain.items() if rank is not None}
    assert answers == hits
    in_order = filter_and_rank(Article.objects.all(), query).order_by("search_rank", "-pk")
    best = [pk for _, pk in sorted((rank, -pk) for pk, rank in hits.items())]
    for size in (1, 2, 5):
        assert [-row.pk for row in first_page(in_order, query, size)] == best[:size]


@pytest.mark.slow
@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), min_size=1, max_size=30))
def test_any_text_finds_itself(text: str) -> None:
    Article.objects.all().delete()
    make_article("x", body=f"一{text}二")
    if folded := fold_text(text):
        assert filter_matching(Article.objects.all(), plain_query([folded])).count() == 1
