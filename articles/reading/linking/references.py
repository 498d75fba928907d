"""Resolves words that refer to a place without naming it: 该县, and 我市 in the paper of a city.

They are evidence like mentions, but not names, and are not counted as mentions.
"""

import re
from collections.abc import Iterator

from articles.reading.gazetteer.divisions import Division, Gazetteer
from articles.reading.gazetteer.lookup import lineage
from articles.reading.lines.character_folding import fold_characters
from articles.reading.values import PRINTED_PARTS, Link, Mention, Story

# 该市场, 该村民 and 该区域 refer to no place, nor do 该乡镇 and 该县城.
_UNIT = (
    "省(?!级)|自治区|市(?![场民值区面])|自治县|县(?!城)|区(?![域块间])|旗|自治州|州"
    "|镇(?!静)|乡(?![镇亲])|街道|社区|村(?![民庄落寨])"
)
_BACK = re.compile(f"该(?P<unit>{_UNIT})")
_HOME = re.compile("(?:我|本)(?P<unit>省|市(?![场民值区面])|县(?!城)|区(?![域块间])|旗|州)")
_SCORE = 0.8


def resolve_references(story: Story, home: str, gazetteer: Gazetteer) -> tuple[Link, ...]:
    """Resolve the references of a story to places; those without a place are left out.

    该县 is the county that was named last before it, by itself or as the seat of an organization; 我县 is the home of
    the paper.
    """
    named: list[Division] = []
    found: list[Link] = []
    for part in PRINTED_PARTS:
        text = getattr(story, part) or ""
        folded = fold_characters(text)
        links = sorted(
            (link for link in story.links if link.mention.part == part), key=lambda link: link.mention.start
        )
        for match in _matches(folded):
            while links and links[0].mention.start < match.start():
                named += lineage(gazetteer, links.pop(0).code or "")[-1:]
            is_back = match.re is _BACK
            places = named if is_back else lineage(gazetteer, home)
            meant = next((place for place in reversed(places) if place.name.endswith(match["unit"])), None)
            if meant:
                start, end = match.span()
                mention = Mention("place", part, start, end, text[start:end], "reference", _SCORE)
                found.append(
                    Link(mention, "linked", "last_named" if is_back else "home", meant.name, meant.code)
                )
        named += [division for link in links for division in lineage(gazetteer, link.code or "")[-1:]]
    return tuple(found)


def _matches(folded: str) -> Iterator[re.Match[str]]:
    both = [*_BACK.finditer(folded), *_HOME.finditer(folded)]
    return iter(sorted(both, key=lambda match: match.start()))
