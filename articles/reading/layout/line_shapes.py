"""Lists the features of a line's shape on its page: lengths, indents, blank lines, first and last characters."""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from itertools import chain
from operator import add
from statistics import median

from .line_features import LineFeatures

# The lower bounds of the classes of lengths, in characters, and of lengths as shares of the page's body lines.
_LENGTHS = (1, 4, 7, 10, 13, 17, 21, 27, 35, 51, 91)
_SHARES = (0.0, 0.08, 0.15, 0.25, 0.4, 0.7, 1.1)
# Words of grammar and a few that begin or end titles of one kind: a closed class, no vocabulary.
_TELLING = frozenset(
    "的了在是和与及等将被把对从向为以也都就又还不有我你他她这那之其而则记者问答编说谈话论看读赏析录篇传事人们啊吧吗呢么何谁怎"
)
_MARKS = frozenset("。，、；：！？…“”（）《》—·")
_MAX_COUNT = 2
_MAX_SPACES = 3


def length_class(length: int) -> int:
    """The lower bound of the class of a length."""
    return _LENGTHS[max(bisect_right(_LENGTHS, length) - 1, 0)]


class PageShape:
    """How long and how far indented the body lines of a page usually are."""

    def __init__(self, lines: Sequence[LineFeatures], gap: int) -> None:
        """Measure the lines; `gap` is the usual number of blank lines between them."""
        bodies = [line.printed for line in lines if line.is_body_like]
        indents = Counter(line.indent for line in bodies if line.indent)
        self.length = median(line.length for line in bodies) if bodies else 0
        self.indent = indents.most_common(1)[0][0] if indents else 0
        self.gap = gap

    def features(self, line: LineFeatures) -> set[str]:
        """List the features of the shape of a line on this page."""
        printed, fold = line.printed, line.printed.fold
        share = printed.length / self.length if self.length else 1
        features = {
            f"length {length_class(printed.length)}+",
            f"share of body length {_SHARES[bisect_right(_SHARES, share) - 1]}+",
            f"printed lines {min(len(printed.spans), 3)}",
            "more gap" if printed.gap > self.gap else "usual gap" if printed.gap == self.gap else "less gap",
            f"stops {min(fold.count('。'), _MAX_COUNT)}",
            f"commas {min(fold.count('，'), _MAX_COUNT)}",
            f"begins with {_character_class(fold[0])}",
            f"ends with {_character_class(fold[-1])}",
        }
        if self.indent:
            features.add(self._indent(printed.indent))
        if fold[0] in _TELLING:
            features.add(f"first character {fold[0]}")
        if fold[-1] in _TELLING:
            features.add(f"last character {fold[-1]}")
        if spaces := fold.count(" "):
            features.add(f"spaces {min(spaces, _MAX_SPACES)}")
        return features

    def _indent(self, indent: float) -> str:
        if not indent:
            return "no indent"
        if indent == self.indent:
            return "indent of body"
        return "wide indent" if indent > self.indent + 1 else "narrow indent"


def _character_class(char: str) -> str:
    """The class of a character: a mark by itself, a Chinese character, a digit, a letter, or another sign."""
    if "\u4e00" <= char <= "\u9fff":
        return "character"
    if char in _MARKS:
        return char
    return "digit" if char.isdigit() else "letter" if char.isalpha() else "sign"


_HAN = re.compile("[\u4e00-\u9fff]{2,}")
# What a text is about shows in its beginning.
_BEGINNING = 60
_MAX_COMMON = 4
_COMMON_SHARE = 0.25
_EVERYWHERE = frozenset("我们 一个 他们 本报 记者 今年 目前 可以 进行 通过 工作 中国".split())
_SHARED = (0, 1, 2, 3, 5)


def word_pairs(lines: Sequence[LineFeatures]) -> list[set[str]]:
    """The pairs of neighbouring characters of each line, without those that are all over the page."""
    pairs = [_pairs(line.printed.fold[:_BEGINNING]) for line in lines]
    counts = Counter(chain.from_iterable(pairs))
    most = max(_MAX_COMMON, len(lines) * _COMMON_SHARE)
    common = {pair for pair, count in counts.items() if count > most} | _EVERYWHERE
    return [of_line - common for of_line in pairs]


def _pairs(fold: str) -> set[str]:
    return {pair for run in _HAN.findall(fold) for pair in map(add, run, run[1:])}


def shared_words(pairs: set[str], others: set[str]) -> str:
    """The class of how many pairs of characters two texts share."""
    shared = len(pairs & others)
    return f"{_SHARED[bisect_right(_SHARED, shared) - 1]}+"
