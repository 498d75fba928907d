"""Finds the boundaries that a page must be read by so that articles with decisions keep their extent."""

from collections.abc import Collection, Mapping, Sequence

from articles.editing.block_spans import spans_of
from articles.editing.page_residue import NOT_ON_PAGE
from articles.editing.span_anchoring import offsets_on
from articles.models import Article, Page
from articles.reading.layout.block_parts import spans_without
from articles.reading.values import Story

from .article_plan import match_stored
from .json_output import story_json


def held_boundaries(
    page: Page, stories: Sequence[Story], stored: Collection[Article], boundaries: Mapping[int, bool]
) -> dict[int, bool]:
    """The boundaries that a reading must have so that no article in which an editor decided something loses its extent.

    Newer rules may read such an article as a part of the one before, or may begin another one inside it. Its decisions
    would be lost, or its text published twice. `stored` are the articles of the page and of its earlier versions. The
    `boundaries` that editors decided stay, but for a join with text that newer rules lose.
    """
    same, left = match_stored([story_json(story) for story in stories], page, stored)
    ids = [article.pk for article in stored]
    untouched = set(Article.objects.untouched().filter(pk__in=ids).values_list("pk", flat=True))
    decided = {article.pk: article for article in stored if article.pk not in untouched}
    extents = {pk: _extent(article, page) for pk, article in decided.items()}
    held = {}
    for pk, (start, end) in extents.items():
        if pk in left and any(story.start < start < story.end for story in stories):
            held[start] = True
        for story, article in zip(stories, same, strict=True):
            is_inside = pk not in left and start < story.start < end
            if is_inside and _is_part(story, article, decided[pk], page):
                held[story.start] = False
    held = {offset: begins for offset, begins in held.items() if offset not in boundaries}
    torn = [extents[pk] for pk in extents.keys() & left.keys() if left[pk].status not in NOT_ON_PAGE]
    offsets = (_begins_behind_lost_text(stories, start, end) for start, end in torn)
    return held | {offset: True for offset in offsets if offset is not None}


def _is_part(story: Story, article: Article | None, around: Article, page: Page) -> bool:
    """Whether a story that begins inside an article is a part of it, and not the other `article` that it was once.

    That one may have been withdrawn or joined, so that its text is in the article around it.
    """
    if article is None or article.status not in NOT_ON_PAGE:
        return article is None
    spans = [span for block in story.blocks for span in block.spans]
    return around.page_id != page.pk or spans_without(spans, spans_of(around.blocks)) != spans


def _begins_behind_lost_text(stories: Sequence[Story], start: int, end: int) -> int | None:
    """Where what is read of an extent begins, if its beginning is in no story and the rest is read as part of one before.

    An editor joined the two, and newer rules lose the first: the second does not go on with what precedes both.
    """
    spans = sorted(span for story in stories for block in story.blocks for span in block.spans)
    if any(first <= start < last for first, last in spans):
        return None
    behind = next((first for first, _ in spans if start < first < end), None)
    is_inside = behind is not None and any(story.start < start and behind < story.end for story in stories)
    return behind if is_inside else None


def _extent(article: Article, page: Page) -> tuple[int, int]:
    """Where an article begins and ends on a page; nowhere, as an empty extent, if its words are not there."""
    start, end = article.start or 0, article.end or 0
    if article.page is None or article.page_id == page.pk:
        return start, end
    places = offsets_on(article.page, page.text, [start])
    return (places[start], places[start] + end - start) if start in places else (-1, -1)
