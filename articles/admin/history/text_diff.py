"""Compares two texts: text of one only is marked, and long stretches that both have are folded."""

import re
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from itertools import groupby
from operator import itemgetter

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import ngettext

_DiffRun = tuple[str, str]  # "=", "-" or "+", and the text
_Step = tuple[bool, str, str]  # whether the text stays, the text before, the text after

_SENTENCE = re.compile(r"[^\n。！？；]*[\n。！？；]|[^\n。！？；]+")
# The time grows with the product of both lengths; longer texts count as changed as a whole.
_COMPARED = 2_000_000
# Characters shown on either side of a change; a fold hides more than these.
_AROUND = 30
_FOLDED = 3 * _AROUND
# So few equal characters between two changes are chance: 的 in two different words.
_CHANCE = 1


def marked_diff(before: str, after: str) -> SafeString:
    """Both texts as one in HTML: `<del>` for removed and `<ins>` for added text; equal text is folded where long."""
    runs = list(_diff_texts(before, after))
    marked = [_marked(run, is_first=not at, is_last=at == len(runs) - 1) for at, run in enumerate(runs)]
    return format_html_join("", "{}", ((part,) for part in marked))


def _diff_texts(before: str, after: str) -> Iterator[_DiffRun]:
    """The runs of two texts, compared by sentence, and by character within sentences that changed.

    >>> list(_diff_texts("昨天，大桥通车。", "昨天，新桥通车。"))
    [('=', '昨天，'), ('-', '大'), ('+', '新'), ('=', '桥通车。')]
    """
    steps: list[_Step] = []
    for step in _steps(_SENTENCE.findall(before), _SENTENCE.findall(after)):
        is_equal, old, new = step
        steps += [step] if is_equal or not (old and new) else _without_chance(_steps(old, new))
    for is_equal, group in groupby(steps, key=itemgetter(0)):
        olds, news = zip(*((old, new) for _, old, new in group), strict=True)
        old, new = "".join(olds), "".join(news)
        runs = [("=", old)] if is_equal else [("-", old), ("+", new)]
        yield from (run for run in runs if run[1])


def _steps(before: Sequence[str], after: Sequence[str]) -> list[_Step]:
    """How a sequence of sentences or characters changes, without empty steps."""
    head = _common_length(zip(before, after, strict=False))
    rest = min(len(before), len(after)) - head
    tail = min(_common_length(zip(reversed(before), reversed(after), strict=False)), rest)
    old, new = before[head : len(before) - tail], after[head : len(after) - tail]
    if len(old) * len(new) > _COMPARED:
        middle: list[_Step] = [(False, "".join(old), "".join(new))]
    else:
        codes = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
        middle = [(tag == "equal", "".join(old[a:b]), "".join(new[c:d])) for tag, a, b, c, d in codes]
    first, last = "".join(before[:head]), "".join(before[len(before) - tail :])
    return [step for step in ((True, first, first), *middle, (True, last, last)) if step[1] or step[2]]


def _common_length(pairs: Iterable[tuple[str, str]]) -> int:
    """How many pairs have two equal members, before the first that has not."""
    count = 0
    for one, other in pairs:
        if one != other:
            break
        count += 1
    return count


def _without_chance(steps: list[_Step]) -> Iterator[_Step]:
    """The steps; characters that two changes have between them by chance count as changed."""
    for at, (is_equal, old, new) in enumerate(steps):
        is_chance = len(old) <= _CHANCE and 0 < at < len(steps) - 1
        yield is_equal and not is_chance, old, new


def _marked(run: _DiffRun, *, is_first: bool, is_last: bool) -> SafeString:
    sign, text = run
    if sign != "=":
        tag = "del" if sign == "-" else "ins"
        return format_html(f"<{tag}>{{}}</{tag}>", text)
    if len(text) <= _FOLDED:
        return format_html("{}", text)
    head = 0 if is_first else _AROUND
    tail = len(text) if is_last else len(text) - _AROUND
    hidden = tail - head
    label = ngettext("%(count)s character as before", "%(count)s characters as before", hidden)
    return format_html(
        '{}<details class="as-before"><summary>… {} …</summary>{}</details>{}',
        text[:head],
        label % {"count": hidden},
        text[head:tail],
        text[tail:],
    )
