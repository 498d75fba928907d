"""Checks that no story is published from two versions of a page file, also where the file was renamed and edited.

Two pages are versions of one file if a path had both. A page of two files, of which one has a newer version, belongs to
both. Two files have the same page if it has the same paper, date and number.
"""

from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations

from django.db import transaction

from articles.loading.doubled_stories import is_one_story, pages_of_one_imprint
from articles.loading.sources.files import escape_name, is_page_of_many
from articles.models import Article, LoadFile, Page

from .check import Advance, Check, Fault, excerpt

_TRASH = "move one of them to the trash"


def _find(advance: Advance) -> Iterator[Fault]:
    families = _families()
    for pages in [*families, *_of_other_files(families)]:
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


def _of_other_files(families: list[list[int]]) -> Iterator[list[int]]:
    """The ids of current pages with one imprint, two and two, that no path had both: those are in a family."""
    family = {page: pages for pages in families for page in pages}
    for pages in pages_of_one_imprint(Page.objects.current()):
        for one, other in combinations(sorted(pages), 2):
            if other not in family.get(one, ()):
                yield [one, other]


def _of_family(pages: list[int]) -> Iterator[Fault]:
    current = set(Page.objects.current().filter(pk__in=pages).values_list("pk", flat=True))
    articles = Article.objects.published().filter(page__in=pages).order_by("pk")
    fields = ("page_id", "headline", "subtitle", "body", "extracted")
    for one, other in combinations(articles.only(*fields), 2):
        if one.page_id != other.page_id and is_one_story(one, other):
            yield _fault(one, other, are_current={one.page_id, other.page_id} <= current)


def _fault(one: Article, other: Article, *, are_current: bool) -> Fault:
    rows = LoadFile.objects.exclude(page=None).order_by("pk")
    first, second = (
        dict.fromkeys(rows.filter(page=article.page_id).values_list("path", flat=True))
        for article in (one, other)
    )
    last = rows.filter(page__in=[one.page_id, other.page_id]).last()
    what, remedy = f"from two versions of {escape_name(last.path) if last else ''}", _TRASH
    if first and second and first.keys().isdisjoint(second):
        what = f"from {escape_name(list(first)[-1])} and {escape_name(list(second)[-1])}"
        if not any(map(is_page_of_many, (*first, *second))):
            remedy = f"load the newer file with --replaces and the older one, or {_TRASH}"
    elif are_current:
        remedy = f"load the newer version of all files that have the older one, or {_TRASH}"
    return Fault(f"articles {one.pk} and {other.pk}", f"{excerpt(one)} is published twice, {what}", remedy)


VERSION_CHECK = Check("versions", _find)
