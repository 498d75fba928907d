"""What people write is read when it is saved, and what they did not touch is read again by later rules."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.editing import text_reading
from articles.editing.article_corrections import correct_article, create_article
from articles.editing.mention_decisions import Decision, decide_mention
from articles.editing.reverting import revert
from articles.editing.split_join import join_next_article, split_article
from articles.loading import file_plan
from articles.loading.load_ledger import LoadLedger
from articles.loading.reextraction import reextract
from articles.models import Article, Load, Mention, Organization, Page, Place
from articles.reading.names import recognition
from articles.reading.names.places import recognizer
from articles.reading.pipeline import read_page
from tests.factories import make_alias, make_article, make_mention, make_organization, make_page, make_place
from tests.support.loading import load

pytestmark = pytest.mark.django_db

TEXT = """新桥昨天通车

本报讯（记者 林一舟）昨天上午，芮城县大王镇的新桥通车，两岸居民出行时间缩短了二十分钟，大家都很高兴。

绛县的客人说，新桥双向六车道，两侧设有步行道，他们专程赶来，以后走亲戚方便了许多，还要再来看看。

永乐镇的居民也来了，他们在桥头拍照留念，说这座桥盼了十年，终于等到了这一天，今后走亲戚方便多了。
"""


@pytest.fixture(autouse=True)
def no_tagger(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recognition, "load_tagger", lambda: None)


@pytest.fixture
def printed(tmp_path: Path) -> Article:
    """An article as it was loaded."""
    path = tmp_path / "0730.txt"
    path.write_text(TEXT, encoding="utf-8")
    load(path, home_code="140800")
    article = Article.objects.get()
    assert names(article) == ["芮城县", "大王镇", "绛县", "永乐镇"]
    return article


def names(article: Article, **conditions: Any) -> list[str]:
    """The names of an article in its order; each is at its words."""
    stored = Article.objects.get(pk=article.pk)
    rows = list(Mention.objects.filter(article=stored, **conditions).in_order())
    assert all(getattr(stored, row.part)[row.start : row.end] == row.surface for row in rows)
    return [row.surface for row in rows]


def replaced(article: Article, old: str, new: str) -> list[dict[str, Any]]:
    """The blocks of an article with other words."""
    assert any(old in block["text"] for block in article.blocks)
    return [{**block, "text": block["text"].replace(old, new)} for block in article.blocks]


def read_again() -> None:
    ledger = LoadLedger(Load(started_at=timezone.now()))
    list(reextract(Page.objects.all(), "published", ledger, dry_run=False))
    ledger.close({})


# --- when a person saves ---------------------------------------------------------------------------


def test_names_in_an_article_that_a_person_writes_are_proposed() -> None:
    article = Article(headline="芮城县开会", body="绛县县委办公室来了人。")
    create_article(article)
    rows = Mention.objects.filter(article=article).in_order()
    assert [(row.surface, row.verdict, row.status, row.rule) for row in rows] == [
        ("芮城县", "", "linked", "own_name"),
        ("绛县县委办公室", "", "linked", "seat_in_name"),
    ]
    assert article.place_appearances.filter(place__code="140830").exists()


def test_names_in_a_corrected_paragraph_are_proposed_and_others_stay(printed: Article) -> None:
    before = dict(printed.mentions.values_list("surface", "pk"))
    correct_article(printed, blocks=replaced(printed, "绛县的客人", "稷山县的客人"))
    assert names(printed) == ["芮城县", "大王镇", "稷山县", "永乐镇"]
    after = dict(printed.mentions.values_list("surface", "pk"))
    assert {name: after[name] for name in ("芮城县", "大王镇", "永乐镇")} == {
        name: before[name] for name in ("芮城县", "大王镇", "永乐镇")
    }
    assert printed.mentions.get(surface="稷山县").place == Place.objects.get(code="140824")


def test_a_name_in_a_corrected_paragraph_keeps_the_context_of_its_page(printed: Article) -> None:
    town = printed.mentions.get(surface="永乐镇")
    assert town.status == "linked"
    correct_article(printed, blocks=replaced(printed, "拍照留念", "拍照"))
    again = printed.mentions.get(surface="永乐镇")
    assert (again.pk, again.place) == (town.pk, town.place)


def test_a_corrected_headline_is_read(printed: Article) -> None:
    correct_article(printed, headline="芮城县新桥通车")
    assert names(printed, part="headline") == ["芮城县"]


def test_a_decision_stays_on_its_words_in_a_corrected_paragraph(printed: Article) -> None:
    rejected, accepted = (printed.mentions.get(surface=name) for name in ("绛县", "永乐镇"))
    decide_mention(rejected, Decision("rejected"), None)
    decide_mention(accepted, Decision("accepted"), None)
    blocks = replaced(printed, "绛县的客人说", "昨天绛县的客人说")
    correct_article(printed, blocks=[*blocks[:-1], {**blocks[-1], "text": "昨天" + blocks[-1]["text"]}])
    assert names(printed) == ["芮城县", "大王镇", "绛县", "永乐镇"]
    stored = {row.surface: (row.pk, row.verdict) for row in printed.mentions.all()}
    assert stored["绛县"] == (rejected.pk, "rejected")
    assert stored["永乐镇"] == (accepted.pk, "accepted")


def test_a_name_that_grows_replaces_the_proposal_inside_it(printed: Article) -> None:
    correct_article(printed, blocks=replaced(printed, "绛县的客人", "绛县县委的客人"))
    assert "绛县县委" in names(printed)
    assert "绛县" not in names(printed)


def test_a_name_whose_words_are_deleted_is_gone(printed: Article) -> None:
    correct_article(printed, blocks=replaced(printed, "绛县的客人", "客人"))
    assert names(printed) == ["芮城县", "大王镇", "永乐镇"]


def test_a_revert_brings_names_back(printed: Article) -> None:
    correct_article(printed, blocks=replaced(printed, "绛县的客人", "客人"))
    version = printed.history.filter(version=1).first()
    revert(printed, version, may_publish=True)
    assert names(printed) == ["芮城县", "大王镇", "绛县", "永乐镇"]


def test_a_decision_comes_back_with_its_words(printed: Article) -> None:
    rejected, relinked = (printed.mentions.get(surface=name) for name in ("绛县", "永乐镇"))
    decide_mention(rejected, Decision("rejected"), None)
    decide_mention(relinked, Decision("relinked", Place.objects.get(code="140830105")), None)
    printed.refresh_from_db()
    correct_article(printed, body="昨天上午，芮城县的新桥通车。")
    assert names(printed) == ["芮城县"]
    revert(printed, printed.history.filter(version=1).first(), may_publish=True)
    assert names(printed) == ["芮城县", "大王镇", "绛县", "永乐镇"]
    stored = {row.surface: row for row in printed.mentions.all()}
    assert (stored["绛县"].pk, stored["绛县"].verdict) == (rejected.pk, "rejected")
    assert (stored["永乐镇"].pk, stored["永乐镇"].record) == (
        relinked.pk,
        Place.objects.get(code="140830105"),
    )
    assert [row.history_type for row in stored["绛县"].history.all()] == ["+", "-", "~", "+"]


def test_a_decision_on_a_record_that_is_gone_stays_gone(printed: Article) -> None:
    record = make_place("老粮站")
    decide_mention(printed.mentions.get(surface="永乐镇"), Decision("relinked", record), None)
    correct_article(printed, body="昨天上午，芮城县的新桥通车。")
    record.delete()
    revert(printed, printed.history.filter(version=1).first(), may_publish=True)
    assert printed.mentions.get(surface="永乐镇").verdict == ""


def test_the_same_text_saved_again_keeps_all_rows() -> None:
    article = Article(headline="芮城县开会", body="绛县来了人。")
    create_article(article)
    before = list(Mention.objects.values_list())
    correct_article(article, body="绛县来了人。\n大家很高兴。")
    assert list(Mention.objects.values_list()) == before


def test_proposals_have_no_history(printed: Article) -> None:
    correct_article(printed, blocks=replaced(printed, "的新桥通车", "的新桥在稷山县旁通车"))
    assert "稷山县" in names(printed)
    assert not Mention.history.exists()


def test_names_of_records_are_found_in_what_people_write() -> None:
    make_alias("县疾控站", make_organization("芮城县疾病预防控制中心"))
    article = Article(headline="防疫", body="昨天，县疾控站下乡。")
    create_article(article)
    assert article.mentions.get().organization == Organization.objects.get()


def test_the_home_of_the_paper_is_context() -> None:
    make_page("旧闻", publication="芮城报", home_code="140830")
    article = Article(headline="开会", body="昨天，县人民法院开会。", publication="芮城报")
    create_article(article)
    assert article.mentions.get().organization == Organization.objects.get(name="芮城县人民法院")


def test_other_articles_of_the_page_are_context() -> None:
    page = make_page("芮城县新闻\n天气很好")
    village = make_place("芮城县", "140830")
    make_article("芮城县新闻", village, page=page, start=0, end=5)
    article = make_article("天气很好", page=page, start=6, end=10)
    correct_article(article, body="昨天，大王镇下雨。")
    assert article.mentions.get().place == Place.objects.get(code="140830105")


def test_a_new_doubt_takes_the_review_back(printed: Article) -> None:
    correct_article(printed, reviewed=True)
    correct_article(printed, blocks=replaced(printed, "绛县的客人", "绛县的熟人"))
    assert Article.objects.get().reviewed
    correct_article(printed, blocks=replaced(printed, "新桥双向", "新华村的新桥双向"))
    assert not Article.objects.get().reviewed
    with pytest.raises(ValidationError):
        correct_article(printed, reviewed=True, blocks=replaced(printed, "拍照", "在新华村拍照"))


def test_a_text_too_long_to_wait_for_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text_reading, "_MOST_READ", 10)
    article = Article(headline="芮城县开会", body="绛县来了人，大家都很高兴。")
    create_article(article)
    assert not article.mentions.exists()


def test_a_save_takes_the_same_queries_for_any_number_of_names() -> None:
    counts = []
    for number in (1, 10):
        article = make_article("开会")
        body = "\n".join(["芮城县大王镇的人来了。", "绛县来了人。"] * number)
        correct_article(make_article("预热"), body=body)
        with CaptureQueriesContext(connection) as queries:
            correct_article(article, body=body)
        assert article.mentions.count() == 3 * number
        counts.append(len(queries))
    assert counts[0] == counts[1]


# --- when a page is read again -----------------------------------------------------------------------


@pytest.fixture
def forget(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Makes the rules blind for a name."""

    def blind(name: str) -> None:
        find = recognizer.find_places
        monkeypatch.setattr(
            recognition,
            "find_places",
            lambda text: [place for place in find(text) if text.folded[place.start : place.end] != name],
        )

    return blind


