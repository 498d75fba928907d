"""Represents the people of an article, and what it says of them, as plain JSON values."""

from typing import Any

from articles.reading.values import JOINTS, PART_OF, Part, PersonClaim, Story


def people_json(story: Story) -> dict[str, Any]:
    """The people and claims of an article; offsets count code points of the page."""
    offsets = {part: _page_offsets(story, part) for part in JOINTS}
    return {
        "people": [
            {
                "name": person.name,
                "mentions": [
                    {
                        "start": offsets[part][start],
                        "end": offsets[part][end - 1] + 1,
                        "surface": person.name,
                    }
                    for part, start, end in person.spans
                ],
            }
            for person in story.people
        ],
        "claims": [_claim_json(claim, offsets[claim.part]) for claim in story.claims],
    }


def _claim_json(claim: PersonClaim, offsets: list[int]) -> dict[str, Any]:
    said: dict[str, Any] = {"kind": "attribute", "attribute": claim.attribute, "value": claim.value}
    if not claim.attribute:
        said = {
            "kind": "post",
            "post": claim.post,
            "body": claim.organization,
            "place": claim.place,
            "status": claim.status,
            "start": claim.since,
            "end": None,
        }
    span = [offsets[claim.start], offsets[claim.end - 1] + 1]
    return {**said, "person": claim.person, "span": span, "rule": claim.rule}


def _page_offsets(story: Story, part: Part) -> list[int]:
    """The offset on the page of each character of a part; a joint has that of the character before it."""
    offsets: list[int] = []
    for block in story.blocks:
        if PART_OF.get(block.kind) == part:
            offsets += offsets[-1:] * len(JOINTS[part]) if offsets else []
            offsets += [at for span in block.spans for at in range(*span)]
    return offsets
