"""What finders propose before one function chooses among them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

ProposalKind = Literal["place", "organization", "person"]


@dataclass(frozen=True, slots=True)
class Proposal:
    """A name that a finder proposes in a text: `text[start:end]`, counted in code points of that text.

    `method` names the finder or its rule, `score` says how sure it is, from 0 to 1. A person is never a mention:
    the span only keeps its characters from being read as a place or an organization.
    """

    kind: ProposalKind
    start: int
    end: int
    method: str
    score: float
