"""`manage.py verify`: what is damaged is told, what is derived is mended, and what editors do is no damage."""

from __future__ import annotations

import doctest
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import F

from articles.maintenance.checks import check
from articles.models import (
    Article,
    Boundary,
    Byline,
    Distinction,
    Load,
    LoadFile,
    Mention,
    Merge,
    Page,
    Place,
    Reporter,
)
from articles.models.appearance import PlaceAppearance
from articles.models.merge import merge
from tests.support.loading import load

pytestmark = pytest.mark.django_db

TOWN = """运城日报 2023年9月14日 星期四 第6版 民生

芮城县新桥通车

本报讯（记者 周明 通讯员 吴芳）昨天上午，山西省运城市芮城县的新桥正式通车，两岸居民出行时间缩短了二十分钟。

芮城县交通运输局负责人介绍，新桥全长一千二百米，双向六车道，两侧设有步行道。

早市搬进新家

本报讯（记者 何小满）平陆县的早市昨天搬进新建的大棚，一百二十名菜农有了固定摊位。

大棚里通水通电，天不亮就有人来买菜，摊主们说，再也不用看天做生意了。
"""


def verify(*options: str) -> tuple[int, list[str]]:
    """The exit code and the lines that were printed."""
    out = StringIO()
    try:
        call_command("verify", *options, stdout=out)
    except SystemExit as stopped:
        return int(stopped.code or 0), out.getvalue().splitlines()
    except CommandError as error:
        return error.returncode, [str(error)]
    return 0, out.getvalue().splitlines()


@pytest.fixture
def town(tmp_path: Path) -> Path:
    """A page of two articles that is loaded, with places and a body in it."""
    file = tmp_path / "0914.txt"
    file.write_text(TOWN, encoding="utf-8")
    load(file)
    assert Mention.objects.filter(kind="organization").exists()
    assert Article.objects.count() == 2
    return file


def bridge() -> Article:
    return Article.objects.order_by("start")[0]


def market() -> Article:
    return Article.objects.order_by("start")[1]


@pytest.mark.usefixtures("town")
def test_nothing_is_said_of_what_is_sound() -> None:
    assert verify() == (0, ["Verified 1 pages, 2 articles: no faults."])


def replace_in_found(article: Article, old: str, new: str) -> None:
    blocks = [{**block, "text": block["text"].replace(old, new)} for block in article.found["blocks"]]
    Article.objects.filter(pk=article.pk).update(found={**article.found, "blocks": blocks})


def move_found_mentions(article: Article) -> None:
    moved = [{**mention, "start": mention["start"] + 1} for mention in article.found["mentions"]]
    Article.objects.filter(pk=article.pk).update(found={**article.found, "mentions": moved})


def read_twice(article: Article) -> None:
    """One more article that claims the same characters of the page."""
    copied = Article.objects.create(
        page=article.page,
        start=(article.start or 0) + 1,
        end=article.end,
        headline=article.headline,
        blocks=article.blocks,
        body=article.body,
        found=article.found,
    )
    assert copied.pk != article.pk


def turn_in_a_circle() -> None:
    Place.objects.filter(name="山西省").update(parent=Place.objects.get(name="芮城县"))


def merge_in_a_circle() -> None:
    one, other = Reporter.objects.order_by("pk")[:2]
    Merge.objects.create(kind="reporter", source=one.pk, target=other.pk)
    Merge.objects.create(kind="reporter", source=other.pk, target=one.pk)


def merge_without_decision() -> None:
    one, other = Reporter.objects.order_by("pk")[:2]
    Reporter.objects.filter(pk=one.pk).update(merged_into=other)


def forget_a_merge() -> None:
    one, other = Place.objects.get(name="平陆县"), Place.objects.get(name="芮城县")
    merge(one, other, None)
    Place.objects.filter(pk=one.pk).update(merged_into=None)


def empty_the_index() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO articles_search (articles_search) VALUES ('delete-all')"
            if connection.vendor == "sqlite"
            else "DELETE FROM articles_search"
        )


def drop_a_trigger() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "DROP TRIGGER articles_search_insert"
            if connection.vendor == "sqlite"
            else "DROP TRIGGER articles_search_row ON articles_article"
        )


def drop_what_notes_changes() -> None:
    table = "" if connection.vendor == "sqlite" else " ON articles_article"
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER articles_note_delete{table}")