def test_untouched_lines_of_a_corrected_part_are_read_again(
    printed: Article, forget: Callable[[str], None]
) -> None:
    correct_article(printed, blocks=replaced(printed, "绛县的客人", "稷山县的客人"))
    forget("永乐镇")
    make_alias("桥头", Place.objects.get(code="140830105"))
    read_again()
    assert names(printed) == ["芮城县", "大王镇", "稷山县", "桥头"]
    assert printed.mentions.get(surface="桥头").place == Place.objects.get(code="140830105")


def test_a_corrected_line_keeps_its_names_under_newer_rules(
    printed: Article, forget: Callable[[str], None]
) -> None:
    correct_article(printed, blocks=replaced(printed, "绛县的客人", "稷山县的客人"))
    forget("稷山县")
    make_alias("桥头", Place.objects.get(code="140830105"))
    read_again()
    assert names(printed) == ["芮城县", "大王镇", "稷山县", "永乐镇", "桥头"]


def test_kinds_of_untouched_lines_are_read_again(printed: Article, monkeypatch: pytest.MonkeyPatch) -> None:
    blocks = replaced(printed, "绛县的客人", "稷山县的客人")
    correct_article(printed, blocks=[*blocks[:1], {**blocks[1], "kind": "heading"}, *blocks[2:]])

    def read(*given: Any) -> Any:
        """Read all paragraphs as captions."""
        reading = read_page(*given)
        stories = (
            replace(
                story,
                blocks=tuple(
                    replace(block, kind="caption" if block.kind == "paragraph" else block.kind)
                    for block in story.blocks
                ),
            )
            for story in reading.stories
        )
        return replace(reading, stories=tuple(stories))

    monkeypatch.setattr(file_plan, "read_page", read)
    read_again()
    printed.refresh_from_db()
    assert [block["kind"] for block in printed.blocks] == ["headline", "heading", "paragraph", "caption"]
    assert names(printed) == ["芮城县", "大王镇", "稷山县", "永乐镇"]


