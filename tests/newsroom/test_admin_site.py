"""The site: languages, translations, static files, documentation without other sites."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

ROOT = Path(__file__).resolve().parents[2]
LOG_IN = {"zh-hans": "登录", "en": "Log in"}


def shown(client: Client, **headers: str) -> str:
    return client.get("/admin/login/", headers=headers).content.decode()


@pytest.mark.parametrize("browser", ["en-US,en;q=0.9", "zh-CN", "fr", "xx-\x7f", ""])
@pytest.mark.django_db
def test_browser_language_is_ignored(client: Client, browser: str) -> None:
    assert LOG_IN["zh-hans"] in shown(client, accept_language=browser)


@pytest.mark.django_db
def test_chosen_language_is_used_on_every_page(client: Client) -> None:
    for language in ("en", "zh-hans"):
        answer = client.post("/i18n/setlang/", {"language": language, "next": "/admin/login/"})
        assert answer.status_code == 302
        page = client.get("/admin/login/")
        assert LOG_IN[language] in page.content.decode()
        assert page.headers["Content-Language"] == language
        assert "Cookie" in page.headers["Vary"]


@pytest.mark.parametrize("cookie", ["tlh", "en-GB", "../en", "x" * 1000])
@pytest.mark.django_db
def test_unknown_language_cookie_gives_default_language(client: Client, cookie: str) -> None:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = cookie
    assert LOG_IN["zh-hans"] in shown(client)


@pytest.mark.django_db
def test_login_page_offers_all_languages(client: Client) -> None:
    page = shown(client)
    assert re.findall(r'<button name="language" value="[\w-]+" lang="([\w-]+)"[ disabled]*>(.+)<', page) == [
        ("zh-hans", "简体中文"),
        ("en", "English"),
    ]


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("xgettext"), reason="gettext is not installed")
@pytest.mark.parametrize("folder", ["articles", "newsroom"])
def test_every_marked_string_is_translated(folder: str, tmp_path: Path) -> None:
    """Fails for a marked string that is not translated or not in the catalogue."""
    shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    # The copy of one app has no settings.
    environment = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    subprocess.run(
        [Path(sys.executable).with_name("django-admin"), "makemessages", "--locale=zh_Hans", "--no-wrap"],
        cwd=tmp_path / folder,
        env=environment,
        check=True,
        capture_output=True,
    )
    catalogue = tmp_path / folder / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
    statistics = subprocess.run(
        ["msgfmt", "--check", "--statistics", f"--output-file={tmp_path / 'django.mo'}", catalogue],
        check=True,
        capture_output=True,
        text=True,
    ).stderr
    assert re.fullmatch(r"\d+ translated messages?\.", statistics.splitlines()[-1])


@pytest.mark.parametrize(
    "path", ["admin/css/base.css", "drf_spectacular_sidecar/swagger-ui-dist/swagger-ui-bundle.js"]
)
def test_static_files_are_served_without_collectstatic(client: Client, path: str) -> None:
    answer = client.get(f"/static/{path}")
    assert answer.status_code == 200
    assert len(answer.getvalue()) > 10_000


def test_api_documentation_loads_nothing_from_other_sites(client: Client) -> None:
    page = client.get("/api/docs/").content.decode()
    assert "swagger-ui" in page
    assert re.findall(r"""(?:src|href)\s*=\s*["']?(?:https?:)?//[^"'\s>]+""", page) == []


@pytest.mark.parametrize("path", ["/admin/login/", "/api/docs/", "/api/v1/", "/nowhere/"])
@pytest.mark.django_db
def test_policy_allows_only_scripts_and_styles_from_files(client: Client, path: str) -> None:
    answer = client.get(path)
    policy = dict(part.strip().split(" ", 1) for part in answer.headers["Content-Security-Policy"].split(";"))
    assert policy["script-src"] == policy["style-src"] == "'self'"
    assert policy["default-src"] == policy["frame-ancestors"] == "'none'"
    assert (
        re.findall(r"<script>|<script (?![^>]*src=)|<style|\sstyle=|\son\w+=", answer.content.decode()) == []
    )


def test_schema_is_served_and_lists_api_paths(client: Client) -> None:
    schema = client.get("/api/schema/", headers={"accept": "application/json"}).json()
    assert schema["openapi"].startswith("3.1")
    assert all(path.startswith("/api/v1/") for path in schema["paths"])


@pytest.mark.slow
def test_loadseeds_imports_neither_admin_nor_api() -> None:
    code = (
        "import sys, django; django.setup(); import articles.management.commands.loadseeds\n"
        "print(any(name.startswith(('articles.admin', 'articles.api')) for name in sys.modules))"
    )
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "newsroom.settings", "DEBUG": "true"}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, check=True
    )
    assert done.stdout == b"False\n"
