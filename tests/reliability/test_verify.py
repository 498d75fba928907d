"""`manage.py verify` reports damage, rebuilds derived data, and accepts all that editors do."""

import doctest
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import F

from articles.editing.merging import merge
from articles.editing.text_composition import texts_of
from articles.loading import file_plan
from articles.maintenance.checks import check
from articles.models import (
    Article,
    Boundary,
    Byline,
    Distinction,
    LastChange,
    Load,
    LoadFile,
    Mention,
    Merge,
    Page,
    PageResidue,
    Place,
    Region,
    Reporter,
)
from articles.models.appearance import PlaceAppearance
from tests.support.loading import load, read_plainly

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
    """A loaded page of two articles, with places and an organization."""
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
def test_verify_finds_no_faults_in_sound_data() -> None:
    assert verify() == (0, ["Verified 1 pages, 2 articles: no faults."])


def divide_a_line_as_before() -> None:
    """Divide a corrected line so that its first half keeps the place of both, as was done once."""
    headline, paragraph, *others = bridge().blocks
    text = paragraph["text"]
    halves = [{**paragraph, "text": text[:30]}, {**paragraph, "text": text[30:], "spans": []}]
    blocks = [headline, *halves, *others]
    body = texts_of(blocks)["body"]
    Article.objects.filter(pk=bridge().pk).update(corrected=["blocks", "body"], blocks=blocks, body=body)
    Mention.objects.filter(article=bridge(), part="body").delete()


def lose_a_line() -> None:
    """Take the last line out of an article as no editor does."""
    blocks = market().blocks[:-1]
    body = texts_of(blocks)["body"]
    layer = {**market().extracted, "blocks": blocks}
    Article.objects.filter(pk=market().pk).update(extracted=layer, blocks=blocks, body=body)


def replace_in_found(article: Article, old: str, new: str) -> None:
    blocks = [{**block, "text": block["text"].replace(old, new)} for block in article.extracted["blocks"]]
    Article.objects.filter(pk=article.pk).update(extracted={**article.extracted, "blocks": blocks})


def move_found_mentions(article: Article) -> None:
    moved = [{**mention, "start": mention["start"] + 1} for mention in article.extracted["mentions"]]
    Article.objects.filter(pk=article.pk).update(extracted={**article.extracted, "mentions": moved})


