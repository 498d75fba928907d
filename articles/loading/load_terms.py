"""The terms of a load: what it states about its pages, and the status and size of what it takes."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Self

from django.conf import settings

from articles.reading.formats.file_names import read_file_name
from articles.reading.values import Reading

from .imprint import Imprint, StatedImprint


@dataclass(frozen=True, slots=True)
class LoadTerms:
    """What a load states, what holds where pages say nothing, the status of new articles, and the most bytes of a file.

    `decided` are columns of the page that an editor decided of one file before it is loaded.
    """

    stated: StatedImprint
    fallback: Imprint
    status: str
    max_bytes: int
    decided: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def from_options(cls, options: Mapping[str, str]) -> Self:
        """The terms that `Load.options` name; settings give what the options leave out."""
        date = options.get("issue_date")
        return cls(
            StatedImprint(
                options.get("publication"), dt.date.fromisoformat(date) if date else None, options.get("home")
            ),
            Imprint(publication=settings.NEWSROOM_PUBLICATION, home_code=settings.NEWSROOM_HOME),
            options.get("status", settings.NEWSROOM_LOAD_STATUS),
            settings.NEWSROOM_MAX_PAGE_BYTES,
        )

    @property
    def home_code(self) -> str:
        """The code of the division where the paper is published; empty if unknown."""
        return self.fallback.home_code if self.stated.home_code is None else self.stated.home_code

    def imprint_of(self, reading: Reading, path: str, replaced: Imprint | None = None) -> Imprint:
        """The imprint of a new page from the file at a path; `replaced` is that of the page whose new version it is."""
        read = (replaced or self.fallback).read_from(reading, read_file_name(path))
        return self.state(read)

    def state(self, imprint: Imprint) -> Imprint:
        """An imprint with what these terms state and what an editor decided of the page."""
        return imprint.with_stated(self.stated).with_decided(self.decided)

    def for_file(self, decided: Mapping[str, Any] | None) -> Self:
        """The terms for one file, of whose page an editor decided these columns; the date is in ISO form."""
        values = dict(decided or {})
        if date := values.get("issue_date"):
            values["issue_date"] = dt.date.fromisoformat(date)
        return replace(self, decided=values)

    def to_json(self) -> dict[str, Any]:
        """The terms for a queued job, so that workers use the settings of the machine that queued it."""
        values = asdict(self)
        for imprint in (values["stated"], values["fallback"]):
            date = imprint["issue_date"]
            imprint["issue_date"] = date and date.isoformat()
        return values

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Self:
        stated, fallback = (
            {**imprint, "issue_date": date and dt.date.fromisoformat(date)}
            for imprint in (values["stated"], values["fallback"])
            for date in [imprint["issue_date"]]
        )
        return cls(StatedImprint(**stated), Imprint(**fallback), values["status"], values["max_bytes"])
