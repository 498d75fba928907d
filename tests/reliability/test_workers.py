"""Tests that a server worker killed while it loads an upload loses no page, and that no page is loaded twice."""

import os
import re
import signal
import subprocess
import threading
from functools import partial

import httpx
import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from articles.models import Upload
from tests.support.loading import CREATED, HALF_PAGES, PAGE, PAGES, PATIENCE, Shared
from tests.support.queueing import until
from tests.support.serving import manage, served

SIZE = 95  # an upload takes a hundred files
FINISHED = "count(*) FROM articles_load WHERE finished_at IS NOT NULL"
LOADS = "count(*) FROM articles_load"


@pytest.fixture
def desk(transactional_db: None, admin_client: Client, request: pytest.FixtureRequest) -> Shared:  # noqa: ARG001 - the database is written
    """A database with a logged-in editor and an upload."""
    pages = [
        SimpleUploadedFile(f"{number}.txt", PAGE.replace("第6版", f"第{number + 1}版").encode())
        for number in range(SIZE)
    ]
    sent = admin_client.post("/admin/articles/load/upload/", {"pages": pages, "status": "published"})
    assert sent.status_code == 302
    shared: Shared = request.getfixturevalue("shared")
    return shared


def output(*command: str) -> list[int]:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return [int(number) for number in done.stdout.split()]


def worker_of(address: str) -> int:
    """The worker process of the server at an address."""
    processes = output("pgrep", "-f", f"gunicorn newsroom.wsgi --bind {address.removeprefix('http://')}")
    (worker,) = [pid for pid in processes if output("ps", "-o", "ppid=", "-p", str(pid))[0] in processes]
    return worker


def go_on(address: str, session: str, upload: int) -> bool:
    """Load the upload by its button; whether all pages are loaded."""
    url = f"{address}/admin/articles/load/upload/{upload}/"
    with httpx.Client(cookies={settings.SESSION_COOKIE_NAME: session}, timeout=PATIENCE) as client:
        page = client.get(url)
        if page.status_code == 302:
            return True
        (token,) = re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', page.text)[:1]
        client.post(f"{url}load/", data={"csrfmiddlewaretoken": token})
        return False


@pytest.mark.soak
def test_killed_server_worker_loses_no_page_of_an_upload(desk: Shared, admin_client: Client) -> None:
    session = admin_client.cookies[settings.SESSION_COOKIE_NAME].value
    upload = Upload.objects.get().pk
    with served(desk) as address:
        for number in range(2):
            with_errors = threading.Thread(target=go_on_quietly, args=(address, session, upload))
            with_errors.start()
            (before,) = desk.numbers(PAGES)
            until(partial(has_pages, desk, before + 3 + number))
            os.kill(worker_of(address), signal.SIGKILL)
            with_errors.join()
            pages, created, half = desk.numbers(PAGES, CREATED, HALF_PAGES)
            assert (pages, half) == (created, 0)
            assert before < pages < SIZE
        until(lambda: go_on_quietly(address, session, upload))
    assert desk.numbers(PAGES, CREATED, HALF_PAGES, LOADS, FINISHED) == [SIZE, SIZE, 0, 1, 1]
    assert manage(desk, "verify") == f"Verified {SIZE} pages, {2 * SIZE} articles: no faults."


def has_pages(desk: Shared, count: int) -> bool:
    return desk.numbers(PAGES)[0] >= count


def go_on_quietly(address: str, session: str, upload: int) -> bool:
    """Do the same; False where a worker is killed or the next one is starting."""
    try:
        return go_on(address, session, upload)
    except httpx.TransportError:
        return False
