"""Sets where and when a page was printed, as an editor decides it; its articles follow, and no load overwrites it."""

import datetime as dt
from copy import copy
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from articles.models.article import Article
from articles.models.history import by_machine
from articles.models.page import Page
from articles.row_lock import lock_row

DECIDABLE = ("publication", "issue_date", "page_number", "page_name")
"""The columns that editors may set."""

_ARTICLE_COLUMNS = {"publication": "publication", "issue_date": "issue_date", "page_name": "section"}


def correct_imprint(page: Page, **decided: Any) -> bool:
    """Set columns of a page to what an editor decided; return False if they had these values already.

    A day that an editor decides counts as decided also if it was known. `ValidationError` says which value is invalid.
    """
    if unknown := decided.keys() - set(DECIDABLE):
        raise TypeError(f"a page has no decidable {', '.join(sorted(unknown))}")
    with transaction.atomic():
        page = lock_row(page, no_key=True)  # as a load locks it: before its articles
        changed = {name: value for name, value in decided.items() if getattr(page, name) != value}
        if not changed:
            return False
        values = dict(changed)
        if "issue_date" in changed:
            known = changed["issue_date"] is not None
            source = Page.DateSource.EDITOR.value if known else ""
            values |= {"issue_date_source": source, "issue_earliest": None, "issue_latest": None}
            values["issue_evidence"] = None
        _store(page, values, changed.keys())
    return True


def confirm_interval(page: Page, earliest: dt.date, latest: dt.date) -> None:
    """Store that an editor says between which days a page was printed; an interval of one day is the date."""
    if latest < earliest:
        raise ValidationError({"issue_date": _("The last day is before the first one.")})
    with transaction.atomic():
        page = lock_row(page, no_key=True)
        values: dict[str, Any] = {"issue_date_source": Page.DateSource.EDITOR.value}
        if earliest == latest:
            values |= {"issue_date": earliest, "issue_earliest": None, "issue_latest": None}
        else:
            values |= {"issue_date": None, "issue_earliest": earliest, "issue_latest": latest}
        _store(page, values, {"issue_date"})


def _store(page: Page, values: dict[str, Any], decided: Any) -> None:
    """Write decided values of a page, and those of its articles that follow it."""
    changing = copy(page)
    for name, value in values.items():
        setattr(changing, name, value)
    others = {field.name for field in page._meta.fields} - values.keys()
    changing.full_clean(exclude=others, validate_unique=False, validate_constraints=False)
    changing.corrected = sorted({*(page.corrected or ()), *decided})
    changing.save(update_fields=[*values, "corrected"])
    _update_articles(changing, values)


def _update_articles(page: Page, values: dict[str, Any]) -> None:
    """Let articles follow their page, but for what an editor decided of an article itself.

    No editor changed them, so that they have no new version: a later load may still withdraw them.
    """
    following = {_ARTICLE_COLUMNS[name]: value for name, value in values.items() if name in _ARTICLE_COLUMNS}
    if not following:
        return
    extracted = {
        name: value.isoformat() if isinstance(value, dt.date) else value for name, value in following.items()
    }
    for article in Article.objects.select_for_update(of=("self",)).filter(page=page).order_by("pk"):
        article.extracted |= extracted
        columns = [name for name in following if name not in article.corrected]
        for name in columns:
            setattr(article, name, following[name])
        with by_machine():
            article.save(update_fields=[*columns, "extracted", "updated_at"])
