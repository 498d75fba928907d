"""Tests `manage.py export`: whole, resumable files of what is public."""

import gzip
import hashlib
import json
import os
import signal
import subprocess
import sys
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles.api import bulk_export
from tests.factories import make_article, make_organization, make_page, make_places, make_reporter
from tests.support.api import API
from tests.support.loading import PATIENCE, ROOT, Shared

SECRET = "白鹭洲"


def export(folder: Path, *options: str) -> dict[str, Any]:
    call_command(
        "export", folder, "--origin", "http://testserver/", *options, stdout=StringIO(), stderr=StringIO()
    )
    return manifest_of(folder)


def manifest_of(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    return found


def records(folder: Path, kind: str) -> list[dict[str, Any]]:
    parts = [part["file"] for part in manifest_of(folder)["parts"] if part["kind"] == kind]
    text = "".join(gzip.decompress((folder / name).read_bytes()).decode() for name in parts)
    return [json.loads(line) for line in text.splitlines()]


def make_archive(articles: int = 7) -> None:
    """Published articles on a page each, and a draft that names what no other article names."""
    made = make_places()
    court, zhou = make_organization("芮城县人民法院", made["芮城县"]), make_reporter("周明")
    for number in range(articles):
        page = make_page("大桥通车", publication="沂河晚报", issue_date="2024-07-30")
        make_article(f"大桥{number}", court, zhou, page=page, body=f"芮城县人民法院第{number}号")
    secret = make_organization(f"{SECRET}公司", made["绛县"])
    page = make_page(SECRET, publication=SECRET)
    make_article(SECRET, secret, make_reporter(SECRET), page=page, body=SECRET, status="draft")


@pytest.mark.django_db
def test_an_export_has_what_the_api_gives_of_all_that_is_public(tmp_path: Path, client: Client) -> None:
    make_archive()
    manifest = export(tmp_path, "--part", "3")
    assert {kind: one["records"] for kind, one in manifest["counts"].items()} == {
        "articles": 7, "pages": 7, "reporters": 1, "places": 3, "organizations": 1,
    }  # fmt: skip
    assert [part["records"] for part in manifest["parts"] if part["kind"] == "articles"] == [3, 3, 1]
    for kind in manifest["counts"]:
        for record in records(tmp_path, kind):
            assert client.get(record["url"]).json() == record
    for part in manifest["parts"]:
        content = (tmp_path / part["file"]).read_bytes()
        assert (len(content), hashlib.sha256(content).hexdigest()) == (part["bytes"], part["sha256"])
        assert SECRET not in gzip.decompress(content).decode()
    files = {path.name for path in tmp_path.iterdir()}
    assert files == {"manifest.json", *(part["file"] for part in manifest["parts"])}
    assert manifest["finished_at"]


@pytest.mark.django_db
def test_a_mirror_goes_on_from_the_token_of_the_manifest(tmp_path: Path, client: Client) -> None:
    make_archive(2)
    token = export(tmp_path)["changes_token"]
    make_article("新的")
    changes = client.get(f"{API}/changes/?since={token}").json()["results"]
    assert [one["kind"] for one in changes] == ["article"]


@pytest.mark.django_db
@pytest.mark.parametrize("killed_after", range(1, 9))
def test_an_export_goes_on_where_it_was_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, killed_after: int
) -> None:
    make_archive()
    whole, stopped = tmp_path / "whole", tmp_path / "stopped"
    export(whole, "--part", "3")
    saves = 0
    save = bulk_export._save

    def save_until_killed(folder: Path, manifest: dict[str, Any]) -> None:
        nonlocal saves
        saves += 1
        if saves == killed_after:
            raise KeyboardInterrupt
        save(folder, manifest)

    with monkeypatch.context() as patch:
        patch.setattr(bulk_export, "_save", save_until_killed)
        with pytest.raises(KeyboardInterrupt):
            export(stopped, "--part", "3")
    export(stopped, "--part", "3")
    assert manifest_of(stopped)["parts"] == manifest_of(whole)["parts"]
    assert {path.name for path in stopped.iterdir()} == {path.name for path in whole.iterdir()}


@pytest.mark.django_db
def test_the_queries_of_an_export_do_not_grow_with_the_archive(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten records take the same number of queries in an archive of ten and of fifty: it reads a chunk at a time."""
    monkeypatch.setattr(bulk_export, "_CHUNK", 5)
    counts = []
    for number in range(2):
        if number:
            for one in range(40):
                make_article(f"再{one}")
        else:
            make_archive(10)
        with CaptureQueriesContext(connection) as asked:
            rows = bulk_export._rows(bulk_export._KINDS["articles"], "", 0)
            for _ in range(10):
                next(rows)
        counts.append(len(asked))
    assert counts[0] == counts[1]


@pytest.mark.slow
@pytest.mark.usefixtures("transactional_db")
def test_a_killed_export_is_completed(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    make_archive(60)
    shared: Shared = request.getfixturevalue("shared")
    command = [sys.executable, "manage.py", "export", str(tmp_path / "out"), "--part", "5"]
    environment = {**os.environ, "DATABASE_URL": shared.url}
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.PIPE)
    assert process.stderr
    process.stderr.readline()  # the first part is there
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=PATIENCE)
    subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True, timeout=PATIENCE)
    exported = records(tmp_path / "out", "articles")
    assert len({one["id"] for one in exported}) == len(exported) == 60


@pytest.mark.parametrize("part", ["0", "-1", "x"])
def test_the_size_of_a_part_is_a_positive_number(tmp_path: Path, part: str) -> None:
    with pytest.raises(Exception, match="positive"):
        call_command("export", tmp_path, "--part", part)
