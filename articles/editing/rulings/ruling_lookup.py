"""Finds the ruling by which a name that was read is decided."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from articles.models import Article, NameRuling
from articles.models.alias import RulingScope
from articles.reading.values import Link

# What is said of a paper stands above what is said of its home, and both above what is said of all.
_ORDER = (RulingScope.PAPER, RulingScope.HOME, RulingScope.EVERYWHERE)


class RulingLookup:
    """The rulings in force on some names, read by one query."""

    def __init__(self, names: Iterable[str]) -> None:
        found: defaultdict[tuple[str, str], dict[tuple[str, str], NameRuling]] = defaultdict(dict)
        # A page has fewer names than SQLite allows parameters (32,766).
        rulings = NameRuling.objects.in_force().filter(name__in=set(names)).defer("mentions")
        for ruling in rulings.select_related("place__merged_into", "organization__merged_into"):
            found[ruling.kind, ruling.name][ruling.scope, ruling.scope_value] = ruling
        self._found: Mapping[tuple[str, str], Mapping[tuple[str, str], NameRuling]] = found

    def ruling_on(self, article: Article, link: Link) -> NameRuling | None:
        """The ruling that decides what was read, None if there is none: most answer only names in doubt."""
        mention = link.mention
        of_name = self._found.get((mention.kind, mention.surface))
        if not of_name:
            return None
        values = {
            RulingScope.PAPER: article.publication,
            RulingScope.HOME: article.page.home_code if article.page else "",
            RulingScope.EVERYWHERE: "",
        }
        for scope in _ORDER:
            ruling = of_name.get((scope, values[scope]))
            if ruling is not None and (ruling.also_linked or link.status != "linked") and _is_usable(ruling):
                return ruling
        return None


def _is_usable(ruling: NameRuling) -> bool:
    """A ruling for a record in the trash decides nothing: the name would stay in doubt."""
    return ruling.verdict != "relinked" or ruling.record is not None
