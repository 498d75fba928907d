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
from articles.reading.name_keys import name_key

from .article_corrections import mark_bylines_decided

_AWAY = 10_000  # bylines, more than an article has


class DecidedByline(TypedDict, total=False):
    """A byline that an editor decided: of a reporter, or of a name whose reporter is found or created."""

    reporter: Reporter
    name: str
    role: str


def set_bylines(article: Article, decided: Sequence[DecidedByline]) -> None:
    """Replace the bylines of an article; one that was printed keeps its place on the page.

    `ValidationError` if a reporter who is new to the article is in the trash.
    """
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
        mark_bylines_decided(article)


def _set_order(byline: Byline, order: int) -> None:
    """Write the order of a byline; another order than before is a change, which goes into the history."""
    if byline.order == order:
        Byline.objects.filter(pk=byline.pk).update(order=order)
    else:
        byline.order = order
        byline.save(update_fields=["order"])
