"""A path before all addresses (SCRIPT_NAME): the operator may choose it, a request header may not."""

import io
from collections.abc import Callable, Iterator
from typing import Any, cast

import httpx
import pytest
from django.contrib.auth.models import User
from django.core.wsgi import get_wsgi_application
from django.test import Client
from django.urls import clear_script_prefix

from articles.models import Article
from articles.models.history import Way
from newsroom.script_name import ignore_script_name_header
from tests.factories import make_article, make_reporter
from tests.support.api import API
from tests.support.loading import Shared
from tests.support.serving import get, served


@pytest.fixture
def mounted() -> Iterator[Callable[[str], httpx.Client]]:
    """Clients of the WSGI application under a prefix; Django's test client makes addresses without one."""

    def mount(prefix: str) -> httpx.Client:
        transport = httpx.WSGITransport(cast("Any", get_wsgi_application()), script_name=prefix)
        return httpx.Client(transport=transport, base_url="http://localhost")

    yield mount
    clear_script_prefix()  # the handler sets it for the thread


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("address", [f"{API}/articles/", f"{API}/articles/{{pk}}/"], ids=["list", "article"])
@pytest.mark.parametrize("prefix", ["/evil", "/api", "/evil/"])
def test_cached_addresses_have_the_prefix_of_their_own_request(
    mounted: Callable[[str], httpx.Client], address: str, prefix: str
) -> None:
    url = address.format(pk=make_article("大桥通车", make_reporter("周明")).pk)
    prefixed, plain, again = (mounted(mount).get(url).text for mount in (prefix, "", prefix))
    assert f"http://localhost{prefix.rstrip('/')}{API}/" in prefixed
    assert f"http://localhost{API}/" in plain
    assert prefix.rstrip("/") + API not in plain
    assert again == prefixed


@pytest.mark.django_db
def test_api_under_a_prefix_answers_as_the_api(client: Client) -> None:
    """Problems are JSON, and the response cache works."""
    missing = client.get(f"{API}/nowhere/", SCRIPT_NAME="/news")
    assert (missing.status_code, missing["Content-Type"]) == (404, "application/problem+json")
    assert missing["Content-Language"] == "en"


class Unread(io.BytesIO):
    """A body that fails the test when it is read."""

    def read(self, *_: Any) -> bytes:
        raise AssertionError("the body was read")


@pytest.mark.parametrize("prefix", ["/api", "/api/"])
def test_prefix_of_the_api_lifts_no_limit_from_forms(prefix: str) -> None:
    client = Client(enforce_csrf_checks=True)
    extra: dict[str, Any] = {"CONTENT_LENGTH": str(3 * 1024**2), "wsgi.input": Unread()}
    large = client.generic("POST", "/admin/login/", SCRIPT_NAME=prefix, **extra)
    nul = client.get("/admin/login/?next=/%00", SCRIPT_NAME=prefix)
    assert (large.status_code, nul.status_code) == (413, 400)


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
@pytest.mark.django_db
def test_health_checks_answer_under_a_prefix(client: Client, path: str) -> None:
    assert client.get(path, SCRIPT_NAME="/news")["Content-Type"] == "application/json"


@pytest.mark.django_db
def test_change_under_a_prefix_is_recorded_as_of_the_api(client: Client) -> None:
    made = make_article("大桥通车")
    client.force_login(User.objects.create_superuser("chief"))
    url = f"{API}/articles/{made.pk}/"
    headers = {"if-match": client.get(url)["ETag"]}
    changed = client.patch(
        url, {"headline": "新桥通车"}, content_type="application/json", headers=headers, SCRIPT_NAME="/news"
    )
    assert changed.status_code == 200
    assert Article.history.latest().history_way == Way.API


@pytest.mark.parametrize(
    ("configured", "script_name", "path_info"),
    [
        pytest.param("", "/evil", "/api/v1/", id="no prefix"),
        pytest.param("", "/ev%69l", "/api/v1/", id="an encoded prefix"),
        pytest.param("", "/", "evil/api/v1/", id="a slash"),
        pytest.param("/news", "/news/evil", "/api/v1/", id="longer than the operator's"),
        pytest.param("/news", "/new", "s/evil/api/v1/", id="shorter than the operator's"),
    ],
)
def test_header_leaves_path_as_the_client_asked(configured: str, script_name: str, path_info: str) -> None:
    seen: dict[str, Any] = {}

    def note(environ: dict[str, Any], _start: object) -> list[bytes]:
        seen.update(environ)
        return []

    environ = {"HTTP_SCRIPT_NAME": script_name, "SCRIPT_NAME": script_name, "PATH_INFO": path_info}
    ignore_script_name_header(note, configured)(environ, lambda *_: None)
    assert seen == {"SCRIPT_NAME": configured, "PATH_INFO": "/evil/api/v1/"}


@pytest.mark.django_db
def test_prefix_of_the_server_stays(mounted: Callable[[str], httpx.Client]) -> None:
    assert f"http://localhost/news{API}/articles/" in mounted("/news").get(f"{API}/").text


@pytest.fixture
def article(transactional_db: None) -> Article:  # noqa: ARG001 - processes read it
    return make_article("大桥通车", make_reporter("周明"))


@pytest.mark.parametrize("header", ["SCRIPT_NAME", "Script_Name", "SCRIPT-NAME", "PATH_INFO"])
def test_gunicorn_takes_no_prefix_from_a_header(article: Article, shared: Shared, header: str) -> None:
    with served(shared) as address:
        for path in (f"{API}/articles/", f"{API}/articles/{article.pk}/"):
            prefixed = get(f"{address}/evil{path}", headers={header: "/evil"})
            assert (prefixed.status_code, "results" in prefixed.text) == (404, False)
            plain = get(address + path)
            assert plain.status_code == 200
            for prefix in ("/api", "/nowhere", "/", "evil"):
                answer = get(address + path, headers={header: prefix})
                assert (answer.status_code, answer.content) == (200, plain.content), prefix
            assert f'"{address}{API}/articles/{article.pk}/"' in plain.text
            assert "/evil" not in plain.text
