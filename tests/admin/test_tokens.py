"""Tests API tokens in the admin: shown once, limited to their owner, and revoked."""

import datetime as dt
import html
import re
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from articles.models import ApiToken

pytestmark = pytest.mark.django_db

LIST = reverse("admin:articles_apitoken_changelist")
ADD = reverse("admin:articles_apitoken_add")
HOSTILE = '"><img src=x onerror=alert(1)>'
SECRET = re.compile(r"nr_[\w-]{43}", re.ASCII)
TODAY = dt.date(2026, 3, 15)


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.localdate", lambda: TODAY)


@pytest.fixture
def boss(admin_user: User) -> User:
    return admin_user


@pytest.fixture
def zhang() -> User:
    return User.objects.create_user("zhang", is_staff=True)


def signed_in(user: User, rights: str = "") -> Client:
    """A client of the user, who has these rights over tokens and no others."""
    codes = [f"{right}_apitoken" for right in rights.split()]
    user.user_permissions.set(Permission.objects.filter(codename__in=codes))
    client = Client()
    client.force_login(user)
    return client


def change(token: ApiToken) -> str:
    return reverse("admin:articles_apitoken_change", args=[token.pk])


def revoke(client: Client, *tokens: ApiToken) -> Any:
    chosen = [token.pk for token in tokens]
    return client.post(LIST, {"action": "revoke", "_selected_action": chosen}, follow=True)


def text_of(answer: Any) -> str:
    return html.unescape(answer.content.decode())


# --- Making ---------------------------------------------------------------------------------------


def test_secret_is_shown_once(admin_client: Client, zhang: User) -> None:
    form = {"user": zhang.pk, "name": "website", "expires_on": "2026-06-01"}
    admin_client.cookies["django_language"] = "en"
    answer = admin_client.post(ADD, form, follow=True)
    (secret,) = SECRET.findall(answer.content.decode())
    assert "not shown again" in answer.content.decode()
    token = ApiToken.objects.find(secret)
    assert token is not None
    assert (token.user, token.name, token.expires_on) == (zhang, "website", dt.date(2026, 6, 1))
    for url in (LIST, change(token), reverse("admin:articles_apitoken_history", args=[token.pk]), "/admin/"):
        assert not SECRET.search(admin_client.get(url).content.decode())
    assert "messages" not in admin_client.cookies or not admin_client.cookies["messages"].value
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM articles_apitoken")
        stored = repr(cursor.fetchall())
        cursor.execute("SELECT * FROM django_admin_log")
        stored += repr(cursor.fetchall())
    assert token.prefix in stored
    assert secret not in stored


