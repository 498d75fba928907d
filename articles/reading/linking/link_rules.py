"""Lists the rules of the linker, and explains in a sentence why a mention is linked or not."""

from collections.abc import Callable, Sequence

from articles.reading.gazetteer.divisions import Gazetteer
from articles.reading.gazetteer.lookup import (
    CITY,
    codes_of_chain,
    division_key,
    division_level,
    find_divisions,
    lineage,
    upper_names,
)
from articles.reading.values import Link

RULE_VERSION = "links-1"

Translate = Callable[[str], str]
"""Translates a sentence, or a part of one, before names are filled in."""


def gettext_noop(message: str) -> str:
    """Mark a message for translators; the caller of `explain_link` gives the translating function."""
    return message


# The reason after “because”, by rule. `witness` is the linked name nearby that decided.
LINK_RULES = {
    # places
    "own_name": gettext_noop("no other place of the official list has that name"),
    "short_name": gettext_noop("it is a short form of that name and of no other"),
    "former_name": gettext_noop("that is what the place was called before"),
    "largest": gettext_noop("a short form without more means the largest place that has it"),
    "chain": gettext_noop("{witness} stands next to it"),
    "same_article": gettext_noop("elsewhere in the article {witness}"),
    "sentence": gettext_noop("the sentence names {witness}"),
    "article": gettext_noop("the article names {witness}"),
    "page": gettext_noop("another article of the page names {witness}"),
    "home": gettext_noop("the paper is at home there"),
    "last_named": gettext_noop("it refers to the last such place named before it"),
    "alias": gettext_noop("an editor recorded that other name"),
    "apart": gettext_noop("an editor decided that it is not that record"),
    "several_aliases": gettext_noop("editors recorded that name for several"),
    "recorded_name": gettext_noop("an editor recorded it by that name"),
    "named_elsewhere": gettext_noop("an editor recorded that name, and the text is about another place"),
    "feature": gettext_noop("rivers, mountains, roads and sights have no code in the official list"),
    "taiwan": gettext_noop("the official list has no codes for places in Taiwan"),
    "local": gettext_noop(
        "roads, stations and sights have no code in the official list, and the text is about one county or city"
    ),
    "nowhere": gettext_noop(
        "many towns have a road, a station or a sight of that name, and nothing tells which is meant"
    ),
    "foreign": gettext_noop("it is abroad, which the official list does not cover"),
    "region": gettext_noop("countries and regions have no code in the official list"),
    "word": gettext_noop(
        "the name is a common word as well, and nothing around it names the city or province"
    ),
    "several_fit": gettext_noop(
        "nothing in the sentence, the article, the page or the paper's home tells which it is"
    ),
    "doubtful_place": gettext_noop("it is not certain that these words are the name of a place"),
    "unsupported": gettext_noop("nothing around it names its city or province, or the place in full"),
    "none_fits": gettext_noop("the article names other counties, and none of these places is within them"),
    "division_or_feature": gettext_noop("the name is that of a mountain, river or lake as well"),
    "outside": gettext_noop("the official list has no such place in {witness}, which is before it"),
    "unlisted": gettext_noop("neither the official list nor the list of other places has that name"),
    # organizations
    "seat_in_name": gettext_noop("its name begins with its seat"),
    "known_body": gettext_noop("there is no other organization of that name"),
    "country": gettext_noop("every country has one, and the text speaks of that country alone"),
    "several_countries": gettext_noop(
        "every country has one, and nothing tells of which country this one is"
    ),
    "doubtful_name": gettext_noop("it is not certain that these words are the name of an organization"),
    "proper_name": gettext_noop("it is a proper name without a seat"),
    "full_form": gettext_noop("the article has the full form as well"),
    "beside": gettext_noop("{witness} stands before it"),
    "level_article": gettext_noop("the article is about no other place of that level"),
    "level_page": gettext_noop("the page is about no other place of that level"),
    "level_home": gettext_noop("the paper is at home there"),
    "level_unclear": gettext_noop("several places of that level may be meant, or none is named"),
    "seat_unclear": gettext_noop("several places have the name of its seat"),
    "generic": gettext_noop("many organizations have this name, and nothing says which one it is"),
}

_MOST_SHOWN = 3


def explain_link(link: Link, links: Sequence[Link], gazetteer: Gazetteer, translate: Translate = str) -> str:
    """Explain in a sentence why a mention is linked as it is; `links` are those of its article, or of its page.

    “金盆村” is 金盆村 in 大王镇, 芮城县 (140830105209), because 大王镇 stands next to it; 52 other places of that
    name were ruled out.
    """
    reason = _reason(link, links, gazetteer, translate)
    surface = link.mention.surface
    if link.status != "linked" and not link.candidates:
        return translate(_UNKNOWN).format(surface=surface, reason=reason)
    if link.status != "linked":
        others = _alternatives(link, gazetteer, translate)
        if link.status == "unknown":
            return translate(_PERHAPS).format(surface=surface, others=others, reason=reason)
        return translate(_AMBIGUOUS).format(surface=surface, others=others, reason=reason)
    linked = translate(_LINKED).format(
        surface=surface, name=link.name, where=_where(link, gazetteer, translate), reason=reason
    )
    return linked + _ruled_out(link, gazetteer, translate) + translate(_FULL_STOP)


