"""The lower bound: the cost of the same responses without a framework, by hand-written SQL on tables made for them.

A column holds each article's JSON, one narrow table the appearances of records in the order of the lists, and the
search index is Newsroom's own. No login, no rights, no errors, no throttle, no highlights of a search.
"""

import hashlib
import json
import os
import sqlite3
from collections.abc import Callable, Iterable
from contextlib import closing
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

HOST = "newsroom.example"
_PAGE = 20
_HEAD = "\x80"  # marks tokens of a headline, as in articles/search/sqlite_index.py

_BRIEFS = """
json((SELECT json_group_array(json(one)) FROM (
    SELECT json_object({brief}) AS one
    FROM archive.articles_byline b JOIN archive.articles_reporter r ON r.id = b.reporter_id
    WHERE b.article_id = a.id ORDER BY b."order"
)))
"""
_REPORTER = (
    "'reporter', json_object('id', r.id, 'name', r.name, 'disambiguation', r.disambiguation), 'role', b.role"
)
_LISTED = f"""
'id', a.id, 'url', 'http://{HOST}/api/v1/articles/' || a.id || '/', 'publication', a.publication,
'issue_date', a.issue_date, 'section', a.section, 'kicker', a.kicker, 'headline', a.headline, 'subtitle', a.subtitle,
'bylines', {{bylines}},
'page', json_object(
    'id', p.id, 'publication', p.publication, 'issue_date', p.issue_date, 'page_number', p.page_number,
    'page_name', p.page_name
),
'places', json((SELECT json_group_array(json(one)) FROM (
    SELECT json_object('id', r.id, 'code', r.code, 'name', r.name) AS one
    FROM archive.articles_placeappearance n JOIN archive.articles_place r ON r.id = n.place_id
    WHERE n.article_id = a.id AND n.position IS NOT NULL ORDER BY n.position
))),
'organizations', json((SELECT json_group_array(json(one)) FROM (
    SELECT json_object('id', r.id, 'name', r.name) AS one
    FROM archive.articles_organizationappearance n JOIN archive.articles_organization r ON r.id = n.organization_id
    WHERE n.article_id = a.id ORDER BY n.position
))),
'status', a.status, 'reviewed', json(iif(a.reviewed, 'true', 'false')), 'version', a.version,
'updated_at', moment(a.updated_at)
"""
_DETAILED = f"""
{_LISTED}, 'dateline', a.dateline, 'agency', a.agency, 'body', a.body, 'blocks', json(a.blocks),
'mentions', json((SELECT json_group_array(json(one)) FROM (
    SELECT json_object(
        'id', m.id, 'url', 'http://{HOST}/api/v1/mentions/' || m.id || '/', 'kind', m.kind, 'part', m.part,
        'start', m.start, 'end', m."end", 'surface', m.surface, 'status', m.status,
        'record', iif(
            m.kind = 'place', json_object('id', l.id, 'code', l.code, 'name', l.name),
            json_object('id', o.id, 'name', o.name)
        ),
        'method', m.method, 'rule', m.rule, 'score', m.score
    ) AS one
    FROM archive.articles_mention m LEFT JOIN archive.articles_place l ON l.id = m.place_id
    LEFT JOIN archive.articles_organization o ON o.id = m.organization_id
    WHERE m.article_id = a.id ORDER BY m.start, m.id
))),
'position', a.position, 'start', a.start, 'end', a."end", 'created_at', moment(a.created_at)
"""
_PRINTED = f"{_REPORTER}, 'surface', b.surface, 'start', b.start, 'end', b.\"end\""
# The kinds of `appears`; 'all' means the whole list.
_MAKE = f"""
CREATE TABLE shown (id INTEGER PRIMARY KEY, date TEXT, listed TEXT, detailed TEXT, etag TEXT);
INSERT INTO shown
SELECT a.id, a.sort_date, json_object({_LISTED.format(bylines=_BRIEFS.format(brief=_REPORTER))}),
       json_object({_DETAILED.format(bylines=_BRIEFS.format(brief=_PRINTED))}), NULL
FROM archive.articles_article a JOIN archive.articles_page p ON p.id = a.page_id WHERE a.status = 'published';
UPDATE shown SET etag = digest(detailed);
CREATE INDEX shown_date ON shown (id, date);
CREATE TABLE appears (kind TEXT, record INTEGER, date TEXT, id INTEGER, PRIMARY KEY (kind, record, date, id))
WITHOUT ROWID;
INSERT INTO appears SELECT 'all', 0, date, id FROM shown;
INSERT OR IGNORE INTO appears
SELECT 'reporter', b.reporter_id, s.date, s.id FROM shown s JOIN archive.articles_byline b ON b.article_id = s.id;
INSERT INTO appears SELECT r.kind, n.place_id, s.date, s.id
FROM shown s JOIN archive.articles_placeappearance n ON n.article_id = s.id
JOIN archive.articles_place r ON r.id = n.place_id;
INSERT INTO appears SELECT 'organization', n.organization_id, s.date, s.id
FROM shown s JOIN archive.articles_organizationappearance n ON n.article_id = s.id;
CREATE TABLE names (kind TEXT, record INTEGER, code TEXT, name TEXT, PRIMARY KEY (kind, record)) WITHOUT ROWID;
INSERT INTO names SELECT 'reporter', id, '', name FROM archive.articles_reporter;
INSERT INTO names SELECT kind, id, code, name FROM archive.articles_place;
INSERT INTO names SELECT 'organization', id, '', name FROM archive.articles_organization;
CREATE INDEX names_code ON names (code);
"""


