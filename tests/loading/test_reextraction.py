"""Tests reading stored pages again: which version of a file is read, and what the dry run says of the real run."""

import json
from collections.abc import Callable
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.utils import timezone

from articles.editing.article_corrections import correct_article
from articles.editing.article_trash import trash_article
from articles.editing.mention_decisions import Decision, decide_mention
from articles.editing.split_join import join_next_article, next_article, split_article
from articles.loading import file_plan, reextraction
from articles.loading.load_ledger import LoadLedger
from articles.loading.purge import purge
from articles.models import Article, Byline, Load, LoadFile, Mention, Page
from articles.reading.values import DateEvidence, InferredDate, Masthead, Reading, Story
from tests.reliability.test_verify import verify
from tests.support.drawn_reader import DrawnReader, Rules
from tests.support.loading import BRIDGE, MARKET, PAGE, SCHOOL, dump, load, read_plainly

pytestmark = pytest.mark.django_db


@pytest.fixture
def plainly(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[Reading], Reading]], None]:
    """Reads pages plainly; what it gives sets a change of the reader's rules."""

    def change(rules: Callable[[Reading], Reading]) -> None:
        monkeypatch.setattr(file_plan, "read_page", lambda data, *_: rules(read_plainly(data)))

    change(lambda reading: reading)
    return change


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "0730.txt"


def write(file: Path, *stories: str) -> None:
    file.write_text("\n".join(stories), encoding="utf-8")
    load(file)


def again(*, dry_run: bool = False) -> dict[str, Any]:
    """The report of `loadseeds --reextract`."""
    out = StringIO()
    call_command("loadseeds", reextract=True, dry_run=dry_run, format="json", stdout=out)
    report: dict[str, Any] = json.loads(out.getvalue())
    return report


def published() -> list[str]:
    return sorted(Article.objects.published().values_list("headline", flat=True))


def touch(headline: str) -> None:
    """Decide something, so that no load may withdraw the article."""
    article = Article.objects.get(headline=headline)
    article.version += 1
    article.save()


# --- the version that counts ----------------------------------------------------------------------


@pytest.mark.usefixtures("plainly")
def test_superseded_version_of_file_is_not_read_again(file: Path) -> None:
    write(file, BRIDGE, SCHOOL)
    touch("大桥通车")
    write(file, SCHOOL)
    assert published() == ["大桥通车", "新学校开学"]
    first, second = Page.objects.order_by("pk")
    assert list(Page.objects.current()) == [second]
    plan, done = again(dry_run=True), again()
    assert plan == done
    assert [page["sha256"] for page in done["pages"]] == [second.sha256]
    assert done["tally"]["articles"] == {"created": 0, "updated": 0, "withdrawn": 0, "unchanged": 1}
    assert published() == ["大桥通车", "新学校开学"]
    assert LoadFile.objects.last_of([str(file)])[str(file)].page == second
    assert first.articles.count() == 1


@pytest.mark.usefixtures("plainly")
def test_article_withdrawn_with_its_version_stays_withdrawn(file: Path) -> None:
    write(file, BRIDGE, SCHOOL)
    write(file, SCHOOL)
    again()
    assert published() == ["新学校开学"]


@pytest.mark.usefixtures("plainly")
def test_version_that_file_has_again_is_the_current_one(file: Path) -> None:
    write(file, BRIDGE, SCHOOL)
    first = Page.objects.get()
    write(file, SCHOOL)
    write(file, BRIDGE, SCHOOL)
    assert list(Page.objects.current()) == [first]
    # A file that cannot be read for once still has the version before.
    file.write_bytes(b"")
    load(file)
    assert list(Page.objects.current()) == [first]


@pytest.mark.usefixtures("plainly")
def test_article_of_any_earlier_version_comes_back_with_its_decisions(file: Path) -> None:
    write(file, BRIDGE, SCHOOL)
    touch("大桥通车")
    trash_article(Article.objects.get(headline="新学校开学"))
    ids = dict(Article.objects.values_list("headline", "pk"))
    write(file, MARKET)
    assert published() == ["大桥通车", "早市搬家"]
    write(file, MARKET, BRIDGE, SCHOOL)
    assert published() == ["大桥通车", "早市搬家"]
    assert dict(Article.objects.exclude(headline="早市搬家").values_list("headline", "pk")) == ids
    assert Page.objects.current().get().articles.count() == 3


