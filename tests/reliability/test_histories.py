"""Random histories of an archive: loads, new versions, decisions, re-extractions by changed rules and purges.

After each step no story is published twice, no decision is lost, `verify` finds nothing, and what the dry run of a
re-extraction said is what the run did.
"""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from articles.editing.article_corrections import correct_article
from articles.editing.article_trash import trash_article
from articles.editing.bylines import set_bylines
from articles.editing.mention_decisions import Decision, decide_mention
from articles.editing.merging import merge, undo_merge
from articles.editing.split_join import join_next_article, split_article
from articles.loading import file_plan
from articles.loading.load_ledger import LoadLedger
from articles.loading.purge import purge
from articles.loading.reextraction import ReextractedPage, reextract
from articles.maintenance.verification import verify
from articles.models import Article, Byline, Load, LoadFile, Mention, Merge, Organization, Page, Place
from tests.support.drawn_reader import DrawnReader, Rules, rules
from tests.support.loading import load

pytestmark = pytest.mark.django_db

FILES = ("0730.txt", "0731.txt")
STORIES = 4
DAYS = ("昨天", "前天")

# The paragraphs of a story, by its number; each is in one story only.
PARAGRAPHS = (
    ("{day}，芮城县{mark}的新桥通车。", "{mark}芮城县人民法院派人到场。"),
    ("{day}，稷山县{mark}的早市搬家。", "绛县{mark}的菜农也来了。", "{mark}摊位都在大棚里。"),
    ("{mark}市图书馆{day}延长开放，稷山县有分馆。",),
    ("{mark}体育馆{day}免费开放，绛县也有。", "芮城县{mark}下月开馆。"),
)
# Two stories have one headline, as briefs do.
HEADLINES = ("芮城县大桥通车", "早市搬家", "简讯", "简讯")
MARKS = {
    (file, story): mark
    for (file, story), mark in zip(
        ((file, story) for file in FILES for story in range(STORIES)), "甲乙丙丁戊己庚辛", strict=True
    )
}


def story_text(file: str, number: int, day: str) -> str:
    mark = MARKS[file, number]
    lines = (line.format(day=day, mark=mark) for line in PARAGRAPHS[number])
    return "\n".join((HEADLINES[number], "记者 周明 吴芳", *lines)) + "\n"


def paragraph_marks() -> Iterator[str]:
    """A piece of each paragraph that no other has, and that is the same on both days."""
    for (file, number), mark in MARKS.items():
        del file
        for line in PARAGRAPHS[number]:
            before, after = line.split("{mark}")
            near = after.split("{day}")[0][:4] or before[-4:]
            yield f"{mark}{near}"


@dataclass
class Decided:
    """A verdict of an editor: what it is about, and the words around it, which say whether it may go."""

    verdict: str
    record: Any
    context: str