def tables(archive: Path) -> Path:
    """The file with the tables for an archive, created if missing."""
    path = archive.with_name(archive.name.replace("archive-", f"floor-{_digest(_MAKE)[:6]}-"))
    if not path.exists():
        made = path.with_suffix(".part")
        made.unlink(missing_ok=True)
        with closing(_opened(made, archive)) as database:
            database.create_function("moment", 1, _moment)
            database.create_function("digest", 1, _digest)
            database.executescript(_MAKE)
        made.rename(path)
    return path


def _opened(path: Path, archive: Path) -> sqlite3.Connection:
    database = sqlite3.connect(path, isolation_level=None)
    database.execute("PRAGMA journal_mode = WAL")
    database.execute("ATTACH ? AS archive", [str(archive)])
    return database


def _moment(stored: str) -> str:
    """A UTC time of SQLite in the API's format."""
    return (datetime.fromisoformat(stored) + timedelta(hours=8)).isoformat() + "+08:00"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:20]


Row = tuple[Any, ...]


class Answers:
    """One connection, with a method for each question."""

    def __init__(self, path: Path, archive: Path) -> None:
        self._database = _opened(path, archive)

    def ask(self, sql: str, *values: object) -> list[Row]:
        return self._database.execute(sql, values).fetchall()

    def listed(self, asked: dict[str, str]) -> str:
        if "q" in asked:
            return self.found(asked["q"])
        kind, record = "all", 0
        if code := asked.get("place"):
            ((kind, record),) = self.ask("SELECT kind, record FROM names WHERE code = ?", code)
        elif reporter := asked.get("reporter"):
            kind, record = "reporter", int(reporter)
        after = asked.get("issue_date_after", "")
        before, pk = asked.get("issue_date_before", "9999"), 1 << 60
        if behind := asked.get("behind"):
            before, _, number = behind.partition("|")
            pk = int(number)
        rows = self.ask(
            "SELECT s.listed FROM appears a JOIN shown s ON s.id = a.id"
            " WHERE a.kind = ? AND a.record = ? AND (a.date, a.id) < (?, ?) AND a.date >= ?"
            f" ORDER BY a.date DESC, a.id DESC LIMIT {_PAGE}",
            kind, record, before, pk, after,
        )  # fmt: skip
        return _results(rows)

    def found(self, q: str) -> str:
        terms = q.split()
        body, head = [_phrase(term) for term in terms], [_phrase(term, _HEAD) for term in terms]
        match = " AND ".join(f"({one} OR {other})" for one, other in zip(body, head, strict=True))
        rows = self.ask(
            "SELECT s.listed FROM (SELECT rowid AS id FROM archive.articles_search WHERE articles_search MATCH ?1) f"
            " JOIN shown s INDEXED BY shown_date ON s.id = f.id ORDER BY CASE"
            " WHEN s.id IN (SELECT rowid FROM archive.articles_search WHERE articles_search MATCH ?2) THEN 0"
            " WHEN s.id IN (SELECT rowid FROM archive.articles_search WHERE articles_search MATCH ?3) THEN 1"
            f" ELSE 2 END, s.date DESC, s.id DESC LIMIT {_PAGE}",
            match, f"headline : ({' AND '.join(head)})", " OR ".join(head),
        )  # fmt: skip
        return _results(rows)

    def facets(self, _asked: dict[str, str]) -> str:
        kinds = {"reporter": "reporter", "place": "county", "organization": "organization"}
        counted: dict[str, Any] = {name: self.commonest(kind) for name, kind in kinds.items()}
        counted["publication"] = self.ask(
            "SELECT publication, count(*) FROM archive.articles_article WHERE status = 'published' GROUP BY 1"
        )
        counted["month"] = self.months()
        return json.dumps(counted, ensure_ascii=False)

    def commonest(self, kind: str) -> list[Row]:
        return self.ask(
            "SELECT n.record, n.name, c.count FROM (SELECT record, count(*) AS count FROM appears WHERE kind = ?1"
            " GROUP BY record ORDER BY 2 DESC, 1 LIMIT 20) c JOIN names n ON n.kind = ?1 AND n.record = c.record",
            kind,
        )

    def months(self) -> list[Row]:
        return self.ask(
            "SELECT substr(date, 1, 7), sum(count) FROM (SELECT date, count(*) AS count FROM appears"
            " WHERE kind = 'all' AND record = 0 GROUP BY date) GROUP BY 1"
        )

    def timeline(self, _asked: dict[str, str]) -> str:
        return json.dumps(self.months())

    def company(self, asked: dict[str, str]) -> str:
        ((kind, record),) = self.ask("SELECT kind, record FROM names WHERE code = ?", asked["place"])
        named = [
            self.ask(
                f"SELECT n.{name}_id, substr(a.date, 1, 7), count(*) FROM appears a"
                f" JOIN archive.articles_{table} n ON n.article_id = a.id"
                f" WHERE a.kind = ? AND a.record = ? {condition} GROUP BY 1 ORDER BY 3 DESC LIMIT 20",
                kind,
                record,
            )
            for name, table, condition in (
                ("reporter", "byline", ""),
                ("place", "placeappearance", "AND n.position IS NOT NULL"),
                ("organization", "organizationappearance", ""),
            )
        ]
        return json.dumps(named)

    def detailed(self, pk: str) -> tuple[str, str]:
        ((answer, etag),) = self.ask("SELECT detailed, etag FROM shown WHERE id = ?", int(pk))
        return answer, etag

    def etag(self, pk: str) -> str:
        ((etag,),) = self.ask("SELECT etag FROM shown WHERE id = ?", int(pk))
        return str(etag)


