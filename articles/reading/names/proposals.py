"""Defines a proposed name: recognisers propose, and `recognition` chooses among proposals that overlap."""

from dataclasses import dataclass
from typing import Literal

_Kind = Literal["place", "organization", "person"]


@dataclass(frozen=True, slots=True)
class Proposal:
    """A name that a recogniser proposes: `text[start:end]`, in code points of that text.

    `method` names the recogniser or its rule, `score` is its certainty from 0 to 1. A person never becomes a mention:
    it only prevents its characters from being read as a place or an organization.
    """

    kind: _Kind
    start: int
    end: int
    method: str
    score: float