def test_story_that_newer_rules_find_is_the_article_of_an_earlier_version(
    file: Path, plainly: Callable[[Callable[[Reading], Reading]], None]
) -> None:
    write(file, BRIDGE, SCHOOL)
    touch("大桥通车")
    plainly(lambda reading: replace(reading, stories=reading.stories[1:]))
    write(file, BRIDGE, SCHOOL.replace("三百", "四百"))
    assert published() == ["大桥通车", "新学校开学"]
    plainly(lambda reading: reading)
    assert again(dry_run=True) == again()
    assert published() == ["大桥通车", "新学校开学"]
    assert set(Article.objects.values_list("page", flat=True)) == {Page.objects.current().get().pk}


@pytest.mark.usefixtures("plainly")
def test_other_file_with_a_version_keeps_it_while_it_cannot_be_read(file: Path) -> None:
    copy = file.with_name("copy.txt")
    for path in (file, copy):
        write(path, BRIDGE)
    copy.write_bytes(b"")
    load(copy)
    write(file, MARKET)
    assert published() == ["大桥通车", "早市搬家"]
    assert Page.objects.current().count() == 2


def test_split_stays_when_file_has_its_first_version_again(file: Path) -> None:
    file.write_text(PAGE, encoding="utf-8")
    load(file)
    first = file.read_bytes()
    file.write_text(PAGE.replace("昨天上午", "前天上午"), encoding="utf-8")
    load(file)
    editor = User.objects.create_user("bian")
    bridge = Article.objects.order_by("start")[0]
    number = next(n for n, block in enumerate(bridge.blocks) if block["text"].startswith("市交通局"))
    split_article(bridge, number, editor, headline=False)
    bodies = sorted(Article.objects.published().values_list("body", flat=True))
    assert len(bodies) == 3
    file.write_bytes(first)
    load(file)
    before = [body.replace("前天上午", "昨天上午") for body in bodies]
    assert sorted(Article.objects.published().values_list("body", flat=True)) == sorted(before)


# --- the dry run ----------------------------------------------------------------------------------


def credit_less(reading: Reading) -> Reading:
    return replace(reading, stories=tuple(replace(story, bylines=()) for story in reading.stories[1:]))


def test_dry_run_says_what_the_run_does(
    file: Path, plainly: Callable[[Callable[[Reading], Reading]], None]
) -> None:
    write(file, BRIDGE, SCHOOL)
    before = dump()

    def with_headings(reading: Reading) -> Reading:
        stories = (_with_kind(story, "heading") for story in credit_less(reading).stories)
        page = replace(reading.page, masthead=Masthead(page_name="民生"))
        return replace(reading, stories=tuple(stories), page=page)

    plainly(with_headings)
    plan = again(dry_run=True)
    assert dump() == before
    found = {(each["subject"], each["change"], each["name"]) for each in plan["pages"][0]["differences"]}
    assert found == {
        ("imprint", "changed", "page_name"),
        ("article", "updated", "新学校开学"),
        ("boundary", "changed", "position"),
        ("imprint", "changed", "section"),
        ("line", "changed", "三百名学生走进教室。"),
        ("credit", "gone", "周明"),
        ("article", "withdrawn", "大桥通车"),
    }
    assert plan == again()
    assert plan["tally"]["articles"] == {"created": 0, "updated": 1, "withdrawn": 1, "unchanged": 0}
    assert Byline.objects.filter(article__headline="新学校开学").count() == 0
    assert published() == ["新学校开学"]
    assert Page.objects.get().page_name == "民生"
    assert again(dry_run=True)["pages"][0]["differences"] == []


def test_dry_run_is_shown_as_lines(
    file: Path, plainly: Callable[[Callable[[Reading], Reading]], None]
) -> None:
    write(file, BRIDGE, SCHOOL)
    plainly(credit_less)
    out = StringIO()
    call_command("loadseeds", reextract=True, dry_run=True, stdout=out)
    lines = out.getvalue().splitlines()
    assert lines[:4] == [
        f"article  updated   新学校开学 in {file}",
        f"boundary changed   position: 2 -> 1 in {file}",
        f"credit   gone      周明: reporter -> nothing in {file}",
        f"article  withdrawn 大桥通车 in {file}",
    ]
    assert "Articles   0 created, 1 updated, 1 withdrawn, 0 unchanged" in lines
    assert "Credits    0 added, 1 gone, 0 changed" in lines


