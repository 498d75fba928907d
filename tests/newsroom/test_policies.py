"""Security headers, permissions and limits of all addresses, which are read from the URL configuration."""

import io
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.core.cache import cache
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from pytest_django import Settings

from articles.editing.merging import distinguish, merge
from articles.models import ApiToken, Reporter, Upload
from tests.support.loading import dump, load_seeds

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

EXPECTED = {
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
# Inline scripts and styles, in elements and attributes.
INLINE = re.compile(
    r"""<script(?![^>]*\ssrc=)(?![^>]*\stype="application/(?:ld\+)?json")|<style|<[^>]*\s(?:style|on[a-z]+|hx-on\S*)=""",
    re.IGNORECASE,
)
# A value for each argument of a URL pattern; a pattern with another argument fails.
ARGUMENTS = {
    "app_label": "articles", "content_type_id": "1", "date": "2023-09-14", "entity": "place-1", "file": "1", "id": "1", "issue_date": "2023-09-14", "kind": "place",
    "mention": "1", "name": "place", "number": "1",
    "object_id": "1", "parent": "1", "part": "body", "pk": "1", "publication": "沂河晚报", "section": "articles", "source": "1", "target": "2", "url": "articles/",
    "version": "1",
}  # fmt: skip

# Programs for tables show it in a frame; it may load and run nothing.
FRAMED = "/api/v1/reconcile/preview/"


def addresses(resolver: URLResolver, before: str = "") -> Iterator[str]:
    """Every address of the site, with its arguments filled in."""
    for entry in resolver.url_patterns:
        text = before + filled(entry)
        if isinstance(entry, URLResolver):
            yield from addresses(entry, text)
        else:
            yield "/" + text


def filled(entry: URLPattern | URLResolver) -> str:
    pattern = str(entry.pattern)
    if re.search(r"[\^(]", pattern):
        pattern = re.sub(r"\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)", r"<\1>", pattern)
        pattern = re.sub(r"[\^$?]|\\Z|\.\*", "", pattern).replace("\\.", ".").replace("\\/", "/")
    return re.sub(r"<(?:\w+:)?(\w+)>", lambda match: ARGUMENTS[match[1]], pattern)


ADDRESSES = sorted(set(addresses(get_resolver())))


@pytest.fixture
def chief(settings: Settings) -> Client:
    """A client of a superuser, with the seeds loaded."""
    settings.NEWSROOM_RATES = dict.fromkeys(settings.NEWSROOM_RATES, "1000000/minute")
    cache.clear()
    load_seeds()
    user = User.objects.create_superuser("chief")
    zhou, wu, he, *_ = Reporter.objects.order_by("pk")
    merge(zhou, wu, user)
    distinguish(wu, he, user)
    Upload.objects.create(status="draft", by=user)
    ApiToken.objects.issue(user, "website")
    client = Client()
    client.force_login(user)
    return client


def missing_headers(answer: Any) -> list[str]:
    policy = answer.headers.get("Content-Security-Policy", "")
    kinds = {
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    }
    found = [kind for kind in sorted(kinds) if kind not in policy]
    found += [name for name, value in EXPECTED.items() if answer.headers.get(name) != value]
    return found + ([] if "camera=()" in answer.headers.get("Permissions-Policy", "") else ["permissions"])


def opened(client: Client, path: str) -> Any:
    return client.get(path, headers={"accept": "text/html,application/json;q=0.5"})


def test_every_address_has_security_headers_and_no_inline_script(chief: Client) -> None:
    assert len(ADDRESSES) > 150
    wrong, pages = {}, 0
    for path in (address.replace("/1/", f"/{first_pk(address)}/") for address in ADDRESSES):
        answer = opened(chief, path)
        assert answer.status_code < 500, path
        if path == FRAMED:
            assert answer.headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors *"
            continue
        found = missing_headers(answer)
        if "text/html" in answer.headers.get("Content-Type", ""):
            text = answer.content.decode()
            pages += answer.status_code == 200
            found += [text[max(0, match.start() - 20) : match.end() + 40] for match in INLINE.finditer(text)]
        if found:
            wrong[path] = found
    assert wrong == {}
    assert pages > 50


def first_pk(path: str) -> int:
    """The id of an existing record of the model in the address."""
    if match := re.match(r"/admin/(articles|auth)/(\w+)/", path):
        model = apps.get_model(match[1], match[2])
        found: int = model._base_manager.order_by("pk").values_list("pk", flat=True).first() or 1
        return found
    return 1


@pytest.mark.parametrize(
    "path", ["/nowhere/", "/api/v1/nowhere/", "/static/admin/css/base.css", "/", "/admin/login/"]
)
@pytest.mark.parametrize("method", ["get", "post", "put", "options"])
def test_error_responses_have_security_headers(path: str, method: str) -> None:
    answer = getattr(Client(enforce_csrf_checks=True), method)(path)
    assert missing_headers(answer) == []
    answer.close()


def test_500_has_security_headers(monkeypatch: pytest.MonkeyPatch) -> None:
    client = Client(raise_request_exception=False)
    monkeypatch.setattr("newsroom.error_responses.problems.no_such_address", lambda _request: 1 / 0)
    answer = client.get("/api/nowhere/")
    assert answer.status_code == 500
    assert missing_headers(answer) == []


def test_http_redirects_to_https_with_hsts(settings: Settings) -> None:
    settings.SECURE_SSL_REDIRECT, settings.SECURE_HSTS_SECONDS = True, 30 * 24 * 3600
    client = Client()
    assert client.get("/admin/login/").headers["Location"] == "https://testserver/admin/login/"
    assert client.get("/admin/login/", secure=True).headers["Strict-Transport-Security"] == "max-age=2592000"


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "localhost:80@evil.example", "", "[::1"]
)
@pytest.mark.parametrize("path", ["/admin/login/", "/api/v1/", "/api/docs/", "/"])
def test_unknown_host_is_refused(settings: Settings, host: str, path: str) -> None:
    settings.ALLOWED_HOSTS = ["localhost"]
    answer = Client().get(path, headers={"host": host})
    assert answer.status_code == 400
    assert "evil" not in answer.content.decode()


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        pytest.param("/admin/login/", {"user-agent": "a\x00b"}, id="a header of a page"),
        pytest.param("/api/v1/articles/", {"accept-language": "zh\x00"}, id="a header of the API"),
        pytest.param("/admin/login/?next=/%00", {}, id="a page's address"),
        pytest.param("/admin/articles/article/%00/change/", {}, id="a page's path"),
        pytest.param("/api/v1/articles/?publication=%00", {}, id="a parameter of the API"),
        pytest.param("/api/v1/articles/%00/", {}, id="a path of the API"),
    ],
)
def test_nul_in_request_gets_400(path: str, headers: dict[str, str]) -> None:
    answer = Client().get(path, headers=headers)
    assert answer.status_code == 400
    assert "NUL" in answer.content.decode() or "publication" in answer.content.decode()
    assert missing_headers(answer) == []


