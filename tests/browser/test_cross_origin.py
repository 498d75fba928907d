"""A page of another origin lists articles in a browser, sees the headers, and can neither sign in nor write."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Browser, expect

from tests.factories import make_article
from tests.support.loading import Shared
from tests.support.serving import served

_PAGE = """<!doctype html><meta charset="utf-8"><ul></ul><p></p><script type="module">
const api = new URLSearchParams(location.search).get("api");
const answer = await fetch(`${api}/articles/?fields=headline&page_size=1`);
for (const one of (await answer.json()).results) {
    const item = document.createElement("li");
    item.textContent = one.headline;
    document.querySelector("ul").append(item);
}
const again = await fetch(`${api}/articles/?fields=headline&page_size=1`, {
    cache: "no-store", headers: {"If-None-Match": answer.headers.get("ETag")},
});
const refused = await fetch(`${api}/articles/1/`, {method: "PATCH"}).then(() => "written", () => "refused");
const link = answer.headers.get("Link").includes("next");
const limit = answer.headers.get("RateLimit").includes("r=");
document.querySelector("p").textContent = [again.status, link, limit, refused].join(" ");
</script>"""


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_arguments: object) -> None:
        """Print nothing."""


@contextmanager
def site(folder: Path) -> Iterator[str]:
    """The address of a server of static files, another origin than that of Newsroom."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder)))
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def archive(transactional_db: None) -> User:  # noqa: ARG001 - what is made here is in the shared database
    make_article("早市搬家", date="2024-07-29")
    make_article("大桥通车", date="2024-07-30")
    return User.objects.create_superuser("chief")


def test_a_page_of_another_origin_lists_articles(
    archive: User,  # noqa: ARG001 - first what is in the database
    shared: Shared,
    browser: Browser,
    tmp_path: Path,
) -> None:
    folder = tmp_path / "site"
    folder.mkdir()
    (folder / "index.html").write_text(_PAGE, encoding="utf-8")
    with served(shared) as newsroom, site(folder) as elsewhere:
        page = browser.new_context().new_page()
        page.goto(f"{elsewhere}/?api={newsroom}/api/v1")
        expect(page.locator("p")).to_have_text("304 true true refused", timeout=60_000)
        assert page.locator("li").all_inner_texts() == ["大桥通车"]
