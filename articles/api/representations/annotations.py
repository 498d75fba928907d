"""Renders mentions as W3C Web Annotations."""

from articles.api.links import record_url
from articles.api.text_fragments import surrounding_text

from .base import (
    LANGUAGE,
    JsonDict,
    JsonDocumentRenderer,
    RendererContext,
    canonical_url,
    list_url,
    request_url,
    without_empty,
)

_ANNOTATION_PROFILE = "http://www.w3.org/ns/anno.jsonld"
# The model lacks a term `why`; it is a JSON literal (JSON-LD 1.1, 4.2.2).
ANNOTATION_CONTEXT = [
    _ANNOTATION_PROFILE,
    {"@version": 1.1, "why": {"@id": "urn:x-newsroom:why", "@type": "@json"}},
]
# What says why a mention is linked as it is; the last two are given to the newsroom alone.
_WHY = ("method", "rule", "rule_version", "score", "candidates", "verdict", "decided_by", "decided_at")


class AnnotationRenderer(JsonDocumentRenderer):
    """A mention as an Annotation, several as an AnnotationPage (W3C Web Annotation Data Model, 3 and 5).

    The media type is that of the Web Annotation Protocol, 4.1.
    """

    media_type = f'application/ld+json; profile="{_ANNOTATION_PROFILE}"'
    format = "annotation"

    def document(self, record: JsonDict, context: RendererContext) -> JsonDict:
        if "mentions" in record:
            return {"@context": ANNOTATION_CONTEXT, **_page_of_article(record, context)}
        return {
            "@context": ANNOTATION_CONTEXT,
            **_annotation(record, canonical_url(record["article"]), context),
        }

    def list_document(self, answer: JsonDict, context: RendererContext) -> JsonDict:
        items = [
            _annotation(mention, canonical_url(mention["article"]), context) for mention in answer["results"]
        ]
        links = {"next": answer.get("next"), "prev": answer.get("previous")}
        return {
            "@context": ANNOTATION_CONTEXT,
            **_page(request_url(context), list_url(context), answer.get("count"), items),
            **without_empty(links),
        }


def _page_of_article(article: JsonDict, context: RendererContext) -> JsonDict:
    """All mentions of an article as one page."""
    url = canonical_url(article)
    items = [
        _annotation({**mention, **_around(article, mention)}, url, context) for mention in article["mentions"]
    ]
    return _page(f"{url}?format={AnnotationRenderer.format}", f"{url}mentions/", len(items), items)


def _page(url: str, collection: str, total: int | None, items: list[JsonDict]) -> JsonDict:
    known = {} if total is None else {"total": total}
    return {
        "id": url,
        "type": "AnnotationPage",
        "partOf": {"id": collection, "type": "AnnotationCollection", "label": "Mentions", **known},
        "items": items,
    }


def _around(article: JsonDict, mention: JsonDict) -> JsonDict:
    """The text before and after a mention; none if the text was changed since."""
    text = article[mention["part"]]
    around = surrounding_text(text, mention["start"], mention["end"], mention["surface"])
    return dict(zip(("prefix", "suffix"), around, strict=True)) if around else {"is_outdated": True}


def _annotation(mention: JsonDict, article_url: str, context: RendererContext) -> JsonDict:
    body = _body(mention, context)
    return {
        "id": canonical_url(mention),
        "type": "Annotation",
        "motivation": body["purpose"],
        "body": body,
        "target": {
            "type": "SpecificResource",
            "source": f"{article_url}text/{mention['part']}/",
            "selector": _selectors(mention),
        },
        "why": without_empty({name: mention.get(name) for name in _WHY}),
    }


def _body(mention: JsonDict, context: RendererContext) -> JsonDict:
    """The record that a mention is linked to; without one, its own words as a tag."""
    if record := mention["record"]:
        url = record_url(mention["kind"], record["id"], context)
        return {"type": "SpecificResource", "purpose": "identifying", "source": url}
    tag = {"value": mention["surface"], "format": "text/plain", "language": LANGUAGE}
    return {"type": "TextualBody", "purpose": "tagging", **tag}


def _selectors(mention: JsonDict) -> list[JsonDict]:
    """The position of a mention by offsets in code points, and by a quote that survives changes of the text."""
    quote = {
        "type": "TextQuoteSelector",
        "exact": mention["surface"],
        **without_empty({name: mention.get(name) for name in ("prefix", "suffix")}),
    }
    if mention.get("is_outdated"):
        return [quote]
    return [{"type": "TextPositionSelector", "start": mention["start"], "end": mention["end"]}, quote]
