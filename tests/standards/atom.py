"""Validates Atom feeds by RFC 4287, section 4: which elements are required, and how often."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from xml.etree import ElementTree as ET

Element = ET.Element

ATOM = "{http://www.w3.org/2005/Atom}"
# The least and the largest number of a child; None for any number (4.1.1 and 4.1.2).
_ONCE, _AT_MOST_ONCE, _ANY = (1, 1), (0, 1), (0, None)
_META = {"id": _ONCE, "title": _ONCE, "updated": _ONCE, "rights": _AT_MOST_ONCE}
_BOTH = {**_META, "author": _ANY, "contributor": _ANY, "category": _ANY, "link": _ANY}
_FEED = {
    **_BOTH, "entry": _ANY, "subtitle": _AT_MOST_ONCE, "generator": _AT_MOST_ONCE, "icon": _AT_MOST_ONCE,
    "logo": _AT_MOST_ONCE,
}  # fmt: skip
_ENTRY = {
    **_BOTH,
    "summary": _AT_MOST_ONCE,
    "content": _AT_MOST_ONCE,
    "published": _AT_MOST_ONCE,
    "source": _AT_MOST_ONCE,
}
_PERSON = {"name": _ONCE, "uri": _AT_MOST_ONCE, "email": _AT_MOST_ONCE}
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", re.ASCII)
_ABSOLUTE = re.compile(r"[a-z][a-z0-9+.-]*:[!-~]+")


def problems(document: bytes) -> list[str]:
    """What the standard does not allow in a document, and where."""
    try:
        feed = ET.fromstring(document)
    except ET.ParseError as error:
        return [f"no XML: {error}"]
    if feed.tag != f"{ATOM}feed":
        return [f"{feed.tag} is no feed"]
    found = [*_of_children(feed, _FEED), *_of_parts(feed), *_of_alternates(feed)]
    ids = Counter(entry.findtext(f"{ATOM}id") for entry in feed.iter(f"{ATOM}entry"))
    found += [f"the id {name} is of {count} entries" for name, count in ids.items() if count > 1]
    for entry in feed.iter(f"{ATOM}entry"):
        found += _of_entry(entry, feed)
    return found


def _of_entry(entry: Element, feed: Element) -> Iterator[str]:
    yield from _of_children(entry, _ENTRY)
    yield from _of_parts(entry)
    yield from _of_alternates(entry)
    if not any(place.findall(f"{ATOM}author") for place in (entry, feed)):
        yield "entry: neither it nor the feed has an author"
    links = {link.get("rel", "alternate") for link in entry.findall(f"{ATOM}link")}
    if entry.find(f"{ATOM}content") is None and "alternate" not in links:
        yield "entry: has neither content nor a link to it"


def _of_children(element: Element, allowed: Mapping[str, tuple[int, int | None]]) -> Iterator[str]:
    name = element.tag.removeprefix(ATOM)
    counts = Counter(child.tag.removeprefix(ATOM) for child in element)
    for child in counts.keys() - allowed.keys():
        yield f"{name}: has no {child}"
    for child, (least, most) in allowed.items():
        if counts[child] < least or (most is not None and counts[child] > most):
            yield f"{name}: has {counts[child]} {child}"


def _of_parts(element: Element) -> Iterator[str]:
    """Check the constructs that feeds and entries share (3 and 4.2)."""
    for child in element:
        name, text = child.tag.removeprefix(ATOM), child.text or ""
        if name in {"updated", "published"} and not _TIME.fullmatch(text):
            yield f"{name}: {text!r} is no time"
        if name in {"id", "icon", "logo"} and not _ABSOLUTE.fullmatch(text):
            yield f"{name}: {text!r} is no absolute address"
        if name in {"author", "contributor"}:
            yield from _of_children(child, _PERSON)
            if not child.findtext(f"{ATOM}name"):
                yield f"{name}: has no name"
        if name == "link" and not _ABSOLUTE.fullmatch(child.get("href", "")):
            yield f"link: {child.get('href')!r} is no address"
        if name == "category" and not child.get("term"):
            yield "category: has no term"
        if name in {"title", "summary", "subtitle", "rights"}:
            yield from _of_text(child)


def _of_text(child: Element) -> Iterator[str]:
    if child.get("type", "text") not in {"text", "html", "xhtml"}:
        yield f"{child.tag}: {child.get('type')} is no type of text"
    if child.get("type", "text") != "xhtml" and len(child):
        yield f"{child.tag}: has elements inside"


def _of_alternates(element: Element) -> Iterator[str]:
    links = element.findall(f"{ATOM}link")
    kinds = Counter(
        (link.get("type"), link.get("hreflang"))
        for link in links
        if link.get("rel", "alternate") == "alternate"
    )
    if any(count > 1 for count in kinds.values()):
        yield f"{element.tag}: has two alternates of one type"
