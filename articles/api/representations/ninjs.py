"""Renders articles as IPTC ninjs (News in JSON), for agencies and systems of other papers."""

from articles.api.links import record_url

from .base import (
    LANGUAGE,
    JsonDict,
    JsonDocumentRenderer,
    RendererContext,
    canonical_url,
    credited_reporters,
    issue_time,
    request_url,
    without_empty,
)

# The newest version that the IPTC has approved, in October 2025; 3.3 is a draft.
_VERSION = "3.2"
_STANDARD = {
    "name": "ninjs",
    "version": _VERSION,
    "schema": f"https://www.iptc.org/std/ninjs/ninjs-schema_{_VERSION}.json",
}
_PUB_STATUS = {"draft": "withheld", "in_review": "withheld", "published": "usable", "withdrawn": "canceled"}


class NinjsRenderer(JsonDocumentRenderer):
    """Renders an article as a text item, a list as a composite item with associations (IPTC ninjs 3.2).

    https://iptc.org/std/ninjs/ninjs-schema_3.2.json; the standard registers no media type.
    """

    media_type = "application/vnd.iptc.ninjs+json"
    format = "ninjs"

    def document(self, record: JsonDict, context: RendererContext) -> JsonDict:
        return {"standard": _STANDARD, **_item(record, context)}

    def list_document(self, answer: JsonDict, context: RendererContext) -> JsonDict:
        """The list as one item; `rel` distinguishes its articles from the next and previous pages."""
        associations = [
            {**_item(article, context), "name": article["headline"] or canonical_url(article), "rel": "item"}
            for article in answer["results"]
        ]
        associations += [
            {"uri": answer[name], "type": "composite", "name": name, "rel": name}
            for name in ("previous", "next")
            if answer.get(name)
        ]
        return {
            "standard": _STANDARD,
            "uri": request_url(context),
            "type": "composite",
            "representationType": "partial",
            "associations": associations,
        }


def _item(article: JsonDict, context: RendererContext) -> JsonDict:
    is_whole = "body" in article
    return {
        "uri": canonical_url(article),
        "type": "text",
        "representationType": "full" if is_whole else "partial",
        "pubStatus": _PUB_STATUS[article["status"]],
        "language": LANGUAGE,
        **without_empty(
            {
                "version": str(article["version"]),
                **_dates(article),
                **_text(article),
                **_credits(article, context),
                **_named(article, context),
                "altIds": [{"role": "id", "value": str(article["id"])}],
            }
        ),
    }


def _dates(article: JsonDict) -> JsonDict:
    printed = issue_time(article["issue_date"])
    return {
        "firstCreated": article.get("created_at"),
        "versionCreated": article["updated_at"],
        "contentCreated": printed.isoformat() if printed else None,
    }


def _text(article: JsonDict) -> JsonDict:
    headlines = (("main", "headline"), ("kicker", "kicker"), ("subhead", "subtitle"))
    body = article.get("body")
    return {
        "title": article["headline"],
        "headlines": [
            {"role": role, "contentType": "text/plain", "value": article[part]}
            for role, part in headlines
            if article[part]
        ],
        "bodies": [{"role": "main", "contentType": "text/plain", "charCount": len(body), "value": body}]
        if body
        else [],
        "descriptions": [
            {"role": role, "contentType": "text/plain", "value": value}
            # `located` takes the name of a place, which a dateline as printed is not.
            for role, value in (("dateline", article.get("dateline")), ("print", _printed(article)))
            if value
        ],
    }


def _printed(article: JsonDict) -> str:
    """Issue and page as text: ninjs has no property for them."""
    page = article["page"] or article
    names = ("publication", "issue_date", "page_number", "page_name")
    return " ".join(str(page[name]) for name in names if page.get(name))


def _credits(article: JsonDict, context: RendererContext) -> JsonDict:
    """The byline, and credits as infoSources: `people` is for those that the text is about."""
    sources = [
        {
            "name": credit["reporter"]["name"],
            "role": credit["role"],
            "uri": record_url("reporter", credit["reporter"]["id"], context),
        }
        for credit in article["bylines"]
    ]
    for role, name in (("agency", article.get("agency")), ("publication", article["publication"])):
        if name:
            sources.append({"name": name, "role": role})
    return {
        "by": "、".join(reporter["name"] for reporter in credited_reporters(article["bylines"])),
        "infoSources": sources,
    }


def _named(article: JsonDict, context: RendererContext) -> JsonDict:
    section = article["section"]
    return {
        "places": [
            {
                "name": place["name"],
                "rel": "mentions",
                "uri": record_url("place", place["id"], context),
                **without_empty({"literal": place["code"]}),
            }
            for place in article["places"]
        ],
        "organisations": [
            {
                "name": organization["name"],
                "rel": "mentions",
                "uri": record_url("organization", organization["id"], context),
            }
            for organization in article["organizations"]
        ],
        "subjects": [{"name": section, "rel": "section"}] if section else [],
    }
