"""The policies of every answer: found by going through all addresses, so that a new page cannot forget them."""

from __future__ import annotations

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

from articles.models import ApiToken, Reporter, Upload
from articles.models.merge import distinguish, merge
from tests.support.loading import dump, load_seeds

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

EXPECTED = {
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
# What the browser runs though it stands in the page: a script or style of the page's own, or of an attribute.
INLINE = re.compile(
    r"""<script(?![^>]*\ssrc=)(?![^>]*\stype="application/json")|<style|<[^>]*\s(?:style|on[a-z]+|hx-on\S*)=""",
    re.IGNORECASE,
)
# An address for each kind of argument that addresses have; one that is not here fails.
ARGUMENTS = {
    "app_label": "articles", "content_type_id": "1", "id": "1", "kind": "place", "name": "place", "number": "1",
    "object_id": "1", "parent": "1", "part": "body", "pk": "1", "source": "1", "target": "2", "url": "articles/",
    "version": "1",
}  # fmt: skip


def addresses(resolver: URLResolver, before: str = "") -> Iterator[str]:
    """Every address there is, with an argument put in wherever one goes."""
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
    """Somebody who may open everything, in a newsroom with the seeds in it."""
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


def missing_of(answer: Any) -> list[str]:
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


def test_every_answer_has_every_policy_and_no_page_a_script_of_its_own(chief: Client) -> None:
    assert len(ADDRESSES) > 150
    wrong, pages = {}, 0
    for path in (address.replace("/1/", f"/{first_pk(address)}/") for address in ADDRESSES):
        answer = opened(chief, path)
        assert answer.status_code < 500, path
        found = missing_of(answer)
        if "text/html" in answer.headers.get("Content-Type", ""):
            text = answer.content.decode()
            pages += answer.status_code == 200
            found += [text[max(0, match.start() - 20) : match.end() + 40] for match in INLINE.finditer(text)]
        if found:
            wrong[path] = found
    assert wrong == {}
    assert pages > 50


def first_pk(path: str) -> int:
    """The id of a record of the model that the address is about, so that its page is there."""
    if match := re.match(r"/admin/(articles|auth)/(\w+)/", path):
        model = apps.get_model(match[1], match[2])
        found: int = model._base_manager.order_by("pk").values_list("pk", flat=True).first() or 1
        return found
    return 1


@pytest.mark.parametrize(
    "path", ["/nowhere/", "/api/v1/nowhere/", "/static/admin/css/base.css", "/", "/admin/login/"]
)
@pytest.mark.parametrize("method", ["get", "post", "put", "options"])
def test_what_is_refused_has_them_too(path: str, method: str) -> None:
    answer = getattr(Client(enforce_csrf_checks=True), method)(path)
    assert missing_of(answer) == []
    answer.close()


def test_a_page_that_fails_has_them_too(monkeypatch: pytest.MonkeyPatch) -> None:
    client = Client(raise_request_exception=False)
    monkeypatch.setattr("newsroom.error_responses.problems.not_found", lambda _request: 1 / 0)
    answer = client.get("/api/nowhere/")
    assert answer.status_code == 500
    assert missing_of(answer) == []


def test_https_is_asked_for_and_told_to_stay(settings: Settings) -> None:
    settings.SECURE_SSL_REDIRECT, settings.SECURE_HSTS_SECONDS = True, 30 * 24 * 3600
    client = Client()
    assert client.get("/admin/login/").headers["Location"] == "https://testserver/admin/login/"
    assert client.get("/admin/login/", secure=True).headers["Strict-Transport-Security"] == "max-age=2592000"


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "localhost:80@evil.example", "", "[::1"]
)
@pytest.mark.parametrize("path", ["/admin/login/", "/api/v1/", "/api/docs/", "/"])
def test_another_host_name_is_refused(settings: Settings, host: str, path: str) -> None:
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
def test_a_nul_is_refused_before_any_database_sees_it(path: str, headers: dict[str, str]) -> None:
    answer = Client().get(path, headers=headers)
    assert answer.status_code == 400
    assert "NUL" in answer.content.decode() or "publication" in answer.content.decode()
    assert missing_of(answer) == []


