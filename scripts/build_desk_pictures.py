"""Takes the screenshots of docs/desk.md: `.venv/bin/python scripts/build_desk_pictures.py` (needs Chromium).

It loads the seeds and the samples in a temporary folder, serves them, and visits the pages of the admin as an editor.
"""

import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import django
from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "docs" / "pictures"
ACCOUNT, PASSWORD = "editor", "only-for-pictures-9"


@contextmanager
def serve_seeds() -> Iterator[str]:
    """The address of a server with the seeds."""
    sys.path.insert(0, str(ROOT))
    os.environ["DJANGO_SETTINGS_MODULE"] = "newsroom.settings"
    django.setup()
    from tests.support.loading import Shared  # noqa: PLC0415 - needs Django set up
    from tests.support.serving import manage, served  # noqa: PLC0415

    with tempfile.TemporaryDirectory() as folder:
        archive = Shared(f"sqlite:///{folder}/pictures.sqlite3")
        manage(archive, "migrate", "--verbosity", "0")
        manage(archive, "loadseeds", "seeds", "samples")
        account = ["--noinput", "--username", ACCOUNT, "--email", "editor@example.org"]
        manage(archive, "createsuperuser", *account, DJANGO_SUPERUSER_PASSWORD=PASSWORD)
        with served(archive) as address:
            yield address


def sign_in(page: Page, address: str) -> None:
    page.goto(f"{address}/admin/")
    page.fill("#id_username", ACCOUNT)
    page.fill("#id_password", PASSWORD)
    page.click("input[type=submit]")
    page.wait_for_url("**/admin/")


def front(page: Page, address: str) -> None:
    page.goto(f"{address}/admin/")


def upload(page: Page, address: str) -> None:
    """The preview of an upload with a new page."""
    page.goto(f"{address}/admin/articles/load/upload/")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "0915.txt")
        text = (ROOT / "seeds" / "city_daily_five_stories_20240725.txt").read_text(encoding="utf-8")
        file.write_text(f"河东日报 2024年9月15日 星期日 第3版 要闻\n\n{text}", encoding="utf-8")
        page.set_input_files("input[type=file]", file)
        page.click(".submit-row input[type=submit]")
    page.locator("details.file summary").click()
    page.locator("details.file h3").first.wait_for()


def article(page: Page, address: str) -> None:
    """An article with a doubtful mention, beside its page."""
    page.goto(f"{address}{doubtful_article(page, address)}")
    page.locator("#panel .candidates, #panel .verdicts").first.wait_for()


def doubtful_article(page: Page, address: str) -> str:
    """The path of an article with a doubtful mention that has candidates."""
    shown = page.request.get(f"{address}/api/v1/mentions/?status=ambiguous").json()
    return f"/admin/articles/article/{shown['results'][-1]['article']['id']}/change/"


def review(page: Page, address: str) -> None:
    page.goto(f"{address}/admin/articles/page/review/")
    rows = page.locator("#content-main tbody tr")
    doubts = [int(row.locator("td").last.inner_text()) for row in rows.all()]
    rows.nth(doubts.index(max(doubts))).locator("a").click()


def one_name(page: Page, address: str) -> None:
    """The most frequent name in doubt, to be answered for all articles."""
    page.goto(f"{address}/admin/articles/nameruling/names/")
    page.locator(".names tbody th a").first.click()


def articles(page: Page, address: str) -> None:
    page.goto(f"{address}/admin/articles/article/")


def merge(page: Page, address: str) -> None:
    """The preview of a merge of two records."""
    shown = page.request.get(f"{address}/api/v1/organizations/?page_size=100").json()["results"]
    one, other = [record["id"] for record in shown if "芮城县" in record["name"]][:2]
    page.goto(f"{address}/admin/merge/organization/{one}/{other}/")


def place(page: Page, address: str) -> None:
    shown = page.request.get(f"{address}/api/v1/places/140830/").json()
    page.goto(f"{address}/admin/articles/place/{shown['id']}/change/")


def history(page: Page, address: str) -> None:
    """The history of a changed article."""
    page.goto(f"{address}{doubtful_article(page, address)}")
    page.locator(".article-form summary").click()
    page.fill("#id_headline", page.input_value("#id_headline") + "（更正）")
    page.click("input[name=_continue]")
    page.goto(page.url.replace("change/", "history/"))


def site(page: Page, address: str) -> None:
    """The front page of the reading site."""
    page.goto(f"{address}/")


def site_article(page: Page, address: str) -> None:
    """An article in the reading site."""
    shown = page.request.get(f"{address}/api/v1/articles/?q=课后").json()["results"]
    page.goto(f"{address}/articles/{shown[0]['id']}/")


SHOTS: dict[str, Callable[[Page, str], None]] = {
    "desk-front": front,
    "desk-upload": upload,
    "desk-article": article,
    "desk-review": review,
    "desk-name": one_name,
    "desk-articles": articles,
    "desk-place": place,
    "desk-merge": merge,
    "desk-history": history,
    "site-front": site,
    "site-article": site_article,
}


def main() -> None:
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        sys.exit("Chromium is not installed: apt-get install chromium fonts-noto-cjk")
    with serve_seeds() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        sign_in(page, address)
        for name, show in SHOTS.items():
            show(page, address)
            page.wait_for_load_state("networkidle")
            page.screenshot(path=PICTURES / f"{name}.png")
            print(PICTURES / f"{name}.png")


if __name__ == "__main__":
    main()