class Archive(RuleBasedStateMachine):
    """An archive of two page files, and what editors decided in it."""

    def __init__(self) -> None:
        super().__init__()
        self.opened = ExitStack()
        self.opened.enter_context(rolled_back())
        self.folder = Path(tempfile.mkdtemp())
        self.opened.callback(shutil.rmtree, self.folder)
        self.reader = DrawnReader()
        self.opened.enter_context(mock.patch.object(file_plan, "read_page", self.reader.read))
        self.editor = User.objects.create_user("bian")
        self.verdicts: dict[int, Decided] = {}
        self.headlines: dict[int, str] = {}

    def teardown(self) -> None:
        self.opened.close()

    # --- files ------------------------------------------------------------------------------------

    @rule(
        file=st.sampled_from(FILES),
        stories=st.permutations(range(STORIES)),
        count=st.integers(1, STORIES),
        day=st.sampled_from(DAYS),
    )
    def load_version(self, file: str, stories: list[int], count: int, day: str) -> None:
        path = self.folder / file
        text = "\n".join(story_text(file, number, day) for number in stories[:count])
        path.write_text(text, encoding="utf-8")
        load(path)

    @precondition(lambda _archive: LoadFile.objects.exists())
    @rule(drawn=rules)
    def read_again(self, drawn: Rules) -> None:
        self.reader.rules = drawn
        before = stored()
        planned = self._reextract(dry_run=True)
        assert stored() == before
        done = self._reextract(dry_run=False)
        assert shown(done) == shown(planned)
        assert reported(done) == changed(before, stored())
        left = self._reextract(dry_run=True)
        assert [page.differences for page in left if page.differences] == []

    @precondition(lambda _archive: LoadFile.objects.exists())
    @rule(data=st.data())
    def purge_load(self, data: st.DataObject) -> None:
        purge(data.draw(st.sampled_from(list(Load.objects.order_by("pk")))))

    def _reextract(self, *, dry_run: bool) -> list[ReextractedPage]:
        ledger = LoadLedger(Load(started_at=timezone.now()))
        pages = Page.objects.current().order_by("pk")
        done = list(reextract(list(pages), "published", ledger, dry_run=dry_run))
        ledger.close({})
        return done

    # --- articles ---------------------------------------------------------------------------------

    @precondition(lambda _archive: shown_articles().exists())
    @rule(data=st.data())
    def split(self, data: st.DataObject) -> None:
        article = draw(data, shown_articles())
        number = data.draw(st.integers(1, max(len(article.blocks) - 1, 1)))
        headline = data.draw(st.booleans())
        with refused():
            split_article(article, number, self.editor, headline=headline)

    @precondition(lambda _archive: shown_articles().exists())
    @rule(data=st.data())
    def join(self, data: st.DataObject) -> None:
        article = draw(data, shown_articles())
        with refused():
            join_next_article(article, self.editor)
        for other in Article.objects.filter(pk__in=self.headlines, status="trashed"):
            del self.headlines[other.pk]

    @precondition(lambda _archive: shown_articles().exists())
    @rule(data=st.data())
    def correct_headline(self, data: st.DataObject) -> None:
        article = draw(data, shown_articles())
        headline = f"编辑改的标题{article.pk}"
        # Another article may have this headline: its words say nothing of the names that the editor rewrote.
        for pk in article.mentions.filter(part="headline").values_list("pk", flat=True):
            self.verdicts.pop(pk, None)
        correct_article(article, headline=headline)
        self.headlines[article.pk] = headline

    @precondition(lambda _archive: shown_articles().exists())
    @rule(data=st.data())
    def set_credits(self, data: st.DataObject) -> None:
        set_bylines(draw(data, shown_articles()), [{"name": "吴芳"}, {"name": "王强"}])

    @precondition(lambda _archive: shown_articles().exists())
    @rule(data=st.data())
    def trash(self, data: st.DataObject) -> None:
        article = draw(data, shown_articles())
        trash_article(article)

    # --- names ------------------------------------------------------------------------------------

    @precondition(lambda _archive: decidable().exists())
    @rule(data=st.data(), verdict=st.sampled_from(["accepted", "rejected", "relinked", ""]))
    def decide(self, data: st.DataObject, verdict: str) -> None:
        mention = draw(data, decidable())
        model: Any = Place if mention.kind == "place" else Organization
        record = draw(data, model.objects.surviving()) if verdict == "relinked" else None
        with refused():
            decide_mention(mention, Decision(verdict, record), self.editor)
        mention.refresh_from_db()
        self.verdicts.pop(mention.pk, None)
        if mention.verdict:
            text = getattr(mention.article, mention.part)
            line = text[text.rfind("\n", 0, mention.start) + 1 :].split("\n")[0]
            decided = mention.decided_place or mention.decided_organization
            self.verdicts[mention.pk] = Decided(mention.verdict, decided, line)

    @precondition(lambda _archive: Place.objects.surviving().count() > 1)
    @rule(data=st.data(), model=st.sampled_from([Place, Organization]))
    def merge_records(self, data: st.DataObject, model: Any) -> None:
        records = list(model.objects.surviving().order_by("pk"))
        if len(records) > 1:
            source, target = data.draw(st.permutations(records))[:2]
            with refused():
                merge(source, target, self.editor)

    @precondition(lambda _archive: Merge.objects.filter(undone_at=None).exists())
    @rule(data=st.data())
    def take_merge_back(self, data: st.DataObject) -> None:
        with refused():
            undo_merge(draw(data, Merge.objects.filter(undone_at=None)))

    @precondition(lambda _archive: Organization.objects.surviving().exists())
    @rule(data=st.data())
    def rename(self, data: st.DataObject) -> None:
        record = draw(data, Organization.objects.surviving())
        record.name = f"法院{record.pk}"
        record.save()

    # --- what holds -------------------------------------------------------------------------------

    @invariant()
    def no_story_is_published_twice(self) -> None:
        texts = [full_text(article) for article in Article.objects.published()]
        counts = Counter({mark: sum(text.count(mark) for text in texts) for mark in paragraph_marks()})
        assert {mark: count for mark, count in counts.items() if count > 1} == {}

    @invariant()
    def no_verdict_is_lost(self) -> None:
        rows = Mention.objects.in_bulk(list(self.verdicts))
        for pk, decided in list(self.verdicts.items()):
            row = rows.get(pk)
            if row is not None:
                now = (row.verdict, row.decided_place or row.decided_organization)
                assert now == (decided.verdict, decided.record), decided
                continue
            texts = [full_text(article) for article in Article.objects.exclude(status="trashed")]
            assert not any(decided.context in text for text in texts), f"{decided} is lost"
            del self.verdicts[pk]

    @invariant()
    def no_name_is_proposed_again_where_it_was_rejected(self) -> None:
        for row in Mention.objects.filter(verdict="rejected"):
            beside = Mention.objects.filter(
                article=row.article_id, part=row.part, kind=row.kind, start__lt=row.end, end__gt=row.start
            )
            same = [
                other
                for other in beside.filter(verdict="")
                if other.record and other.record == record_of(row)
            ]
            assert same == []

    @invariant()
    def corrected_headlines_stay(self) -> None:
        stored = dict(Article.objects.filter(pk__in=self.headlines).values_list("pk", "headline"))
        assert stored == self.headlines

    @invariant()
    def verify_finds_nothing(self) -> None:
        assert [
            finding.fault for finding in verify(lambda _name, _total: lambda _count=1: None, repair=False)
        ] == []


