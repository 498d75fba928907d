"""Finds the mentions of stories: recognisers propose names, and `_choose_proposals` resolves overlaps."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import replace
from typing import NamedTuple

from articles.reading.credits.surnames import COMMON_SURNAMES
from articles.reading.lines.character_folding import fold_characters
from articles.reading.names.organizations.candidates import OrganizationCandidate
from articles.reading.names.organizations.chooser import (
    NameContext,
    candidates_of_page,
    choose_organizations,
)
from articles.reading.names.places.candidates import PlaceCandidate
from articles.reading.names.places.chooser import choose_places, place_candidates_of_page
from articles.reading.names.places.evidence import (
    LEFT_BORDER_SCORES,
    RIGHT_BORDER_SCORES,
    SURE_SCORE,
    PlaceEvidence,
)
from articles.reading.names.places.place_lists import Lexicon, index_by_beginning, longest_listed_name
from articles.reading.names.places.place_words import AMBIGUOUS_NAMES
from articles.reading.names.places.recognizer import find_places
from articles.reading.values import PRINTED_PARTS, Mention, Part, Span, Story

from . import page_context
from .proposals import Proposal
from .recorded_names import RecordedNames, find_recorded_names
from .tagger import TaggedWord, load_tagger

_AGREES = 0.3  # added to an uncertain name that is certain elsewhere on the page
_STEM = 0.25  # the score of the stem of a town's name alone
_VETO = (
    -0.1
)  # the most that the tagger subtracts: stems of towns are not common words, and often look like persons
# 张某, 李某某: persons whose names are withheld.
_UNNAMED = re.compile(f"[{COMMON_SURNAMES}](?:某某|某[甲乙丙丁]?)")
# A character three times in a row is laughter, a filling or damage, and in no name, unless it is a number: 二二二路. A page
# of 镇 alone would cost three times as much as any other, as each ends eight possible names.
_RUN = re.compile(r"(?![〇一二三四五六七八九十百千万])([\u3400-\u9fff])\1{2,}")


class FoundNames(NamedTuple):
    """The mentions of a story, and the words of each of its parts; the words are None without a tagger."""

    mentions: tuple[Mention, ...]
    words: Mapping[Part, Sequence[TaggedWord] | None]


class _Text(NamedTuple):
    """A part of a story with the evidence about it."""

    story: int
    part: Part
    text: str
    evidence: PlaceEvidence


def find_names(
    stories: Sequence[Story],
    home: str = "",
    recorded: RecordedNames | None = None,
    around: Sequence[str] = (),
) -> list[FoundNames]:
    """Find the places and organizations that each story of a page names, in the order of its parts and their text.

    `home` is the code of the county or city where the paper is published, `recorded` are the names that editors gave,
    `around` other texts of the page, which are context alone.
    """
    texts = _read(stories, home, around)
    names = _other_names(stories, texts, recorded)
    organizations = choose_organizations(_contexts(texts, names))
    mentions: list[list[Mention]] = [[] for _ in stories]
    words: list[dict[Part, Sequence[TaggedWord] | None]] = [{} for _ in stories]
    for text, found, chosen in zip(texts, names, organizations, strict=True):
        mentions[text.story] += _mentions(text, _choose_proposals([*found, *chosen], lowest=0.0))
        words[text.story][text.part] = text.evidence.words
    return [FoundNames(tuple(found), of_story) for found, of_story in zip(mentions, words, strict=True)]


def list_training_candidates(
    kind: str, stories: Sequence[Story]
) -> list[tuple[str, Sequence[PlaceCandidate | OrganizationCandidate]]]:
    """The texts of a page, each with the candidates for its places or organizations, as they are learned from."""
    texts = _read(stories, "", ())
    if kind == "places":
        places = place_candidates_of_page([text.evidence for text in texts], _proposed_places(texts))
        return [(text.text, of_text) for text, of_text in zip(texts, places, strict=True)]
    found = candidates_of_page(_contexts(texts, _other_names(stories, texts, None)))
    return [(text.text, of_text) for text, of_text in zip(texts, found, strict=True)]


def _contexts(texts: Sequence[_Text], names: Sequence[Sequence[Proposal]]) -> list[NameContext]:
    return [
        NameContext(
            text.text,
            text.evidence.folded,
            _choose_proposals((name for name in found if name.kind != "organization"), lowest=0.0),
            text.evidence.words,
        )
        for text, found in zip(texts, names, strict=True)
    ]


def _other_names(
    stories: Sequence[Story], texts: Sequence[_Text], recorded: RecordedNames | None
) -> list[list[Proposal]]:
    """The certain places of each text, the persons, and the recorded names."""
    names = []
    chosen = choose_places([text.evidence for text in texts], _proposed_places(texts))
    for text, sure in zip(texts, chosen, strict=True):
        own = find_recorded_names(text.evidence, recorded, sure) if recorded else []
        spans = {(name.start, name.end) for name in (*sure, *own) if name.kind == "place"}
        reporters = [byline.name for byline in stories[text.story].bylines]
        names.append([*sure, *_people(text.evidence, reporters, spans), *own])
    return names


def _proposed_places(texts: Sequence[_Text]) -> list[list[Proposal]]:
    """The places that the rules propose in each text of a page, also uncertain ones."""
    return _agreed(texts, [find_places(text.evidence) for text in texts])


def _read(stories: Sequence[Story], home: str, around: Sequence[str]) -> list[_Text]:
    parts = [
        (number, part, text)
        for number, story in enumerate(stories)
        for part in PRINTED_PARTS
        if (text := getattr(story, part))
    ]
    texts = [text for _, _, text in parts]
    folded = [_RUN.sub(lambda run: "□" * len(run.group()), fold_characters(text)) for text in texts]
    all_folded = [*folded, *map(fold_characters, around)]
    page = page_context.read_page_context([*texts, *around], all_folded, home)
    model = load_tagger()
    words: Sequence[list[TaggedWord] | None] = model.words(folded) if model else [None] * len(texts)
    return [
        _Text(*part, PlaceEvidence(text, tagged, page))
        for part, text, tagged in zip(parts, folded, words, strict=True)
    ]


def _mentions(text: _Text, found: Iterable[Proposal]) -> Iterator[Mention]:
    for name in found:
        if name.kind != "person":
            surface = text.text[name.start : name.end]
            yield Mention(name.kind, text.part, name.start, name.end, surface, name.method, name.score)


def _agreed(texts: Sequence[_Text], found: Sequence[list[Proposal]]) -> list[list[Proposal]]:
    """Raise the scores of uncertain places that another text of the page has for certain."""
    names: dict[str, Proposal] = {}
    for text, places in zip(texts, found, strict=True):
        names |= {text.evidence.folded[p.start : p.end]: p for p in places if p.score >= SURE_SCORE}
    stems = index_by_beginning(
        {
            name[:-1]: "stem"
            for name in names
            if name.endswith(("镇", "乡")) and len(name) > 2 and name[:-1] not in AMBIGUOUS_NAMES
        }
    )
    return [
        [*(_agreeing(text.evidence, p, names) for p in places), *_stems(text.evidence, stems)]
        for text, places in zip(texts, found, strict=True)
    ]


def _agreeing(text: PlaceEvidence, place: Proposal, names: Iterable[str]) -> Proposal:
    if place.score < SURE_SCORE and text.folded[place.start : place.end] in names:
        return replace(place, score=place.score + _AGREES)
    return place


def _stems(text: PlaceEvidence, stems: Lexicon) -> Iterator[Proposal]:
    """Propose towns by their stem if the page names them in full elsewhere: 陌南 for 陌南镇."""
    for start, end in _all(text.folded, stems):
        tagged = max(_VETO, text.of_listed(start, end))
        score = _STEM + LEFT_BORDER_SCORES[text.left(start)] + RIGHT_BORDER_SCORES[text.right(end)] + tagged
        yield Proposal("place", start, end, "stem", min(score, 0.9))


def _people(text: PlaceEvidence, reporters: Iterable[str], sure: Set[Span]) -> Iterator[Proposal]:
    """Propose persons: by the tagger (unless a `sure` place has the same span), by the credits, and withheld names."""
    for word in text.words or ():
        if word.tag == "PER" and word.end - word.start > 1 and (word.start, word.end) not in sure:
            yield Proposal("person", word.start, word.end, "tagger", 0.7)
    for start, end in _all(
        text.folded, index_by_beginning({fold_characters(name): "credit" for name in reporters})
    ):
        yield Proposal("person", start, end, "credit", 0.9)
    for match in _UNNAMED.finditer(text.folded):
        yield Proposal("person", match.start(), match.end(), "unnamed", 0.9)


def _all(text: str, names: Lexicon) -> Iterator[Span]:
    """The spans at which any of the names occurs."""
    for start in range(len(text) - 1 if names else 0):
        if text[start : start + 2] in names and (row := longest_listed_name(text, start, (names,))):
            yield start, start + len(row[0])


def _choose_proposals(found: Iterable[Proposal], lowest: float = SURE_SCORE) -> list[Proposal]:
    """Choose the proposals that do not overlap, in order: organizations first, then the longest.

    A place inside the name of an organization is its seat and not a mention, unless the name begins with several:
    芮城县风陵渡镇卫生院 mentions both places.
    """
    names = [name for name in found if name.kind == "organization" or name.score >= lowest]
    taken: set[int] = set()
    chosen: list[Proposal] = []
    for name in sorted(names, key=_rank):
        if taken.isdisjoint(range(name.start, name.end)):
            taken.update(range(name.start, name.end))
            chosen.append(name)
    chains = _chains([name for name in chosen if name.kind == "organization"], names)
    return sorted([*chosen, *chains], key=lambda name: (name.start, -name.end))


def _rank(name: Proposal) -> tuple[bool, int, bool, float]:
    return name.kind != "organization", name.start - name.end, name.kind == "place", -name.score


def _chains(organizations: Iterable[Proposal], names: Iterable[Proposal]) -> Iterator[Proposal]:
    """The places that the name of an organization begins with, if there are several."""
    places: dict[int, Proposal] = {}
    for place in names:
        if place.kind == "place" and place.end > getattr(places.get(place.start), "end", 0):
            places[place.start] = place
    for organization in organizations:
        chain, at = [], organization.start
        while at in places and places[at].end < organization.end:
            chain.append(places[at])
            at = places[at].end
        yield from chain if len(chain) > 1 else ()
