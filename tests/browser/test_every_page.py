"""Every page of the desk, in both languages, on a screen and on a telephone."""

import re
from collections.abc import Iterator
from importlib.resources import files

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.db import connection
from playwright.sync_api import Page

from tests.browser.conftest import Desk
from tests.browser.desk_pages import desk_pages, make_rows
from tests.support.loading import load_seeds
from tests.support.schema import make_groups

# What a page looks like is the same over every database, and to look at all of them takes a minute and a half.
pytestmark = pytest.mark.skipif(connection.vendor != "sqlite", reason="pages are looked at over SQLite alone")
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


VIOLATIONS = """only => axe.run(document, {...only, resultTypes: ['violations'], preload: false}).then(({violations}) =>
  violations.flatMap(({id, nodes}) => nodes.map(({html}) => `${id} ${html.slice(0, 120)}`)))"""

# The colours of another theme at once (a style sheet of a script needs no leave of the policy of the page), and of many
# rows that are alike the first.
SIMPLER = """() => {
  for (const more of document.querySelectorAll('tbody tr:nth-child(n+6):not(.empty-form, .add-row), option:nth-child(n+9), svg a:nth-of-type(n+9)'))
    more.remove();
  const sheet = new CSSStyleSheet();
  sheet.replaceSync('* { transition: none !important; }');
  document.adoptedStyleSheets = [sheet];
}"""

# What a page says and what its controls are called, without text that says that it is English and without keys.
WORDS = """() => {
  const said = new Set(), around = 'script, style, template, #language, kbd, [lang=en], pre, code';
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) if (!walker.currentNode.parentElement.closest(around)) said.add(walker.currentNode.textContent.trim());
  for (const name of ['title', 'placeholder', 'aria-label', 'alt'])
    for (const element of document.querySelectorAll(`[${name}]`)) said.add(element.getAttribute(name));
  for (const button of document.querySelectorAll('[type=submit]')) said.add(button.value && button.matches('input') ? button.value : '');
  return [...said];
}"""
# Names of formats and of Newsroom, of files, accounts and tokens, digests, encodings, and what is in print.
_ALLOWED = re.compile(
    r"https?://\S+|Newsroom|Excel|JSON Lines|\b(?:API|Atom|CSV|XLSX|JSON|SHA-256|LDAP|MB|UTF-8|Control|Mac|Command|zip)\b|\.(?:txt|pdf)"
    r"|\w+[*]+|[\w./-]*[\d_/][\w./-]*|\b(?:chief|editor|reporter|website|utf-8|admin)\b|pbkdf\w+",
    re.ASCII,
)
_LATIN = re.compile("[A-Za-z]{2,}")


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


def test_no_page_in_english_is_cut_off(desk: Desk) -> None:
    assert [found for name, page in walk(desk, "en") for found in cut_off(name, page)] == []


def test_pages_in_chinese_are_whole_accessible_and_without_words_of_code(desk: Desk) -> None:
    rules = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
    found = []
    for name, page in walk(desk, "zh-hans"):
        found += [f"{name}: {text}" for text in page.evaluate(WORDS) if _LATIN.search(_ALLOWED.sub("", text))]
        found += cut_off(name, page)
        page.evaluate(rules)
        page.evaluate(SIMPLER)
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            # The theme changes nothing but colours.
            only = {} if scheme == "light" else {"runOnly": ["color-contrast"]}
            for width, height in WIDTHS.items():
                page.set_viewport_size({"width": width, "height": height})
                found += [f"{name} at {width}, {scheme}: {what}" for what in page.evaluate(VIOLATIONS, only)]
    assert found == []


def cut_off(name: str, page: Page) -> list[str]:
    """What is cut off on the page, at both widths."""
    found = []
    for width, height in WIDTHS.items():
        page.set_viewport_size({"width": width, "height": height})
        found += [f"{name} at {width}: {what}" for what in page.evaluate(CUT_OFF)]
    return found
