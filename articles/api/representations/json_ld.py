"""Renders articles and records in the vocabulary of schema.org, for search engines and linked data."""

from collections.abc import Iterable

from articles.api.links import record_url
from articles.reading.gazetteer.coordinates import coordinates

from .base import (
    LANGUAGE,
    JsonDict,
    JsonDocumentRenderer,
    RendererContext,
    canonical_url,
    credited_reporters,
    list_url,
    without_empty,
)

_SCHEMA_ORG = "https://schema.org"
_STATUS = {"draft": "Draft", "in_review": "In review", "published": "Published", "withdrawn": "Withdrawn"}
# The standard of place codes: China's administrative divisions.
_PLACE_CODES = "GB/T 2260"


# Leads to the item of Wikidata with a code of China's administrative divisions (its property P442).
_WIKIDATA_BY_CODE = "https://hub.toolforge.org/P442:{code}"
_COUNTY_DIGITS = 6
_ORGANIZATION_TYPES = {
    "government": "GovernmentOrganization",
    "police": "GovernmentOrganization",
    "court": "GovernmentOrganization",
    "school": "EducationalOrganization",
    "hospital": "MedicalOrganization",
    "research": "ResearchOrganization",
    "company": "Corporation",
    "media": "NewsMediaOrganization",
}


class JsonLdRenderer(JsonDocumentRenderer):
    """Renders an article as a NewsArticle, a list as an ItemList (https://schema.org/NewsArticle, JSON-LD 1.1)."""

    media_type = "application/ld+json"
    format = "jsonld"
    # Web pages embed such documents in a <script>, which printed text must not be able to end.
    escapes = {ord(character): f"\\u{ord(character):04x}" for character in "<>&\u2028\u2029"}

    def document(self, record: JsonDict, context: RendererContext) -> JsonDict:
        return {"@context": _SCHEMA_ORG, **self.item(record, context)}

    def item(self, record: JsonDict, context: RendererContext) -> JsonDict:
        """The node of a record."""
        return _news_article(record, context)

    def list_document(self, answer: JsonDict, context: RendererContext) -> JsonDict:
        items = [self.item(record, context) for record in answer["results"]]
        return {
            "@context": _SCHEMA_ORG,
            "@type": "ItemList",
            **without_empty({"url": list_url(context), "numberOfItems": answer.get("count")}),
            "itemListElement": [
                {"@type": "ListItem", "position": position, "item": item}
                for position, item in enumerate(items, start=1)
            ],
        }


class RecordJsonLdRenderer(JsonLdRenderer):
    """Renders a place as a Place, an organization as an Organization, a reporter as a Person."""

    def item(self, record: JsonDict, context: RendererContext) -> JsonDict:
        match context["view"].basename:
            case "place":
                node = _full_place(record, context)
            case "organization":
                node = _full_organization(record, context)
            case _:
                node = _person(record, context)
        return {**node, "url": canonical_url(record), **without_empty({"alternateName": record["aliases"]})}


def _full_place(place: JsonDict, context: RendererContext) -> JsonDict:
    """A place, within the next larger one, which is within the next, and with its item of Wikidata."""
    node = _place(place, context)
    above: JsonDict = {}
    for ancestor in place["ancestors"]:
        above = {**_place(ancestor, context), **without_empty({"containedInPlace": above})}
    code = place["code"]
    same = _WIKIDATA_BY_CODE.format(code=code) if len(code) == _COUNTY_DIGITS else ""
    return {**node, **without_empty({"containedInPlace": above, "sameAs": same})}


def _full_organization(organization: JsonDict, context: RendererContext) -> JsonDict:
    seat = organization["seat"]
    return {
        "@type": _ORGANIZATION_TYPES.get(organization["kind"], "Organization"),
        "@id": canonical_url(organization),
        "name": organization["name"],
        **({"location": _place(seat, context)} if seat else {}),
    }


def _news_article(article: JsonDict, context: RendererContext) -> JsonDict:
    return {
        "@type": "NewsArticle",
        "@id": canonical_url(article),
        **without_empty(
            {
                "url": canonical_url(article),
                "headline": article["headline"],
                "alternativeHeadline": [line for line in (article["kicker"], article["subtitle"]) if line],
                "articleSection": article["section"],
                "dateline": article.get("dateline"),
                "articleBody": article.get("body"),
                "inLanguage": LANGUAGE,
                "datePublished": article["issue_date"],
                "dateCreated": article.get("created_at"),
                "dateModified": article["updated_at"],
                **_credits(article, context),
                **_print(article),
                "contentLocation": [_place(place, context) for place in article["places"]],
                "mentions": [
                    {
                        "@type": "Organization",
                        "@id": record_url("organization", organization["id"], context),
                        "name": organization["name"],
                    }
                    for organization in article["organizations"]
                ],
                "creativeWorkStatus": _STATUS[article["status"]],
                "version": article["version"],
            }
        ),
    }


def _credits(article: JsonDict, context: RendererContext) -> JsonDict:
    """Writers as authors, photographers as contributors, and the paper as publisher."""
    credits = article["bylines"]
    return {
        "author": _people((credit for credit in credits if credit["role"] != "photographer"), context),
        "contributor": _people((credit for credit in credits if credit["role"] == "photographer"), context),
        "publisher": _organization("NewsMediaOrganization", article["publication"]),
        "sourceOrganization": _organization("NewsMediaOrganization", article.get("agency")),
    }


def _people(credits: Iterable[JsonDict], context: RendererContext) -> list[JsonDict]:
    return [_person(reporter, context) for reporter in credited_reporters(credits)]


def _person(reporter: JsonDict, context: RendererContext) -> JsonDict:
    return {
        "@type": "Person",
        "@id": record_url("reporter", reporter["id"], context),
        "name": reporter["name"],
        **without_empty({"disambiguatingDescription": reporter["disambiguation"]}),
    }


def _organization(kind: str, name: str | None) -> JsonDict:
    return {"@type": kind, "name": name} if name else {}


def _print(article: JsonDict) -> JsonDict:
    """Issue, page and section of the paper."""
    page = article["page"] or {}
    paper = {"@type": "Newspaper", "name": article["publication"]} if article["publication"] else {}
    issue = {"@type": "PublicationIssue", "datePublished": article["issue_date"], "isPartOf": paper}
    return {
        "isPartOf": without_empty(issue) if article["issue_date"] else paper,
        "pagination": page.get("page_number"),
        "printPage": page.get("page_number"),
        "printSection": page.get("page_name"),
    }


def _place(place: JsonDict, context: RendererContext) -> JsonDict:
    """A place; an official division if it has a code."""
    found = {
        "@type": "AdministrativeArea" if place["code"] else "Place",
        "@id": record_url("place", place["id"], context),
        "name": place["name"],
    }
    if place["code"]:
        found["identifier"] = {"@type": "PropertyValue", "propertyID": _PLACE_CODES, "value": place["code"]}
    if point := coordinates(place["code"]):
        found["geo"] = {"@type": "GeoCoordinates", **point._asdict()}
    return found
