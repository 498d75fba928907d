"""Measures requests with PostgreSQL, server and database together, and with SQLite and the same archive."""

import json
import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

import pytest
from django.db import connection

from tests.benchmarks.archive import WRITE, archive, environment, write
from tests.benchmarks.filling import fill
from tests.benchmarks.serving import Question, Server, cpu_of, started
from tests.support.loading import Shared

pytestmark = [
    pytest.mark.benchmark,
    pytest.mark.skipif(connection.vendor == "sqlite", reason="set DATABASE_URL=postgres://..."),
]

ARTICLES = int(os.environ.get("ARTICLES", "10000"))
REQUESTS = 500


def test_postgresql_against_sqlite(transactional_db: None, shared: Shared) -> None:  # noqa: ARG001 - it is written
    fill(ARTICLES)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    file = archive(ARTICLES)
    costs = {
        "SQLite": measured(environment(file), lambda: write(file)),
        "PostgreSQL": measured(environment(file) | {"DATABASE_URL": shared.url}, write_to_server),
    }
    print(f"\n{ARTICLES:,} articles: CPU ms a request of server and database, cached and after a write")
    for name, (cached, written) in costs["SQLite"].items():
        other = costs["PostgreSQL"][name]
        print(
            f"{name:24} SQLite {cached:6.2f} {written:7.2f}   PostgreSQL {other[0]:6.2f} {other[1]:7.2f}"
            f"   ratios {other[0] / cached:.2f} {other[1] / written:.2f}"
        )


def measured(variables: dict[str, str], happens: Callable[[], None]) -> dict[str, tuple[float, float]]:
    with started("newsroom.wsgi:application", variables) as server:
        return {
            name: (cost(server, question, lambda: None), cost(server, question, happens))
            for name, question in questions(server).items()
        }


def questions(server: Server) -> dict[str, Question]:
    """The addresses, with the ids of the most frequent records."""
    facets = json.loads(server.ask(Question("/api/v1/articles/facets/?facet=reporter,place")).content)
    place, reporter = (facets[kind][0]["id"] for kind in ("place", "reporter"))
    newest = json.loads(server.ask(Question("/api/v1/articles/")).content)["results"][0]["id"]
    paths = {
        "list": "",
        "place and all below it": f"?place={place}",
        "reporter and dates": f"?reporter={reporter}&issue_date_after=2018-01-01&issue_date_before=2020-12-31",
        "detail": f"{newest}/",
        "search, 2 characters": "?q=芮城",
        "search, 4 characters": "?q=乡村振兴",
        "facets": "facets/?facet=reporter,place,organization",
    }
    return {name: Question(quote(f"/api/v1/articles/{path}", safe="/?&=,")) for name, path in paths.items()}


def cost(server: Server, question: Question, happens: Callable[[], None]) -> float:
    """CPU milliseconds per request of the server and PostgreSQL's processes, each after a call of `happens`."""
    assert server.ask(question).status == 200
    spent = 0.0
    for _ in range(REQUESTS):
        happens()
        before, processes = server.cpu(), cpu_of_postgresql()
        server.ask(question)
        spent += server.cpu() - before + used(processes, cpu_of_postgresql())
    return spent / REQUESTS * 1000


def write_to_server() -> None:
    with connection.cursor() as cursor:
        cursor.execute(WRITE)


def cpu_of_postgresql() -> dict[int, float]:
    """The CPU seconds of each process of PostgreSQL."""
    found = {}
    for process in Path("/proc").glob("[0-9]*"):
        # A process may end meanwhile.
        with suppress(FileNotFoundError, ProcessLookupError):
            if (process / "comm").read_text() == "postgres\n":
                found[int(process.name)] = cpu_of(int(process.name))
    return found


def used(before: dict[int, float], after: dict[int, float]) -> float:
    """The CPU seconds between two measurements, of processes that still exist."""
    return sum(seconds - before.get(process, 0.0) for process, seconds in after.items())
