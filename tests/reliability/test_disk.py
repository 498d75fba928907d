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

SIZE = 30
SQLITE = connection.vendor == "sqlite"
_FULL = 2**30  # the maximum number of pages of a SQLite file
# A trigger raises PostgreSQL's error of a full disk.
_REFUSE = """
CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT count(*) FROM articles_byline) >= {bylines} THEN
        RAISE EXCEPTION 'could not extend file "base/16384/16402": No space left on device' USING ERRCODE = '53100';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER refuse BEFORE INSERT ON articles_byline FOR EACH ROW EXECUTE FUNCTION refuse();
"""


def execute(statement: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return int(cursor.fetchone()[0]) if cursor.description else 0


@contextmanager
def full_disk(left: int) -> Iterator[None]:
    """Simulate a disk with room for `left` kilobytes on SQLite, or for `left` credits on PostgreSQL."""
    if SQLITE:
        execute("VACUUM")  # deleted rows left free pages
        room = execute("PRAGMA page_count") + left * 1024 // execute("PRAGMA page_size")
        execute(f"PRAGMA max_page_count = {room}")
    else:
        execute(_REFUSE.format(bylines=left))
    yield
    execute(f"PRAGMA max_page_count = {_FULL}" if SQLITE else "DROP FUNCTION refuse CASCADE")


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


# The disk is full at a different moment of a page each time.
@pytest.mark.parametrize("left", [0, 40, 53, 61])
def test_full_disk_rolls_back_the_page_and_next_run_completes(archive: Path, left: int) -> None:
    with full_disk(left):
        code, said = loadseeds(archive)
        assert (code, said.count("\n")) == (2, 0)
        assert "disk is full" in said or "No space left on device" in said
        pages = Page.objects.count()
        assert pages < SIZE
        assert Article.objects.count() == 2 * pages
        assert Byline.objects.count() == 3 * pages
        assert LoadFile.objects.count() == pages
        assert Load.objects.count() == (pages > 0)
    assert loadseeds(archive)[0] == 0
    counts = [model.objects.count() for model in (Page, Article, Byline, LoadFile)]
    assert counts == [SIZE, 2 * SIZE, 3 * SIZE, SIZE + pages]
