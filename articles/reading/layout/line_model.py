"""Holds the labels of a line, and loads the table that labels them."""

from functools import cache
from pathlib import Path

from .sequence_model import SequenceModel

# `opening` is a byline above a body, `signature` one below it; `inset` is a caption in the middle of a paragraph;
# `more` is a further line of a headline, `caption more` of a caption; `advert` is the text below an advert title.
LABELS = (
    *("header", "kicker", "headline", "more", "subtitle", "opening", "paragraph", "continuation", "heading"),
    *("caption", "caption more", "inset", "signature", "credit", "notice", "advert title", "advert"),
)
LINE_MODEL_FILE = Path(__file__).with_name("line_model.json")


@cache
def load_line_model() -> SequenceModel:
    """Load the table that `scripts/train_reader.py` wrote; docs/reading_model.md says what it was trained on."""
    return SequenceModel.load(LINE_MODEL_FILE)
