"""Draws who is named together with a record: the record, and lines to the commonest others, of which each leads on."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

from .charts import ChartValue

_ROW = 34
_LARGEST, _SMALLEST = 12, 4  # radius of a node
_THICKEST = 8


@dataclass(frozen=True)
class Node:
    """Another record; `kind` is that of the record, `stroke` the width of the line to it, the label is `anchor`ed."""

    value: ChartValue
    kind: str
    x: int
    y: int
    radius: int
    stroke: int
    anchor: str

    @property
    def label_x(self) -> int:
        """Where the label begins, or ends if it is left of the node."""
        gap = self.radius + 6
        return self.x - gap if self.anchor == "end" else self.x + gap


@dataclass(frozen=True)
class LinkGraph:
    width: int
    height: int
    x: int
    y: int
    nodes: list[Node]


def draw_graph(
    groups: Sequence[tuple[str, Sequence[ChartValue]]], width: int, *, is_narrow: bool
) -> LinkGraph:
    """The graph of a record with the others by their kind.

    On a screen the record is in the middle, and the kinds take turns left and right of it; on a telephone it is above a
    single column.
    """
    columns: tuple[list[tuple[str, ChartValue]], ...] = ([], [])
    for number, (kind, values) in enumerate(groups):
        columns[0 if is_narrow else number % 2].extend((kind, value) for value in values)
    largest = max((value.count for column in columns for _kind, value in column), default=1)
    rows = max(map(len, columns))
    top = _ROW if not is_narrow else 2 * _ROW
    nodes = []
    for side, column in enumerate(columns):
        begin = top + (rows - len(column)) * _ROW // 2
        x = 60 if is_narrow else (width * 3 // 10, width * 7 // 10)[side]
        for row, (kind, value) in enumerate(column):
            share = value.count / largest
            radius = max(round(_LARGEST * sqrt(share)), _SMALLEST)
            anchor = "start" if is_narrow or side else "end"
            stroke = max(round(_THICKEST * share), 1)
            nodes.append(Node(value, kind, x, begin + row * _ROW, radius, stroke, anchor))
    height = top + rows * _ROW
    middle = (24, _ROW // 2 + 6) if is_narrow else (width // 2, height // 2)
    return LinkGraph(width, height, *middle, nodes)
