"""Finds stories that a load published a second time: from a file that was renamed and edited, or exported again with a twin left.

A load knows a file by its path, so the version at the old path stays published until that path is loaded again, or is said
to be replaced.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from difflib import SequenceMatcher
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import QuerySet

from articles.models import Article, LoadFile, Page
from articles.models.history import by_machine

from .article_matching import is_same_story

_Outcome = LoadFile.Outcome

# Two stories with the same headline or opening are one if this much of their characters is the same: 图片新闻 is the
# headline of many.
_SIMILAR = 0.8


class DoubledFile(NamedTuple):
    """How many stories two files publish both: the one at `path` was loaded last, that at `other_path` before."""

    path: str
    other_path: str
    stories: int


def is_one_story(one: Article, other: Article) -> bool:
    """Whether two articles of different pages are the same story, perhaps with corrections."""
    first, second = (f"{article.subtitle}\n{article.body}".strip() for article in (one, other))
    if not (first and second and is_same_story(one.extracted, other.extracted)):
        return False
    return SequenceMatcher(None, first, second, autojunk=False).quick_ratio() >= _SIMILAR


def find_doubled_files(rows: Iterable[LoadFile]) -> list[DoubledFile]:
    """Find the files with stories that these loaded files publish too, by rows of the ledger."""
    loaded = {
        row.page_id: row.path
        for row in rows
        if row.page_id and row.outcome in (_Outcome.CREATED, _Outcome.UPDATED)
    }
    pairs = {
        frozenset((page, other))
        for page, others in _candidates(loaded).items()
        for other in others
        if page != other
    }
    articles = _published(set().union(*pairs) if pairs else set())
    paths = _paths({page for pair in pairs for page in pair})
    counts = Counter[tuple[str, str]]()
    for pair in pairs:
        # The later page is that of the newer file.
        other, page = sorted(pair)
        if page in paths and other in paths:
            same = sum(is_one_story(one, two) for one in articles[page] for two in articles[other])
            counts[loaded.get(page, paths[page]), paths[other]] += same
    return [DoubledFile(*names, count) for names, count in sorted((+counts).items())]


def make_way(path: str, replaced: str) -> None:
    """Delete the articles of a file that no person changed, where the file that it replaces has the story with decisions.

    Those decisions then move with their articles to the newer page, when it is loaded in the place of the older one.
    """
    versions = dict(LoadFile.objects.filter(path__in=[path, replaced]).versions().values_list("path", "page"))
    if len(set(versions.values())) < 2:
        return
    with transaction.atomic(), by_machine():
        articles = list(Article.objects.select_for_update().filter(page__in=versions.values()))
        untouched = set(
            Article.objects.untouched().filter(page__in=versions.values()).values_list("pk", flat=True)
        )
        decided = [one for one in articles if one.page_id == versions[replaced] and one.pk not in untouched]
        for one in articles:
            is_copy = one.page_id == versions[path] and one.pk in untouched
            if is_copy and any(is_one_story(one, other) for other in decided):
                one.delete()


def _candidates(loaded: dict[int, str]) -> dict[int, set[int]]:
    """By loaded page the others that may print the same: earlier versions that a twin has, and pages of the same imprint."""
    found: defaultdict[int, set[int]] = defaultdict(set)
    by_path = {path: page for page, path in loaded.items()}
    had = LoadFile.objects.filter(path__in=by_path, page__in=Page.objects.current())
    for path, page in had.values_list("path", "page").distinct():
        found[by_path[path]].add(page)
    imprints = Page.objects.filter(pk__in=loaded).exclude(publication="").exclude(page_number="")
    dates = set(imprints.exclude(issue_date=None).values_list("issue_date", flat=True))
    for pages in pages_of_one_imprint(Page.objects.current().filter(issue_date__in=dates)):
        for page in pages & loaded.keys():
            found[page] |= pages
    return found


def pages_of_one_imprint(pages: QuerySet[Page]) -> list[set[int]]:
    """The ids of several pages with the same paper, date and page number, for each such imprint."""
    of_imprint: defaultdict[tuple[Any, ...], set[int]] = defaultdict(set)
    columns = ("publication", "issue_date", "page_number")
    for page, *imprint in pages.order_by().values_list("pk", *columns).iterator():
        if all(imprint):
            of_imprint[tuple(imprint)].add(page)
    return [pages for pages in of_imprint.values() if len(pages) > 1]


def _published(pages: Collection[int]) -> defaultdict[int, list[Article]]:
    found: defaultdict[int, list[Article]] = defaultdict(list)
    fields = ("page_id", "headline", "subtitle", "body", "extracted")
    for article in Article.objects.published().filter(page__in=pages).only(*fields):
        found[article.page_id or 0].append(article)
    return found


def _paths(pages: Collection[int]) -> dict[int, str]:
    """By page the path of a file that has it now."""
    rows = LoadFile.objects.versions().filter(page__in=pages).order_by("pk")
    return {page: path for page, path in rows.values_list("page", "path") if page}
