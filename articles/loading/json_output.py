"""Represents what was read as plain JSON values, for `--format json` and for `Article.extracted`."""

from typing import Any

from articles.reading.values import Link, Reading, Rejected, Residue, Story

from .imprint import Imprint

JsonObject = dict[str, Any]


def page_json(path: str, reading: Reading, imprint: Imprint) -> JsonObject:
    """A page with its articles and residue; their spans together cover its text once."""
    return {
        "path": path,
        "sha256": reading.page.sha256,
        "encoding": reading.page.encoding,
        "flags": list(reading.page.flags),
        "publication": imprint.publication or None,
        "issue_date": imprint.issue_date and imprint.issue_date.isoformat(),
        "issue_date_source": imprint.issue_date_source or None,
        "page_number": imprint.page_number or None,
        "page_name": imprint.page_name or None,
        "articles": [{**story_json(story), "body": story.body} for story in reading.stories],
        "residue": [_residue_json(residue) for residue in reading.residue],
    }


def printed_residue(reading: Reading) -> list[JsonObject]:
    """What is printed on a page besides its articles, for `Page.residue`: the residue without blanks."""
    return [_residue_json(residue) for residue in reading.residue if residue.kind != "blank"]


def _residue_json(residue: Residue) -> JsonObject:
    return {"kind": residue.kind, "start": residue.start, "end": residue.end}


def story_json(story: Story) -> JsonObject:
    """An article as it was read, without derived values; offsets count code points of the page."""
    return {
        "start": story.start,
        "end": story.end,
        "kicker": story.kicker,
        "headline": story.headline,
        "subtitle": story.subtitle,
        "dateline": story.dateline,
        "agency": story.agency,
        "bylines": [
            {"name": byline.name, "role": byline.role, "start": byline.start, "end": byline.end}
            for byline in story.bylines
        ],
        "blocks": [
            {"kind": block.kind, "text": block.text, "spans": [list(span) for span in block.spans]}
            for block in story.blocks
        ],
        "mentions": [link_json(link) for link in story.links],
        "references": [link_json(link) for link in story.references],
        "doubts": [{"offset": doubt.offset, "reason": doubt.reason} for doubt in story.doubts],
    }


def link_json(link: Link) -> JsonObject:
    """A mention and its link; offsets count code points of the article's part."""
    mention = link.mention
    return {
        "kind": mention.kind,
        "part": mention.part,
        "start": mention.start,
        "end": mention.end,
        "surface": mention.surface,
        "status": link.status,
        "name": link.name,
        "code": link.code,
        "candidates": list(link.candidates),
        "within": link.within,
        "method": mention.method,
        "rule": link.rule,
        "score": mention.score,
    }


def rejection_json(path: str, rejected: Rejected) -> JsonObject:
    return {"path": path, "reason": rejected.reason, "detail": rejected.detail}
