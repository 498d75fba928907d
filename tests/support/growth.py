"""How the cost of a function grows with the length of its text, measured within one run."""

from __future__ import annotations

import time
from collections.abc import Callable

# Four times the text costs four times as much, and a square sixteen times.
FACTOR = 4
_MOST = 9
# Less CPU time than this (in seconds) is not compared: a clock is too coarse for it.
_TOO_SHORT = 0.002
_TRIES = 7


def grows_linearly(run: Callable[[str], object], text: str) -> bool:
    """Whether the whole text costs clearly less than the square of what a quarter of it costs.

    The quarter has the beginning and the end of the text, so that it has its shape.
    Others on the machine can double the CPU time of a measurement, so the least of several counts.
    """
    half = len(text) // (2 * FACTOR)
    parts = (text[:half] + text[-half:], text)
    least = [float("inf"), float("inf")]
    for _ in range(_TRIES):
        for which, part in enumerate(parts):
            begun = time.process_time()
            run(part)
            least[which] = min(least[which], time.process_time() - begun)
        if least[1] < _MOST * max(least[0], _TOO_SHORT):
            return True
    return False