def test_cookies_are_secure_httponly_and_samesite(settings: Settings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    for name in ("SESSION", "CSRF", "LANGUAGE"):
        setattr(settings, f"{name}_COOKIE_SECURE", True)
    User.objects.create_superuser("chief", password="only-for-this-test-7")
    client = Client()
    client.get("/admin/login/")
    client.post("/admin/login/", {"username": "chief", "password": "only-for-this-test-7"})
    client.post("/i18n/setlang/", {"language": "en", "next": "/"})
    assert set(client.cookies) == {"sessionid", "csrftoken", "django_language"}
    for cookie in client.cookies.values():
        assert (cookie["secure"], cookie["httponly"], cookie["samesite"]) == (True, True, "Lax")
    assert client.cookies["sessionid"]["max-age"] == 7 * 24 * 3600


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "/\\evil.example"]
)
def test_redirects_stay_on_the_site(settings: Settings, target: str) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    User.objects.create_superuser("chief", password="only-for-this-test-7")
    client = Client()
    chosen = client.post("/i18n/setlang/", {"language": "en", "next": target})
    signed_in = client.post(
        f"/admin/login/?next={target}",
        {"username": "chief", "password": "only-for-this-test-7", "next": target},
    )
    for answer in (chosen, signed_in):
        assert answer.status_code == 302
        assert re.match(r"/(?![/\\])", answer.headers["Location"])