def _phrase(term: str, mark: str = "") -> str:
    return '"' + " ".join(mark + one + other for one, other in pairwise(term)) + '"'


def _results(rows: Iterable[Row]) -> str:
    return '{"results": [' + ", ".join(row[0] for row in rows) + "]}"


_answers: list[Answers] = []


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
    """`gunicorn tests.benchmarks.floor:application`, with FLOOR and ARCHIVE as the files."""
    if not _answers:  # after gunicorn has forked
        _answers.append(Answers(Path(os.environ["FLOOR"]), Path(os.environ["ARCHIVE"])))
    (answers,) = _answers
    name = environ["PATH_INFO"].removeprefix("/api/v1/articles/").strip("/")
    asked = dict(parse_qsl(environ["QUERY_STRING"]))
    headers = [("Content-Type", "application/json")]
    if name.isdecimal():
        if environ.get("HTTP_IF_NONE_MATCH") == f'"{answers.etag(name)}"':
            start_response("304 Not Modified", [])
            return [b""]
        text, etag = answers.detailed(name)
        headers.append(("ETag", f'"{etag}"'))
    else:
        actions = {
            "": answers.listed, "facets": answers.facets, "timeline": answers.timeline, "company": answers.company,
        }  # fmt: skip
        text = actions[name](asked)
    content = text.encode()
    start_response("200 OK", [*headers, ("Content-Length", str(len(content)))])
    return [content]
