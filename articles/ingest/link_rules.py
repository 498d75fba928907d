"""The rules of the linker by name, and the sentence that says why a mention is linked, or why it is not."""

from __future__ import annotations

from collections.abc import Sequence

from .gazetteer import Gazetteer
from .link_atlas import CITY, codes, key_of, level, lineage, named, whereabouts
from .records import Link

RULE_VERSION = "links-1"

# What follows “because”, by rule. `witness` is the linked name nearby that decided.
RULES = {
    # places
    "own_name": "no other place of the official list has that name",
    "short_name": "it is a short form of that name and of no other",
    "former_name": "that is what the place was called before",
    "largest": "a short form without more means the largest place that has it",
    "chain": "{witness} stands next to it",
    "same_article": "elsewhere in the article {witness}",
    "sentence": "the sentence names {witness}",
    "article": "the article names {witness}",
    "page": "another article of the page names {witness}",
    "home": "the paper is at home there",
    "last_named": "it points back to the last such place that was named before it",
    "alias": "an editor recorded that other name",
    "apart": "an editor decided that it is not what it seems",
    "several_aliases": "editors recorded that name for several",
    "feature": "rivers, mountains, roads and sights have no code in the official list",
    "taiwan": "the official list has no codes for places in Taiwan",
    "local": "roads, stations and sights have no code in the official list, and the text is about one county or city",
    "nowhere": "many towns have a road, a station or a sight of that name, and nothing tells which is meant",
    "foreign": "it lies abroad, where the official list does not reach",
    "region": "countries and regions have no code in the official list",
    "word": "the name is a common word as well, and nothing around it names the city or province",
    "several_fit": "nothing in the sentence, the article, the page or the paper's home tells which it is",
    "none_fits": "the article names other counties, and none of these places lies in them",
    "division_or_feature": "the name is that of a mountain, river or lake as well",
    "outside": "the official list has no such place in {witness}, which stands before it",
    "unlisted": "neither the official list nor the list of other places has that name",
    # organizations
    "seat_in_name": "its name begins with its seat",
    "known_body": "there is no other body of that name",
    "proper_name": "the name is its own, and says of no seat",
    "full_form": "the article has the full form as well",
    "beside": "{witness} stands before it",
    "level_article": "the article is about no other place of that level",
    "level_page": "the page is about no other place of that level",
    "level_home": "the paper is at home there",
    "level_unclear": "several places of that level may be meant, or none is named",
    "seat_unclear": "several places have the name of its seat",
    "generic": "many bodies are called so, and nothing says which it is",
}

_MOST_TOLD = 3


def explain(link: Link, links: Sequence[Link], china: Gazetteer) -> str:
    """Why a mention is linked as it is, in a sentence; `links` are those of its article, or of its page.

    “金盆村” is 金盆村 in 大王镇, 芮城县 (140830105209), because 大王镇 stands next to it; 52 other places of that
    name were ruled out.
    """
    reason = _reason(link, links, china)
    surface = link.mention.surface
    if link.status == "unknown":
        return f"“{surface}” is not linked, because {reason}."
    if link.status == "ambiguous":
        return f"“{surface}” may be {_alternatives(link, china)}, because {reason}."
    return f"“{surface}” is {link.name}{_where(link, china)}, because {reason}{_ruled_out(link, china)}."


def _where(link: Link, china: Gazetteer) -> str:
    if link.code is None and link.within:
        return f", a place without code in {lineage(china, link.within)[-1].name}"
    if link.code is None:
        return ", a place without code" if link.mention.kind == "place" else ""
    if link.mention.kind == "organization":
        return f", seated in {lineage(china, link.code)[-1].name} ({link.code})"
    upper = whereabouts(china, link.code)
    return f" in {upper} ({link.code})" if upper else f" ({link.code})"


def _ruled_out(link: Link, china: Gazetteer) -> str:
    if link.mention.kind == "organization" or link.code is None:
        return ""
    others = sum(place.code != link.code for place in named(china, key_of(link.mention.surface)))
    if not others:
        return ""
    return f"; {others} other {'place' if others == 1 else 'places'} of that name {'was' if others == 1 else 'were'} ruled out"


def _alternatives(link: Link, china: Gazetteer) -> str:
    told = [_candidate(candidate, china) for candidate in link.candidates[:_MOST_TOLD]]
    more = len(link.candidates) - len(told)
    return " or ".join([*told, *([f"{more} more"] if more > 0 else [])])


def _candidate(candidate: str, china: Gazetteer) -> str:
    chain = lineage(china, candidate)
    if not chain:
        return candidate
    upper = whereabouts(china, candidate)
    return f"{chain[-1].name} in {upper} ({candidate})" if upper else f"{chain[-1].name} ({candidate})"


def _reason(link: Link, links: Sequence[Link], china: Gazetteer) -> str:
    if link.rule != "same_article":
        return RULES[link.rule].format(witness=_witness(link, links, china))
    others = (other for other in links if other.code == link.code and other.mention.kind == "place")
    decided = next((other for other in others if other.rule != link.rule), None)
    if decided is None:
        return RULES[link.rule].format(witness="a body is seated there")
    if decided.mention.surface != link.mention.surface:
        return RULES[link.rule].format(witness=f"it is called {decided.mention.surface}")
    reason = _reason(decided, links, china)
    return RULES[link.rule].format(witness=reason) if decided.rule == "chain" else reason


def _witness(link: Link, links: Sequence[Link], china: Gazetteer) -> str:
    """The name of the linked place that speaks for this link: the one beside it, or else the nearest around it."""
    beside = next((other for other in links if _stands_beside(other, link)), None)
    if beside is not None and link.rule in {"chain", "outside", "beside"}:
        return beside.name or beside.mention.surface
    around = [lineage(china, code) for other in links if (code := _speaks_for(other, link, china))]
    nearest = max(around, key=len, default=())
    return nearest[-1].name if nearest else "a place that it belongs to"


def _stands_beside(other: Link, link: Link) -> bool:
    mine, theirs = link.mention, other.mention
    borders = theirs.end == mine.start if link.rule != "chain" else mine.start in (theirs.end, theirs.end + 1)
    ends = link.rule == "chain" and mine.end == theirs.start
    return theirs.part == mine.part and theirs.kind == "place" and (borders or ends)


def _speaks_for(other: Link, link: Link, china: Gazetteer) -> str:
    """The code of the place by which another link speaks for this one, if the one lies in the other; or nothing.

    Another village of the same county speaks by the county.
    """
    if link.code is None or other.code is None or other.code == link.code:
        return ""
    if link.code in codes(china, other.code):
        return other.code
    shared = lineage(china, other.code)
    mine = codes(china, link.code)
    return next((place.code for place in reversed(shared) if place.code in mine and level(place) >= CITY), "")
