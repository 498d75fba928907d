"""Mentions as Web Annotations: what stands where in a text, in a form that annotation tools read."""

from __future__ import annotations

from .documents import LANGUAGE, Context, Json, JsonDocument, address, filled, here, record_url, whole_list

CONTEXT = "http://www.w3.org/ns/anno.jsonld"
# Code points on either side that tell a quote from others of the same words: as many as mentions in lists have.
_AROUND = 32


class AnnotationRenderer(JsonDocument):
    """A mention as an Annotation, several as an AnnotationPage (W3C Web Annotation Data Model, 3 and 5).

    The media type is that of the Web Annotation Protocol, 4.1.
    """

    media_type = f'application/ld+json; profile="{CONTEXT}"'
    format = "annotation"

    def document(self, record: Json, context: Context) -> Json:
        if "mentions" in record:
            return {"@context": CONTEXT, **_page_of_article(record, context)}
        return {"@context": CONTEXT, **_annotation(record, address(record["article"]), context)}

    def list_document(self, answer: Json, context: Context) -> Json:
        items = [_annotation(mention, address(mention["article"]), context) for mention in answer["results"]]
        links = {"next": answer.get("next"), "prev": answer.get("previous")}
        return {
            "@context": CONTEXT,
            **_page(here(context), whole_list(context), answer.get("count"), items),
            **filled(links),
        }


def _page_of_article(article: Json, context: Context) -> Json:
    """All mentions of an article, which its answer has on one page."""
    url = address(article)
    items = [
        _annotation({**mention, **_around(article, mention)}, url, context) for mention in article["mentions"]
    ]
    return _page(f"{url}?format={AnnotationRenderer.format}", f"{url}mentions/", len(items), items)


def _page(url: str, collection: str, total: int | None, items: list[Json]) -> Json:
    known = {} if total is None else {"total": total}
    return {
        "id": url,
        "type": "AnnotationPage",
        "partOf": {"id": collection, "type": "AnnotationCollection", "label": "Mentions", **known},
        "items": items,
    }


def _around(article: Json, mention: Json) -> Json:
    """The text before a mention and behind it; none where the text was changed since."""
    text, start, end = article[mention["part"]], mention["start"], mention["end"]
    if text[start:end] != mention["surface"]:
        return {"is_stale": True}
    return {"prefix": text[max(start - _AROUND, 0) : start], "suffix": text[end : end + _AROUND]}


def _annotation(mention: Json, article_url: str, context: Context) -> Json:
    body = _body(mention, context)
    return {
        "id": address(mention),
        "type": "Annotation",
        "motivation": body["purpose"],
        "body": body,
        "target": {
            "type": "SpecificResource",
            "source": f"{article_url}text/{mention['part']}/",
            "selector": _selectors(mention),
        },
    }


def _body(mention: Json, context: Context) -> Json:
    """The record that a mention stands for; its own words as a tag where nobody knows which that is."""
    if record := mention["record"]:
        url = record_url(mention["kind"], record["id"], context)
        return {"type": "SpecificResource", "purpose": "identifying", "source": url}
    tag = {"value": mention["surface"], "format": "text/plain", "language": LANGUAGE}
    return {"type": "TextualBody", "purpose": "tagging", **tag}


def _selectors(mention: Json) -> list[Json]:
    """Where it stands, twice: by offsets in code points, and by words that survive a change of the text."""
    quote = {
        "type": "TextQuoteSelector",
        "exact": mention["surface"],
        **filled({name: mention.get(name) for name in ("prefix", "suffix")}),
    }
    if mention.get("is_stale"):
        return [quote]
    return [{"type": "TextPositionSelector", "start": mention["start"], "end": mention["end"]}, quote]
