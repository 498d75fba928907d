"""Sets the bylines of articles to what editors decided."""

from collections.abc import Sequence
from typing import TypedDict

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from articles.models.article import Article
from articles.models.history import history_of
from articles.models.reporter import Byline, Reporter
from articles.reading.credits.bylines import read_line_credits
from articles.reading.name_keys import name_key
from articles.row_lock import lock_row

from .article_corrections import create_article, mark_bylines_decided
from .text_scopes import written_lines

_AWAY = 10_000  # bylines, more than an article has


class DecidedByline(TypedDict, total=False):
    """A byline that an editor decided: of a reporter, or of a name whose reporter is found or created."""

    reporter: Reporter
    name: str
    role: str


def set_bylines(article: Article, decided: Sequence[DecidedByline]) -> None:
    """Replace the bylines of an article, as its next version; one that was printed keeps its place on the page.

    `ValidationError` if a reporter who is new to the article is in the trash.
    """
    with transaction.atomic():
        _replace_bylines(article, decided)
        mark_bylines_decided(article)


def create_with_bylines(article: Article, decided: Sequence[DecidedByline]) -> None:
    """Store an article that a person wrote, with its bylines, as its first version."""
    with transaction.atomic():
        create_article(article)
        _replace_bylines(article, decided)


def _replace_bylines(article: Article, decided: Sequence[DecidedByline]) -> None:
    named = Reporter.objects.named([byline["name"] for byline in decided if "name" in byline])
    wanted = [
        (byline.get("reporter") or named[name_key(byline["name"])], byline.get("role", Byline.Role.REPORTER))
        for byline in decided
    ]
    orders = {key: order for order, key in enumerate(dict.fromkeys(wanted), 1)}
    with transaction.atomic():
        stored = {(row.reporter, row.role): row for row in article.bylines.select_related("reporter")}
        for reporter, _role in orders.keys() - stored.keys():
            if reporter.trashed_at:
                raise ValidationError(
                    _("%(record)s is in the trash: restore it first.") % {"record": reporter}
                )
        for key in stored.keys() - orders.keys():
            stored.pop(key).delete()
        for key, row in stored.items():
            if row.order != orders[key]:
                history_of(Byline).record_original_once(row)
        # Orders are unique in an article: the old ones must be out of the way before new ones are written.
        article.bylines.update(order=F("order") + _AWAY)
        for (reporter, role), order in orders.items():
            if (reporter, role) in stored:
                _set_order(stored[reporter, role], order)
            else:
                article.bylines.create(reporter=reporter, role=role, order=order)


def suggested_bylines(article: Article) -> list[DecidedByline]:
    """The credits in the text that people wrote, of people whom no byline of the article credits yet."""
    found = dict.fromkeys(
        credit for kind, text in written_lines(article) for credit in read_line_credits(kind, text)
    )
    credited = _credited_keys(article) if found else set()
    return [{"name": name, "role": role} for name, role in found if name_key(name) not in credited]


def add_suggested_byline(article: Article, suggested: DecidedByline) -> None:
    """Add a suggested byline behind the others; `ValidationError` if the text does not suggest it any more."""
    with transaction.atomic():
        article = lock_row(article)
        if suggested not in suggested_bylines(article):
            raise ValidationError(_("The text does not credit this person any more: look at it again."))
        rows = article.bylines.select_related("reporter").order_by("order")
        known: list[DecidedByline] = [{"reporter": row.reporter, "role": row.role} for row in rows]
        set_bylines(article, [*known, suggested])


def _credited_keys(article: Article) -> set[str]:
    """The keys of all names of the people whom an article credits."""
    rows = article.bylines.select_related("reporter__merged_into")
    reporters = {one for row in rows for one in (row.reporter, row.reporter.survivor)}
    return {name_key(name) for one in reporters for name in (one.name, *one.other_names())}


def _set_order(byline: Byline, order: int) -> None:
    """Write the order of a byline; another order than before is a change, which goes into the history."""
    if byline.order == order:
        Byline.objects.filter(pk=byline.pk).update(order=order)
    else:
        byline.order = order
        byline.save(update_fields=["order"])
