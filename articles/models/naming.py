"""How many articles name a record, since when and until when."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple


class Naming(NamedTuple):
    """The articles that name a place or an organization, and the issue dates of the first and the last of them.

    The dates are None where no article names it, and where none of those that do has an issue date.
    """

    article_count: int = 0
    first_named: dt.date | None = None
    last_named: dt.date | None = None
