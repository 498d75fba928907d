"""Tests that both databases give the same responses: the same archive, server and requests for each."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest
from django.db import connection

from tests.support.loading import PATIENCE, Shared, run_loadseeds
from tests.support.serving import manage, served

ON_SERVER = "answers_of_newsroom"
ORDERS = ("issue_date", "-issue_date", "id", "-id")
FILTERS = (
    *("place=140830", "place=140000", "has_doubts=true", "issue_date_after=2023-09-01"),
    *(
        "issue_date_before=2023-09-30",
        "publication=沂河晚报",
        "q=大桥",
        "q=县",
        "q=人民 -大桥",
        'q="人民法院"',
        "q=縣",
    ),
)
FACETS = "reporter,organization,publication,month"
FORMS = ("json", "jsonld", "ninjs", "atom", "csv", "jsonl")
RECORDS = ("articles", "reporters", "places", "organizations", "mentions")
# Times differ between runs, not between databases.
_TIMES = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)")


def questions() -> list[str]:
    """Requests for all that an anonymous client can read, in each format."""
    asked = [f"{record}/?page_size=100&count=true" for record in RECORDS]
    asked += [f"{record}/?format={form}" for record in RECORDS for form in ("csv", "jsonl")]
    asked += [f"articles/?ordering={order}&page_size=7" for order in ORDERS]
    asked += [f"articles/?{one}&page_size=50&count=true" for one in FILTERS]
    asked += [f"articles/?{one}&{other}" for one, other in zip(FILTERS, FILTERS[5:], strict=False)]
    asked += [f"articles/?format={form}" for form in FORMS]
    asked += [
        f"articles/facets/?facet={FACETS}",
        f"articles/facets/?facet={FACETS}&q=县",
        "articles/timeline/",
    ]
    asked += [
        f"articles/{pk}/?format={form}" for pk in range(1, 40) for form in ("json", "jsonld", "annotation")
    ]
    asked += [f"{record}/{pk}/{of}" for record in RECORDS[1:4] for pk in range(1, 12) for of in ("", "articles/", "company/")]  # fmt: skip
    return asked


@contextmanager
def fresh_database() -> Iterator[str]:
    """The address of an empty database of the server that the tests run on."""
    settings = {name: quote(str(value), safe="") for name, value in connection.settings_dict.items()}
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {ON_SERVER} WITH (FORCE)")
        # Sorts names like SQLite, which has one order; a PostgreSQL server has the order of its own locale.
        cursor.execute("SELECT current_setting('server_version_num')::int")
        provider = "LOCALE_PROVIDER libc" if cursor.fetchone()[0] >= 150_000 else ""
        cursor.execute(f"CREATE DATABASE {ON_SERVER} TEMPLATE template0 {provider} LC_COLLATE 'C'")
    yield "postgres://{USER}:{PASSWORD}@{HOST}:{PORT}/".format(**settings) + ON_SERVER
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE {ON_SERVER} WITH (FORCE)")


def answers(url: str) -> dict[str, str]:
    """The responses of a server after the seeds and the labelled pages were loaded into a database."""
    shared = Shared(url)
    manage(shared, "migrate")
    assert run_loadseeds("seeds", "tests/pages", "--home", "140800", DATABASE_URL=url).returncode == 0
    with served(shared) as address, httpx.Client(base_url=f"{address}/api/v1/", timeout=PATIENCE) as client:
        return {asked: normalized(client.get(asked), address) for asked in questions()}


def normalized(answer: httpx.Response, address: str) -> str:
    return f"{answer.status_code} {_TIMES.sub('TIME', answer.text.replace(address, ''))}"


@pytest.mark.skipif(
    connection.vendor == "sqlite", reason="compares a server, which DATABASE_URL names, with SQLite"
)
@pytest.mark.django_db(transaction=True)
def test_both_databases_give_the_same_answers(tmp_path: Path) -> None:
    with fresh_database() as url:
        on_server = answers(url)
    on_file = answers(f"sqlite:///{tmp_path / 'newsroom.sqlite3'}")
    assert [asked for asked, answer in on_file.items() if answer != on_server[asked]] == []
    statuses = [answer[:3] for answer in on_file.values()]
    assert statuses.count("200") > 150
    assert set(statuses) <= {"200", "404", "400"}
