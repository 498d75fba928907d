"""Explains the labels of the lines of a page: how sure each is, and the features that spoke for and against it."""

from collections.abc import Iterator
from dataclasses import dataclass

from articles.reading.values import PageLayout, Span

from .line_model import load_line_model
from .story_assembly import label_lines

_MOST = 5


@dataclass(frozen=True, slots=True)
class LineExplanation:
    """The label of a line, its margin to the next best label, and the strongest features for and against it."""

    text: str
    spans: tuple[Span, ...]
    label: str
    margin: float
    reasons: list[tuple[str, float]]
    objections: list[tuple[str, float]]


def explain_lines(page: str, layout: PageLayout | None = None) -> Iterator[LineExplanation]:
    """Explain each line of the text of a page, in their order, within what its layout says.

    Lines of adverts inside a text have no label.
    """
    model = load_line_model()
    labelled = label_lines(page, layout=layout)
    for here, (line, decision) in enumerate(zip(labelled.lines, labelled.decisions, strict=True)):
        weighed = model.explain(labelled.observations, here, decision.label)
        yield LineExplanation(
            line.text,
            line.spans,
            decision.label,
            decision.margin,
            [row for row in weighed if row[1] > 0][:_MOST],
            [row for row in weighed if row[1] < 0][:_MOST],
        )
