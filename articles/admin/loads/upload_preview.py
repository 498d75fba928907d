"""Previews an upload: what would become of each file, before anything is written."""

import time
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import Any, NamedTuple, Self

from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from articles.admin.review.page_dating import ImprintForm, interval_text
from articles.loading.file_plan import FilePlan, preview_file
from articles.loading.imprint import Imprint
from articles.loading.upload_loading import terms_of, uploaded_source
from articles.models import Byline, LoadFile, Mention, Page, Upload, UploadedFile
from articles.reading.values import Link, Story

from .rejection_texts import reason_advice, reason_label

_Outcome = LoadFile.Outcome

# Seconds of work before a request answers that another one follows.
STEP = 1.0


class NamePreview(NamedTuple):
    """A name in an article, the name of its record if that is another one, and the label of its link status."""

    surface: str
    record: str
    is_doubtful: bool
    status: str

    @classmethod
    def of(cls, link: Link) -> Self:
        surface, status = link.mention.surface, Mention.Status(link.status)
        record = link.name if link.name != surface else None
        return cls(surface, record or "", status != Mention.Status.LINKED, str(status.label))


@dataclass(frozen=True)
class ArticlePreview:
    """What the preview shows of an article."""

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
        """The different names in the article, by kind."""
        found: defaultdict[str, dict[NamePreview, None]] = defaultdict(dict)
        for link in self.story.links:
            found[link.mention.kind][NamePreview.of(link)] = None
        return [(str(kind.label), list(found[kind])) for kind in Mention.Kind if kind in found]


@dataclass(frozen=True)
class FilePreview:
    """What would become of a file; `same_as` names an earlier file of the upload with the same bytes."""

    file: UploadedFile
    plan: FilePlan
    same_as: str = ""

    @classmethod
    def of(cls, upload: Upload, file: UploadedFile) -> Self:
        same = upload.files.filter(sha256=file.sha256, pk__lt=file.pk).exclude(sha256="")
        first = same.values_list("name", flat=True).first()
        plan = preview_file(uploaded_source(file), terms_of(upload, file))
        if first is None or plan.rejected or plan.page:
            return cls(file, plan)
        # By then, the first file will have created the page.
        return cls(file, FilePlan(plan.path, plan.sha256, _Outcome.UNCHANGED), first)

    @property
    def outcome_label(self) -> str:
        return str(_Outcome(self.plan.outcome).label)

    @property
    def reason(self) -> str:
        return self.plan.rejected.reason if self.plan.rejected else ""

    @property
    def reason_label(self) -> str:
        return reason_label(self.reason)

    @property
    def advice(self) -> str:
        return reason_advice(self.reason)

    @cached_property
    def articles(self) -> list[ArticlePreview]:
        return [ArticlePreview(story) for story in (self.plan.reading.stories if self.plan.reading else ())]

    @property
    def doubts(self) -> int:
        return sum(article.doubts for article in self.articles)

    @property
    def form(self) -> ImprintForm:
        """What an editor may decide of the page before it is loaded."""
        return ImprintForm.of(self.plan.imprint or Imprint(), f"file{self.file.pk}")

    @property
    def date_source(self) -> str:
        """From where the date is known; where it is not, the days that the text gives."""
        imprint = self.plan.imprint
        if imprint is None:
            return ""
        if imprint.issue_date:
            return str(dict(Page.DateSource.choices).get(imprint.issue_date_source, ""))
        interval = interval_text(imprint.issue_earliest, imprint.issue_latest)
        return f"{interval} ({_('inferred, not confirmed')})" if imprint.issue_earliest else ""

    @property
    def replaces_other(self) -> bool:
        """Whether the file would replace a page that differs in publication, date or page number."""
        before, imprint = self.plan.versions.replaced, self.plan.imprint
        if before is None or imprint is None:
            return False
        known = ("publication", "issue_date", "page_number")
        pairs: list[tuple[Any, Any]] = [(getattr(before, name), getattr(imprint, name)) for name in known]
        return any(old and new and old != new for old, new in pairs)


class PreviewStep(NamedTuple):
    """Some files of an upload, the counts so far, and the last of the files; `after` is None at the end."""

    files: list[FilePreview]
    tally: Counter[str]
    done: int
    total: int
    after: int | None


def preview_some(upload: Upload, after: int, tally: Counter[str]) -> PreviewStep:
    """Preview the files after the one with id `after` for about a second, and add them to the tally."""
    ids = list(upload.waiting().order_by("pk").values_list("pk", flat=True))
    done, last = sum(pk <= after for pk in ids), after
    files: list[FilePreview] = []
    until = time.monotonic() + STEP
    for last in ids[done:]:
        done += 1
        if file := UploadedFile.objects.filter(pk=last).first():
            files.append(FilePreview.of(upload, file))
            tally[files[-1].plan.outcome] += 1
            tally["articles"] += files[-1].plan.article_count
        if time.monotonic() > until:
            break
    return PreviewStep(files, tally, done, len(ids), last if done < len(ids) else None)