def read_twice(article: Article) -> None:
    """Add an article with the same characters of the page."""
    copied = Article.objects.create(
        page=article.page,
        start=(article.start or 0) + 1,
        end=article.end,
        headline=article.headline,
        blocks=article.blocks,
        body=article.body,
        extracted=article.extracted,
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


def drop_change_trigger() -> None:
    table = "" if connection.vendor == "sqlite" else " ON articles_article"
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER articles_note_article_delete{table}")


DAMAGES: dict[str, tuple[Callable[[], Any], str]] = {
    "a page's text": (lambda: Page.objects.update(text=TOWN.replace("第6版", "第7版")), "its text is not that of its file"),
    "a NUL that is not there": (lambda: Page.objects.update(nul_offsets=[3]), "there is no NUL at 3, where one is recorded"),
    "a boundary behind the page": (lambda: Boundary.objects.create(page=Page.objects.get(), offset=9_000, begins=True), "a boundary is at 9000, but the page ends at"),
    "a region behind the page": (lambda: Region.objects.create(page=Page.objects.get(), start=3, end=9_000, kind="advert"), "a decided region ends at 9000, but the page ends at"),
    "printed text that nothing has": (lambda: PageResidue.objects.update(spans=[]), "第6版… at 0 belongs to no article and to no residue"),
    "a line that is lost": (lose_a_line, "belongs to no article and to no residue"),
    "residue that an article has": (lambda: PageResidue.objects.put(Page.objects.get(), [{"kind": "advert", "start": 0, "end": 40}]), "belongs to an article and to the residue"),
    "a line with the place of two": (divide_a_line_as_before, "which has none; put both into one line"),
    "an article that ends behind its page": (lambda: Article.objects.filter(pk=market().pk).update(end=9_000), "it ends at 9000, but the page ends at"),
    "a credit with other offsets": (lambda: Byline.objects.filter(surface="吴芳").update(start=F("start") + 1), "it is 吴芳, but '芳' is there on page"),
    "an extracted block": (lambda: replace_in_found(bridge(), "通车", "通航"), "its extracted headline is 芮城县新桥通航, but the page has '芮城县新桥通车' there"),
    "offsets of extracted mentions": (lambda: move_found_mentions(bridge()), "is not at its extracted place"),
    "blocks": (lambda: Article.objects.filter(pk=bridge().pk).update(blocks=[]), "its blocks differ from the extracted ones, but are not marked as corrected"),
    "corrected blocks": (
        lambda: Article.objects.filter(pk=bridge().pk).update(
            corrected=["blocks"], blocks=[{**block, "spans": [[0, 4]]} for block in bridge().blocks]
        ),
        "is 芮城县新桥通车, but the page has '运城日报' there",
    ),
    "a body": (lambda: Article.objects.filter(pk=bridge().pk).update(body="别的"), "its body differs from its blocks"),
    "a headline": (lambda: Article.objects.filter(pk=bridge().pk).update(headline="别的"), "its headline differs from the extracted one, but is not marked as corrected"),
    "characters of two articles": (lambda: read_twice(bridge()), "belongs to articles"),
    "a mention with other offsets": (lambda: Mention.objects.filter(surface="平陆县").update(start=F("start") + 1, end=F("end") + 1), "it is 平陆县, but the body has '陆县的' there"),
    "a merge of missing records": (lambda: Merge.objects.create(kind="reporter", source=9_001, target=9_002), "it refers to reporter 9001 and 9002, which does not exist"),
    "a distinction of missing records": (lambda: Distinction.objects.create(kind="place", first=9_001, second=9_002), "it refers to place 9001 and 9002, which does not exist"),
    "places in a circle": (turn_in_a_circle, "芮城县 is within itself"),
    "merges in a circle": (merge_in_a_circle, "it is merged into itself by a circle of merges"),
    "a file of other bytes": (lambda: LoadFile.objects.update(sha256="0" * 64), "0914.txt differ from those of page"),
    "a page of no load": (lambda: LoadFile.objects.all().delete(), "no load has it in its ledger"),
    "a load that miscounted": (lambda: Load.objects.update(tally={"files": {"created": 2}}), "it counted 2 created, and its ledger has 1 created"),
}  # fmt: skip

DERIVED: dict[str, tuple[Callable[[], Any], str]] = {
    "a path": (lambda: Place.objects.filter(name="芮城县").update(path="14"), "芮城县 has the path '14' instead of '140000.140800.140830'"),
    "merged_into without a merge": (merge_without_decision, "but by its merges it is not merged"),
    "a merge without merged_into": (forget_a_merge, "it is not merged, but by its merges it is merged into"),
    "an appearance": (lambda: PlaceAppearance.objects.filter(place__name="芮城县").delete(), "1 are wrong or missing"),
    "a change trigger": (drop_change_trigger, "they are not recorded: articles_note_article_delete is missing"),
    "a last change": (lambda: LastChange.objects.filter(article=bridge()).delete(), "of 1 articles no change is recorded"),
    "an empty index": (empty_the_index, "the text of 2 articles is indexed wrongly"),
    "an index without its trigger": (drop_a_trigger, "search index: articles_search_"),
}  # fmt: skip


@pytest.mark.usefixtures("town")
@pytest.mark.parametrize("name", DAMAGES)
def test_verify_reports_damage_and_repair_keeps_it(name: str) -> None:
    damage, message = DAMAGES[name]
    damage()
    code, lines = verify()
    assert code == 1
    assert any(message in line and line.startswith("fault ") and "; " in line for line in lines), lines
    again, repaired = verify("--repair")
    assert (again, [line for line in repaired if message in line]) == (
        1,
        [line for line in lines if message in line],
    )


@pytest.mark.usefixtures("town")
@pytest.mark.parametrize("name", DERIVED)
def test_verify_reports_and_rebuilds_derived_data(name: str) -> None:
    damage, message = DERIVED[name]
    damage()
    code, lines = verify()
    assert code == 1
    assert any(message in line and line.endswith("run manage.py verify --repair") for line in lines), lines
    code, lines = verify("--repair")
    assert (code, {line.split()[0] for line in lines[:-1]}) == (0, {"rebuilt"}), lines
    assert "no faults, " in lines[-1]
    assert verify() == (0, ["Verified 1 pages, 2 articles: no faults."])


def test_verify_reports_story_published_from_two_versions(town: Path) -> None:
    old = bridge()
    town.write_text(TOWN.replace("二十分钟", "三十分钟"), encoding="utf-8")
    load(town)
    assert verify()[0] == 0
    new = bridge()
    assert (new.pk, new.page) == (old.pk, Page.objects.current().get())
    # As re-extraction of the earlier version once made it.
    old.pk, old.start = None, old.start
    old._state.adding = True
    old.save()
    code, lines = verify()
    assert (code, lines[:-1]) == (
        1,
        [
            f"fault   articles {new.pk} and {old.pk}: 芮城县新桥通车 is published twice, from two versions of {town}; "
            "move one of them to the trash"
        ],
    )
    Article.objects.filter(pk=old.pk).update(status="withdrawn")
    assert verify()[0] == 0


def test_verify_reports_story_of_two_files_of_which_one_has_newer_version(town: Path) -> None:
    copy = town.with_name("copy.txt")
    copy.write_bytes(town.read_bytes())
    load(copy)
    assert verify()[0] == 0
    copy.write_text(TOWN.replace("二十分钟", "三十分钟"), encoding="utf-8")
    load(copy)
    code, lines = verify()
    assert (code, len(lines)) == (1, 3), lines
    assert all("is published twice, from two versions of" in line for line in lines[:2])
    town.write_bytes(copy.read_bytes())
    load(town)
    assert verify()[0] == 0


def test_verify_accepts_articles_of_one_headline_on_two_versions(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(file_plan, "read_page", read_plainly)
    file = tmp_path / "0914.txt"
    wheat, bridge_opened = (
        f"图片新闻\n记者 周明\n{text}\n" for text in ("农民在田里收割小麦。", "横跨沂河的大桥通车了。")
    )
    file.write_text(f"{wheat}\n{bridge_opened}", encoding="utf-8")
    load(file)
    Article.objects.update(version=2)
    file.write_text(bridge_opened, encoding="utf-8")
    load(file)
    assert list(Article.objects.published().values_list("headline", flat=True)) == ["图片新闻", "图片新闻"]
    assert verify()[0] == 0
    # Nor are two headlines without text one story.
    Article.objects.update(body="", blocks=[], extracted={"headline": "图片新闻", "blocks": []})
    assert not any("published twice" in line for line in verify()[1])


@pytest.mark.usefixtures("town")
def test_verify_reports_credit_without_reporter() -> None:
    credit = Byline.objects.filter(surface="吴芳")
    reporter = credit.values_list("reporter", flat=True).get()
    credit.update(reporter=9_001)
    try:
        code, lines = verify()
        assert code == 1
        assert any("its reporter is reporter 9001, which does not exist" in line for line in lines), lines
    finally:
        credit.update(reporter=reporter)  # the database checks at the end of the test


@pytest.mark.usefixtures("town")
def test_stored_text_cannot_forge_a_line_of_verify() -> None:
    forged = "通车\nfault   page 1: nothing\x1b[31m\u202e"
    Mention.objects.filter(surface="芮城县", part="headline").update(surface=forged)
    _, lines = verify()
    assert [line for line in lines if line.startswith("fault   page")] == []
    assert "\\nfault" in lines[0]


def test_examples() -> None:
    assert doctest.testmod(check).failed == 0


def test_verify_needs_migrated_database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE articles_boundary RENAME TO articles_elsewhere")
    code, lines = verify()
    assert (code, len(lines)) == (2, 1)
    assert "manage.py migrate" in lines[0]
