"""Validates documents by the W3C Web Annotation Data Model: its requirements for each class (3, 4 and 5).

https://www.w3.org/TR/2017/REC-annotation-model-20170223/
"""

import re
from collections.abc import Iterator
from typing import Any

CONTEXT = "http://www.w3.org/ns/anno.jsonld"
MOTIVATIONS = frozenset(
    "assessing bookmarking classifying commenting describing editing highlighting identifying linking moderating "
    "questioning replying tagging".split()
)
_ABSOLUTE = re.compile(r"[a-z][a-z0-9+.-]*:[!-~]+")


def problems(document: Any) -> list[str]:
    """What the model does not allow in an Annotation or AnnotationPage, and where."""
    given = document.get("@context")
    # Several are a list (3.1), and define terms of their own.
    first = given[0] if isinstance(given, list) and given else given
    context = [] if first == CONTEXT else ["$: @context is not that of annotations"]
    match document.get("type"):
        case "Annotation":
            return [*context, *_of_annotation(document, "$")]
        case "AnnotationPage":
            return [*context, *_of_page(document)]
    return [*context, f"$: {document.get('type')!r} is no class of the model"]


def _of_page(page: dict[str, Any]) -> Iterator[str]:
    yield from _needs_id(page, "$")
    if not isinstance(page.get("items"), list):
        yield "$: has no items"
        return
    for name in ("next", "prev"):
        if name in page and not _is_address(page[name]):
            yield f"$.{name}: is no address"
    if collection := page.get("partOf"):
        yield from _needs_id(collection, "$.partOf")
        total = collection.get("total", 0)
        if collection.get("type") != "AnnotationCollection" or not isinstance(total, int) or total < 0:
            yield "$.partOf: is no collection"
    for number, item in enumerate(page["items"]):
        yield from _of_annotation(item, f"$.items[{number}]")


def _of_annotation(annotation: dict[str, Any], path: str) -> Iterator[str]:
    yield from _needs_id(annotation, path)
    if annotation.get("type") != "Annotation":
        yield f"{path}: is no Annotation"
    if annotation.get("motivation") not in MOTIVATIONS:
        yield f"{path}: {annotation.get('motivation')!r} is no motivation"
    yield from _of_resource(annotation.get("body", {}), f"{path}.body")
    yield from _of_resource(annotation.get("target", {}), f"{path}.target")


def _of_resource(resource: dict[str, Any], path: str) -> Iterator[str]:
    if "purpose" in resource and resource["purpose"] not in MOTIVATIONS:
        yield f"{path}: {resource['purpose']!r} is no purpose"
    match resource.get("type"):
        case "SpecificResource":
            if not _is_address(resource.get("source")):
                yield f"{path}: has no source"
            for number, selector in enumerate(resource.get("selector", [])):
                yield from _of_selector(selector, f"{path}.selector[{number}]")
        case "TextualBody":
            if not isinstance(resource.get("value"), str):
                yield f"{path}: has no value"
        case kind:
            yield f"{path}: {kind!r} is no resource"


def _of_selector(selector: dict[str, Any], path: str) -> Iterator[str]:
    match selector:
        case {"type": "TextPositionSelector", "start": int(start), "end": int(end)}:
            if not 0 <= start <= end:
                yield f"{path}: ends before it begins"
        case {"type": "TextQuoteSelector", "exact": str(), **more}:
            if any(not isinstance(more.get(name, ""), str) for name in ("prefix", "suffix")):
                yield f"{path}: is quoted by what is no text"
        case _:
            yield f"{path}: is no selector"


def _needs_id(node: dict[str, Any], path: str) -> Iterator[str]:
    if not _is_address(node.get("id")):
        yield f"{path}: has no id"


def _is_address(value: object) -> bool:
    return isinstance(value, str) and bool(_ABSOLUTE.fullmatch(value))


def quoted(annotation: dict[str, Any], text: str) -> tuple[str, str]:
    """The text at the position of an annotation, and the text that it quotes."""
    position, quote = annotation["target"]["selector"]
    return text[position["start"] : position["end"]], quote["exact"]
