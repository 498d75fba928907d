"""What a request costs Newsroom, a textbook application and the floor; `make bench SIZES=1000,10000`."""

from __future__ import annotations

import argparse
import json
from contextlib import ExitStack

from .archive import archive
from .questions import Subject, subjects
from .serving import APPLICATIONS, Answer, Cost, Server, serving

Costs = dict[str, dict[str, Cost]]


def measure(articles: int) -> tuple[Costs, dict[str, float]]:
    """The cost of each question by application, and the memory of the servers afterwards."""
    path = archive(articles)
    costs: Costs = {}
    print(f"\n{articles:,} articles{'':18}" + "".join(f"{name:>18}" for name in APPLICATIONS))
    with ExitStack() as stack:
        servers = {name: stack.enter_context(serving(name, path)) for name in APPLICATIONS}
        for subject in subjects(path, servers):
            check(subject, servers)
            costs[subject.name] = found = {
                name: server.cost(subject.asked[name], subject.status) for name, server in servers.items()
            }
            told = "".join(f"{cost.cpu:9.2f}{cost.wall:9.2f}" for cost in found.values())
            print(f"{subject.name:32}{told}", flush=True)
        memory = {name: server.memory() for name, server in servers.items()}
    print(f"{'memory, MiB':32}" + "".join(f"{size:9.0f}{'':9}" for size in memory.values()))
    return costs, memory


def check(subject: Subject, servers: dict[str, Server]) -> None:
    """That the applications answer the same to a question of a subject."""
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
    for size in map(int, parser.parse_args().sizes.split(",")):
        measure(size)


if __name__ == "__main__":
    main()
