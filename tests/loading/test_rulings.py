"""Tests that loads decide names by the rulings of editors, below decisions on a mention and above what was read."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command

from articles.editing.article_corrections import correct_article
from articles.editing.mention_decisions import Decision, decide_mention
from articles.editing.rulings.doubtful_names import NameScope
from articles.editing.rulings.name_rulings import Answer, rule_on_name, switch_ruling, undo_ruling
from articles.loading.purge import purge
from articles.models import Article, Load, Mention, NameRuling, Place, PlaceAppearance
from tests.factories import make_places
from tests.support.loading import load

pytestmark = pytest.mark.django_db
NAME = "花园社区"
PAGE = """沂河晚报 2023年9月14日 星期四 第6版 民生

浮桥昨天通车

本报讯（记者 周明）昨天上午，浮桥正式通车，花园社区的志愿者送来了绿豆汤，群众说以后上街再也不用绕路了。
"""
OTHER = PAGE.replace("浮桥", "早市").replace("14日", "15日")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "0914.txt"


def read(file: Path, text: str = PAGE, home: str = "140800") -> Mention:
    """Load a page, and give the mention of the name on it."""
    file.write_text(text, encoding="utf-8")
    load(file, home_code=home)
    return Mention.objects.filter(surface=NAME).latest("pk")


def rule(verdict: str = "rejected", record: Place | None = None, **scope: Any) -> NameRuling:
    on = NameScope(Mention.Kind.PLACE, NAME, **scope)
    return rule_on_name(
        Answer(on, Decision(verdict, record), is_in_use=True), User.objects.create_user("wang")
    )


def again(*, dry_run: bool = False) -> dict[str, Any]:
    out = StringIO()
    call_command("loadseeds", reextract=True, dry_run=dry_run, format="json", stdout=out)
    report: dict[str, Any] = json.loads(out.getvalue())
    return report


def test_name_is_in_doubt_without_a_ruling(file: Path) -> None:
    assert read(file).is_doubtful


@pytest.mark.parametrize(
    ("scope", "is_decided"),
    [
        pytest.param({}, True, id="everywhere"),
        pytest.param({"scope": "paper", "value": "沂河晚报"}, True, id="its paper"),
        pytest.param({"scope": "paper", "value": "晋南日报"}, False, id="another paper"),
        pytest.param({"scope": "home", "value": "140800"}, True, id="its home"),
        pytest.param({"scope": "home", "value": "140100"}, False, id="another home"),
    ],
)
def test_load_decides_a_name_by_the_ruling_of_its_scope(
    file: Path, scope: dict[str, str], is_decided: bool
) -> None:
    town = make_places()["大王镇"]
    ruling = rule("relinked", town, **scope)
    mention = read(file)
    assert (mention.ruling, mention.record) == ((ruling, town) if is_decided else (None, None))
    assert PlaceAppearance.objects.filter(place=town).exists() is is_decided
    assert Mention.objects.doubtful().filter(surface=NAME).exists() is not is_decided


def test_ruling_on_a_paper_stands_above_one_on_all(file: Path) -> None:
    user = User.objects.create_user("li")
    on = NameScope(Mention.Kind.PLACE, NAME, "paper", "沂河晚报")
    rule("rejected")
    of_paper = rule_on_name(Answer(on, Decision("accepted"), is_in_use=True), user)
    assert read(file).ruling == of_paper


def test_decision_on_the_mention_stands_above_a_ruling(file: Path) -> None:
    mention = read(file)
    decide_mention(mention, Decision("accepted"), None)
    rule("rejected")
    again()
    mention.refresh_from_db()
    assert (mention.verdict, mention.ruling) == ("accepted", None)


def test_reextraction_decides_earlier_pages_and_its_dry_run_says_so(file: Path) -> None:
    mention = read(file)
    ruling = rule("rejected", also_linked=True)
    undone = NameRuling.objects.get()
    undo_ruling(undone)
    ruling.pk, ruling.undone_at = None, None
    ruling.save()
    planned = again(dry_run=True)
    mention.refresh_from_db()
    assert mention.is_doubtful
    done = again()
    mention.refresh_from_db()
    assert (mention.verdict, mention.ruling) == ("rejected", ruling)
    assert planned["tally"]["mentions"] == done["tally"]["mentions"]
    assert done["tally"]["mentions"]["ruled"] == 1
    assert again()["tally"]["mentions"]["ruled"] == 0


def test_ruling_that_is_switched_off_decides_no_later_page(file: Path, tmp_path: Path) -> None:
    mention = read(file)
    ruling = rule("rejected")
    switch_ruling(ruling, is_in_use=False)
    later = read(tmp_path / "0915.txt", OTHER)
    assert later.is_doubtful
    again()
    mention.refresh_from_db()
    assert (mention.verdict, mention.ruling) == ("rejected", ruling)


def test_undo_puts_names_of_later_pages_in_doubt_too(file: Path, tmp_path: Path) -> None:
    before = read(file)
    ruling = rule("rejected")
    later = read(tmp_path / "0915.txt", OTHER)
    assert later.ruling == ruling
    assert undo_ruling(ruling) == (2, 0)
    for mention in (before, later):
        mention.refresh_from_db()
        assert mention.is_doubtful


def test_name_that_is_not_read_any_more_goes_with_its_ruling(file: Path) -> None:
    read(file)
    rule("rejected")
    file.write_text(PAGE.replace(NAME, "附近居民"), encoding="utf-8")
    load(file, home_code="140800")
    assert not Mention.objects.filter(surface=NAME).exists()


def test_article_that_only_a_ruling_decided_in_is_purged_with_its_load(file: Path) -> None:
    rule("rejected")
    read(file)
    assert list(Article.objects.untouched()) == list(Article.objects.all())
    purge(Load.objects.latest("pk"))
    assert not Article.objects.exists()


def test_ruling_decides_a_name_that_an_editor_writes(file: Path) -> None:
    read(file)
    ruling = rule("rejected")
    article = Article.objects.get()
    correct_article(article, headline="花园社区昨天通车")
    assert article.mentions.get(part="headline").ruling == ruling


def test_explain_says_that_a_ruling_decided(file: Path) -> None:
    rule("rejected")
    mention = read(file)
    out = StringIO()
    call_command("explain", mention.article_id, NAME, stdout=out)
    assert f"An editor answered “{NAME}” for many articles on" in out.getvalue()


def test_ruling_for_a_record_in_the_trash_decides_nothing(file: Path) -> None:
    town = make_places()["大王镇"]
    rule("relinked", town)
    Place.objects.filter(pk=town.pk).update(trashed_at="2026-01-01T00:00:00Z")
    assert read(file).ruling is None