def _with_kind(story: Story, kind: Any) -> Story:
    *others, last = story.blocks
    return replace(story, blocks=(*others, replace(last, kind=kind)))


def test_decided_value_is_said_to_stay(
    file: Path, plainly: Callable[[Callable[[Reading], Reading]], None]
) -> None:
    write(file, BRIDGE)
    article = Article.objects.get()
    article.corrected, article.headline, article.version = ["headline"], "新桥通车", 2
    article.save()

    def without_headline(reading: Reading) -> Reading:
        (story,) = reading.stories
        first, *rest = story.blocks
        return replace(reading, stories=(replace(story, blocks=(replace(first, kind="kicker"), *rest)),))

    plainly(without_headline)
    plan = again(dry_run=True)
    titles = [
        (each["name"], each["is_decided"])
        for each in plan["pages"][0]["differences"]
        if each["subject"] == "title"
    ]
    assert titles == [("kicker", False), ("headline", True)]
    assert plan == again()
    assert Article.objects.get().headline == "新桥通车"


def test_nothing_is_gone_after_a_split_and_a_join(tmp_path: Path) -> None:
    file = tmp_path / "0914.txt"
    file.write_text(PAGE, encoding="utf-8")
    load(file)
    editor = User.objects.create_user("bian")
    bridge = Article.objects.order_by("start")[0]
    split_article(bridge, 2, editor, headline=False)
    join_next_article(bridge, editor)
    again()
    assert again(dry_run=True)["pages"][0]["differences"] == []


def test_person_whom_both_halves_of_a_joined_article_credit_is_one_credit(tmp_path: Path) -> None:
    file = tmp_path / "0914.txt"
    file.write_text(PAGE.replace("何小满", "周明"), encoding="utf-8")
    load(file)
    first = Article.objects.order_by("start")[0]
    join_next_article(first, User.objects.create_user("bian"))
    plan, done = again(dry_run=True), again()
    assert plan == done
    differences = [one for page in plan["pages"] for one in page["differences"]]
    assert [one for one in differences if one["subject"] == "credit"] == []
    assert [byline.surface for byline in first.bylines.order_by("order")] == ["周明", "吴芳"]


