"""Says in words what a ruling answers, and where it holds."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.models import NameRuling
from articles.models.alias import RulingScope
from articles.reading.gazetteer.divisions import load_gazetteer

_ANSWERS = {
    "accepted": gettext_lazy("a name without a record"),
    "rejected": gettext_lazy("no name"),
}


def answer_text(ruling: NameRuling) -> str:
    """What the name means: a record, a name without one, or no name."""
    if ruling.verdict in _ANSWERS:
        return str(_ANSWERS[ruling.verdict])
    return str(ruling.place or ruling.organization)


def scope_text(scope: str, value: str) -> str:
    """Where an answer holds: everywhere, in 沂河晚报, in the papers of 运城市, in chosen articles."""
    texts: dict[str, Any] = {
        RulingScope.EVERYWHERE: _("everywhere"),
        RulingScope.PAPER: _("in %(paper)s") % {"paper": value},
        RulingScope.HOME: _("in the papers of %(place)s") % {"place": _name_of(value)},
        RulingScope.ARTICLES: _("in chosen articles"),
    }
    return str(texts[scope])


def _name_of(code: str) -> str:
    division = load_gazetteer().by_code(code) if code else None
    return division.name if division else code
