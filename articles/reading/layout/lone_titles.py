"""Shares evidence among titles that stand alone between texts: neighbours are mostly all of one kind.

In a feature they are its section headings, among briefs the headlines. One of them may show this badly, and all of them
together show it well.
"""

from collections.abc import Sequence
from itertools import accumulate

# How much one of them counts for another, and within how many lines. Chosen by cross-validation, as is the next.
_SHARE = 0.3
_REACH = 12
# One title says no more than this, in hundredths of a weight.
_MOST = 300


def share_evidence(are_alone: Sequence[bool], odds: Sequence[int]) -> list[int]:
    """How much more each line is a section heading than a headline, for the lone titles around it.

    `are_alone` says which lines are titles that stand alone; `odds` is by how much the weights of each line speak for
    a section heading rather than for a headline.
    """
    said = [
        max(-_MOST, min(_MOST, number)) if is_alone else 0
        for is_alone, number in zip(are_alone, odds, strict=True)
    ]
    sums = [0, *accumulate(said)]
    return [
        round(_SHARE * (sums[min(here + _REACH + 1, len(said))] - sums[max(here - _REACH, 0)] - said[here]))
        if is_alone
        else 0
        for here, is_alone in enumerate(are_alone)
    ]