DAMAGES: dict[str, tuple[Callable[[], Any], str]] = {
    "a page's text": (lambda: Page.objects.update(text=TOWN.replace("第6版", "第7版")), "its text is not that of the file"),
    "a NUL that is none": (lambda: Page.objects.update(nul_offsets=[3]), "it is said to have a NUL at 3, and has none"),
    "a boundary behind the page": (lambda: Boundary.objects.create(page=Page.objects.get(), offset=9_000, begins=True), "an article is said to begin at 9000, and the page ends at"),
    "an article that ends behind its page": (lambda: Article.objects.filter(pk=market().pk).update(end=9_000), "it ends at 9000, and the page at"),
    "a credit that stands elsewhere": (lambda: Byline.objects.filter(surface="吴芳").update(start=F("start") + 1), "it says 吴芳, and '芳' stands there on page"),
    "what was read": (lambda: replace_in_found(bridge(), "通车", "通航"), "was read as 芮城县新桥通航, and '芮城县新桥通车' stands there"),
    "where a name was read": (lambda: move_found_mentions(bridge()), "was not read where it is said to stand"),
    "blocks": (lambda: Article.objects.filter(pk=bridge().pk).update(blocks=[]), "its blocks are not as they were read, and nobody changed them"),
    "blocks that were corrected": (
        lambda: Article.objects.filter(pk=bridge().pk).update(
            corrected=["blocks"], blocks=[{**block, "spans": [[0, 4]]} for block in bridge().blocks]
        ),
        "says 芮城县新桥通车, and '运城日报' stands at its place",
    ),
    "a body": (lambda: Article.objects.filter(pk=bridge().pk).update(body="别的"), "its body is not that of its blocks"),
    "a headline": (lambda: Article.objects.filter(pk=bridge().pk).update(headline="别的"), "its headline is not as it was read, and nobody changed it"),
    "characters of two articles": (lambda: read_twice(bridge()), "belongs to articles"),
    "a name in another place": (lambda: Mention.objects.filter(surface="平陆县").update(start=F("start") + 1, end=F("end") + 1), "it says 平陆县, and '陆县的' stands there in the body"),
    "a merge of nobody": (lambda: Merge.objects.create(kind="reporter", source=9_001, target=9_002), "it tells of reporter 9001 and 9002, which is not there"),
    "a distinction of nobody": (lambda: Distinction.objects.create(kind="place", first=9_001, second=9_002), "it tells of place 9001 and 9002, which is not there"),
    "places in a circle": (turn_in_a_circle, "芮城县 lies in itself, round a circle"),
    "merges in a circle": (merge_in_a_circle, "it is merged into itself, round a circle"),
    "a file of other bytes": (lambda: LoadFile.objects.update(sha256="0" * 64), "0914.txt has other bytes than page"),
    "a page of no load": (lambda: LoadFile.objects.all().delete(), "no load tells where it came from"),
    "a load that miscounted": (lambda: Load.objects.update(tally={"files": {"created": 2}}), "it counted 2 created, and tells of 1 created"),
}  # fmt: skip

DERIVED: dict[str, tuple[Callable[[], Any], str]] = {
    "a path": (lambda: Place.objects.filter(name="芮城县").update(path="14"), "芮城县 has the path '14', and lies at '140000.140800.140830'"),
    "a merge that nobody decided": (merge_without_decision, "and by its merges it is merged into none"),
    "a merge that is not written": (forget_a_merge, "it is merged into none, and by its merges it is merged into"),
    "what appears where": (lambda: PlaceAppearance.objects.filter(place__name="芮城县").delete(), "1 are wrong, or missing"),
    "changes that nobody notes": (drop_what_notes_changes, "nothing notes them: articles_note_delete is not there"),
    "an empty index": (empty_the_index, "it does not hold 2 articles as they are"),
    "an index without its trigger": (drop_a_trigger, "it lacks articles_search_"),
}  # fmt: skip


@pytest.mark.usefixtures("town")
@pytest.mark.parametrize("name", DAMAGES)
def test_damage_is_told_and_not_made_worse(name: str) -> None:
    damage, said = DAMAGES[name]
    damage()
    code, lines = verify()
    assert code == 1
    assert any(said in line and line.startswith("fault ") and "; " in line for line in lines), lines
    again, repaired = verify("--repair")
    assert (again, [line for line in repaired if said in line]) == (
        1,
        [line for line in lines if said in line],
    )


@pytest.mark.usefixtures("town")
@pytest.mark.parametrize("name", DERIVED)
def test_what_is_derived_is_told_and_mended(name: str) -> None:
    damage, said = DERIVED[name]
    damage()
    code, lines = verify()
    assert code == 1
    assert any(said in line and line.endswith("run manage.py verify --repair") for line in lines), lines
    code, lines = verify("--repair")
    assert (code, {line.split()[0] for line in lines[:-1]}) == (0, {"mended"}), lines
    assert "no faults, " in lines[-1]
    assert verify() == (0, ["Verified 1 pages, 2 articles: no faults."])


@pytest.mark.usefixtures("town")
def test_a_credit_of_nobody() -> None:
    credit = Byline.objects.filter(surface="吴芳")
    reporter = credit.values_list("reporter", flat=True).get()
    credit.update(reporter=9_001)
    try:
        code, lines = verify()
        assert code == 1
        assert any("its reporter is reporter 9001, which is not there" in line for line in lines), lines
    finally:
        credit.update(reporter=reporter)  # the database checks at the end of the test


@pytest.mark.usefixtures("town")
def test_no_line_is_forged_by_what_is_stored() -> None:
    forged = "通车\nfault   page 1: nothing\x1b[31m\u202e"
    Mention.objects.filter(surface="芮城县", part="headline").update(surface=forged)
    _, lines = verify()
    assert [line for line in lines if line.startswith("fault   page")] == []
    assert "\\nfault" in lines[0]


def test_examples() -> None:
    assert doctest.testmod(check).failed == 0


def test_a_database_without_tables() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE articles_boundary RENAME TO articles_elsewhere")
    code, lines = verify()
    assert (code, len(lines)) == (2, 1)
    assert "manage.py migrate" in lines[0]