_UNKNOWN = gettext_noop("“{surface}” is not linked, because {reason}.")
_PERHAPS = gettext_noop("“{surface}” is not linked to {others}, because {reason}.")
_AMBIGUOUS = gettext_noop("“{surface}” may be {others}, because {reason}.")
_LINKED = gettext_noop("“{surface}” is {name}{where}, because {reason}")
_FULL_STOP = gettext_noop(".")
_WITHIN = gettext_noop(" in {place} ({code})")
_CODELESS_IN = gettext_noop(", a place without code in {place}")
_CODELESS = gettext_noop(", a place without code")
_SEATED = gettext_noop(", seated in {place} ({code})")
_RULED_OUT = (
    gettext_noop("; {count} other place of that name was ruled out"),
    gettext_noop("; {count} other places of that name were ruled out"),
)
_OR = gettext_noop(" or ")
_MORE = gettext_noop("{count} more")
_CANDIDATE = gettext_noop("{name} in {place} ({code})")
_SEATED_THERE = gettext_noop("an organization has its seat there")
_CALLED = gettext_noop("it is called {name}")
_SOME_PLACE = gettext_noop("a place that it belongs to")


def _where(link: Link, gazetteer: Gazetteer, translate: Translate) -> str:
    if link.code is None and (around := lineage(gazetteer, link.within or "")):
        return translate(_CODELESS_IN).format(place=around[-1].name)
    if link.code is None:
        return translate(_CODELESS) if link.mention.kind == "place" else ""
    if link.mention.kind == "organization":
        return translate(_SEATED).format(place=lineage(gazetteer, link.code)[-1].name, code=link.code)
    upper = upper_names(gazetteer, link.code)
    return translate(_WITHIN).format(place=upper, code=link.code) if upper else f" ({link.code})"


def _ruled_out(link: Link, gazetteer: Gazetteer, translate: Translate) -> str:
    if link.mention.kind == "organization" or link.code is None:
        return ""
    others = sum(
        place.code != link.code for place in find_divisions(gazetteer, division_key(link.mention.surface))
    )
    return translate(_RULED_OUT[others > 1]).format(count=others) if others else ""


def _alternatives(link: Link, gazetteer: Gazetteer, translate: Translate) -> str:
    names = [candidate_name(candidate, gazetteer, translate) for candidate in link.candidates[:_MOST_SHOWN]]
    if (more := len(link.candidates) - len(names)) > 0:
        names.append(translate(_MORE).format(count=more))
    return translate(_OR).join(names)


def candidate_name(candidate: str, gazetteer: Gazetteer, translate: Translate = str) -> str:
    """The readable name of a candidate, which is a code or a name: 金盆村 in 大王镇, 芮城县 (140830105209)."""
    chain = lineage(gazetteer, candidate)
    if not chain:
        return candidate
    upper = upper_names(gazetteer, candidate)
    if not upper:
        return f"{chain[-1].name} ({candidate})"
    return translate(_CANDIDATE).format(name=chain[-1].name, place=upper, code=candidate)


def _reason(link: Link, links: Sequence[Link], gazetteer: Gazetteer, translate: Translate) -> str:
    reason = translate(LINK_RULES[link.rule])
    if link.rule != "same_article":
        return reason.format(witness=_witness(link, links, gazetteer) or translate(_SOME_PLACE))
    others = (other for other in links if other.code == link.code and other.mention.kind == "place")
    decided = next((other for other in others if other.rule != link.rule), None)
    if decided is None:
        return reason.format(witness=translate(_SEATED_THERE))
    if decided.mention.surface != link.mention.surface:
        return reason.format(witness=translate(_CALLED).format(name=decided.mention.surface))
    why = _reason(decided, links, gazetteer, translate)
    return reason.format(witness=why) if decided.rule == "chain" else why


def reason_of_rule(rule: str, translate: Translate = str) -> str:
    """The reason of a rule without a mention, … for the name that decided."""
    return translate(LINK_RULES[rule]).format(witness="…")


def _witness(link: Link, links: Sequence[Link], gazetteer: Gazetteer) -> str:
    """The name of the linked place that is evidence for this link: the one beside it, or the nearest, or ""."""
    beside = next((other for other in links if _is_beside(other, link)), None)
    if beside is not None and link.rule in {"chain", "outside", "beside"}:
        return beside.name or beside.mention.surface
    around = [
        lineage(gazetteer, code) for other in links if (code := _code_of_witness(other, link, gazetteer))
    ]
    nearest = max(around, key=len, default=())
    return nearest[-1].name if nearest else ""


def _is_beside(other: Link, link: Link) -> bool:
    mine, theirs = link.mention, other.mention
    borders = theirs.end == mine.start if link.rule != "chain" else mine.start in (theirs.end, theirs.end + 1)
    ends = link.rule == "chain" and mine.end == theirs.start
    return theirs.part == mine.part and theirs.kind == "place" and (borders or ends)


def _code_of_witness(other: Link, link: Link, gazetteer: Gazetteer) -> str:
    """The code of the place by which another link is evidence for this one, or "".

    Another village of the same county is evidence by the county.
    """
    if link.code is None or other.code is None or other.code == link.code:
        return ""
    if link.code in codes_of_chain(gazetteer, other.code):
        return other.code
    shared = lineage(gazetteer, other.code)
    mine = codes_of_chain(gazetteer, link.code)
    return next(
        (place.code for place in reversed(shared) if place.code in mine and division_level(place) >= CITY), ""
    )
