"""Reads the people of a page, and what its articles say of them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from articles.reading.gazetteer.divisions import Gazetteer
from articles.reading.names.tagger import TaggedWord
from articles.reading.values import NamedPerson, Part, PersonClaim, Story

from .attribute_claims import attribute_claims
from .person_names import find_person_names
from .person_texts import PersonText, person_texts
from .post_claims import PostReader
from .post_organizations import OrganizationFinder


def read_people(
    stories: Sequence[Story],
    words: Sequence[Mapping[Part, Sequence[TaggedWord] | None]],
    gazetteer: Gazetteer,
) -> tuple[Story, ...]:
    """Add to the stories of a page the people that they name, with their claims; `words` are those of each part."""
    of_stories = [person_texts(story, of_parts) for story, of_parts in zip(stories, words, strict=True)]
    find_person_names([text for texts in of_stories for text in texts])
    return tuple(
        replace(story, people=_people(texts), claims=_claims(texts, gazetteer))
        for story, texts in zip(stories, of_stories, strict=True)
    )


def _people(texts: Iterable[PersonText]) -> tuple[NamedPerson, ...]:
    spans: defaultdict[str, list[tuple[Part, int, int]]] = defaultdict(list)
    for text in texts:
        for start, end in text.people:
            spans[text.text[start:end]].append((text.part, start, end))
    return tuple(NamedPerson(name, tuple(found)) for name, found in spans.items())


def _claims(texts: Sequence[PersonText], gazetteer: Gazetteer) -> tuple[PersonClaim, ...]:
    if not any(text.people for text in texts):
        return ()
    posts = list(PostReader(texts, OrganizationFinder(texts, gazetteer)).claims())
    attributes = (claim for text in texts for claim in attribute_claims(text, posts))
    return tuple(_distinct([*posts, *attributes]))


def _distinct(claims: Iterable[PersonClaim]) -> list[PersonClaim]:
    """The claims, of those that say the same the first."""
    found: dict[tuple[str, ...], PersonClaim] = {}
    for claim in claims:
        key = (claim.person, claim.post, claim.organization or "", claim.attribute, claim.value)
        found.setdefault(key, claim)
    return list(found.values())
