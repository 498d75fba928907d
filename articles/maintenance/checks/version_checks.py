"""Checks that no story is published from two versions of a page file.

Two pages are versions of one file if a path had both. A page of two files, of which one has a newer version, belongs to
both.
"""

from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations

from django.db import transaction

from articles.loading.doubled_stories import is_one_story
from articles.loading.sources.files import escape_name
from articles.models import Article, LoadFile, Page

from .check import Advance, Check, Fault, excerpt


def _find(advance: Advance) -> Iterator[Fault]:
    for pages in _families():
        if list(_of_family(pages)):
            with transaction.atomic():
                # Again with the articles locked: a load may have written between the queries.
                list(Article.objects.select_for_update().filter(page__in=pages).values_list("pk"))
                yield from list(_of_family(pages))
    advance()


def _families() -> list[list[int]]:
    """The ids of pages that are versions of one file, for each file with several."""
    family: dict[int, set[int]] = {}
    by_path: defaultdict[str, set[int]] = defaultdict(set)
    rows = LoadFile.objects.exclude(page=None).order_by().values_list("path", "page").distinct()
    for path, page in rows.iterator():
        by_path[path].add(page)
    for pages in by_path.values():
        joined = set(pages).union(*(family.get(page, ()) for page in pages))
        family |= dict.fromkeys(joined, joined)
    return [
        list(pages) for pages in sorted({tuple(sorted(pages)) for pages in family.values() if len(pages) > 1})
    ]


def _of_family(pages: list[int]) -> Iterator[Fault]:
    current = set(Page.objects.current().filter(pk__in=pages).values_list("pk", flat=True))
    articles = Article.objects.published().filter(page__in=pages).order_by("pk")
    fields = ("page_id", "headline", "subtitle", "body", "extracted")
    for one, other in combinations(articles.only(*fields), 2):
        if one.page_id != other.page_id and is_one_story(one, other):
            yield Fault(
                f"articles {one.pk} and {other.pk}",
                f"{excerpt(one)} is published twice, from two versions of {_path_of(one, other)}",
                "move one of them to the trash"
                if not {one.page_id, other.page_id} <= current
                else "load the newer version of all files that have the older one, or move one of them to the trash",
            )


def _path_of(one: Article, other: Article) -> str:
    """A path that had the version of the second article."""
    row = LoadFile.objects.filter(page__in=[one.page_id, other.page_id]).order_by("pk").last()
    return escape_name(row.path) if row else ""


VERSION_CHECK = Check("versions", _find)