def test_secret_is_escaped(admin_client: Client, zhang: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("secrets.token_urlsafe", lambda _bytes: HOSTILE)
    answer = admin_client.post(ADD, {"user": zhang.pk, "name": "website"}, follow=True)
    assert "<img src=x" not in answer.content.decode()
    assert f"<code>nr_{HOSTILE}</code>" in text_of(answer)


@pytest.mark.parametrize(
    "form",
    [
        pytest.param({"name": ""}, id="no name"),
        pytest.param({"name": "x" * 101}, id="a long name"),
        pytest.param({"name": "website", "expires_on": "soon"}, id="no date"),
        pytest.param({"name": "website", "user": "999999"}, id="no such user"),
    ],
)
def test_invalid_form_creates_no_token(admin_client: Client, zhang: User, form: dict[str, str]) -> None:
    answer = admin_client.post(ADD, {"user": zhang.pk} | form)
    assert answer.status_code == 200
    assert answer.context["errors"]
    assert not ApiToken.objects.exists()


# --- Whose ----------------------------------------------------------------------------------------


def test_only_superuser_creates_tokens_for_others(zhang: User, boss: User) -> None:
    client = signed_in(zhang, "add view")
    assert list(client.get(ADD).context["adminform"].form.fields) == ["name", "expires_on"]
    answer = client.post(ADD, {"name": "website", "user": boss.pk, "user_id": boss.pk}, follow=True)
    (secret,) = SECRET.findall(answer.content.decode())
    token = ApiToken.objects.find(secret)
    assert token is not None
    assert token.user == zhang
    assert not ApiToken.objects.filter(user=boss).exists()


def test_user_sees_only_own_tokens(zhang: User, boss: User) -> None:
    own, _ = ApiToken.objects.issue(zhang, "own site")
    others, _ = ApiToken.objects.issue(boss, "others' site")
    client = signed_in(zhang, "add view change")
    shown = text_of(client.get(LIST))
    assert ("own site" in shown, "others' site" in shown) == (True, False)
    assert client.get(change(own)).status_code == 200
    assert client.get(change(others)).status_code == 302
    revoke(client, own, others)
    assert list(ApiToken.objects.valid()) == [others]


@pytest.mark.parametrize(
    ("rights", "listed", "added", "is_revocable"),
    [
        pytest.param("", 403, 403, False, id="none"),
        pytest.param("view", 200, 403, False, id="view"),
        pytest.param("add", 403, 200, False, id="add"),
        pytest.param("change", 200, 403, True, id="change"),
        pytest.param("delete", 403, 403, False, id="delete"),
        pytest.param("view delete", 200, 403, False, id="view and delete"),
    ],
)
def test_each_permission_allows_its_view(
    zhang: User, rights: str, listed: int, added: int, is_revocable: bool
) -> None:
    token, _ = ApiToken.objects.issue(zhang, "website")
    client = signed_in(zhang, rights)
    assert (client.get(LIST).status_code, client.get(ADD).status_code) == (listed, added)
    revoke(client, token)
    token.refresh_from_db()
    assert (token.revoked_at is not None) == is_revocable


# --- What is there --------------------------------------------------------------------------------


def test_list_shows_state_of_each_token(admin_client: Client, zhang: User) -> None:
    ApiToken.objects.issue(zhang, "good")
    ApiToken.objects.issue(zhang, "over", TODAY - dt.timedelta(days=1))
    ApiToken.objects.issue(zhang, "gone")[0].revoke()
    admin_client.cookies["django_language"] = "en"
    rows = re.findall(r"<tr>.*?</tr>", text_of(admin_client.get(LIST)), re.DOTALL)
    shown = {
        name: state
        for row in rows
        for name in re.findall(r'field-name">(\w+)', row)
        for state in re.findall(r'field-state_shown">(\w+)', row)
    }
    assert shown == {"gone": "revoked", "over": "expired", "good": "valid"}


def test_queries_of_token_list_do_not_grow_with_tokens(
    admin_client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for size in (1, 10):
        for number in range(size):
            ApiToken.objects.issue(User.objects.create_user(f"user-{size}-{number}"), "website")
        with django_assert_num_queries(5):
            admin_client.get(LIST)


def test_token_fields_are_read_only(admin_client: Client, zhang: User, boss: User) -> None:
    token, _ = ApiToken.objects.issue(zhang, "website", TODAY)
    before = ApiToken.objects.values_list().get()
    form = {
        "user": boss.pk, "name": "other", "expires_on": "", "prefix": "nr_aaaaa", "digest": "0" * 64,
        "revoked_at_0": "2026-01-01", "revoked_at_1": "00:00", "last_used_on": "2026-01-01",
    }  # fmt: skip
    assert "_save" not in admin_client.get(change(token)).content.decode()
    assert admin_client.post(change(token), form).status_code == 403
    assert ApiToken.objects.values_list().get() == before


def test_token_cannot_be_deleted(admin_client: Client, zhang: User) -> None:
    token, _ = ApiToken.objects.issue(zhang, "website")
    url = reverse("admin:articles_apitoken_delete", args=[token.pk])
    assert admin_client.post(url, {"post": "yes"}).status_code == 403
    chosen = {"action": "delete_selected", "_selected_action": token.pk, "post": "yes"}
    admin_client.post(LIST, chosen)
    assert "delete_selected" not in admin_client.get(LIST).content.decode()
    assert ApiToken.objects.get() == token


def test_action_revokes_only_selected_tokens(admin_client: Client, zhang: User) -> None:
    tokens = [ApiToken.objects.issue(zhang, name)[0] for name in ("website", "app", "old site", "kiosk")]
    tokens[2].revoke()
    at = tokens[2].revoked_at
    answer = revoke(admin_client, *tokens[:3])
    (message,) = answer.context["messages"]
    assert "2" in str(message)
    assert list(ApiToken.objects.valid()) == [tokens[3]]
    tokens[2].refresh_from_db()
    assert tokens[2].revoked_at == at


def test_token_names_are_escaped(admin_client: Client, zhang: User) -> None:
    answer = admin_client.post(ADD, {"user": zhang.pk, "name": HOSTILE}, follow=True)
    token = ApiToken.objects.get()
    for page in (answer, admin_client.get(LIST), admin_client.get(change(token))):
        assert "<img src=x" not in page.content.decode()
        assert HOSTILE in text_of(page)
