"""Chooses organizations among overlapping candidates by the probability that a logistic model gives each.

`chooser_weights.toml` has the weights, and says what they were learned from; scripts/train_names.py learns them.
Without the tagger most features are missing, and the rules decide alone.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from articles.reading.names.logistic_model import LogisticModel
from articles.reading.names.proposals import Proposal
from articles.reading.names.tagger import TaggedWord

from .borders import NameBorders
from .candidates import OrganizationCandidate, list_candidates
from .recognizer import RARE_RULES, find_organizations, read_organizations

_AGAIN = "again on the page"
"""The feature of a candidate whose words occur twice on the page as candidates."""

_MODEL = LogisticModel.load(Path(__file__).with_name("chooser_weights.toml"))


class NameContext(NamedTuple):
    """A text with its folded form, the places and persons in it, and the words of the tagger, None without one."""

    text: str
    folded: str
    names: Sequence[Proposal]
    words: Sequence[TaggedWord] | None


def choose_organizations(page: Sequence[NameContext]) -> list[list[Proposal]]:
    """The organizations in each text of a page, none overlapping another."""
    tagged = [context for context in page if context.words is not None]
    chosen = iter([list(_choose(of_text)) for of_text in candidates_of_page(tagged)])
    return [
        list(find_organizations(context.text, context.folded, context.names))
        if context.words is None
        else next(chosen)
        for context in page
    ]


def candidates_of_page(page: Sequence[NameContext]) -> list[list[OrganizationCandidate]]:
    """The candidates in each text of a page, with all their features."""
    found = [_candidates(context) for context in page]
    names = Counter(
        context.folded[candidate.start : candidate.end]
        for context, of_text in zip(page, found, strict=True)
        for candidate in of_text
    )
    return [
        [
            candidate._replace(features=(*candidate.features, _AGAIN))
            if names[context.folded[candidate.start : candidate.end]] > 1
            else candidate
            for candidate in of_text
        ]
        for context, of_text in zip(page, found, strict=True)
    ]


def _candidates(context: NameContext) -> list[OrganizationCandidate]:
    words = context.words or ()
    borders = NameBorders(context.folded, context.names, words)
    return list_candidates(borders, read_organizations(context.text, borders, words), words)


def _score(candidate: OrganizationCandidate) -> float:
    """The probability of a candidate; of rules that hardly any page has, the score of the rule."""
    return RARE_RULES.get(candidate.rule) or _MODEL.probability(candidate.features)


def _choose(candidates: Iterable[OrganizationCandidate]) -> Iterator[Proposal]:
    """The likeliest candidates that do not overlap, in the order of the text."""
    for score, candidate in _MODEL.choose(candidates, _score):
        yield Proposal(
            "organization", candidate.start, candidate.end, f"organization:{candidate.rule}", score
        )
