"""Decides mentions: accepts, rejects, relinks or adds one, by the same rules for the admin and the API."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.models.article import Article
from articles.models.mention import Mention, MentionQuerySet
from articles.models.organization import Organization
from articles.models.place import Place
from articles.row_lock import RowGone, lock_row


@dataclass(frozen=True, slots=True)
class Decision:
    """An editor's verdict on a mention; empty to take one back. Only `relinked` has a record."""

    verdict: str
    record: Place | Organization | None = None


def decide_mention(mention: Mention, decision: Decision, by: Any) -> None:
    """Store a decision. To relink a mention to the record that it is linked to is to accept it.

    `ValidationError` if the record does not go with the verdict or with the mention's kind, or if an editor added the
    mention.
    """
    if (decision.verdict == Mention.Verdict.RELINKED) != (decision.record is not None):
        raise ValidationError(
            {"record": _("A record belongs to “linked to another record”, and to no other verdict.")}
        )
    if mention.verdict == Mention.Verdict.ADDED:
        raise ValidationError({"verdict": _("An editor added this mention: delete it instead.")})
    linked = mention.place or mention.organization
    if decision.record is not None and linked is not None and linked.survivor == decision.record:
        decision = Decision(Mention.Verdict.ACCEPTED)
    _store(mention, decision, by)


def decide_mentions(mentions: Iterable[Mention], decision: Decision, by: Any) -> None:
    """Store one decision for several mentions, or for none of them if one cannot be decided so."""
    with transaction.atomic():
        for mention in mentions:
            decide_mention(mention, decision, by)


def decide_shown_mention(
    mention: Mention, decision: Decision, by: Any, *, state: str, everywhere: bool
) -> int:
    """Decide a mention that a form showed, or `everywhere` on its page; return how many were decided.

    `ValidationError` if the `state` that the form showed (see `decision_state`) is not the stored one.
    """
    with transaction.atomic():
        others = undecided_on_page(mention).values_list("pk", flat=True) if everywhere else ()
        rows = {row.pk: row for row in Mention.objects.filter(pk__in=[mention.pk, *others]).locked()}
        if (stored := rows.pop(mention.pk, None)) is None:
            raise RowGone(f"Mention {mention.pk} is deleted")
        if decision_state(stored) != state:
            raise ValidationError(
                _("%(user)s decided this name meanwhile: look at it again.")
                % {"user": stored.decided_by or _("Somebody")}
            )
        mentions = [stored, *(row for row in rows.values() if not row.verdict)]
        decide_mentions(mentions, decision, by)
    return len(mentions)


def decision_state(mention: Mention) -> str:
    """The verdict and its time, by which a form finds out that another editor decided the mention meanwhile."""
    at = mention.decided_at.isoformat() if mention.decided_at else ""
    return f"{mention.verdict or '-'} {at}"


def undecided_on_page(mention: Mention) -> MentionQuerySet:
    """The other mentions of the same name on the page that no editor decided, without those of trashed articles."""
    if mention.article.page_id is None:
        return Mention.objects.none()
    same = Mention.objects.filter(
        article__page=mention.article.page_id, kind=mention.kind, surface=mention.surface, verdict=""
    )
    return same.exclude(article__status=Article.Status.TRASHED).exclude(pk=mention.pk)


def add_mention(
    article: Article, part: str, span: tuple[int, int], record: Place | Organization, by: Any
) -> Mention:
    """Add a mention that the loader did not find; `ValidationError` if the part of the article has no such span."""
    text: str = getattr(article, part)
    start, end = span
    if not start < end <= len(text):
        raise ValidationError({"end": _("The text ends at %(end)s.") % {"end": len(text)}})
    mention = Mention(
        article=article,
        part=part,
        start=start,
        end=end,
        kind=Mention.Kind.PLACE if isinstance(record, Place) else Mention.Kind.ORGANIZATION,
        surface=text[start:end],
        method="editor",
    )
    _store(mention, Decision(Mention.Verdict.ADDED, record), by)
    return mention


def delete_added_mention(mention: Mention) -> None:
    """Delete a mention that an editor added; `ValidationError` if the loader found it."""
    if mention.verdict != Mention.Verdict.ADDED:
        raise ValidationError(_("The loader found this name: reject it, so that it is not found again."))
    with transaction.atomic():
        _lock_article(mention)
        mention.delete()


def covers(decided: Mention, found: Mention) -> bool:
    """Whether the verdict on a mention holds for one that a load found in the same part of the article.

    It does where both have the same kind and span. Where they only overlap, an editor who accepted, linked or added the
    one has said what is named there; one who rejected it has rejected the same record, or the same name with other
    borders.
    """
    if decided.kind != found.kind or found.end <= decided.start or decided.end <= found.start:
        return False
    span, other = (decided.start, decided.end), (found.start, found.end)
    if span == other or decided.verdict != Mention.Verdict.REJECTED:
        return True
    if Mention.Status.LINKED == decided.status == found.status:
        record, other_record = (row.place or row.organization for row in (decided, found))
        return record is not None and other_record is not None and record.survivor == other_record.survivor
    return (min(span[0], other[0]), max(span[1], other[1])) in (span, other)


def _store(mention: Mention, decision: Decision, by: Any) -> None:
    record = decision.record
    mention.verdict = decision.verdict
    mention.decided_place = record if isinstance(record, Place) else None
    mention.decided_organization = record if isinstance(record, Organization) else None
    mention.decided_by, mention.decided_at = (by, timezone.now()) if decision.verdict else (None, None)
    mention.ruling = None
    with transaction.atomic():
        _lock_article(mention)
        mention.full_clean(exclude=["method", "rule", "rule_version"])
        mention.save()


def _lock_article(mention: Mention) -> None:
    """Lock the article before its mention, as those do who write the article."""
    lock_row(Article(pk=mention.article_id), Article.objects.only("pk"))
