"""Validates IPTC ninjs 3.2 by a JSON Schema that is our own arrangement of the published schema.

The standard: https://iptc.org/std/ninjs/ninjs-schema_3.2.json, approved by the IPTC in October 2025. Here are its property
names, types, enumerations, required and forbidden properties. A location's `geoJSON` is any object here: that part
is RFC 7946's.
"""

import re
from typing import Any
from urllib.parse import urlsplit

from jsonschema import Draft202012Validator, FormatChecker

Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
URI: Schema = {"type": "string", "format": "uri"}
TIME: Schema = {"type": "string", "format": "date-time"}
COUNT: Schema = {"type": "integer"}
NUMBER: Schema = {"type": "number"}


def one_of(names: str) -> Schema:
    return {"type": "string", "enum": names.split()}


def between(low: int, high: int) -> Schema:
    return {"type": "integer", "minimum": low, "maximum": high}


def many(schema: Schema) -> Schema:
    return {"type": "array", "items": schema}


def defined(name: str) -> Schema:
    return {"$ref": f"#/$defs/{name}"}


def texts(names: str) -> dict[str, Schema]:
    return dict.fromkeys(names.split(), TEXT)


def closed(properties: dict[str, Schema], required: str = "", **more: Any) -> Schema:
    """An object with these properties and no others."""
    needs = {"required": required.split()} if required else {}
    return {"type": "object", "properties": properties, "additionalProperties": False, **needs, **more}


def exactly_one(*names: str) -> list[Schema]:
    return [{"required": [name]} for name in names]


NAMED = {**texts("name rel literal"), "uri": URI}
CONTACT = {"contactInfo": many(defined("contact"))}
ROLE_VALUE = texts("role contentType value")
PUB_STATUS = one_of("usable withheld canceled")

_DAY = "(-(3[01]|0[1-9]|[12][0-9])(T(2[0-3]|[01][0-9]):[0-5][0-9]:[0-5][0-9](\\.[0-9]+)?(Z|[+-](2[0-3]|[01][0-9]):[0-5][0-9])?)?)?"

