"""Takes what the layout of a page says of its lines into their labels: titles, text, and where an article ends."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from articles.reading.lines.printed_lines import PrintedLine
from articles.reading.values import LaidOutLine, LineKind

from .sequence_model import LineObservation

_BODY = frozenset({"opening", "signature", "paragraph", "heading", "credit"})
_ALLOWED: Mapping[LineKind, frozenset[str]] = {
    "kicker": frozenset({"kicker"}),
    "headline": frozenset({"headline", "more"}),
    "subtitle": frozenset({"subtitle"}),
    "text": _BODY,
    "heading": _BODY,
    "caption": frozenset({"caption", "caption more"}),
    "furniture": frozenset({"header", "notice", "advert title", "advert"}),
}


class LayoutHints:
    """What a layout says of the printed lines of a page, by where they begin."""

    def __init__(self, laid_out: Sequence[LaidOutLine]) -> None:
        self._lines = {line.start: line for line in laid_out}

    def of(self, line: PrintedLine) -> LaidOutLine | None:
        return self._lines.get(line.spans[0][0])

    def unwrap(self, lines: Sequence[PrintedLine]) -> list[PrintedLine]:
        """Join the lines of each paragraph and of each caption."""
        whole: list[PrintedLine] = []
        for line in lines:
            here = self.of(line)
            above = self.of(whole[-1]) if whole else None
            if here and above and here.kind in {"text", "caption"} and here.block == above.block:
                whole[-1] = whole[-1].with_next(line)
            else:
                whole.append(line)
        return whole

    def limit(
        self, lines: Sequence[PrintedLine], observations: Sequence[LineObservation]
    ) -> list[LineObservation]:
        """Allow each line the labels of what it is."""
        hints = [self.of(line) for line in lines]
        return [
            replace(observation, allowed=_ALLOWED[hint.kind]) if hint else observation
            for observation, hint in zip(observations, hints, strict=True)
        ]

    def begins_area(self, line: PrintedLine, above: PrintedLine) -> bool:
        """Whether a line is in another article than the line above."""
        here, before = self.of(line), self.of(above)
        return here is not None and before is not None and here.area != before.area

    def is_in_one_area(self, line: PrintedLine, above: PrintedLine) -> bool:
        """Whether a line is in the same article as the line above."""
        here, before = self.of(line), self.of(above)
        return here is not None and before is not None and here.area == before.area
