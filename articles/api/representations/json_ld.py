"""Articles in the vocabulary of schema.org, for search engines and for whoever reads linked data."""

from __future__ import annotations

from collections.abc import Iterable

from .documents import (
    LANGUAGE,
    Context,
    Json,
    JsonDocument,
    address,
    filled,
    record_url,
    reporters,
    whole_list,
)

CONTEXT = "https://schema.org"
_STATUS = {"draft": "Draft", "in_review": "In review", "published": "Published", "withdrawn": "Withdrawn"}
# The standard of the codes of places: China's administrative divisions.
_PLACE_CODES = "GB/T 2260"


class JsonLdRenderer(JsonDocument):
    """An article as a NewsArticle, a list of them as an ItemList (https://schema.org/NewsArticle, JSON-LD 1.1)."""

    media_type = "application/ld+json"
    format = "jsonld"
    # Pages carry such documents in a <script>, which text that was printed must not end.
    escapes = {ord(character): f"\\u{ord(character):04x}" for character in "<>&\u2028\u2029"}

    def document(self, record: Json, context: Context) -> Json:
        return {"@context": CONTEXT, **_news_article(record, context)}

    def list_document(self, answer: Json, context: Context) -> Json:
        articles = [_news_article(article, context) for article in answer["results"]]
        return {
            "@context": CONTEXT,
            "@type": "ItemList",
            **filled({"url": whole_list(context), "numberOfItems": answer.get("count")}),
            "itemListElement": [
                {"@type": "ListItem", "position": position, "item": article}
                for position, article in enumerate(articles, start=1)
            ],
        }


def _news_article(article: Json, context: Context) -> Json:
    return {
        "@type": "NewsArticle",
        "@id": address(article),
        **filled(
            {
                "url": address(article),
                **_text(article),
                **_dates(article),
                **_credits(article, context),
                **_print(article),
                **_named(article, context),
                "creativeWorkStatus": _STATUS[article["status"]],
                "version": article["version"],
            }
        ),
    }


def _text(article: Json) -> Json:
    return {
        "headline": article["headline"],
        "alternativeHeadline": [line for line in (article["kicker"], article["subtitle"]) if line],
        "articleSection": article["section"],
        "dateline": article.get("dateline"),
        "articleBody": article.get("body"),
        "inLanguage": LANGUAGE,
    }


def _dates(article: Json) -> Json:
    return {
        "datePublished": article["issue_date"],
        "dateCreated": article.get("created_at"),
        "dateModified": article["updated_at"],
    }


def _credits(article: Json, context: Context) -> Json:
    """Who wrote it, and who took the pictures, which is no authorship of the text."""
    credits = article["bylines"]
    return {
        "author": _people((credit for credit in credits if credit["role"] != "photographer"), context),
        "contributor": _people((credit for credit in credits if credit["role"] == "photographer"), context),
        "publisher": _organization("NewsMediaOrganization", article["publication"]),
        "sourceOrganization": _organization("NewsMediaOrganization", article.get("agency")),
    }


def _people(credits: Iterable[Json], context: Context) -> list[Json]:
    return [
        {
            "@type": "Person",
            "@id": record_url("reporter", reporter["id"], context),
            "name": reporter["name"],
            **filled({"disambiguatingDescription": reporter["disambiguation"]}),
        }
        for reporter in reporters(credits)
    ]


def _organization(kind: str, name: str | None) -> Json:
    return {"@type": kind, "name": name} if name else {}


def _print(article: Json) -> Json:
    """Where it was printed: the issue of the paper, the page and the section."""
    page = article["page"] or {}
    paper = {"@type": "Newspaper", "name": article["publication"]} if article["publication"] else {}
    issue = {"@type": "PublicationIssue", "datePublished": article["issue_date"], "isPartOf": paper}
    return {
        "isPartOf": filled(issue) if article["issue_date"] else paper,
        "pagination": page.get("page_number"),
        "printPage": page.get("page_number"),
        "printSection": page.get("page_name"),
    }


def _named(article: Json, context: Context) -> Json:
    return {
        "contentLocation": [_place(place, context) for place in article["places"]],
        "mentions": [
            {
                "@type": "Organization",
                "@id": record_url("organization", organization["id"], context),
                "name": organization["name"],
            }
            for organization in article["organizations"]
        ],
    }


def _place(place: Json, context: Context) -> Json:
    """A place; one with a code is an official division."""
    found = {
        "@type": "AdministrativeArea" if place["code"] else "Place",
        "@id": record_url("place", place["id"], context),
        "name": place["name"],
    }
    if place["code"]:
        found["identifier"] = {"@type": "PropertyValue", "propertyID": _PLACE_CODES, "value": place["code"]}
    return found
