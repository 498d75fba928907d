"""Chooses places among overlapping candidates by the probability that a logistic model gives each.

`chooser_weights.toml` has the weights, and says what they were learned from; scripts/train_names.py learns them.
Without the tagger most features are missing, and the rules decide alone.
"""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from articles.reading.names.logistic_model import LogisticModel
from articles.reading.names.proposals import Proposal

from .candidates import BEHIND, TAGGED, PlaceCandidate, list_place_candidates
from .evidence import SURE_SCORE, PlaceEvidence

_AGAIN = "again on the page"
_TAGGED_ELSEWHERE = "tagged elsewhere"
_MODEL = LogisticModel.load(Path(__file__).with_name("chooser_weights.toml"))


def choose_places(page: Sequence[PlaceEvidence], found: Sequence[Sequence[Proposal]]) -> list[list[Proposal]]:
    """The places in each text of a page, none overlapping another; `found` are the proposals of the rules."""
    if any(text.words is None for text in page):
        return [[place for place in of_text if place.score >= SURE_SCORE] for of_text in found]
    return [
        [
            Proposal("place", candidate.start, candidate.end, candidate.method, score)
            for score, candidate in _MODEL.choose(of_text, _score)
        ]
        for of_text in place_candidates_of_page(page, found)
    ]


def place_candidates_of_page(
    page: Sequence[PlaceEvidence], found: Sequence[Sequence[Proposal]]
) -> list[list[PlaceCandidate]]:
    """The candidates in each text of a page, with all their features."""
    listed = [list_place_candidates(text, of_text) for text, of_text in zip(page, found, strict=True)]
    names: Counter[str] = Counter()
    tagged = set()
    for text, of_text in zip(page, listed, strict=True):
        for candidate in of_text:
            name = text.folded[candidate.start : candidate.end]
            names[name] += 1
            if TAGGED in candidate.features:
                tagged.add(name)
    return [
        [
            candidate._replace(
                features=(
                    *candidate.features,
                    *_on_page(text.folded[candidate.start : candidate.end], candidate, names, tagged),
                )
            )
            for candidate in of_text
        ]
        for text, of_text in zip(page, listed, strict=True)
    ]


def _on_page(name: str, candidate: PlaceCandidate, names: Counter[str], tagged: set[str]) -> list[str]:
    """The features that the rest of the page gives a candidate."""
    features = [_AGAIN] if names[name] > 1 else []
    return [*features, _TAGGED_ELSEWHERE] if name in tagged and TAGGED not in candidate.features else features


def _score(candidate: PlaceCandidate) -> float:
    """The probability of a candidate; a road or station that a rule finds right behind a place is at least in doubt."""
    likely = _MODEL.probability(candidate.features)
    is_sure = {f"rule {candidate.method}, sure", BEHIND} <= set(candidate.features)
    return max(likely, _MODEL.lowest) if is_sure and candidate.method.startswith("unit:road") else likely
