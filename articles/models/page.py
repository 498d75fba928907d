"""Pages of newspapers, a page a file."""

import datetime as dt
from collections.abc import Collection, Sequence
from pathlib import PurePosixPath
from typing import Any, Self

from django.conf import settings
from django.db import models, router
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from articles.reading.formats.page_json import layout_from_json
from articles.reading.values import PageLayout
from articles.record_lock import share_records

from .fields import ReadableJSONField, sort_date
from .history import History


class _PageQuerySet(models.QuerySet["Page"]):
    """Pages by what the ledger of loads says of their files; `LoadFileQuerySet.versions` defines the current version."""

    def select_for_update(self, *args: Any, **options: Any) -> Self:
        """Lock the pages as they are read, after the lock of all records: lock nothing before these two."""
        share_records(router.db_for_write(Page))
        return super().select_for_update(*args, **options)

    def undated(self) -> Self:
        """The pages whose date neither a source nor an editor says, but for those that a newer version replaced."""
        # The index has the first of all days for rows without a date: see `sort_date`.
        undated = self.filter(sort_date=dt.date.min, issue_date__isnull=True, replaced_by=None)
        return undated.exclude(issue_date_source=Page.DateSource.EDITOR)

    def current(self) -> Self:
        """The pages that are the current version of a file."""
        return self.filter(pk__in=_ledger().versions().values("page"))

    def superseded_at(self, paths: Collection[str]) -> Self:
        """The pages that files at these paths had, without those that a file at another path still has.

        The page that such a file has now is among them: a load is about to replace it.
        """
        had = self.filter(pk__in=_ledger().filter(path__in=paths, page__isnull=False).values("page"))
        elsewhere = _ledger().filter(page__in=had.values("pk")).exclude(path__in=paths)
        held = _ledger().filter(path__in=elsewhere.values("path")).versions()
        return had.exclude(pk__in=held.values("page"))


