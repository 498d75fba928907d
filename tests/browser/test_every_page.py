"""Every page of the desk, in both languages, on a screen and on a telephone."""

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from playwright.sync_api import Page

from tests.browser.conftest import Desk
from tests.browser.desk_pages import desk_pages, make_rows
from tests.support.loading import load_seeds
from tests.support.schema import make_groups

WIDTHS = {1440: 900, 390: 844}

# What is beyond the right edge of the window or of its own box, and cells that are too narrow for their text.
CUT_OFF = """() => {
  const found = [], width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth > width) found.push(`the page is ${document.documentElement.scrollWidth} wide`);
  for (const table of document.querySelectorAll('table')) {
    const box = table.getBoundingClientRect(), around = table.parentElement;
    if (box.width && (box.right > width + 1 || around.scrollWidth > around.clientWidth + 1))
      found.push(`a table is ${Math.round(box.width)} wide: ${table.textContent.trim().slice(0, 20)}`);
  }
  for (const row of document.querySelectorAll('tbody tr')) {
    if (row.querySelector('select, textarea')) continue;
    for (const cell of row.cells) {
      if (!cell.textContent.trim()) continue;
      const text = document.createRange();
      text.selectNodeContents(cell);
      const lines = text.getBoundingClientRect().height / parseFloat(getComputedStyle(cell).lineHeight);
      if (lines > 4 && lines > 1 + cell.textContent.trim().length / 3 + cell.querySelectorAll('div, p').length * 2)
        found.push(`${Math.round(lines)} lines for “${cell.textContent.trim().slice(0, 20)}” in a row of ${row.cells.length}`);
    }
  }
  return found;
}"""


@pytest.fixture
def archive(archive: User) -> User:
    make_groups()
    load_seeds()
    make_rows(archive)
    return archive


def walk(desk: Desk, language: str) -> Iterator[tuple[str, Page]]:
    """Open each page of the desk in a language."""
    cookie = {"name": settings.LANGUAGE_COOKIE_NAME, "value": language, "url": desk.address}
    desk.page.context.add_cookies([cookie])  # type: ignore[list-item] # it is a typed dict
    for name, path in desk_pages().items():
        response = desk.page.goto(f"{desk.address}{path}")
        assert response is not None
        if response.status == 403:  # nobody may add such a record by hand
            assert name.endswith("_add")
            desk.console_errors.clear()
            continue
        assert response.status == 200, path
        yield name, desk.page


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_no_page_is_cut_off(desk: Desk, language: str) -> None:
    found = []
    for name, page in walk(desk, language):
        for width, height in WIDTHS.items():
            page.set_viewport_size({"width": width, "height": height})
            found += [f"{name} at {width}: {what}" for what in page.evaluate(CUT_OFF)]
    assert found == []
