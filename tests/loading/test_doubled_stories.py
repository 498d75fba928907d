"""Stories that two files publish are named when they are loaded, and one command leaves them published once."""

from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from articles.editing.article_corrections import correct_article
from articles.editing.article_trash import trash_article
from articles.loading import file_plan
from articles.loading.doubled_stories import DoubledFile, find_doubled_files
from articles.models import Article, Load, Page
from tests.reliability.test_verify import verify
from tests.support.loading import BRIDGE, PAGE, SCHOOL, load, read_plainly

pytestmark = pytest.mark.django_db

EDITED = PAGE.replace("二十分钟", "三十分钟")
NEW = (
    PAGE.replace("第6版", "第7版")
    .replace("新桥昨天通车", "旧桥今天拆除")
    .replace("早市搬进新家", "学校今天开学")
)


def rename_and_edit(folder: Path) -> None:
    (folder / "old.txt").unlink()
    (folder / "new.txt").write_text(EDITED, encoding="utf-8")


def export_one_of_two_again(folder: Path) -> None:
    (folder / "new.txt").write_text(PAGE, encoding="utf-8")
    run(folder)
    (folder / "new.txt").write_text(EDITED, encoding="utf-8")


def run(*arguments: object) -> str:
    """What `loadseeds` warns of."""
    errors = StringIO()
    call_command("loadseeds", *map(str, arguments), stdout=StringIO(), stderr=errors)
    return errors.getvalue()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "old.txt").write_text(PAGE, encoding="utf-8")
    assert run(tmp_path) == ""
    return tmp_path


def published() -> list[str]:
    return sorted(Article.objects.published().values_list("headline", flat=True))


HOW: list[Callable[[Path], None]] = [rename_and_edit, export_one_of_two_again]


@pytest.mark.parametrize("happen", HOW)
def test_load_says_what_is_published_twice_and_one_command_cures_it(
    folder: Path, happen: Callable[[Path], None]
) -> None:
    decided = Article.objects.get(headline="早市搬进新家")
    correct_article(decided, headline="早市搬家了")
    happen(folder)
    warned = run(folder)
    old, new = folder / "old.txt", folder / "new.txt"
    assert f"Published twice: 2 stories of {new} and {old}." in warned
    assert f"loadseeds {new} --replaces {old}" in warned
    assert len(published()) == 4
    code, lines = verify()
    assert (code, [line for line in lines if "is published twice" not in line]) == (1, [lines[-1]])
    assert len(lines) == 3
    assert run(new, "--replaces", old) == ""
    assert published() == ["新桥昨天通车", "早市搬家了"]
    # The work of the editor stays, in the article that it was done in.
    assert Article.objects.published().get(headline="早市搬家了").pk == decided.pk
    assert Page.objects.current().get().text == EDITED
    assert find_doubled_files(Load.objects.latest("pk").files.all()) == []
    assert verify()[0] == 0


@pytest.mark.parametrize("happen", HOW)
def test_page_of_the_load_says_what_is_published_twice(
    folder: Path, admin_client: Client, happen: Callable[[Path], None]
) -> None:
    happen(folder)
    run(folder)
    shown = admin_client.get(reverse("admin:articles_load_change", args=[Load.objects.latest("pk").pk]))
    assert shown.context["doubled"] == [DoubledFile(f"{folder}/new.txt", f"{folder}/old.txt", 2)]
    assert f"{folder}/old.txt" in shown.content.decode().partition('<p class="warning">')[2]


def test_file_that_is_renamed_and_said_to_be_so_at_once_is_never_doubled(folder: Path) -> None:
    ids = set(Article.objects.values_list("pk", flat=True))
    rename_and_edit(folder)
    assert run(folder / "new.txt", "--replaces", folder / "old.txt") == ""
    assert set(Article.objects.values_list("pk", flat=True)) == ids
    assert run(folder) == ""


def test_story_that_was_moved_to_the_trash_does_not_come_back(folder: Path) -> None:
    trash_article(Article.objects.get(headline="早市搬进新家"))
    rename_and_edit(folder)
    run(folder)
    run(folder / "new.txt", "--replaces", folder / "old.txt")
    assert published() == ["新桥昨天通车"]


def test_other_page_of_the_same_issue_is_published_once(folder: Path) -> None:
    (folder / "new.txt").write_text(NEW, encoding="utf-8")
    assert run(folder) == ""


def test_file_that_is_loaded_as_before_is_not_compared(folder: Path) -> None:
    rename_and_edit(folder)
    assert "Published twice" in run(folder)
    assert run(folder) == ""


def test_pages_of_one_headline_are_no_doubled_story(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file_plan, "read_page", read_plainly)
    (tmp_path / "a.txt").write_text(BRIDGE, encoding="utf-8")
    (tmp_path / "b.txt").write_text(f"{BRIDGE}\n{SCHOOL}", encoding="utf-8")
    load(tmp_path)
    assert find_doubled_files(Load.objects.get().files.all()) == []


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["--replaces", "never.txt"], "no load has a page of never.txt"),
        (["--replaces", "old.txt", "--dry-run"], "--replaces goes with the PATH of one file"),
        (["--replaces", "old.pdf#page=1"], "--replaces goes with text files"),
    ],
)
def test_wrong_use_of_replaces_is_refused(folder: Path, arguments: list[str], reason: str) -> None:
    with pytest.raises(CommandError, match=reason):
        run(folder / "old.txt", *arguments)