def test_cookies_are_for_us_alone(settings: Settings) -> None:
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
def test_nobody_is_led_elsewhere(settings: Settings, target: str) -> None:
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
    """A body that nobody may begin to read."""

    def read(self, *_: Any) -> bytes:
        raise AssertionError("somebody reads it")


@pytest.mark.parametrize(
    ("path", "megabytes"),
    [
        pytest.param("/admin/login/", 5 * 1024, id="the sign-in form"),
        pytest.param("/i18n/setlang/", 3, id="the form of the language"),
        pytest.param("/admin/auth/user/add/", 3, id="a form of the admin"),
        pytest.param("/nowhere/", 3, id="no form at all"),
        pytest.param("/admin/articles/load/upload/", 129, id="far more than an upload may have"),
    ],
)
@pytest.mark.parametrize(
    "kind", ["multipart/form-data; boundary=x", "application/x-www-form-urlencoded", "text/plain"]
)
def test_a_body_that_no_form_has_is_refused_unread(path: str, megabytes: int, kind: str) -> None:
    told: dict[str, Any] = {
        "CONTENT_TYPE": kind,
        "CONTENT_LENGTH": str(megabytes * 1024**2),
        "wsgi.input": Unread(),
    }
    answer = Client(enforce_csrf_checks=True).generic("POST", path, **told)
    assert answer.status_code == 413
    assert missing_of(answer) == []


def test_it_is_said_in_the_reader_s_language_how_much_is_taken() -> None:
    told: dict[str, Any] = {"CONTENT_LENGTH": str(10**9), "wsgi.input": Unread()}
    client = Client()
    assert "最多可提交 2 MB" in client.generic("POST", "/admin/login/", **told).content.decode()
    client.cookies["django_language"] = "en"
    assert "at most 2 MB" in client.generic("POST", "/admin/login/", **told).content.decode()


def test_whoever_may_not_load_sends_nothing_that_is_kept() -> None:
    file = io.BytesIO(b"x" * 1024**2)
    file.name = "0914.txt"
    answer = Client().post("/admin/articles/load/upload/", {"pages": file})
    assert (answer.status_code, answer.headers["Location"][:14]) == (302, "/admin/login/?")
    assert not Upload.objects.exists()


@pytest.mark.parametrize("length", ["", "-1", "x", "9" * 400, "٣"])
def test_a_length_that_is_none_is_no_error_of_ours(length: str) -> None:
    assert Client().generic("POST", "/i18n/setlang/", CONTENT_LENGTH=length).status_code < 500


# What anybody on staff sees: the door, the desk without numbers, one's own password, the words of scripts.
FOR_ALL_STAFF = {"/admin/", "/admin/jsi18n/", "/admin/password_change/", "/admin/password_change/done/"}
FOR_ALL = {"/admin/login/", "/admin/logout/"}


def test_no_page_of_the_admin_opens_without_a_right(chief: Client) -> None:  # noqa: ARG001 - fills it
    """Each address, found by going through them, so that a view that forgets to ask is seen."""
    guest = Client()
    guest.force_login(User.objects.create_user("guest", is_staff=True))
    desk = [path.replace("/1/", f"/{first_pk(path)}/") for path in ADDRESSES if path.startswith("/admin/")]
    before = dump()
    assert len(desk) > 80
    assert {path for path in desk if is_open(Client(), path)} <= FOR_ALL
    assert {path for path in desk if is_open(guest, path)} <= FOR_ALL | FOR_ALL_STAFF
    assert dump() == before


def is_open(client: Client, path: str) -> bool:
    """Whether a page is shown; of what a form does, the rows tell."""
    return 200 in {client.get(path).status_code, client.post(path).status_code}
