"""Loads the lists of names and words in the folder `data`."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

_DATA = Path(__file__).with_name("data")


def load_words(name: str) -> Mapping[str, Any]:
    """Load the words of a recogniser from `data/NAME.toml`; its comments say what each list is."""
    return tomllib.loads((_DATA / f"{name}.toml").read_text(encoding="utf-8"))


def read_list_lines(name: str) -> list[str]:
    """Read the lines of a list of places, `data/NAME.txt`, without comments and blank lines."""
    lines = (_DATA / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return [line.strip() for line in lines if line.strip() and not line.startswith("#")]
