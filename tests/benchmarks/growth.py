"""Measures each address of the API after a write, in an archive and in one ten times as large.

Run as `python -m tests.benchmarks.growth`: it prints a table, of which docs/performance.md has a copy.
"""

import argparse
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing
from functools import partial
from pathlib import Path
from urllib.parse import quote

from .archive import archive, write
from .serving import Question, Server, serving

_API = "/api/v1/"
_ADDRESSES = (
    *("articles/", "articles/?count=true", "articles/?ordering=issue_date", "articles/?publication={publication}"),
    *("articles/?issue_date_after=2020-01-01&issue_date_before=2020-02-01", "articles/?place={county}"),
    *("articles/?place={township}", "articles/?organization={organization}", "articles/?reporter={reporter}"),
    *("articles/?format=atom", "articles/?section=要闻", "articles/?q=芮城", "articles/?q=芮城&ordering=issue_date"),
    *("articles/{article}/", "articles/{article}/mentions/", "articles/{article}/?format=ninjs"),
    *("articles/facets/", "articles/facets/?place={township}", "articles/timeline/", "articles/timeline/?place={county}"),
    *("reporters/", "reporters/{reporter}/", "reporters/{reporter}/articles/", "reporters/{reporter}/timeline/"),
    *("reporters/{reporter}/facets/", "reporters/{reporter}/company/"),
    *("places/", "places/?kind=county", "places/{county}/", "places/{county}/children/", "places/{county}/articles/"),
    *("places/{township}/mentions/", "places/{county}/mentions/", "places/{county}/company/"),
    *("organizations/", "organizations/?seat={county}", "organizations/{organization}/"),
    *("organizations/{organization}/articles/", "organizations/{organization}/mentions/"),
    *("organizations/{organization}/company/", "mentions/", "mentions/?count=true", "mentions/?status=linked"),
    *("mentions/?surface=芮城", "mentions/?article={article}", "pages/", "pages/?count=true"),
    *("pages/?publication={publication}", "pages/{page}/", "pages/{page}/articles/"),
)  # fmt: skip


def addresses(path: Path) -> Iterator[str]:
    """The addresses, with the most frequent records of an archive as arguments."""
    with closing(sqlite3.connect(path)) as database:
        found = {name: _first(database, select) for name, select in _NAMED.items()}
    return (address.format_map(found) for address in _ADDRESSES)


_OF_PLACES = (
    "SELECT code FROM articles_placeappearance JOIN articles_place p ON p.id = place_id WHERE kind = '{}'"
)
_NAMED = {
    "county": f"{_OF_PLACES.format('county')} GROUP BY place_id ORDER BY count(*) DESC",
    "township": f"{_OF_PLACES.format('township')} GROUP BY place_id ORDER BY count(*) DESC",
    "organization": "SELECT organization_id FROM articles_organizationappearance GROUP BY 1 ORDER BY count(*) DESC",
    "reporter": "SELECT reporter_id FROM articles_byline GROUP BY 1 ORDER BY count(*) DESC",
    "publication": "SELECT publication FROM articles_page GROUP BY 1 ORDER BY count(*) DESC",
    "article": "SELECT id FROM articles_article WHERE status = 'published' ORDER BY sort_date",
    "page": "SELECT page_id FROM articles_article WHERE status = 'published' ORDER BY sort_date",
}


def _first(database: sqlite3.Connection, select: str) -> str:
    return str(database.execute(f"{select} LIMIT 1").fetchone()[0])


def cost(server: Server, path: Path, address: str) -> float:
    """CPU milliseconds per request, each after a write."""
    return server.cost_after(partial(write, path), [Question(_API + quote(address, safe="/?&="))])


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.growth", description=__doc__)
    parser.add_argument("sizes", nargs="*", type=int, default=[10_000, 100_000], help="numbers of articles")
    paths = [archive(size) for size in parser.parse_args().sizes]
    print("\n| address | ms | ms, ten times as large | ratio |\n| --- | ---: | ---: | ---: |")
    with ExitStack() as stack:
        servers = [stack.enter_context(serving("newsroom", path)) for path in paths]
        for pattern, *asked in zip(_ADDRESSES, *map(addresses, paths), strict=True):
            # The lower of two measurements in turn: the speed of a shared machine varies.
            rounds = [[cost(*one) for one in zip(servers, paths, asked, strict=True)] for _ in range(2)]
            small, large = map(min, zip(*rounds, strict=True))
            print(f"| `/{pattern}` | {small:.1f} | {large:.1f} | {large / small:.1f} |", flush=True)


if __name__ == "__main__":
    main()
