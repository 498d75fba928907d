"""The trash of reporters, places and organizations; before a record goes there, its page says where it is used."""

from typing import Any

from django.http import HttpRequest

from articles.admin.article.mention_admin import newest_mentions
from articles.admin.lists.record_filters import TRASH
from articles.admin.trash import TrashAdmin
from articles.editing import record_trash
from articles.models import Reporter

from .merge_several import MergeSeveral


def _is_trashed(record: Any) -> bool:
    return record.trashed_at is not None


class RecordTrash(MergeSeveral, TrashAdmin):
    """Only what nothing names is deleted for good."""

    trash_template = "admin/records/delete.html"
    trash_query = ("state", TRASH)
    actions = ["merge_selected", "trash_selected", "restore_selected"]
    is_trashed = staticmethod(_is_trashed)
    move_to_trash = staticmethod(record_trash.trash_record)
    restore_record = staticmethod(record_trash.restore_record)
    delete_record = staticmethod(record_trash.delete_record_for_good)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A record in the trash is restored before it is changed."""
        return super().has_change_permission(request, obj) and not (obj and obj.trashed_at)

    def trash_context(self, record: Any) -> dict[str, Any]:
        mentions = None if isinstance(record, Reporter) else newest_mentions(record_trash.mentions_of(record))
        return {"uses": record_trash.count_uses(record), "mentions": mentions}
