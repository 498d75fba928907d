"""Loads the weights of features for labels, and the costs of one label below another, from `weights.toml`."""

import tomllib
from pathlib import Path

_TABLES = tomllib.loads(Path(__file__).with_name("weights.toml").read_text(encoding="utf-8"))
_GROUPS = {name: tuple(labels.split(", ")) for name, labels in _TABLES["groups"].items()}

# The labels of a line. `opening` is a byline above a body, `signature` one below it; `inset` is a caption in the
# middle of a paragraph; `more` is a further line of a headline; `advert` is the text below an advert title.
LABELS = (
    *("header", "kicker", "headline", "more", "subtitle", "opening", "paragraph", "continuation"),
    *("heading", "caption", "inset", "signature", "credit", "notice", "advert title", "advert"),
)

_Row = dict[str, float]


def _parse_table(table: dict[str, str]) -> dict[str, _Row]:
    """Parse the rows of a table, each written "label weight, label weight"; a group's name means all its labels."""
    return {label: _parse_row(text) for name, text in table.items() for label in _GROUPS.get(name, (name,))}


def _parse_row(text: str) -> _Row:
    row: _Row = {}
    for entry in text.split(", "):
        name, _, weight = entry.rpartition(" ")
        row.update(dict.fromkeys(_GROUPS.get(name, (name,)), float(weight)))
    return row


WEIGHTS = _parse_table(_TABLES["weights"])
TRANSITIONS = _parse_table(_TABLES["transitions"])
