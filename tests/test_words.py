"""Tests that the code uses the standard words of the field, and none of a list of private ones."""

import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

IN_NAMES = {
    "kept": "cached",
    "keeping": "maintenance",
    "unchanged": "query cache",
    "standing": "resolves to",
    "told": "given, reported",
    "tells": "gives, distinguishes",
    "door": "channel",
    "carry": "re-anchor",
    "carried": "re-anchored",
    "carrying": "re-anchoring",
    "foresee": "preview",
    "foreseen": "preview",
    "seen": "form state",
    "stale": "conflict, outdated",
    "alike": "duplicate, similar",
    "likeness": "similarity",
    "cutting": "split and join",
    "mend": "rebuild",
    "mended": "rebuilt",
    "repair": "rebuild",
    "looks": "features",
    "whoever": "the actor's name",
    "nobody": "the actor's name",
    "anew": "again",
    "refute": "reject",
    "refuted": "rejected",
    "unsurnamed": "names without surname",
    "company": "co-occurrence",
    "desk": "dashboard",
}
"""Words that no name of a function, class, variable or module may hold, and what stands for each."""

IN_PROSE = re.compile(
    r"\b(whoever|nobody|anew|refuted?|refutes|stands? for|by which door|the machine's|told|foreseen|foresees?|alike|"
    r"likeness|mends?|mended|carries over|carried over|lies in|lie in|kept|unsurnamed|is no [a-z]+ of)\b",
    re.IGNORECASE,
)
"""Words that no docstring, comment or message may hold."""

ALLOWED = {
    "unchanged": "an outcome of a file in the API and in the output of loadseeds",
    "repair": "an option of `manage.py verify`",
    "company": "an address of the API",
    "seen_at": "a column",
    "seen_at__lt": "a column",
    "seen_at__gte": "a column",
}
"""Words that a client sees, and so stay where they are named for what the client sees."""

FOLDERS = sorted(
    {
        "/".join(path.relative_to(ROOT).parts[:2][: -1 if len(path.relative_to(ROOT).parts) == 2 else None])
        for package in ("articles", "newsroom")
        for path in (ROOT / package).rglob("*.py")
        if "migrations" not in path.relative_to(ROOT).parts
    }
)


def modules(folder: str) -> Iterator[Path]:
    top = ROOT / folder
    yield from sorted(top.glob("*.py") if folder in {"articles", "newsroom"} else top.rglob("*.py"))


def parts(name: str) -> list[str]:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower().split("_")


def findings(path: Path) -> Iterator[str]:
    """Each private word of a module, with its line."""
    where = path.relative_to(ROOT).as_posix()
    for word in parts(path.stem):
        if word in IN_NAMES:
            yield f"{where}: {word}: {IN_NAMES[word]}"
    text = path.read_text(encoding="utf-8")
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.NAME:
            found = [
                word
                for word in parts(token.string)
                if word in IN_NAMES and not ALLOWED.keys() & {word, token.string}
            ]
        elif token.type in {tokenize.STRING, tokenize.COMMENT, getattr(tokenize, "FSTRING_MIDDLE", -1)}:
            found = IN_PROSE.findall(token.string)
        else:
            continue
        yield from (f"{where}:{token.start[0]}: {word}: {token.line.strip()[:90]}" for word in found)


@pytest.mark.parametrize("folder", FOLDERS)
def test_the_words_are_those_of_the_field(folder: str) -> None:
    found = [finding for path in modules(folder) for finding in findings(path)]
    assert not found, "\n".join(found)


def test_tests_are_named_in_the_words_of_the_field() -> None:
    found = [
        f"{path.relative_to(ROOT).as_posix()}: {name}: {word}: {IN_NAMES[word]}"
        for path in sorted((ROOT / "tests").rglob("test_*.py"))
        for name in re.findall(r"def (test_\w+)\(", path.read_text(encoding="utf-8"))
        for word in parts(name)
        if word in IN_NAMES.keys() - ALLOWED.keys()
    ]
    assert not found, "\n".join(found)