DEFINITIONS: dict[str, Schema] = {
    # A year, a month, a day or a time.
    "truncated": {"type": "string", "pattern": f"^-?([1-9][0-9]*)?[0-9]{{4}}(-(1[0-2]|0[1-9]){_DAY})?$"},
    "news_type": one_of("text audio video picture graphic composite component event planning"),
    "contact": closed(
        {
            **texts("type role lang name value"),
            "address": closed({**texts("locality area postalCode country"), "lines": many(TEXT)}),
        },
        oneOf=exactly_one("value", "address"),
    ),
    "dates": closed(
        {
            "startDate": TIME,
            "endDate": TIME,
            "expectedStartDate": defined("truncated"),
            "expectedEndDate": defined("truncated"),
            "expectedDuration": TEXT,
            "recurrence": closed(
                {
                    # An array and a string at once, as published: no value can be both.
                    "recurrenceDates": {"type": "array", **defined("truncated")},
                    "recurrenceRules": many(
                        closed(
                            {
                                "frequency": one_of("secondly minutely hourly daily weekly monthly yearly"),
                                "interval": COUNT,
                                "until": TIME,
                                "count": COUNT,
                            }
                        )
                    ),
                }
            ),
        },
        anyOf=[
            {"oneOf": exactly_one("startDate", "expectedStartDate")},
            {"oneOf": exactly_one("endDate", "expectedEndDate")},
        ],
    ),
    "organisation": closed(
        {**NAMED, **CONTACT, "symbols": many(closed({**texts("exchange symbol"), "symbolType": URI}))}
    ),
    "rendition": closed(
        {
            **texts("name contentType title format aspectRatio videoCodec transportProtocol bitrate"),
            **dict.fromkeys(("width", "height", "sizeInBytes"), COUNT),
            **dict.fromkeys(("duration", "frameRate"), NUMBER),
            "href": URI,
            "poi": closed({"x": COUNT, "y": COUNT}),
            "scanType": one_of("progressive interlaced"),
            "resources": many(closed(texts("role title language contentType"))),
        },
        required="name",
    ),
    "coverage": closed(
        {
            **texts("title edNote language"),
            "uri": URI,
            "pubStatus": PUB_STATUS,
            "type": defined("news_type"),
            "commissioned": closed({"by": TEXT, "on": TIME, "references": many(closed(texts("name value")))}),
            "dates": defined("dates"),
            "audiences": many(closed({"audience": TEXT, "significance": COUNT})),
            "exclAudience": many(TEXT),
            "urgency": between(1, 9),
            "itemCount": closed({"rangeFrom": COUNT, "rangeTo": COUNT}),
            "wordCount": COUNT,
            "renditions": many(defined("rendition")),
        }
    ),
    "item": {
        "type": "object",
        "required": ["uri"],
        "properties": {
            **texts(
                "profile version copyrightHolder copyrightNotice usageTerms edNote language title by slugline located"
            ),
            **dict.fromkeys(
                ("firstCreated", "versionCreated", "contentCreated", "embargoedUntil", "expires"), TIME
            ),
            "uri": URI,
            "type": defined("news_type"),
            "representationType": one_of("full partial"),
            "pubStatus": PUB_STATUS,
            "urgency": between(1, 9),
            "headlines": many(closed(ROLE_VALUE, required="value")),
            "descriptions": many(closed(ROLE_VALUE, required="value")),
            "bodies": many(closed({**ROLE_VALUE, "charCount": COUNT, "wordCount": COUNT}, required="value")),
            "people": many(closed({**NAMED, **CONTACT})),
            "organisations": many(defined("organisation")),
            "places": many(closed({**NAMED, **CONTACT, "geoJSON": {"type": "object"}})),
            "subjects": many(
                closed(
                    {**NAMED, "creator": TEXT, "relevance": between(0, 100), "confidence": between(0, 100)}
                )
            ),
            "events": many(closed({**NAMED, "id": TEXT})),
            "eventDetails": closed(
                {
                    "eventStatus": URI,
                    "plannedCoverageStatus": URI,
                    "dates": defined("dates"),
                    "organiser": defined("organisation"),
                }
            ),
            "plannedCoverage": many(defined("coverage")),
            "objects": many(closed(NAMED)),
            "infoSources": many(closed({**texts("name role literal"), "uri": URI, **CONTACT})),
            "renditions": many(defined("rendition")),
            "associations": many(
                {
                    **defined("item"),
                    "type": "object",
                    "properties": texts("name rel"),
                    "required": ["name"],
                    "unevaluatedProperties": False,
                }
            ),
            "altIds": many(closed(texts("role value"))),
            "trustIndicators": many(closed({"role": URI, "title": TEXT, "href": URI})),
            "standard": closed({"name": TEXT, "version": TEXT, "schema": URI}),
            # The published schema gives this `uri` no format.
            "genres": many(closed(texts("name uri literal"))),
            "rightsInfo": closed(
                {"langId": URI, "linkedRights": URI, "encodedRights": TEXT},
                oneOf=exactly_one("linkedRights", "encodedRights"),
            ),
            "digitalSourceType": closed({**texts("name literal"), "uri": URI}),
        },
    },
}
SCHEMA: Schema = {"$defs": DEFINITIONS, **defined("item"), "unevaluatedProperties": False}

# jsonschema checks these formats only with packages that are not needed otherwise.
FORMATS = FormatChecker(formats=())
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", re.ASCII)


@FORMATS.checks("uri")
def is_uri(value: object) -> bool:
    """Whether a value is an absolute URI without characters that it must encode (RFC 3986)."""
    if not isinstance(value, str):
        return True
    parts = urlsplit(value)
    return bool(parts.scheme and (parts.netloc or parts.path)) and not re.search(
        r"[^!-~]|[<>\"{}|\\^`]", value
    )


@FORMATS.checks("date-time")
def is_time(value: object) -> bool:
    """Whether a value is a time with an offset (RFC 3339)."""
    return not isinstance(value, str) or bool(_TIME.fullmatch(value))


def problems(document: Any) -> list[str]:
    """What the standard does not allow in a document, and where."""
    found = Draft202012Validator(SCHEMA, format_checker=FORMATS).iter_errors(document)
    return [f"{error.json_path}: {error.message}" for error in found]