_COLUMNS = (
    *("kicker", "headline", "subtitle", "dateline", "agency", "publication", "section", "issue_date"),
    *("start", "end", "position", "page_id"),
)


def stored() -> dict[str, Counter[tuple[Any, ...]]]:
    """What a re-extraction may change, as rows that are counted: articles, titles, dates, credits and mentions."""
    articles = list(Article.objects.exclude(page=None))
    # A mention of an article is reported by its words; one that an editor decided stays, whatever is read.
    mentions = Mention.objects.filter(verdict="").exclude(article__page=None)
    return {
        "articles": Counter((article.pk,) for article in articles),
        "withdrawn": Counter((article.pk,) for article in articles if article.is_withdrawn_by_load),
        **{name: Counter((article.pk, getattr(article, name)) for article in articles) for name in _COLUMNS},
        "credit": Counter(Byline.objects.values_list("article", "surface", "role")),
        "mention": Counter(mentions.values_list("article", "part", "kind", "surface")),
    }


def changed(before: dict[str, Any], after: dict[str, Any]) -> Counter[str]:
    """How often what was stored differs, by the names of the report."""
    counts = Counter[str]()
    created = {pk for (pk,) in after["articles"] - before["articles"]}
    counts["created"] = len(created)
    counts["withdrawn"] = (after["withdrawn"] - before["withdrawn"]).total()
    counts["restored"] = (before["withdrawn"] - after["withdrawn"]).total()
    for name in before.keys() - {"articles", "withdrawn", "credit", "mention"}:
        new = after[name] - before[name]
        counts[name] = sum(pk not in created for pk, _ in new.elements())
    for name in ("credit", "mention"):
        counts[f"{name} added"] = (after[name] - before[name]).total()
        counts[f"{name} gone"] = (before[name] - after[name]).total()
    return +counts


def reported(pages: list[ReextractedPage]) -> Counter[str]:
    """The same counts by the differences that a re-extraction reported."""
    counts = Counter[str]()
    for difference in (each for page in pages for each in page.differences if not each.is_decided):
        if difference.change in {"created", "withdrawn", "restored"}:
            counts[difference.change] += 1
        elif difference.subject in {"credit", "mention"} and difference.change in {"added", "gone"}:
            counts[f"{difference.subject} {difference.change}"] += 1
        elif difference.name in _COLUMNS and difference.article:
            counts[difference.name] += 1
    return counts


def shown(pages: list[ReextractedPage]) -> list[tuple[Any, ...]]:
    return [(page.path, page.articles, page.differences) for page in pages]


def full_text(article: Article) -> str:
    return f"{article.kicker}\n{article.headline}\n{article.subtitle}\n{article.body}"


def record_of(row: Mention) -> Any:
    record = row.place or row.organization
    return record.untrashed_survivor if record else None


def shown_articles() -> Any:
    return Article.objects.exclude(status="trashed").exclude(page=None).order_by("pk")


def decidable() -> Any:
    return Mention.objects.exclude(verdict="added").exclude(article__status="trashed").order_by("pk")


def draw(data: st.DataObject, rows: Any) -> Any:
    return data.draw(st.sampled_from(list(rows.order_by("pk"))))


@contextmanager
def refused() -> Iterator[None]:
    """What an editor may not do changes nothing."""
    with transaction.atomic():
        try:
            with transaction.atomic():
                yield
        except ValidationError:
            pass


@contextmanager
def rolled_back() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


QUIET = (HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much)


def test_random_history_loses_and_doubles_nothing() -> None:
    few = settings(
        max_examples=4,
        stateful_step_count=10,
        suppress_health_check=QUIET,
        phases=[Phase.generate],  # to shrink a failure takes minutes: the soak does
    )
    run_state_machine_as_test(Archive, settings=few)


@pytest.mark.soak
def test_many_random_histories_lose_and_double_nothing() -> None:
    many = settings(
        max_examples=400, stateful_step_count=30, suppress_health_check=QUIET, deadline=None, print_blob=True
    )
    run_state_machine_as_test(Archive, settings=many)
