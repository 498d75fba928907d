"""The records of a harvest: entries of the feed of changes, with the articles that they are about as Dublin Core."""

import re
from collections.abc import Collection, Iterable, Iterator
from typing import Any, NamedTuple
from xml.etree import ElementTree as ET

from django.db import router
from django.db.models import Prefetch, Q, QuerySet

from articles.api.links import record_url
from articles.api.representations.base import LANGUAGE
from articles.models import (
    Article,
    Byline,
    FeedEntry,
    OrganizationAppearance,
    PlaceAppearance,
)

from .arguments import Harvest, set_name, utc_text

OAI = "http://www.openarchives.org/OAI/2.0/"
OAI_DC = "http://www.openarchives.org/OAI/2.0/oai_dc/"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
_DC = "http://purl.org/dc/elements/1.1/"
# Characters that XML 1.0 does not allow, not even as an escape.
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_KIND = "article"

ET.register_namespace("oai_dc", OAI_DC)
ET.register_namespace("dc", _DC)
ET.register_namespace("xsi", XSI)


class HarvestedRecord(NamedTuple):
    """An entry of the feed, with its article; without one it is deleted."""

    entry: FeedEntry
    article: Article | None


def article_entries() -> QuerySet[FeedEntry]:
    """The entries of articles, read where they are written: a replica may not have the last ones yet."""
    return FeedEntry.objects.using(router.db_for_write(FeedEntry)).filter(kind=_KIND)


def harvested_entries(harvest: Harvest, size: int) -> list[FeedEntry]:
    """The next entries of a harvest. What left the archive is in every set, as its paper is not public any more."""
    entries = article_entries().filter(number__gt=harvest.number)
    if harvest.since:
        entries = entries.filter(noted_at__gte=harvest.since)
    if harvest.before:
        entries = entries.filter(noted_at__lt=harvest.before)
    if harvest.publication == "":
        return []  # the set of no paper
    if harvest.publication is not None:
        of_set = Article.objects.using(entries.db).published().filter(publication=harvest.publication)
        entries = entries.filter(Q(is_public=False) | Q(record__in=of_set.values("pk")))
    return list(entries.order_by("number")[:size])


def with_articles(entries: Collection[FeedEntry], *, described: bool = True) -> list[HarvestedRecord]:
    """The entries with their articles, for a header or `described`; one that was withdrawn since counts as deleted."""
    public = Article.objects.using(router.db_for_write(FeedEntry)).published()
    articles = _with_description(public) if described else public.only("publication")
    found = articles.in_bulk([entry.record for entry in entries if entry.is_public])
    return [HarvestedRecord(entry, found.get(entry.record)) for entry in entries]


def _with_description(articles: QuerySet[Article]) -> QuerySet[Article]:
    credits = Byline.objects.filter(reporter__trashed_at=None).select_related("reporter__merged_into")
    places = PlaceAppearance.objects.filter(position__isnull=False).select_related("place")
    bodies = OrganizationAppearance.objects.select_related("organization")
    columns = ("headline", "kicker", "subtitle", "publication", "issue_date", "section", "page__page_number")
    return (
        articles.select_related("page")
        .only(*columns, "page__page_name")
        .prefetch_related(
            Prefetch("bylines", credits.order_by("order")),
            Prefetch("place_appearances", places.order_by("position", "place_id")),
            Prefetch("organization_appearances", bodies.order_by("position", "organization_id")),
        )
    )


def add_text(parent: ET.Element, tag: str, text: str, **attributes: str) -> ET.Element:
    """Add an element with a text, without characters that XML does not allow."""
    element = ET.SubElement(parent, tag, {name: _NO_XML.sub("", value) for name, value in attributes.items()})
    element.text = _NO_XML.sub("", text)
    return element


def add_header(parent: ET.Element, record: HarvestedRecord, namespace: str) -> None:
    """Add the header of a record: its identifier, when it changed, and the set of its paper."""
    header = ET.SubElement(parent, "header", {} if record.article else {"status": "deleted"})
    add_text(header, "identifier", f"{namespace}{record.entry.record}")
    add_text(header, "datestamp", utc_text(record.entry.noted_at))
    if record.article and record.article.publication:
        add_text(header, "setSpec", set_name(record.article.publication))


def add_record(parent: ET.Element, record: HarvestedRecord, namespace: str, context: dict[str, Any]) -> None:
    """Add a record with its Dublin Core; a deleted one has its header only."""
    element = ET.SubElement(parent, "record")
    add_header(element, record, namespace)
    if record.article is None:
        return
    metadata = ET.SubElement(element, "metadata")
    described = ET.SubElement(
        metadata, f"{{{OAI_DC}}}dc", {f"{{{XSI}}}schemaLocation": f"{OAI_DC} http://www.openarchives.org/OAI/2.0/oai_dc.xsd"}
    )  # fmt: skip
    for name, text in _dublin_core(record.article, context):
        if text:
            add_text(described, f"{{{_DC}}}{name}", text)


def _dublin_core(article: Article, context: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """The elements of Dublin Core of an article, some of them empty."""
    yield "title", article.headline
    credits = list(article.bylines.all())
    is_photographer = Byline.Role.PHOTOGRAPHER
    yield from (("creator", name) for name in _names(one for one in credits if one.role != is_photographer))
    yield from (
        ("contributor", name) for name in _names(one for one in credits if one.role == is_photographer)
    )
    yield from (("description", line) for line in (article.kicker, article.subtitle))
    yield "subject", article.section
    named = [one.organization.name for one in article.organization_appearances.all()]
    yield from (("subject", name) for name in named)
    yield from (("coverage", one.place.name) for one in article.place_appearances.all())
    yield "publisher", article.publication
    yield "date", article.issue_date.isoformat() if article.issue_date else ""
    yield "type", "Text"
    yield "language", LANGUAGE
    yield "identifier", record_url(_KIND, article.pk, context)
    yield "source", _printed(article)


def _names(credits: Iterable[Byline]) -> list[str]:
    return list(dict.fromkeys(one.reporter.survivor.name for one in credits))


def _printed(article: Article) -> str:
    """Where the article was printed: 沂河晚报, 2023-09-14, 01, 要闻."""
    date = article.issue_date.isoformat() if article.issue_date else ""
    page = [article.page.page_number, article.page.page_name] if article.page else []
    return ", ".join(filter(None, [article.publication, date, *page]))