@pytest.mark.usefixtures("plainly")
def test_version_that_is_replaced_while_it_is_read_is_left_alone(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(file, BRIDGE, SCHOOL)

    def replaced_meanwhile(data: bytes, *_: object) -> Reading:
        monkeypatch.setattr(file_plan, "read_page", read_plainly)
        write(file, BRIDGE, MARKET)
        return credit_less(read_plainly(data))

    page = Page.objects.get()
    monkeypatch.setattr(file_plan, "read_page", replaced_meanwhile)
    ledger = LoadLedger(Load(started_at=timezone.now()))
    assert list(reextraction.reextract([page], "published", ledger, dry_run=False)) == []
    assert published() == ["大桥通车", "早市搬家"]


def test_page_without_articles_gets_those_that_newer_rules_find(
    file: Path, plainly: Callable[[Callable[[Reading], Reading]], None]
) -> None:
    plainly(lambda reading: replace(reading, stories=()))
    write(file, BRIDGE)
    assert published() == []
    plainly(lambda reading: reading)
    assert again(dry_run=True) == again()
    assert published() == ["大桥通车"]


def test_verdict_taken_back_is_read_again(tmp_path: Path) -> None:
    """A name that no rule finds any more goes once the verdict that held it is taken back."""
    file = tmp_path / "0914.txt"
    file.write_text(PAGE.replace("沂河的新桥", "芮城县的新桥"), encoding="utf-8")
    load(file)
    mention = Mention.objects.get(surface="芮城县")
    decide_mention(mention, Decision("accepted"), None)
    Mention.objects.filter(pk=mention.pk).update(end=mention.end - 1, surface="芮城")
    mention.refresh_from_db()
    decide_mention(mention, Decision(""), None)
    assert again(dry_run=True) == again()
    assert [row.surface for row in Mention.objects.filter(kind="place", surface__startswith="芮城")] == [
        "芮城县"
    ]


# --- articles in which an editor decided something ------------------------------------------------

COUNTIES = """芮城县大桥通车
记者 周明
昨天，芮城县的新桥通车。
两岸居民走上桥头。

早市搬家
记者 何小满
昨天，稷山县的早市搬家。
绛县的菜农也来了。
"""


@pytest.fixture
def reader(monkeypatch: pytest.MonkeyPatch, file: Path) -> DrawnReader:
    """A reader with rules to set, by which a page of two articles is loaded."""
    reader = DrawnReader()
    monkeypatch.setattr(file_plan, "read_page", reader.read)
    file.write_text(COUNTIES, encoding="utf-8")
    load(file)
    return reader


def decide(surface: str, verdict: str = "accepted") -> int:
    mention = Mention.objects.get(surface=surface, part="body", article__status="published")
    decide_mention(mention, Decision(verdict), User.objects.create_user("bian"))
    return mention.pk


def check_sound() -> None:
    code, lines = verify()
    assert (code, len(lines)) == (0, 1), lines


def test_newer_rules_do_not_merge_an_article_with_decisions_into_another(reader: DrawnReader) -> None:
    row = decide("稷山县")
    bodies = sorted(Article.objects.values_list("body", flat=True))
    reader.rules = Rules(merged_story=1)
    again()
    assert sorted(Article.objects.published().values_list("body", flat=True)) == bodies
    assert Mention.objects.get(pk=row).verdict == "accepted"
    check_sound()
    Mention.objects.filter(pk=row).update(verdict="")
    again()
    assert published() == ["芮城县大桥通车"]
    check_sound()


def test_newer_rules_do_not_cut_an_article_with_decisions(reader: DrawnReader) -> None:
    row = decide("绛县")
    reader.rules = Rules(cut_story=1)
    again()
    assert published() == ["早市搬家", "芮城县大桥通车"]
    assert Mention.objects.get(pk=row).article.headline == "早市搬家"
    check_sound()
    Mention.objects.filter(pk=row).update(verdict="")
    again()
    assert Article.objects.published().count() == 3
    check_sound()


def test_merged_article_with_decisions_keeps_the_text_of_a_withdrawn_one(reader: DrawnReader) -> None:
    reader.rules = Rules(merged_story=1)
    again()
    row = decide("稷山县")
    for rules in (Rules(), Rules(cut_story=1), Rules(lost_story=0), Rules(lost_story=0, cut_story=1)):
        reader.rules = rules
        assert again(dry_run=True) == again()
        assert published() == ["芮城县大桥通车"]
        assert Mention.objects.get(pk=row).verdict == "accepted"
        assert [page["differences"] for page in again(dry_run=True)["pages"]] == [[]]
        check_sound()


def test_joined_article_keeps_its_second_half_when_newer_rules_cut_it(reader: DrawnReader) -> None:
    # The part that is cut off opens with the first paragraph of the article that was joined.
    reader.rules = Rules(has_subtitles=True)
    again()
    join_next_article(Article.objects.get(start=0), User.objects.create_user("bian"))
    reader.rules = Rules(has_subtitles=True, cut_story=1)
    assert again(dry_run=True) == again()
    (article,) = Article.objects.published()
    assert [block["text"] for block in article.blocks] == COUNTIES.replace("\n\n", "\n").splitlines()
    check_sound()


def test_article_with_decisions_follows_its_position_on_the_page(reader: DrawnReader) -> None:
    decide("稷山县")
    reader.rules = Rules(cut_story=0, merged_story=1)
    assert again(dry_run=True) == again()
    articles = Article.objects.published().order_by("position")
    assert list(articles.values_list("start", "position")) == [(0, 1), (27, 2), (38, 3)]
    assert [page["differences"] for page in again(dry_run=True)["pages"]] == [[]]
    check_sound()


def test_article_with_decisions_that_newer_rules_lose_is_no_residue(reader: DrawnReader) -> None:
    decide("稷山县")
    reader.rules = Rules(lost_story=1)
    assert again(dry_run=True) == again()
    assert published() == ["早市搬家", "芮城县大桥通车"]
    check_sound()


def test_joined_article_keeps_its_second_half_when_newer_rules_lose_the_first(
    file: Path, reader: DrawnReader
) -> None:
    file.write_text(f"{COUNTIES}\n简讯\n记者 周明\n体育馆昨天免费开放。\n", encoding="utf-8")
    load(file)
    second = Article.objects.get(headline="早市搬家")
    join_next_article(second, User.objects.create_user("bian"))
    reader.rules = Rules(lost_story=1)
    for _ in range(2):
        assert again(dry_run=True) == again()
        assert published() == ["早市搬家", "芮城县大桥通车"]
        bodies = Article.objects.published().order_by("start").values_list("body", flat=True)
        assert ["体育馆" in body for body in bodies] == [False, True]
        check_sound()
    reader.rules = Rules()
    again()
    assert published() == ["早市搬家", "芮城县大桥通车"]
    check_sound()


def test_half_of_split_article_is_withdrawn_when_the_other_shows_its_text(
    file: Path, reader: DrawnReader
) -> None:
    del reader
    split_article(Article.objects.get(start=0), 3, User.objects.create_user("bian"), headline=False)
    file.write_text(COUNTIES.replace("两岸居民", "沿岸居民"), encoding="utf-8")
    (result,) = load(file)
    assert result.articles == {"updated": 2, "withdrawn": 1}
    assert (
        sum("居民走上桥头" in body for body in Article.objects.published().values_list("body", flat=True))
        == 1
    )
    check_sound()


def test_half_that_was_joined_and_split_again_is_withdrawn_when_the_other_shows_its_text(
    file: Path, reader: DrawnReader
) -> None:
    del reader
    editor = User.objects.create_user("bian")
    first = Article.objects.get(start=0)
    split_article(first, 3, editor, headline=False)
    join_next_article(first, editor)
    first.refresh_from_db()
    half = split_article(first, 3, editor, headline=False)
    assert (half.status, half.corrected) == ("published", [])
    file.write_text(COUNTIES.replace("两岸居民", "沿岸居民"), encoding="utf-8")
    load(file)
    bodies = Article.objects.published().values_list("body", flat=True)
    assert sum("居民走上桥头" in body for body in bodies) == 1
    check_sound()


@pytest.mark.parametrize(("status", "expected"), [("published", "withdrawn"), ("draft", "published")])
def test_half_that_an_editor_published_is_withdrawn_when_another_shows_its_text(
    file: Path, reader: DrawnReader, status: str, expected: str
) -> None:
    del reader
    first = Article.objects.get(start=0)
    half = split_article(first, 3, User.objects.create_user("bian"), headline=False)
    first_file = file.read_text(encoding="utf-8")
    correct_article(half, status="withdrawn")
    correct_article(half, status="published")
    Article.objects.filter(pk=first.pk).update(status=status)
    file.write_text(COUNTIES.replace("两岸居民", "沿岸居民"), encoding="utf-8")
    load(file)
    half.refresh_from_db()
    assert half.status == expected
    # The first version comes back with its split.
    file.write_text(first_file, encoding="utf-8")
    load(file)
    half.refresh_from_db()
    assert half.status == "published"
    check_sound()


def test_headline_made_of_a_line_is_withdrawn_when_another_article_shows_it(
    file: Path, reader: DrawnReader
) -> None:
    del reader
    editor = User.objects.create_user("bian")
    second = split_article(Article.objects.get(start=0), 2, editor, headline=True)
    split_article(second, 1, editor, headline=False)
    file.write_text(COUNTIES.replace("昨天，芮城县", "前天，芮城县"), encoding="utf-8")
    load(file)
    texts = [f"{article.headline}\n{article.body}" for article in Article.objects.published()]
    assert sum("芮城县的新桥通车" in text for text in texts) == 1
    check_sound()


def test_text_of_purged_article_is_residue_until_the_page_is_read_again(reader: DrawnReader) -> None:
    del reader
    decide("稷山县")
    purge(Load.objects.get())
    assert published() == ["早市搬家"]
    check_sound()
    again()
    assert published() == ["早市搬家", "芮城县大桥通车"]
    check_sound()


def test_half_of_split_article_without_paragraphs_follows_a_new_version(
    file: Path, reader: DrawnReader
) -> None:
    reader.rules = Rules(cut_story=1, has_subtitles=True)
    again()
    editor = User.objects.create_user("bian")
    half = split_article(Article.objects.get(headline="早市搬家"), 1, editor, headline=True)
    assert [block["kind"] for block in half.blocks] == ["headline", "subtitle"]
    file.write_text(COUNTIES.replace("两岸居民", "沿岸居民"), encoding="utf-8")
    load(file)
    titles = Article.objects.published().values_list("headline", "subtitle")
    assert sum("稷山县的早市" in f"{headline}{subtitle}" for headline, subtitle in titles) == 1
    check_sound()


def test_text_of_purged_article_that_another_one_shows_is_no_residue(reader: DrawnReader) -> None:
    reader.rules = Rules(merged_story=1)
    again()
    decide("稷山县")
    purge(Load.objects.order_by("pk")[0])
    assert published() == ["芮城县大桥通车"]
    check_sound()


def test_article_that_a_load_withdrew_is_neither_joined_nor_in_the_way(reader: DrawnReader) -> None:
    editor = User.objects.create_user("bian")
    reader.rules = Rules(merged_story=1)
    again()
    first, second = Article.objects.order_by("start")
    assert (second.status, next_article(first)) == ("withdrawn", None)
    number = next(n for n, block in enumerate(first.blocks) if block["text"] == "早市搬家")
    assert split_article(first, number, editor, headline=True) == second
    assert published() == ["早市搬家", "芮城县大桥通车"]
    check_sound()


def test_verdict_stays_when_newer_rules_read_its_line_as_a_title(reader: DrawnReader) -> None:
    row = decide("稷山县", "rejected")
    for is_title in (True, False):
        reader.rules = Rules(has_subtitles=is_title)
        assert again(dry_run=True) == again()
        mention = Mention.objects.get(pk=row)
        assert (mention.part, mention.verdict) == ("subtitle" if is_title else "body", "rejected")
        check_sound()


def test_line_that_an_editor_made_a_headline_is_no_subtitle_too(reader: DrawnReader) -> None:
    editor = User.objects.create_user("bian")
    second = split_article(Article.objects.get(start=0), 2, editor, headline=True)
    reader.rules = Rules(has_subtitles=True)
    assert again(dry_run=True) == again()
    second.refresh_from_db()
    assert (second.headline, second.subtitle) == ("昨天，芮城县的新桥通车。", "")
    check_sound()


def test_split_at_a_subtitle_is_sound(reader: DrawnReader) -> None:
    reader.rules = Rules(has_subtitles=True)
    again()
    split_article(Article.objects.get(start=0), 2, User.objects.create_user("bian"), headline=True)
    check_sound()


# --- the date of a page ---------------------------------------------------------------------------


@pytest.mark.usefixtures("plainly")
def test_page_loaded_before_names_of_files_were_read_gets_its_date(tmp_path: Path) -> None:
    for name, new in (("a", "20190201-03"), ("b", "copy_20200105")):
        write(tmp_path / f"{name}.txt", BRIDGE)
        LoadFile.objects.filter(path=f"{tmp_path}/{name}.txt").update(path=f"{tmp_path}/{new}.txt")
    plan, done = again(dry_run=True), again()
    assert plan == done
    page = Page.objects.get()
    assert (str(page.issue_date), page.issue_date_source, page.page_number) == (
        "2019-02-01",
        "file_name",
        "3",
    )
    assert str(Article.objects.get().issue_date) == "2019-02-01"
    assert again()["tally"]["articles"]["updated"] == 0


def test_interval_follows_newer_rules_and_the_report_says_so(
    tmp_path: Path, plainly: Callable[[Callable[[Reading], Reading]], None]
) -> None:
    write(tmp_path / "page.txt", BRIDGE)
    inferred = InferredDate(7, 22, 7, 2024, (DateEvidence("dateline", 0, 4),))
    plainly(lambda reading: replace(reading, inferred=inferred))
    plan, done = again(dry_run=True), again()
    assert plan == done
    names = [one["name"] for one in done["pages"][0]["differences"]]
    assert names == ["issue_earliest", "issue_latest", "issue_evidence"]
    page = Page.objects.get()
    assert (str(page.issue_earliest), str(page.issue_latest)) == ("2024-07-22", "2024-07-29")
    assert again()["pages"][0]["differences"] == []
    assert Article.objects.get().issue_date is None
