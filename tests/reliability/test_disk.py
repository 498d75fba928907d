"""A full disk: the current page is rolled back, one line names the reason, and the next run completes the load."""

from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from articles.models import Article, Byline, Load, LoadFile, Page
from tests.support.loading import write_archive

pytestmark = pytest.mark.django_db(transaction=True)

SIZE = 12
SQLITE = connection.vendor == "sqlite"
# The disk is full at a chosen row, not after so many kilobytes: what earlier tests deleted leaves room in the file, and
# the search index gives pages back during a load.
_FILL = """
CREATE TABLE filling (content);
CREATE TRIGGER fill BEFORE INSERT ON {table} WHEN (SELECT count(*) FROM {table}) >= {rows}
BEGIN
    INSERT INTO filling VALUES (zeroblob({room} * 2));
END;
PRAGMA max_page_count = {limit};
"""
_ROOM = 2**23
_NO_LIMIT = 2**30  # the largest number of pages of a SQLite file
_EMPTY = f"DROP TRIGGER fill; DROP TABLE filling; PRAGMA max_page_count = {_NO_LIMIT}"
# A trigger raises PostgreSQL's error of a full disk.
_REFUSE = """
CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT count(*) FROM {table}) >= {rows} THEN
        RAISE EXCEPTION 'could not extend file "base/16384/16402": No space left on device' USING ERRCODE = '53100';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER refuse BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION refuse();
"""


def ask(statement: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return int(cursor.fetchone()[0])


def execute(statements: str) -> None:
    with connection.cursor() as cursor:
        if SQLITE:
            cursor.executescript(statements)
        else:
            cursor.execute(statements)


@contextmanager
def full_disk(table: str, rows: int) -> Iterator[None]:
    """Let the disk be full when a table has so many rows and gets another one."""
    if SQLITE:
        limit = ask("PRAGMA page_count") + _ROOM // ask("PRAGMA page_size")
        execute(_FILL.format(table=table, rows=rows, room=_ROOM, limit=limit))
    else:
        execute(_REFUSE.format(table=table, rows=rows))
    try:
        yield
    finally:
        execute(_EMPTY if SQLITE else "DROP FUNCTION refuse CASCADE")


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """Files with pages of two articles each."""
    return write_archive(tmp_path / "archive", SIZE)


def loadseeds(folder: Path) -> tuple[int, str]:
    """The exit code, and the output or the line of the error."""
    out = StringIO()
    try:
        call_command("loadseeds", str(folder), stdout=out)
    except CommandError as error:
        return error.returncode, str(error)
    return 0, out.getvalue()


# A different moment of a page each time: each has two articles and three credits.
@pytest.mark.parametrize(
    ("table", "rows", "pages"),
    [
        ("articles_page", 0, 0),
        ("articles_article", 9, 4),
        ("articles_byline", 20, 6),
        ("articles_loadfile", 10, 10),
    ],
)
def test_full_disk_rolls_back_the_page_and_next_run_completes(
    archive: Path, table: str, rows: int, pages: int
) -> None:
    with full_disk(table, rows):
        code, said = loadseeds(archive)
        assert (code, said.count("\n")) == (2, 0)
        assert "disk is full" in said or "No space left on device" in said
        assert Page.objects.count() == pages
        assert Article.objects.count() == 2 * pages
        assert Byline.objects.count() == 3 * pages
        assert LoadFile.objects.count() == pages
        assert Load.objects.count() == (pages > 0)
    assert loadseeds(archive)[0] == 0
    counts = [model.objects.count() for model in (Page, Article, Byline, LoadFile)]
    assert counts == [SIZE, 2 * SIZE, 3 * SIZE, SIZE + pages]
