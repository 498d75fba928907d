"""What all pages of the admin use: links, the types of Django's classes, and views of one record."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy

# Only the type checker gives these classes arguments.
if TYPE_CHECKING:
    ModelAdmin = admin.ModelAdmin[Any]
    TabularInline = admin.TabularInline[Any, Any]
else:
    ModelAdmin = admin.ModelAdmin
    TabularInline = admin.TabularInline


def record_link(record: Model | None) -> SafeString | str:
    """A link to the record's page in the admin, under its name; — for None."""
    if record is None:
        return "—"
    meta = record._meta
    url = reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[record.pk])
    return format_html('<a href="{}">{}</a>', url, str(record))


def yes_or_dash(value: bool) -> str:
    """✓ or —, which read the same in every language; Django's icons are named in English."""
    return "✓" if value else "—"


_FLAGS = {
    "bom": gettext_lazy("byte order mark"),
    "nul": gettext_lazy("NUL characters"),
    "private_use": gettext_lazy("characters of a private font"),
    "irreversible": gettext_lazy("not every byte can be written back"),
    "not_chinese": gettext_lazy("hardly a Chinese text"),
    "long_headline": gettext_lazy("long headline"),
}


def flags_text(flags: Iterable[str]) -> str:
    """What is unusual about a page or an article, in words; — for nothing."""
    return ", ".join(str(_FLAGS.get(flag, flag)) for flag in flags) or "—"


def one_per_line(items: Iterable[str | SafeString]) -> SafeString | str:
    """The items, each on a line of its own; — for none."""
    return format_html_join("", "<div>{}</div>", ((item,) for item in items)) or "—"


class RecordViews(ModelAdmin):
    """Views of one record besides Django's: `<id>/restore/` has the name `admin:articles_article_restore`."""

    def record_path(self, pattern: str, view: Any, name: str) -> URLPattern:
        name = f"{self.opts.app_label}_{self.opts.model_name}_{name}"
        return path(f"<path:object_id>/{pattern}", self.admin_site.admin_view(view), name=name)  # type: ignore[no-any-return]

    def record_url(self, view: str, record: Any) -> str:
        name = f"{self.admin_site.name}:{self.opts.app_label}_{self.opts.model_name}_{view}"
        return reverse(name, args=[record.pk])

    def get_record(self, request: HttpRequest, object_id: str, right: str) -> Any:
        """The record, if there is one (else 404) and the user has the right to it (else 403).

        `right` is "view", "change", "delete" or "view_or_change".
        """
        record = self.get_object(request, unquote(object_id))
        if record is None:
            raise Http404
        if not getattr(self, f"has_{right}_permission")(request, record):
            raise PermissionDenied
        return record

    def render_page(self, request: HttpRequest, template: str, title: str, **context: Any) -> HttpResponse:
        """A page within the site's frame."""
        frame = {**self.admin_site.each_context(request), "opts": self.opts, "media": self.media}
        return TemplateResponse(request, template, {**frame, "title": title, **context})


class ReadOnlyAdmin(ModelAdmin):
    """Records that only the loader makes."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False
