"""Tests clients behind nginx, with the configuration of docs/operations.md."""

import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from django.contrib.auth.models import User

from articles.models import ApiToken, Article
from tests.factories import make_article
from tests.support.loading import PATIENCE, ROOT, Shared
from tests.support.serving import get, served

NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
pytestmark = [pytest.mark.slow, pytest.mark.skipif(not NGINX, reason="nginx is not installed")]
_AROUND = """
daemon off;
pid {folder}/pid;
error_log {folder}/error.log;
events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    {server}
}}
"""


def configuration(folder: Path, port: int, server: str) -> str:
    """The configuration of the docs, on a port of this machine and without TLS."""
    text = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    found = re.search(r"```nginx\n(.*?)```", text, re.DOTALL)
    assert found
    documented = re.sub(r"\n +ssl_certificate.*", "", found[1])
    documented = documented.replace("listen 443 ssl", f"listen 127.0.0.1:{port}")
    documented = documented.replace("http://127.0.0.1:8000", server)
    return _AROUND.format(folder=folder, server=documented)


@pytest.fixture
def token(transactional_db: None) -> str:  # noqa: ARG001 - the database is written
    make_article("大桥通车", body="昨天通车。" * 200)
    return ApiToken.objects.issue(User.objects.create_superuser("chief"), "tests")[1]


@pytest.fixture
def proxy(token: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:  # noqa: ARG001
    """The address of nginx in front of a server."""
    shared: Shared = request.getfixturevalue("shared")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with served(shared) as server:
        written = tmp_path / "nginx.conf"
        written.write_text(configuration(tmp_path, port, server), encoding="utf-8")
        process = subprocess.Popen([str(NGINX), "-p", str(tmp_path), "-c", str(written)])
        try:
            for _ in range(PATIENCE * 10):
                try:
                    get(f"http://127.0.0.1:{port}/api/v1/")
                    break
                except httpx.TransportError:
                    time.sleep(0.1)
            yield f"http://127.0.0.1:{port}/api/v1"
        finally:
            process.terminate()
            process.wait()


def test_client_behind_a_proxy_that_compresses_writes_with_its_etag(proxy: str, token: str) -> None:
    url = f"{proxy}/articles/{Article.objects.get().pk}/"
    with httpx.Client(headers={"Authorization": f"Bearer {token}"}, verify=False, timeout=PATIENCE) as client:
        read = client.get(url)
        assert (read.headers["Content-Encoding"], read.headers["ETag"][:3]) == ("gzip", 'W/"')
        assert client.get(url, headers={"If-None-Match": read.headers["ETag"]}).status_code == 304
        tags = {"If-Match": read.headers["ETag"]}
        assert client.patch(url, json={"headline": "新桥通车"}, headers=tags).status_code == 200
        assert client.patch(url, json={"headline": "旧桥通车"}, headers=tags).status_code == 412


def test_addresses_in_responses_are_those_of_the_proxy(proxy: str) -> None:
    (article,) = get(f"{proxy}/articles/").json()["results"]
    assert article["url"] == f"{proxy}/articles/{article['id']}/"
    lines = get(f"{proxy}/articles/?format=jsonl").text.splitlines()
    assert len(lines) == 1
