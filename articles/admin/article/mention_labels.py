"""Says how a mention was found and by which rule it is linked, in words for editors instead of names of the code."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.models import Mention
from articles.reading.linking.link_rules import LINK_RULES, reason_of_rule

# By the first word of a method: a list, an ending and a pattern of organizations have many kinds.
_METHODS = {
    "list": gettext_lazy("list of place names"),
    "unit": gettext_lazy("ending of the name"),
    "organization": gettext_lazy("patterns of organization names"),
    "tagger": gettext_lazy("language model"),
    "row": gettext_lazy("row of place names"),
    "stem": gettext_lazy("first part of a longer name"),
    "reference": gettext_lazy("word that refers to a name before"),
    "recorded": gettext_lazy("name that an editor recorded"),
    "editor": gettext_lazy("an editor"),
}


def method_label(mention: Mention) -> str:
    """How the mention was found."""
    return str(_METHODS.get(mention.method.partition(":")[0], mention.method))


def rule_label(rule: str) -> str:
    """Why the mention is linked or not; — for a rule that is none."""
    return reason_of_rule(rule, _) if rule in LINK_RULES else "—"


def rule_choices() -> list[tuple[str, Any]]:
    """The rules to choose from, by their reasons."""
    return [(rule, reason_of_rule(rule, _)) for rule in LINK_RULES]
