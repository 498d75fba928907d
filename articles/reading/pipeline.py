"""Reads a page: calls the stages in order, from bytes to stories with credits, names and links."""

from collections.abc import Sequence
from dataclasses import replace

from articles.reading.dates.date_inference import infer_date
from articles.reading.gazetteer.divisions import load_gazetteer
from articles.reading.layout.decided_boundaries import Boundaries, apply_boundaries, join_stories
from articles.reading.layout.decided_regions import DecidedRegion, apply_regions
from articles.reading.layout.join_doubts import doubtful_joins
from articles.reading.linking.linker import Authority, Decisions, LinkableArticle, link_mentions
from articles.reading.linking.references import resolve_references
from articles.reading.people.people_reading import read_people

from .credits import bylines
from .formats import text_decoding
from .layout import story_assembly
from .names import recognition
from .values import Page, Reading, Story, Surroundings

_NOTHING = Surroundings()


def read_structure(
    data: bytes | Page, boundaries: Boundaries | None = None, regions: Sequence[DecidedRegion] = ()
) -> Reading:
    """Read the stories of one page with their credits, from a text file or a page; `Rejected` if bytes are no text."""
    page = data if isinstance(data, Page) else text_decoding.decode_page(data)
    decided = boundaries or {}
    found, named = story_assembly.assemble_stories(page)
    found, named = apply_regions(apply_boundaries(found, page, decided), named, page, regions)
    stories = [
        replace(bylines.read_credits(story, page), doubts=doubtful_joins(story, decided))
        # Again, as an article may have been joined after its first lines were moved to another.
        for story in join_stories(found, decided)
    ]
    return Reading(
        page, tuple(stories), story_assembly.with_blanks(stories, named, page), infer_date(stories)
    )


def read_page(
    data: bytes | Page,
    home: str = "",
    authority: Authority | None = None,
    boundaries: Boundaries | None = None,
    regions: Sequence[DecidedRegion] = (),
) -> Reading:
    """Read the stories of one page with their credits, mentions and links; `Rejected` if bytes are not a text.

    `home` is the code of the division where the paper is published, `authority` gives the names that editors recorded.
    Editors decided `boundaries`, the offsets at which an article begins or does not, and what `regions` are.
    """
    reading = read_structure(data, boundaries, regions)
    return replace(reading, stories=read_names(reading.stories, home, authority))


def read_names(
    stories: Sequence[Story],
    home: str,
    authority: Authority | None = None,
    around: Surroundings = _NOTHING,
) -> tuple[Story, ...]:
    """Add to stories of one page their mentions, linked by the context of all, their references, people and claims.

    `around` is the rest of the page, if these are not all of its stories.
    """
    authority = authority or Decisions()
    found = recognition.find_names(stories, home, authority.recorded, around.texts)
    texts = [LinkableArticle.of(story, names.mentions) for story, names in zip(stories, found, strict=True)]
    links = link_mentions(texts, home, load_gazetteer(), authority, around.codes)
    named = [replace(story, links=of_story) for story, of_story in zip(stories, links, strict=True)]
    resolved = [
        replace(story, references=resolve_references(story, home, load_gazetteer())) for story in named
    ]
    return read_people(resolved, [names.words for names in found], load_gazetteer())
