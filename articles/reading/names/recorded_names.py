"""Finds the names that editors gave to records: aliases, and the names of records that they made.

A wrong link is worse than a missing one: a short name counts only between borders, a common word hardly ever.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping

from articles.reading.lines.character_folding import fold_characters
from articles.reading.values import MentionKind, Span

from .organizations.organization_words import FIELDS, LAST_WORDS, LEVEL_WORDS
from .places.evidence import LEFT_BORDER_SCORES, RIGHT_BORDER_SCORES, SURE_SCORE, PlaceEvidence
from .places.place_lists import DIVISION_TITLES
from .places.place_words import AMBIGUOUS_NAMES
from .proposals import Proposal

# The score of a name by its length alone; one of four characters or more is a name wherever it occurs.
_SCORES = {2: 0.3, 3: 0.45}
_LONG = 0.7
_WORD = 0.3  # subtracted for a name that is also a common word
_BEHIND_PLACE = 0.2  # the score for a place right before an organization: 芮城县|疾控站
_MOST = 0.95
# Words that names are made of: each is the name of no record.
_LONGEST_LEVEL = max(map(len, LEVEL_WORDS))
_NO_NAMES = frozenset({*LAST_WORDS, *FIELDS, *LEVEL_WORDS, *DIVISION_TITLES})


class RecordedNames:
    """Names to find, each of a place, an organization, or both; `names` are pairs of a kind and the `name_key`.

    The cost of an offset of a text is a look-up for each length of the names that begin with the same two characters,
    however many names there are.
    """

    def __init__(self, names: Iterable[tuple[MentionKind, str]] = ()) -> None:
        self._kinds: dict[str, MentionKind] = {}
        lengths: defaultdict[str, set[int]] = defaultdict(set)
        for kind, key in names:
            name = fold_characters(key)
            if len(name) > 1 and name not in _NO_NAMES:
                # A name of both kinds is proposed as one, and the linker leaves it ambiguous.
                self._kinds[name] = min(kind, self._kinds.get(name, kind))
                lengths[name[:2]].add(len(name))
        self._lengths = {pair: sorted(of_pair, reverse=True) for pair, of_pair in lengths.items()}

    def matches(self, folded: str) -> Iterator[tuple[int, str]]:
        """The offsets of a folded text at which a name begins, each with the longest one."""
        for start in range(len(folded) - 1 if self._kinds else 0):
            for length in self._lengths.get(folded[start : start + 2], ()):
                if (name := folded[start : start + length]) in self._kinds:
                    yield start, name
                    break

    def kind(self, name: str) -> MentionKind:
        """The kind of the records with a name that `matches` returned."""
        return self._kinds[name]


def find_recorded_names(
    text: PlaceEvidence, names: RecordedNames, places: Collection[Proposal]
) -> list[Proposal]:
    """Propose the recorded names of a text; `places` are the certain places in it.

    A name that begins or ends inside a place is not proposed, nor is a place of the official list another record. An
    organization whose name begins with a level is also found behind its seat: 县疾控站 as 芮城县疾控站.
    """
    starts = {place.end: place.start for place in places}
    inside = {at for place in places for at in range(place.start + 1, place.end)}
    listed = {(place.start, place.end) for place in places if place.method.startswith("list:")}
    found = []
    for at, name in names.matches(text.folded):
        end, kind = at + len(name), names.kind(name)
        is_seated = kind == "organization" and at in inside
        start = _start_of_seat(name, at, starts) if is_seated else at
        is_free = not (
            {start, end} & inside or (start, end) in listed or _is_in_word(text.folded, start, end)
        )
        if is_free and (score := _score(text, name, (start, end), starts)) >= SURE_SCORE:
            found.append(Proposal(kind, start, end, "recorded", score))
    return found


def _start_of_seat(name: str, start: int, starts: Mapping[int, int]) -> int:
    """The offset of the place that ends with the level at the beginning of a name, else `start`."""
    levels = (length for length in range(1, _LONGEST_LEVEL + 1) if name[:length] in LEVEL_WORDS)
    return next((starts[start + length] for length in levels if start + length in starts), start)


def _is_in_word(text: str, start: int, end: int) -> bool:
    """Whether a span begins or ends inside a number or a Latin word: 1号桥 of 11号桥."""
    borders = (text[max(0, at - 1) : at + 1] for at in (start, end))
    return any(len(pair) > 1 and pair.isascii() and pair.isalnum() for pair in borders)


def _score(text: PlaceEvidence, name: str, span: Span, starts: Mapping[int, int]) -> float:
    start, end = span
    score = _SCORES.get(len(name), _LONG) + text.of_recorded(start, end)
    score += _BEHIND_PLACE if start in starts else LEFT_BORDER_SCORES[text.left(start)]
    score += RIGHT_BORDER_SCORES[text.right(end)]
    return min(score - (_WORD if name in AMBIGUOUS_NAMES else 0.0), _MOST)
