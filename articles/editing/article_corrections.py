"""Corrects articles: stores what editors decide, so that no later load undoes it."""

from collections.abc import Mapping
from copy import copy
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.counts.appearances import refresh_appearances
from articles.models.article import Article
from articles.models.mention import Mention
from articles.reading.values import PARTS
from articles.row_lock import lock_row

from .extracted_layers import doubts_in
from .page_residue import NOT_ON_PAGE, record_changed_blocks, take_printed_text
from .span_anchoring import move_mentions
from .text_composition import Composition, PartSpan, Recomposition, realigned, texts_of
from .text_reading import read_written_text

_STATUS = Article.Status
FOLLOWING_STATUSES = {
    _STATUS.DRAFT: frozenset({_STATUS.IN_REVIEW, _STATUS.PUBLISHED}),
    _STATUS.IN_REVIEW: frozenset({_STATUS.DRAFT, _STATUS.PUBLISHED}),
    _STATUS.PUBLISHED: frozenset({_STATUS.WITHDRAWN}),
    _STATUS.WITHDRAWN: frozenset({_STATUS.DRAFT, _STATUS.PUBLISHED}),
    _STATUS.TRASHED: frozenset(),
}
"""The statuses that an editor may give to an article of each status."""

PUBLIC_STATUSES = frozenset({_STATUS.PUBLISHED, _STATUS.WITHDRAWN})
"""To set one of these, or to change one of these, takes the right to publish."""

CORRECTABLE = frozenset(
    "kicker headline subtitle dateline agency section publication issue_date blocks body status reviewed".split()
)
"""The columns that editors may set."""


def is_own_draft(article: Article, user: Any) -> bool:
    """Whether the article is a draft that the user wrote, and the user may change own articles."""
    is_writer = article.written_by_id is not None and article.written_by_id == user.pk
    may = user.has_perm("articles.change_own_article")
    return may and is_writer and article.status == _STATUS.DRAFT


def allowed_statuses(article: Article, *, may_publish: bool) -> set[str]:
    """The statuses that a user may give to an article, with the one that it has."""
    following = FOLLOWING_STATUSES[_STATUS(article.status)]
    if not may_publish:
        following = frozenset() if article.status in PUBLIC_STATUSES else following - PUBLIC_STATUSES
    return {article.status, *following}


def correct_article(article: Article, **decided: Any) -> bool:
    """Set columns of an article to what an editor decided; return False if they had these values already.

    The body of a printed article and its blocks follow from each other. Mentions move with their text; those whose own
    words were changed are deleted, names in the new text are proposed, and printed text that is left out becomes residue
    of the page. `TypeError` names a column that editors may not set, `ValidationError` says which value is invalid.
    """
    if unknown := decided.keys() - CORRECTABLE:
        raise TypeError(f"an article has no correctable {', '.join(sorted(unknown))}")
    decided = _with_dependent_columns(article, decided)
    changed = {name: value for name, value in decided.items() if getattr(article, name) != value}
    if not changed:
        return False
    before, blocks = composition_of(article), article.blocks
    _check(article, changed)
    with transaction.atomic():
        if "blocks" in changed:
            record_changed_blocks(article, blocks, changed["blocks"])
        if changed.get("status", NOT_ON_PAGE[0]) not in NOT_ON_PAGE and article.status in NOT_ON_PAGE:
            take_printed_text(article)
        for name, value in changed.items():
            setattr(article, name, value)
        store_decision(article, changed)
        if changed.keys() & {*PARTS, "blocks"}:
            read_written_text(article, _reanchor_mentions(article, before), before)
            refresh_appearances([article.pk])
            _review_again(article, is_decided="reviewed" in changed)
    return True


def create_article(article: Article) -> None:
    """Store an article that a person wrote, with proposals for the names in it."""
    with transaction.atomic():
        article.save()
        read_written_text(article, ())
        refresh_appearances([article.pk], are_new=True)


def mark_bylines_decided(article: Article) -> None:
    """Record that an editor decided the bylines, so that no later load replaces them."""
    store_decision(article, {"bylines": None})


def store_decision(article: Article, decided: Mapping[str, Any]) -> None:
    """Write decided columns as the next version of the stored row; `bylines` is recorded without a column.

    Into the trash and out of it, the status stays as decided as it was.
    """
    undecided = {"status", "trashed_from"} if "trashed_from" in decided else set()
    with transaction.atomic():
        stored = lock_row(article, Article.objects.only("corrected", "version"))
        article.corrected = sorted({*stored.corrected, *(decided.keys() - undecided)})
        article.version = stored.version + 1
        columns = decided.keys() - {"bylines"}
        for name in columns:
            setattr(article, name, decided[name])
        article.save(update_fields=[*columns, "corrected", "version", "updated_at"])


def check_reviewable(article: Article) -> None:
    """Raise a `ValidationError` if mentions or joins of an article are in doubt, so that it cannot be called reviewed."""
    if count := article.mentions.doubtful().count():
        message = ngettext(
            "A name in this article is still in doubt: decide it first.",
            "%(count)s names in this article are still in doubt: decide them first.",
            count,
        )
        raise ValidationError({"reviewed": message % {"count": count}})
    if doubts_in(article.blocks, article.extracted):
        raise ValidationError({"reviewed": _("It is in doubt whether a line reads on: decide that first.")})


def composition_of(article: Article) -> Composition:
    return Composition(article.blocks, {part: getattr(article, part) for part in PARTS})


def _with_dependent_columns(article: Article, decided: dict[str, Any]) -> dict[str, Any]:
    """Add the texts that follow from decided blocks, or the blocks that follow from a decided body."""
    if "blocks" in decided:
        before, after = texts_of(article.blocks), texts_of(decided["blocks"])
        follows = {part: text for part, text in after.items() if text != before[part] or part == "body"}
        return follows | decided
    if article.blocks and decided.get("body", article.body) != article.body:
        blocks = realigned(article.blocks, decided["body"], article.page.text if article.page else "")
        return {**decided, "blocks": blocks, "body": texts_of(blocks)["body"]}
    return decided


def _check(article: Article, changed: dict[str, Any]) -> None:
    """Validate the changed columns only: the loader may have left others as they are printed."""
    changing = copy(article)
    for name, value in changed.items():
        setattr(changing, name, value)
    others = {field.name for field in article._meta.fields} - changed.keys()
    changing.full_clean(exclude=others, validate_unique=False, validate_constraints=False)
    if changed.get("reviewed"):
        check_reviewable(article)


def _review_again(article: Article, *, is_decided: bool) -> None:
    """Take back that an article is reviewed if a name in its new text is in doubt; `ValidationError` if it is said now."""
    if article.reviewed and is_decided:
        check_reviewable(article)
    elif article.reviewed and article.mentions.doubtful().exists():
        store_decision(article, {"reviewed": False})


def _reanchor_mentions(article: Article, before: Composition) -> list[Mention]:
    """Keep mentions at their words after texts of their article were edited; return those that are still there."""
    recomposed = Recomposition(before, composition_of(article))
    moved: dict[int, PartSpan] = {}
    left: dict[tuple[PartSpan, str], Mention] = {}
    # Two mentions may move to the same words: the decided one stays.
    for row in sorted(article.mentions.with_records(), key=lambda row: (not row.verdict, row.pk)):
        span = recomposed.moved((row.part, row.start, row.end))
        if span and (span, row.kind) not in left:
            row.part, row.start, row.end = moved[row.pk] = span
            left[span, row.kind] = row
        else:
            row.delete()
    move_mentions(moved)
    return list(left.values())
