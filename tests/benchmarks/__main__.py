"""Measures requests and the loading of pages; `make bench` runs it and writes the figures to docs/performance.md."""

import argparse
import json
from contextlib import ExitStack
from functools import partial
from pathlib import Path

from . import loading, report
from .archive import archive, write
from .questions import Subject, subjects
from .serving import APPLICATIONS, WARM_UP, Answer, Cost, Question, Server, serving


def serve(articles: int) -> report.Served:
    """The cost of each question by application, and the peak memory of the servers."""
    path = archive(articles)
    costs: report.Costs = {}
    print(f"\n{f'{articles:,} articles: CPU, wall ms':32}" + "".join(f"{name:>18}" for name in APPLICATIONS))
    with ExitStack() as stack:
        servers = {name: stack.enter_context(serving(name, path)) for name in APPLICATIONS}
        asked = list(subjects(path, servers))
        first = ask_first(path, asked)
        for subject in asked:
            check(subject, servers)
            costs[subject.name] = found = {
                name: server.cost(subject.asked[name], subject.status) for name, server in servers.items()
            }
            print(f"{subject.name:32}" + "".join(_cost_text(cost) for cost in found.values()), flush=True)
        memory = {name: server.memory() for name, server in servers.items()}
        written = {
            subject.name: servers["newsroom"].cost_after(partial(write, path), subject.asked["newsroom"])
            for subject in asked
        }
    return report.Served(costs, first, written, memory)


def ask_first(path: Path, asked: list[Subject]) -> dict[str, float]:
    """The cost of the first request for each question after the server has started."""
    with serving("newsroom", path) as server:
        for _ in range(WARM_UP):
            server.ask(Question("/api/v1/loads/"))
        return {subject.name: server.first_cost(subject.asked["newsroom"]) for subject in asked}


def _cost_text(cost: Cost) -> str:
    return f"{cost.cpu:9.2f}{cost.wall:9.2f}"


def check(subject: Subject, servers: dict[str, Server]) -> None:
    """Check that all applications give the same rows for the first question of a subject."""
    if not subject.is_same:
        return
    newsroom, textbook, floor = (
        [rows(servers[name].ask(question)) for question in subject.asked[name]] for name in APPLICATIONS
    )
    if newsroom != floor:
        raise RuntimeError(f"{subject.name}: Newsroom and the floor do not answer the same")
    if [[row["id"] for row in some] for some in textbook] != [
        [row["id"] for row in some] for some in newsroom
    ]:
        raise RuntimeError(f"{subject.name}: Newsroom and the textbook do not answer the same")


def rows(answer: Answer) -> list[dict[str, object]]:
    found = json.loads(answer.content)
    listed: list[dict[str, object]] = found.get("results", [found])
    return listed


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--sizes", default="1000,10000", help="numbers of articles, with commas between")
    parser.add_argument("--pages", default="200", help="numbers of pages to load, with commas between")
    parser.add_argument("--ways", default=",".join(loading.WAYS), help="of loading, with commas between")
    options = parser.parse_args()
    served = {size: serve(size) for size in map(int, filter(None, options.sizes.split(",")))}
    ways = options.ways.split(",")
    loaded = {
        pages: loading.measure(pages, ways) for pages in map(int, filter(None, options.pages.split(",")))
    }
    report.write(served, loaded)
    print(f"\nWritten into {report.PLACE.name}.")


if __name__ == "__main__":
    main()
