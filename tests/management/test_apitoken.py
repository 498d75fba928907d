"""Tests `manage.py apitoken`: its output and its errors."""

import datetime as dt
import os
import subprocess
import sys
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.utils import translation

from articles.models import ApiToken
from tests.support.loading import PATIENCE, ROOT

pytestmark = pytest.mark.django_db

TODAY = dt.date(2026, 3, 15)


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.localdate", lambda: TODAY)


@pytest.fixture
def zhang() -> User:
    return User.objects.create_user("zhang")


def apitoken(*arguments: str) -> tuple[str, str]:
    """What the command writes to its standard output, and to its standard error."""
    out, err = StringIO(), StringIO()
    call_command("apitoken", *arguments, stdout=out, stderr=err, no_color=True)
    return out.getvalue(), err.getvalue()


def issued(user: User, prefix: str, name: str, **more: Any) -> ApiToken:
    """A token with the given prefix."""
    token, _ = ApiToken.objects.issue(user, name)
    ApiToken.objects.filter(pk=token.pk).update(prefix=prefix, **more)
    return ApiToken.objects.get(pk=token.pk)


def test_create_prints_only_the_secret_to_stdout(zhang: User) -> None:
    out, err = apitoken("create", "zhang", "--name", " website ")
    secret = out.removesuffix("\n")
    token = ApiToken.objects.find(secret)
    assert token is not None
    assert (token.user, token.name, token.expires_on) == (zhang, "website", None)
    assert "not shown again" in err
    assert secret not in err
    assert secret not in "".join(apitoken("list"))


@pytest.mark.parametrize(
    ("days", "last"), [("1", TODAY + dt.timedelta(days=1)), ("90", TODAY + dt.timedelta(days=90))]
)
@pytest.mark.usefixtures("zhang")
def test_token_expires_after_given_days(days: str, last: dt.date) -> None:
    apitoken("create", "zhang", "--name", "website", "--days", days)
    assert ApiToken.objects.get().expires_on == last


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_list_prints_one_line_for_each_token(zhang: User, language: str) -> None:
    li = User.objects.create_user("li")
    issued(zhang, "nr_aaaaa", "website", last_used_on=TODAY)
    issued(li, "nr_bbbbb", "app", expires_on=TODAY - dt.timedelta(days=1))
    issued(zhang, "nr_ccccc", "old site").revoke()
    with translation.override(language):
        everybody, noise = apitoken("list")
        own, _ = apitoken("list", "zhang")
    assert noise == ""
    assert everybody.splitlines() == [
        "nr_ccccc  zhang  'old site'  revoked  never expires  never used",
        "nr_bbbbb  li  'app'  expired  until 2026-03-14  never used",
        "nr_aaaaa  zhang  'website'  valid  never expires  used 2026-03-15",
    ]
    assert own.splitlines() == everybody.splitlines()[::2]


def test_list_escapes_control_characters_in_names(zhang: User) -> None:
    issued(zhang, "nr_aaaaa", "website\n\x1b[2Jnr_bbbbb  li")
    out, _ = apitoken("list")
    assert "\x1b" not in out
    assert len(out.splitlines()) == 1


def test_revoke_finds_token_by_prefix(zhang: User) -> None:
    token = issued(zhang, "nr_aaaaa", "website")
    other = issued(zhang, "nr_aaaab", "app")
    out, _ = apitoken("revoke", "nr_aaaaa")
    assert out == "Revoked: nr_aaaaa  zhang  'website'\n"
    assert list(ApiToken.objects.valid()) == [other]
    assert ApiToken.objects.exclude(revoked_at=None).get() == token


def test_revoke_ignores_revoked_token_with_same_prefix(zhang: User) -> None:
    issued(zhang, "nr_aaaaa", "old site").revoke()
    issued(zhang, "nr_aaaaa", "website")
    assert "'website'" in apitoken("revoke", "nr_aaaaa")[0]
    assert not ApiToken.objects.valid().exists()


def test_revoke_lists_tokens_with_same_prefix_and_revokes_none(zhang: User) -> None:
    issued(zhang, "nr_aaaaa", "website")
    issued(User.objects.create_user("li"), "nr_aaaaa", "app")
    with pytest.raises(CommandError, match=r"li  'app'.*zhang  'website'") as caught:
        apitoken("revoke", "nr_aaaaa")
    assert caught.value.returncode == 2
    assert ApiToken.objects.valid().count() == 2


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        pytest.param("create li --name website", "no user 'li'", id="create: no such user"),
        pytest.param("create gone --name website", "gone is not active", id="create: inactive user"),
        pytest.param("create zhang --name website --days 0", "give 1 to 3650", id="create: no days"),
        pytest.param("create zhang --name website --days -3", "give 1 to 3650", id="create: days back"),
        pytest.param("create zhang --name website --days 99999999999", "give 1 to 3650", id="create: aeons"),
        pytest.param("create zhang --name " + "x" * 101, "up to 100 characters", id="create: a long name"),
        pytest.param("create zhang --name \u3000", "up to 100 characters", id="create: a blank name"),
        pytest.param("create zhang --name a\nb", "one line", id="create: a name of two lines"),
        pytest.param("create zhang --name a\x1b[2J", "one line", id="create: a name with controls"),
        pytest.param("list li", "no user 'li'", id="list: no such user"),
        pytest.param("list l\ni", r"no user 'l\ni'", id="list: a user of two lines"),
        pytest.param("revoke nr_", "no token begins with 'nr_'", id="revoke: not the whole beginning"),
        pytest.param("revoke nr_zzzzz", "no token begins with 'nr_zzzzz'", id="revoke: no such token"),
        pytest.param("revoke nr_ddddd", "not revoked yet", id="revoke: revoked already"),
    ],
)
def test_wrong_usage_is_one_line(zhang: User, arguments: str, said: str) -> None:
    User.objects.create_user("gone", is_active=False)
    issued(zhang, "nr_aaaaa", "website")
    issued(zhang, "nr_ddddd", "old site").revoke()
    with pytest.raises(CommandError) as caught:
        apitoken(*arguments.split(" "))
    assert said in str(caught.value)
    assert (caught.value.returncode, str(caught.value).count("\n")) == (2, 0)
    assert ApiToken.objects.count() == 2
    assert ApiToken.objects.valid().count() == 1


@pytest.mark.slow
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        pytest.param([], "required: command", id="no command"),
        pytest.param(["create", "zhang"], "required: --name", id="no name"),
        pytest.param(["list"], "manage.py migrate", id="no tables"),
    ],
)
def test_wrong_usage_at_terminal_is_one_line_and_exit_code_2(
    tmp_path: Path, arguments: list[str], said: str
) -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", "apitoken", *arguments],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "DATABASE_URL": f"sqlite:///{tmp_path / 'empty.sqlite3'}"},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert done.stderr.count("\n") == 1
