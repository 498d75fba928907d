"""Two texts compared: what is there in one only is marked, long stretches that both have are folded."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import ngettext

Run = tuple[str, str]  # "=", "-" or "+", and the text

_SENTENCE = re.compile(r"[^\n。！？；]*[\n。！？；]|[^\n。！？；]+")
# Comparing takes time by the product of both lengths; what is longer counts as written anew.
_COMPARED = 2_000_000
# Characters shown on either side of a change; a stretch that is folded hides more than these.
_AROUND = 30
_FOLDED = 3 * _AROUND
# A stretch of so few characters between two changes is chance: 的 in two different words.
_CHANCE = 1


def marked_diff(before: str, after: str) -> SafeString:
    """Both texts as one: `<del>` what is gone, `<ins>` what has come, the rest folded where it is long."""
    runs = list(diff_texts(before, after))
    marked = [_marked(run, is_first=not at, is_last=at == len(runs) - 1) for at, run in enumerate(runs)]
    return format_html_join("", "{}", ((part,) for part in marked))


def diff_texts(before: str, after: str) -> Iterator[Run]:
    """The runs of two texts by sentence, and inside of sentences that changed by character.

    >>> list(differences("昨天，大桥通车。", "昨天，新桥通车。"))
    [('=', '昨天，'), ('-', '大'), ('+', '新'), ('=', '桥通车。')]
    """
    runs: list[Run] = []
    for sign, old, new in _steps(_SENTENCE.findall(before), _SENTENCE.findall(after)):
        if sign == "=" or not (old and new):
            runs += _runs(sign, old, new)
        else:
            for inner, some, others in _without_chance(list(_steps(old, new))):
                runs += _runs(inner, some, others)
    return _joined(runs)


def _steps(before: Sequence[str], after: Sequence[str]) -> Iterator[tuple[str, str, str]]:
    """What becomes of a sequence of words or characters: whether it stays, what it was, what it is."""
    head = _alike(zip(before, after, strict=False))
    rest = min(len(before), len(after)) - head
    tail = min(_alike(zip(reversed(before), reversed(after), strict=False)), rest)
    old, new = before[head : len(before) - tail], after[head : len(after) - tail]
    yield "=", "".join(before[:head]), "".join(after[:head])
    if len(old) * len(new) > _COMPARED:
        yield "~", "".join(old), "".join(new)
    else:
        for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
            yield "=" if tag == "equal" else "~", "".join(old[a:b]), "".join(new[c:d])
    yield "=", "".join(before[len(before) - tail :]), "".join(after[len(after) - tail :])


def _alike(pairs: Iterable[tuple[str, str]]) -> int:
    """How many pairs are twice the same, before the first that is not."""
    count = 0
    for one, other in pairs:
        if one != other:
            break
        count += 1
    return count


def _without_chance(steps: list[tuple[str, str, str]]) -> Iterator[tuple[str, str, str]]:
    """The steps with what two changes have between them by chance counted as changed."""
    steps = [step for step in steps if step[1] or step[2]]
    for at, (sign, old, new) in enumerate(steps):
        is_chance = sign == "=" and len(old) <= _CHANCE and 0 < at < len(steps) - 1
        yield ("~" if is_chance else sign), old, new


def _runs(sign: str, old: str, new: str) -> list[Run]:
    return [("=", old)] if sign == "=" else [("-", old), ("+", new)]


def _joined(runs: Iterable[Run]) -> Iterator[Run]:
    """The runs with neighbours of a sign as one: between two stretches that stay, what is gone stands first."""
    texts = {"-": "", "+": "", "=": ""}
    for sign, text in runs:
        if not text:
            continue
        if sign == "=" and (texts["-"] or texts["+"]):
            yield from _pair(texts)
        if sign != "=" and texts["="]:
            yield "=", texts["="]
            texts["="] = ""
        texts[sign] += text
    yield from _pair(texts)
    if texts["="]:
        yield "=", texts["="]


def _pair(texts: dict[str, str]) -> Iterator[Run]:
    for sign in ("-", "+"):
        if texts[sign]:
            yield sign, texts[sign]
            texts[sign] = ""


def _marked(run: Run, *, is_first: bool, is_last: bool) -> SafeString:
    sign, text = run
    if sign != "=":
        tag = "del" if sign == "-" else "ins"
        return format_html(f"<{tag}>{{}}</{tag}>", text)
    if len(text) <= _FOLDED:
        return format_html("{}", text)
    head = 0 if is_first else _AROUND
    tail = len(text) if is_last else len(text) - _AROUND
    hidden = tail - head
    label = ngettext("%(count)s character as before", "%(count)s characters as before", hidden) % {
        "count": hidden
    }
    return format_html(
        '{}<details class="as-before"><summary>… {} …</summary>{}</details>{}',
        text[:head],
        label,
        text[head:tail],
        text[tail:],
    )
