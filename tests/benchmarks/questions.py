"""The questions of the benchmarks, as requests to the API, the textbook application and the floor."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

from .serving import Question, Server

API = "/api/v1/articles/"
_DETAILS = 40
_SOME = 10  # records and positions, so that the figure is a mean


@dataclass(frozen=True)
class Subject:
    """One kind of question, with the requests for each application."""

    name: str
    asked: dict[str, list[Question]]
    status: int = 200
    # Whether all applications give the same rows, except highlights.
    is_same: bool = True
    limit: dict[str, float] = field(default_factory=dict)


def subjects(archive: Path, servers: dict[str, Server]) -> Iterator[Subject]:
    """The questions about an archive, the most expensive last."""
    with closing(sqlite3.connect(archive)) as database:
        known = _Known(database)
    yield _subject("list", [{}])
    yield Subject("list, half way down", _half_way(known, servers["newsroom"]))
    yield _subject("place and all below it", [{"place": code} for code in known.counties])
    yield _subject(
        "reporter and dates",
        [{"reporter": pk, "issue_date_after": "2018-01-01", "issue_date_before": "2021-12-31"} for pk in known.reporters],
    )  # fmt: skip
    yield _subject("detail", [{}], paths=[f"{API}{pk}/" for pk in known.articles])
    yield _unchanged("304 of a detail", [f"{API}{pk}/" for pk in known.articles], servers)
    for name, q in (
        ("search, 2 characters", "芮城"), ("search, 4 characters", "乡村振兴"), ("search, 2 phrases", "乡村振兴 风陵渡镇"),
    ):  # fmt: skip
        yield _subject(name, [{"q": q}], of_textbook=[{"search": q}], is_same=False)
    yield _subject("facets", [{}], paths=[f"{API}facets/"], is_same=False)
    yield _subject("timeline", [{}], paths=[f"{API}timeline/"], is_same=False)
    company = [{"place": code} for code in known.counties]
    yield Subject(
        "company of a place",
        {
            "newsroom": [Question(f"/api/v1/places/{code}/company/") for code in known.counties],
            "textbook": _questions([f"{API}company/"], company),
            "floor": _questions([f"{API}company/"], company),
        },
        is_same=False,
    )


class _Known:
    """Frequent records, and articles from all parts of the archive."""

    def __init__(self, database: sqlite3.Connection) -> None:
        def first(sql: str) -> list[str]:
            return [str(value) for (value,) in database.execute(sql)]

        self.counties = first(
            "SELECT code FROM articles_placeappearance JOIN articles_place p ON p.id = place_id WHERE kind = 'county'"
            f" GROUP BY place_id ORDER BY count(*) DESC LIMIT {_SOME}"
        )
        self.reporters = first(
            f"SELECT reporter_id FROM articles_byline GROUP BY 1 ORDER BY count(*) DESC LIMIT {_SOME}"
        )
        published = first("SELECT id FROM articles_article WHERE status = 'published' ORDER BY id")
        self.articles = published[:: len(published) // _DETAILS]
        self.middle = published_middle(database)


def published_middle(database: sqlite3.Connection) -> tuple[int, str, int]:
    """The middle of the list of published articles: page number, date and id."""
    ((count,),) = database.execute("SELECT count(*) FROM articles_article WHERE status = 'published'")
    page = count // 40  # of 20
    ((date, pk),) = database.execute(
        "SELECT sort_date, id FROM articles_article WHERE status = 'published' ORDER BY sort_date DESC, id DESC"
        f" LIMIT 1 OFFSET {page * 20 - 1}"
    )
    return page, date, pk


def _questions(paths: list[str], asked: list[dict[str, str]]) -> list[Question]:
    return [Question(f"{path}?{urlencode(some)}" if some else path) for path in paths for some in asked]


def _subject(
    name: str,
    asked: list[dict[str, str]],
    *,
    paths: list[str] | None = None,
    of_textbook: list[dict[str, str]] | None = None,
    is_same: bool = True,
) -> Subject:
    paths = paths or [API]
    plain = _questions(paths, asked)
    return Subject(
        name,
        {"newsroom": plain, "textbook": _questions(paths, of_textbook or asked), "floor": plain},
        is_same=is_same,
    )


def _half_way(known: _Known, newsroom: Server) -> dict[str, list[Question]]:
    """The page after the middle of the list; the API's cursor is read from a response."""
    page, date, pk = known.middle
    link = f"{API}?{urlencode({'issue_date_before': date, 'page_size': 1})}"
    while True:
        answer = json.loads(newsroom.ask(Question(link)).content)
        link = answer["next"]
        if answer["results"][0]["id"] == pk:
            break
    cursor = link.partition("cursor=")[2].partition("&")[0]
    return {
        "newsroom": [Question(f"{API}?cursor={cursor}")],
        "textbook": [Question(f"{API}?page={page + 1}")],
        "floor": [Question(f"{API}?{urlencode({'behind': f'{date}|{pk}'})}")],
    }


def _unchanged(name: str, paths: list[str], servers: dict[str, Server]) -> Subject:
    def asked(server: Server) -> list[Question]:
        tags = [server.ask(Question(path)).headers["etag"] for path in paths]
        return [Question(path, (("If-None-Match", tag),)) for path, tag in zip(paths, tags, strict=True)]

    return Subject(
        name, {which: asked(server) for which, server in servers.items()}, status=304, is_same=False
    )