# --- Bodies -----------------------------------------------------------------------------------------


class Unread(io.BytesIO):
    """A body that fails the test when it is read."""

    def read(self, *_: Any) -> bytes:
        raise AssertionError("the body was read")


@pytest.mark.parametrize(
    ("path", "megabytes"),
    [
        pytest.param("/admin/login/", 5 * 1024, id="the sign-in form"),
        pytest.param("/i18n/setlang/", 3, id="the form of the language"),
        pytest.param("/admin/auth/user/add/", 3, id="a form of the admin"),
        pytest.param("/nowhere/", 3, id="no form"),
        pytest.param("/admin/articles/load/upload/", 129, id="far over the limit of uploads"),
    ],
)
@pytest.mark.parametrize(
    "kind", ["multipart/form-data; boundary=x", "application/x-www-form-urlencoded", "text/plain"]
)
def test_too_large_body_gets_413_unread(path: str, megabytes: int, kind: str) -> None:
    extra: dict[str, Any] = {
        "CONTENT_TYPE": kind,
        "CONTENT_LENGTH": str(megabytes * 1024**2),
        "wsgi.input": Unread(),
    }
    answer = Client(enforce_csrf_checks=True).generic("POST", path, **extra)
    assert answer.status_code == 413
    assert missing_headers(answer) == []


def test_413_names_the_limit_in_the_chosen_language() -> None:
    extra: dict[str, Any] = {"CONTENT_LENGTH": str(10**9), "wsgi.input": Unread()}
    client = Client()
    assert "最多可提交 2 MB" in client.generic("POST", "/admin/login/", **extra).content.decode()
    client.cookies["django_language"] = "en"
    assert "at most 2 MB" in client.generic("POST", "/admin/login/", **extra).content.decode()


def test_anonymous_upload_is_not_stored() -> None:
    file = io.BytesIO(b"x" * 1024**2)
    file.name = "0914.txt"
    answer = Client().post("/admin/articles/load/upload/", {"pages": file})
    assert (answer.status_code, answer.headers["Location"][:14]) == (302, "/admin/login/?")
    assert not Upload.objects.exists()


@pytest.mark.parametrize("length", ["", "-1", "x", "9" * 400, "٣"])
def test_malformed_content_length_is_no_server_error(length: str) -> None:
    assert Client().generic("POST", "/i18n/setlang/", CONTENT_LENGTH=length).status_code < 500


# Open to all staff: the index page, the own password, translations for scripts.
FOR_ALL_STAFF = {"/admin/", "/admin/jsi18n/", "/admin/password_change/", "/admin/password_change/done/"}
FOR_ALL = {"/admin/login/", "/admin/logout/"}


def test_every_admin_page_requires_a_permission(chief: Client) -> None:  # noqa: ARG001 - fills it
    """All addresses are tried, so that a view without a permission check is found."""
    guest = Client()
    guest.force_login(User.objects.create_user("guest", is_staff=True))
    desk = [path.replace("/1/", f"/{first_pk(path)}/") for path in ADDRESSES if path.startswith("/admin/")]
    before = dump()
    assert len(desk) > 80
    assert {path for path in desk if is_open(Client(), path)} <= FOR_ALL
    assert {path for path in desk if is_open(guest, path)} <= FOR_ALL | FOR_ALL_STAFF
    assert dump() == before


def is_open(client: Client, path: str) -> bool:
    """Whether the page is shown; effects of a form are seen in the rows."""
    return 200 in {client.get(path).status_code, client.post(path).status_code}
