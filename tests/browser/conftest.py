"""Fixtures that drive the system's Chromium, headless, through Playwright."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.support.loading import Shared
from tests.support.serving import served

PASSWORD = "only-for-this-test-7"
_PATIENCE = 120_000  # milliseconds; on a slow machine a page takes ten times as long
_NAMES = ("chromium", "chromium-browser", "google-chrome")


@pytest.fixture
def archive(transactional_db: None) -> User:  # noqa: ARG001 - what is made here is in the shared database
    """A superuser; tests override this fixture to load data before the server starts."""
    return User.objects.create_superuser("chief", password=PASSWORD)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The system's Chromium; without one, these tests are skipped."""
    found = next(filter(None, map(shutil.which, _NAMES)), None)
    if found is None:
        pytest.skip("no Chromium on this machine: apt-get install chromium (or Google Chrome)")
    # Playwright runs an event loop in this thread, in which Django would refuse to use the database.
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"], timeout=_PATIENCE)
        yield browser
        browser.close()


@dataclass
class Desk:
    """A browser on the admin, and the errors and warnings of its console."""

    address: str
    shared: Shared
    page: Page
    console_errors: list[str] = field(default_factory=list)

    def go(self, path: str) -> Page:
        self.page.goto(f"{self.address}{path}")
        return self.page

    def sign_in(self, username: str) -> None:
        self.go("/admin/")
        self.page.fill("#id_username", username)
        self.page.fill("#id_password", PASSWORD)
        self.page.click("input[type=submit]")
        self.page.wait_for_url(f"{self.address}/admin/")

    def wait_for_requests(self) -> None:
        """Wait until what was pressed is answered and shown; keys before that decide nothing."""
        expect(self.page.locator(".htmx-request, .htmx-settling, .htmx-swapping")).to_have_count(0)


@pytest.fixture
def visitor(archive: User, shared: Shared, browser: Browser) -> Iterator[Desk]:  # noqa: ARG001 - first what is in it
    """A browser that is not signed in."""
    with served(shared) as address:
        context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="en-US")
        page = context.new_page()
        page.set_default_timeout(_PATIENCE)
        expect.set_options(timeout=_PATIENCE)
        desk = Desk(address, shared, page)
        page.on("console", lambda message: _note(desk, message.type, message.text))
        page.on("pageerror", lambda error: desk.console_errors.append(str(error)))
        yield desk
        context.close()
    assert desk.console_errors == []


@pytest.fixture
def session(archive: User) -> str:
    """The key of a signed-in session, made without the slow hashing of a password; one test uses the sign-in form."""
    client = Client()
    client.force_login(archive)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


@pytest.fixture
def desk(session: str, visitor: Desk) -> Desk:
    """A browser that is signed in."""
    cookie = {"name": settings.SESSION_COOKIE_NAME, "value": session, "url": visitor.address}
    visitor.page.context.add_cookies([cookie])  # type: ignore[list-item] # it is a typed dict
    return visitor


def _note(desk: Desk, kind: str, text: str) -> None:
    if kind in {"error", "warning"}:
        desk.console_errors.append(f"{kind}: {text}")


@pytest.fixture
def page_file(tmp_path: Path) -> Path:
    """A page file with names that are clear and names in doubt, whose text is read as one article too few."""
    path = tmp_path / "0914.txt"
    path.write_text(PAGE, encoding="utf-8")
    return path


PAGE = """沂河晚报 2023年9月14日 星期四 第6版 民生

芮城县浮桥昨天通车

本报讯（记者 周明）昨天上午，芮城县大王镇的浮桥正式通车，两岸居民出行时间缩短了二十分钟。金盆村的群众说，以后上街再也不用绕路了。

县人民法院有关负责人到场祝贺，并向修桥的工人表示感谢。花园社区和光明社区的志愿者送来了绿豆汤。

稷山县早市搬进新家

本报讯（记者 何小满）稷山县城南早市昨天搬进新建的大棚，一百二十名菜农有了固定摊位。

大棚里通水通电，天不亮就有人来买菜，摊主们说，再也不用看天做生意了。

共青团芮城县委组织志愿者

本报讯（记者 周明）昨天，共青团芮城县委组织五十名志愿者到早市帮忙。

芮城县教育局负责人说，志愿服务要常态化，要让群众感到方便。
"""