class Page(models.Model):
    """One version of one page file: its text, where it was printed, and the version before it.

    `corrected` lists the columns that editors decided, which no load overwrites; None is an empty list. A decided
    `issue_date` may be empty: then the editor confirmed the days from `issue_earliest` to `issue_latest`.
    `least_score` is how sure the reader was of its least sure line (`Reading.least_score`), None if it was not noted yet.
    The raw bytes are not stored: `articles.reading.formats.text_decoding.encode_page` gives them back from the text. A
    page that is one of several in its file has a `PageSetting`, and a digest made of the file's and its number.
    """

    class DateSource(models.TextChoices):
        HEADER = "header", _("page header")
        OPTION = "option", _("option of the load")
        FILE_NAME = "file_name", _("file name")
        EDITOR = "editor", _("an editor")

    sha256 = models.CharField(_("SHA-256 of the file"), max_length=64, unique=True)
    text = models.TextField(_("text"))
    encoding = models.CharField(_("encoding"), max_length=40)
    flags = ReadableJSONField(_("flags"), default=list, blank=True)
    nul_offsets = models.JSONField(_("places of NUL characters"), default=list, blank=True)
    publication = models.CharField(_("publication"), max_length=200, blank=True)
    issue_date = models.DateField(_("issue date"), null=True, blank=True, db_index=True)
    sort_date = sort_date()
    issue_date_source = models.CharField(
        _("issue date known from"), max_length=10, choices=DateSource, blank=True
    )
    page_number = models.CharField(_("page number"), max_length=20, blank=True)
    page_name = models.CharField(_("page name"), max_length=100, blank=True)
    home_code = models.CharField(
        _("home"),
        max_length=12,
        blank=True,
        help_text=_("Code of the division that “our city” means on this page."),
    )
    replaces = models.ForeignKey(
        "self",
        verbose_name=_("replaces"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="replaced_by",
        help_text=_("The version of the same file before this one."),
    )
    # Where no date is known: the days between which the text says that the page was printed, and what says so.
    issue_earliest = models.DateField(_("issued on or after"), null=True, blank=True)
    issue_latest = models.DateField(_("issued on or before"), null=True, blank=True)
    issue_evidence = ReadableJSONField(_("evidence of the date"), null=True, blank=True)
    least_score = models.FloatField(_("least score of a line"), null=True, blank=True, editable=False)
    corrected = models.JSONField(_("decided by editors"), null=True, blank=True, editable=False)

    objects = _PageQuerySet.as_manager()
    history = History(
        excluded_fields=[
            "sha256", "text", "encoding", "flags", "nul_offsets", "sort_date", "replaces", "issue_evidence",
            "least_score",
        ]
    )  # fmt: skip

    class Meta:
        verbose_name = _("page")
        verbose_name_plural = _("pages")
        ordering = ["-sort_date", "publication", "page_number", "pk"]
        indexes = [
            models.Index(fields=["publication", "-sort_date", "-id"], name="page_of_publication"),
            models.Index(fields=["-sort_date", "-id"], name="page_newest"),
        ]

    def __str__(self) -> str:
        date = self.issue_date.isoformat() if self.issue_date else ""
        known = (self.publication, date, self.page_number, self.page_name)
        return (
            " ".join(part for part in known if part) or self.file_name or self._headline or self.sha256[:12]
        )

    @cached_property
    def file_name(self) -> str:
        """The name of the last file that had this page; lists set it for all their pages by `set_file_names`."""
        path = _ledger().filter(page=self).order_by("-pk").values_list("path", flat=True).first()
        return PurePosixPath(path).name if path else ""

    @property
    def _headline(self) -> str:
        """The first headline on the page."""
        headlines = self.articles.exclude(headline="").order_by("position")
        return headlines.values_list("headline", flat=True).first() or ""

    @property
    def residue(self) -> list[dict[str, Any]] | None:
        """What is printed besides articles, in the order of the page; None if the page was read before it was stored."""
        return PageResidue.objects.of([self.pk]).get(self.pk)


def set_file_names(pages: Collection[Page]) -> None:
    """Set the `file_name` of several pages by one query."""
    rows = _ledger().filter(page__in=[page.pk for page in pages]).order_by("pk")
    paths = dict(rows.values_list("page", "path"))
    for page in pages:
        page.file_name = PurePosixPath(paths.get(page.pk, "")).name


def _ledger() -> Any:
    """The rows of all files in all loads; their model is defined with a reference to `Page`."""
    return Page._meta.get_field("files").related_model._default_manager


class _PageResidueQuerySet(models.QuerySet["PageResidue"]):
    def of(self, pages: Collection[int]) -> dict[int, list[dict[str, Any]]]:
        """The residue of pages by their ids, without pages whose residue is not stored."""
        return dict(self.filter(page__in=pages).values_list("page", "spans"))

    def put(self, page: Page, spans: Sequence[dict[str, Any]]) -> None:
        """Store the residue of a page, in place of what was stored before."""
        row = PageResidue(page=page, spans=list(spans))
        self.bulk_create([row], update_conflicts=True, unique_fields=["page"], update_fields=["spans"])


class PageResidue(models.Model):
    """What is printed on a page besides its articles: headers, adverts, notices, and what an editor removed.

    `spans` has the kind, start and end of each, in characters of the page's text. White space is not stored. It is a table of
    its own, so that an editor who changes it does not wait for a load, which locks pages first.
    """

    page = models.OneToOneField(
        Page,
        verbose_name=_("page"),
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="stored_residue",
    )
    spans = ReadableJSONField(_("spans"), default=list)

    objects = _PageResidueQuerySet.as_manager()

    class Meta:
        verbose_name = _("residue of a page")
        verbose_name_plural = _("residue of pages")

    def __str__(self) -> str:
        return str(self.pk)


class PageAcceptance(models.Model):
    """A page that an editor accepted with others because nothing on it was in doubt; a sampled one is checked.

    What the editor found on a sampled page is the `verdict`: whether the reader had read it right.
    """

    class Finding(models.TextChoices):
        RIGHT = "right", _("right")
        WRONG = "wrong", _("wrong")

    page = models.OneToOneField(
        Page, verbose_name=_("page"), on_delete=models.CASCADE, related_name="acceptance"
    )
    is_sample = models.BooleanField(_("left as a sample"))
    verdict = models.CharField(_("finding"), max_length=5, choices=Finding, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("by"), null=True, on_delete=models.SET_NULL, related_name="+"
    )
    at = models.DateTimeField(_("at"), default=timezone.now)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("reviewed by"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    checked_at = models.DateTimeField(_("reviewed at"), null=True)

    history = History()

    class Meta:
        verbose_name = _("accepted page")
        verbose_name_plural = _("accepted pages")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["is_sample", "verdict"], name="pageacceptance_sample")]

    def __str__(self) -> str:
        return str(self.page)


class PageSetting(models.Model):
    """How a page was set: its file's format, its number in the file, its size, and the place of each printed line.

    `lines` has for each line its start and end in the text of the page, its box in ten-thousandths of the page and the
    other values of `articles.reading.values.LaidOutLine`. It is a table of its own, as a page's text is often read
    without it.
    """

    page = models.OneToOneField(
        Page, verbose_name=_("page"), on_delete=models.CASCADE, primary_key=True, related_name="setting"
    )
    format = models.CharField(_("format"), max_length=20)
    file_sha256 = models.CharField(_("SHA-256 of the file"), max_length=64, db_index=True)
    number = models.PositiveIntegerField(_("page of the file"))
    width = models.FloatField(_("width"))
    height = models.FloatField(_("height"))
    lines = ReadableJSONField(_("printed lines"), default=list)

    class Meta:
        verbose_name = _("setting of a page")
        verbose_name_plural = _("settings of pages")

    def __str__(self) -> str:
        return f"{self.format} {self.file_sha256[:12]} {self.number}"


def page_layout(page: Page) -> PageLayout | None:
    """How a stored page was set; None if its file says nothing of it."""
    columns = ("format", "file_sha256", "number", "width", "height", "lines")
    setting = PageSetting.objects.filter(page=page).values(*columns).first()
    return layout_from_json(setting) if setting else None
