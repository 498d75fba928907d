"""What would come of an upload, file by file, so that an editor can judge before anything is written."""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from articles.loading.file_plan import FilePlan, preview_file
from articles.loading.imprint import Imprint
from articles.loading.load_terms import LoadTerms
from articles.models import Byline, LoadFile, Mention, Page, Upload, UploadedFile
from articles.reading.values import Link, Story

from .rejection_texts import reason_advice, reason_label
from .upload_loading import STEP, sent_file

_Outcome = LoadFile.Outcome


class NamePreview(NamedTuple):
    surface: str
    record: str
    is_doubtful: bool
    status: str


@dataclass(frozen=True)
class ArticlePreview:
    """An article as it was read, less its text."""

    story: Story

    @property
    def headline(self) -> str:
        return self.story.headline or _("(no headline)")

    @property
    def credits(self) -> list[str]:
        roles = dict(Byline.Role.choices)
        return [f"{byline.name} {roles[byline.role]}" for byline in self.story.bylines]

    @property
    def paragraphs(self) -> int:
        return sum(block.kind == "paragraph" for block in self.story.blocks)

    @property
    def doubts(self) -> int:
        return sum(name.is_doubtful for _label, names in self.names for name in names)

    @cached_property
    def names(self) -> list[tuple[str, list[NamePreview]]]:
        """What the article names, each once, by kind."""
        found: defaultdict[str, dict[NamePreview, None]] = defaultdict(dict)
        for link in self.story.links:
            found[link.mention.kind][_name(link)] = None
        return [(str(kind.label), list(found[kind])) for kind in Mention.Kind if kind in found]


@dataclass(frozen=True)
class FilePreview:
    """What would become of one file, as the database stands now."""

    file: UploadedFile
    outcome: str
    reason: str = ""
    detail: str = ""
    imprint: Imprint | None = None
    page: Page | None = None
    before: Page | None = None
    same_as: str = ""
    encoding: str = ""
    count: int = 0
    articles: list[ArticlePreview] = field(default_factory=list)

    @property
    def outcome_label(self) -> str:
        return str(_Outcome(self.outcome).label)

    @property
    def reason_label(self) -> str:
        return reason_label(self.reason)

    @property
    def advice(self) -> str:
        return reason_advice(self.reason)

    @property
    def doubts(self) -> int:
        return sum(article.doubts for article in self.articles)

    @property
    def replaces_other(self) -> bool:
        """Whether the page that this would be a new version of seems to be another page altogether."""
        if self.before is None or self.imprint is None:
            return False
        known = ("publication", "issue_date", "page_number")
        pairs = ((getattr(self.before, name), getattr(self.imprint, name)) for name in known)
        return any(before and now and before != now for before, now in pairs)


class PreviewStep(NamedTuple):
    """Some files of an upload, what was counted so far, and behind which file to go on; None at the end."""

    files: list[FilePreview]
    tally: Counter[str]
    done: int
    total: int
    after: int | None


def preview_some(upload: Upload, after: int, tally: Counter[str]) -> PreviewStep:
    """Read files behind one for about a second."""
    waiting = upload.waiting().order_by("pk")
    numbers = list(waiting.values_list("pk", flat=True))
    left = [pk for pk in numbers if pk > after]
    files: list[FilePreview] = []
    gone_through: list[int] = []
    until = time.monotonic() + STEP
    for pk in left:
        gone_through.append(pk)
        if file := UploadedFile.objects.filter(pk=pk).first():
            files.append(_foreseen(upload, file))
            tally[files[-1].outcome] += 1
            tally["articles"] += files[-1].count
        if time.monotonic() > until:
            break
    rest = len(left) - len(gone_through)
    return PreviewStep(files, tally, len(numbers) - rest, len(numbers), gone_through[-1] if rest else None)


def _foreseen(upload: Upload, file: UploadedFile) -> FilePreview:
    alike = upload.files.filter(sha256=file.sha256, pk__lt=file.pk).exclude(sha256="")
    first = alike.values_list("name", flat=True).first()
    plan = preview_file(sent_file(file), LoadTerms.from_options(upload.load_options()))
    if plan.rejected:
        return FilePreview(file, plan.outcome, plan.rejected.reason, plan.rejected.detail)
    if first is not None and plan.page is None:
        # It has its page by then; this is one more name of it.
        return FilePreview(file, _Outcome.UNCHANGED, same_as=first)
    return _of_plan(file, plan)


def _of_plan(file: UploadedFile, plan: FilePlan) -> FilePreview:
    stories = plan.reading.stories if plan.reading else ()
    return FilePreview(
        file,
        plan.outcome,
        imprint=plan.imprint,
        page=plan.page,
        before=plan.replaced,
        encoding=plan.reading.page.encoding if plan.reading else "",
        count=plan.article_count,
        articles=[ArticlePreview(story) for story in stories],
    )


def _name(link: Link) -> NamePreview:
    surface = link.mention.surface
    status: Any = Mention.Status(link.status)
    record = link.name or ""
    return NamePreview(
        surface, "" if record == surface else record, link.status != "linked", str(status.label)
    )