def test_names_of_untouched_lines_move_with_them(printed: Article, forget: Callable[[str], None]) -> None:
    blocks = replaced(printed, "昨天上午，", "")
    head, first, *rest = blocks
    correct_article(printed, blocks=[head, {**first, "text": "很短。" + first["text"]}, *rest])
    forget("大王镇")
    read_again()
    assert names(printed)[-2:] == ["绛县", "永乐镇"]


def test_decisions_in_untouched_lines_stay_when_a_page_is_read_again(printed: Article) -> None:
    rejected = printed.mentions.get(surface="永乐镇")
    decide_mention(rejected, Decision("rejected"), None)
    correct_article(printed, blocks=replaced(printed, "绛县的客人", "稷山县的客人"))
    make_alias("桥头", Place.objects.get(code="140830105"))
    read_again()
    assert list(printed.mentions.filter(verdict="rejected").values_list("pk", "surface")) == [
        (rejected.pk, "永乐镇")
    ]
    assert names(printed) == ["芮城县", "大王镇", "稷山县", "永乐镇", "桥头"]


def test_a_second_reading_by_the_same_rules_writes_nothing(printed: Article) -> None:
    correct_article(printed, blocks=replaced(printed, "绛县的客人", "稷山县的客人"))
    make_mention(printed, "居民", verdict="rejected")
    before = list(Mention.objects.order_by("pk").values_list())
    read_again()
    assert list(Mention.objects.order_by("pk").values_list()) == before


# --- when text goes to another article -----------------------------------------------------------------


def test_a_rewritten_title_is_read_in_the_article_that_it_joins() -> None:
    page = make_page("新桥通车\n昨天通车。\n早市搬家\n早市昨天搬了。")
    first, second = (
        make_article(
            page.text[start : start + 4], page=page, start=start, end=end, body=page.text[start + 5 : end],
            blocks=(blocks := [
                {"kind": "headline", "text": page.text[start : start + 4], "spans": [[start, start + 4]]},
                {"kind": "paragraph", "text": page.text[start + 5 : end], "spans": [[start + 5, end]]},
            ]),
            extracted={"start": start, "end": end, "blocks": blocks},
        )
        for start, end in ((0, 10), (11, 23))
    )  # fmt: skip
    correct_article(second, headline="绛县早市搬家")
    assert names(second) == ["绛县"]
    join_next_article(first, None)
    first.refresh_from_db()
    assert "绛县早市搬家" in first.body
    assert names(first) == ["绛县"]
    assert first.mentions.get().place == Place.objects.get(code="140826")
    split_article(first, 2, None, headline=True)
    second.refresh_from_db()
    assert (names(first), names(second)) == ([], ["绛县"])
