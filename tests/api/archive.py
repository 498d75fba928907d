"""A small archive for tests of the API: counties, a court, reporters, and articles that name them."""

from __future__ import annotations

import datetime as dt
from typing import Any

from articles.models import Article, Byline, Mention, Organization, Page, Place, Reporter

API = "/api/v1"


def places() -> dict[str, Place]:
    """Two counties of a city, and a town in one of them, by name."""
    made: dict[str, Place] = {}
    for name, kind, code, parent in (
        ("山西省", "province", "140000", None),
        ("运城市", "city", "140800", "山西省"),
        ("绛县", "county", "140826", "运城市"),
        ("芮城县", "county", "140830", "运城市"),
        ("大王镇", "township", "140830105", "芮城县"),
    ):
        made[name] = Place.objects.create(name=name, kind=kind, code=code, parent=made.get(parent or ""))
    return made


def article(
    headline: str,
    *records: Place | Organization | Reporter,
    body: str = "",
    date: str | None = None,
    status: str = "published",
    **values: Any,
) -> Article:
    """An article that names these places and organizations one behind the other, and credits these reporters."""
    issue_date = dt.date.fromisoformat(date) if date else None
    made = Article.objects.create(
        headline=headline, body=body, status=status, issue_date=issue_date, **values
    )
    for number, record in enumerate(records):
        if isinstance(record, Reporter):
            Byline.objects.create(article=made, reporter=record, order=number)
            continue
        kind = "place" if isinstance(record, Place) else "organization"
        Mention.objects.create(
            article=made, kind=kind, start=number * 20, end=number * 20 + len(record.name), surface=record.name,
            status="linked", **{kind: record},
        )  # fmt: skip
    return made


def printed(headline: str, body: str, **values: Any) -> Article:
    """An article that stands on a page."""
    page = Page.objects.create(
        sha256=f"{Page.objects.count():064}", text=f"{headline}\n{body}", publication="沂河晚报"
    )
    blocks = [
        {"kind": "headline", "text": headline, "spans": [[0, len(headline)]]},
        {"kind": "paragraph", "text": body, "spans": [[len(headline) + 1, len(page.text)]]},
    ]
    return Article.objects.create(
        page=page, start=0, end=len(page.text), headline=headline, body=body, blocks=blocks,
        **{"status": "published", **values},
    )  # fmt: skip
