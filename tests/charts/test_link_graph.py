"""Tests the graph of records that are named together."""

from itertools import pairwise

from articles.charts.charts import ChartValue
from articles.charts.link_graph import draw_graph


def values(size: int) -> list[ChartValue]:
    return [ChartValue(f"第{number}", size - number, f"/{number}/") for number in range(size)]


def test_nodes_are_bounded_by_what_is_given_and_do_not_overlap() -> None:
    groups = [("place", values(10)), ("organization", values(3)), ("reporter", values(2))]
    for is_narrow, width in ((False, 1000), (True, 360)):
        graph = draw_graph(groups, width, is_narrow=is_narrow)
        assert len(graph.nodes) == 15
        assert len({(node.x, node.y) for node in graph.nodes}) == 15
        rows = [node.y for node in graph.nodes if node.x == graph.nodes[0].x]
        assert all(later - earlier > 2 * 12 for earlier, later in pairwise(rows))
        assert all(0 < node.y < graph.height and 0 < node.x < graph.width for node in graph.nodes)


def test_line_is_as_thick_as_the_count_says() -> None:
    nodes = draw_graph([("place", values(8))], 1000, is_narrow=False).nodes
    assert [node.stroke for node in nodes] == [8, 7, 6, 5, 4, 3, 2, 1]
    assert nodes[0].anchor == "end"
    assert nodes[0].label_x < nodes[0].x


def test_record_that_is_named_alone_is_drawn_alone() -> None:
    assert draw_graph([("place", [])], 1000, is_narrow=False).nodes == []
