"""Decides a name for many articles by one answer, keeps the answer as a rule for loads, and takes it back as a whole."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.counts.appearances import refresh_appearances
from articles.editing.mention_decisions import Decision
from articles.models import Mention, NameRuling, Organization, Place
from articles.models.alias import RulingScope
from articles.models.history import by_machine, history_of
from articles.row_lock import lock_row

from .doubtful_names import NameScope

# Mentions that one answer decides: more would take longer than a web server waits.
_MOST_MENTIONS = 5_000
_DECIDED = ["verdict", "decided_place", "decided_organization", "decided_by", "decided_at", "ruling"]


@dataclass(frozen=True, slots=True)
class Answer:
    """An editor's answer for a name, and whether later loads decide by it.

    `expected` is the number of mentions that the editor was shown; None where no number was shown.
    """

    on: NameScope
    decision: Decision
    is_in_use: bool = False
    expected: int | None = None


class Undone(NamedTuple):
    """What taking back a ruling did: mentions that are in doubt again, and those that were changed or are gone since."""

    restored: int
    changed_since: int


def rule_on_name(answer: Answer, by: Any) -> NameRuling:
    """Decide the mentions of a name, and return the record of it; `ValidationError` says why that is impossible."""
    _check(answer)
    with transaction.atomic():
        ids = list(answer.on.mentions().order_by().values_list("pk", flat=True)[: _MOST_MENTIONS + 1])
        mentions = list(Mention.objects.filter(pk__in=ids, verdict="").locked().order_by("pk"))
        _check_count(answer, ids, mentions)
        ruling = _store(answer, [mention.pk for mention in mentions], by)
        now = timezone.now()
        _write(mentions, {**ruling.verdict_columns(), "decided_at": now})
    return ruling


def undo_ruling(ruling: NameRuling) -> Undone:
    """Take back a ruling: each mention that is as it decided is in doubt again; `ValidationError` if that is done.

    A mention that an editor decided since keeps that decision.
    """
    with transaction.atomic():
        stored = lock_row(ruling)
        if stored.undone_at:
            raise ValidationError(_("This answer is taken back already."))
        mentions = list(stored.decided().locked().order_by("pk"))
        _write(mentions, {**dict.fromkeys([*stored.verdict_columns(), "decided_at"]), "verdict": ""})
        changed = len({*stored.mentions} - {mention.pk for mention in mentions})
        stored.undone_at = ruling.undone_at = timezone.now()
        stored.save(update_fields=["undone_at"])
    return Undone(len(mentions), changed)


def switch_ruling(ruling: NameRuling, *, is_in_use: bool) -> None:
    """Let loads decide by a ruling from now on, or no more; what it decided stays. `ValidationError` says why not."""
    with transaction.atomic():
        stored = lock_row(ruling)
        if stored.undone_at:
            raise ValidationError(_("This answer is taken back already."))
        if is_in_use and stored.scope == RulingScope.ARTICLES:
            raise ValidationError(_("An answer for chosen articles is no rule for others."))
        if is_in_use:
            _switch_off_others(stored)
        stored.is_in_use = ruling.is_in_use = is_in_use
        stored.save(update_fields=["is_in_use"])


def _check(answer: Answer) -> None:
    decision, on = answer.decision, answer.on
    is_link = decision.verdict == Mention.Verdict.RELINKED
    if decision.verdict not in {"accepted", "rejected", "relinked"} or is_link != bool(decision.record):
        raise ValidationError(_("Choose an answer first."))
    model = Place if on.kind == Mention.Kind.PLACE else Organization
    if decision.record is not None and not isinstance(decision.record, model):
        raise ValidationError(_("The record is of another kind than the name."))
    is_unnamed = on.scope in {RulingScope.PAPER, RulingScope.HOME} and not on.value
    if on.scope not in RulingScope.values or is_unnamed:
        raise ValidationError(_("Choose where the answer holds."))
    if on.scope == RulingScope.ARTICLES and answer.is_in_use:
        raise ValidationError(_("An answer for chosen articles is no rule for others."))


def _check_count(answer: Answer, ids: Sequence[int], mentions: Sequence[Mention]) -> None:
    if len(ids) > _MOST_MENTIONS:
        text = _("At most %(most)s names are decided at once: choose a paper or articles.")
        raise ValidationError(text % {"most": _MOST_MENTIONS})
    if answer.expected is not None and answer.expected != len(mentions):
        text = _("%(shown)s names were counted, and there are %(now)s now: look at them again.")
        raise ValidationError(text % {"shown": answer.expected, "now": len(mentions)})
    if not mentions and not answer.is_in_use:
        raise ValidationError(_("No name is in doubt there: nothing was decided."))


def _store(answer: Answer, mentions: list[int], by: Any) -> NameRuling:
    record, on = answer.decision.record, answer.on
    ruling = NameRuling(
        kind=on.kind,
        name=on.name,
        verdict=answer.decision.verdict,
        place=record if isinstance(record, Place) else None,
        organization=record if isinstance(record, Organization) else None,
        scope=on.scope,
        scope_value=on.value if on.scope in {RulingScope.PAPER, RulingScope.HOME} else "",
        also_linked=on.also_linked,
        is_in_use=answer.is_in_use,
        mentions=mentions,
        by=by,
    )
    if ruling.is_in_use:
        _switch_off_others(ruling)
    ruling.save()
    return ruling


def _switch_off_others(ruling: NameRuling) -> None:
    """Switch off the rule that a new one on the same name and scope replaces."""
    same = NameRuling.objects.in_force().filter(
        kind=ruling.kind, name=ruling.name, scope=ruling.scope, scope_value=ruling.scope_value
    )
    for other in same.exclude(pk=ruling.pk).select_for_update():
        other.is_in_use = False
        other.save(update_fields=["is_in_use"])


def _write(mentions: Sequence[Mention], columns: dict[str, Any]) -> None:
    """Set columns of locked mentions, with a row of history for each, as a decision on each would."""
    history = history_of(Mention)
    history.record_originals(mentions)
    for mention in mentions:
        for name, value in columns.items():
            setattr(mention, name, value)
    with by_machine():
        Mention.objects.bulk_update(mentions, _DECIDED, batch_size=500)
    for mention in mentions:
        history.create_historical_record(mention, "~")
    refresh_appearances({mention.article_id for mention in mentions})
