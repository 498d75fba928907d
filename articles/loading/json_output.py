"""Represents what was read as plain JSON values, for `--format json` and for `Article.extracted`."""

import datetime as dt
from typing import Any

from articles.reading.dates.date_inference import infer_date
from articles.reading.values import Link, Reading, Rejected, Residue, Story

from .imprint import Imprint, inferred_json
from .people_json import people_json

JsonObject = dict[str, Any]


def page_json(path: str, reading: Reading, imprint: Imprint) -> JsonObject:
    """A page with its articles and residue; their spans together cover its text once."""
    return {
        "path": path,
        "sha256": reading.page.sha256,
        "encoding": reading.page.encoding,
        "flags": list(reading.page.flags),
        "publication": imprint.publication or None,
        "issue_date": _date_json(imprint),
        "issue_date_source": imprint.issue_date_source or None,
        "page_number": imprint.page_number or None,
        "page_name": imprint.page_name or None,
        "articles": [
            {
                **story_json(story),
                "body": story.body,
                "issue_date": _article_date_json(story, reading.page.text),
                **people_json(story),
            }
            for story in reading.stories
        ],
        "residue": [_residue_json(residue) for residue in reading.residue],
    }


def _date_json(imprint: Imprint) -> str | JsonObject | None:
    """The date of a page; where it is not known, the interval that its text gives, or null."""
    if imprint.issue_date:
        return imprint.issue_date.isoformat()
    interval = (imprint.issue_earliest, imprint.issue_latest)
    return _interval_json(interval, imprint.issue_evidence) if imprint.issue_evidence else None


def _article_date_json(story: Story, text: str) -> JsonObject | None:
    """The interval that the text of an article alone gives."""
    inferred = infer_date([story])
    return (
        _interval_json(inferred.interval or (None, None), inferred_json(inferred, text)) if inferred else None
    )


def _interval_json(interval: tuple[dt.date | None, dt.date | None], evidence: JsonObject) -> JsonObject:
    earliest, latest = (day and day.isoformat() for day in interval)
    return {
        "earliest": earliest,
        "latest": latest,
        "partial": dict(zip(("earliest", "latest"), evidence["days"], strict=True)),
        "evidence": [[one["start"], one["end"]] for one in evidence["found"]],
        "rules": [one["rule"] for one in evidence["found"]],
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
