"""Divides the blocks of a sheet into areas, one for each article, by rules, white space, titles and the flow of text."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from .set_blocks import SetBlock, body_size, ends_sentence, furniture_lines, group_blocks
from .sheets import Rectangle, SetLine, Sheet, hull

# Points by which a box may stand over the line of a cut, and by which a frame may lie off its lines.
_SLACK = 1.5
_MOST_CUTS = 40
_WHOLE = 0.8
# What speaks for a cut, and against one.
_RULE = 4.0
_TITLE_BELOW = 2.0
_TEXT_BELOW = -3.0
_TITLES_ABREAST = 1.5
_NO_TITLES_ABREAST = -2.0
_WIDE_GAP = 20.0
_FLOW_CUT = -3.0
_TITLE_ALONE = -4.0
_LEAST_TEXT = 25


@dataclass(frozen=True, slots=True)
class Area:
    """The blocks of an article, or of what is none: an advert, a head of the page."""

    blocks: tuple[SetBlock, ...]
    is_article: bool = True

    @property
    def box(self) -> Rectangle:
        return hull([block.box for block in self.blocks])


def find_areas(lines: Sequence[SetLine], sheet: Sheet) -> list[Area]:
    """Divide a sheet into areas: the articles in the order of the page, and before them its head and foot."""
    body = body_size(lines)
    furniture = furniture_lines(lines, sheet, body)
    outside = {id(line) for line in furniture}
    left = [line for line in lines if id(line) not in outside]
    areas = [
        _judged(blocks)
        for group in _framed(left, sheet.frames)
        for blocks in _cut(group_blocks(group, body, sheet.pictures), sheet.rules, body)
        if blocks
    ]
    areas.sort(key=lambda area: (round(area.box.top / (3 * body)), area.box.left))
    middle = sheet.height / 2
    edges = [Area((SetBlock("text", (line,)),), is_article=False) for line in furniture]
    heads = [area for area in edges if area.box.top < middle]
    feet = [area for area in edges if area.box.top >= middle]
    return heads + areas + feet


def _framed(lines: Sequence[SetLine], frames: Sequence[Rectangle]) -> Iterator[list[SetLine]]:
    """The lines in each frame, the innermost first, and those in none."""
    left = list(lines)
    for frame in sorted(frames, key=lambda frame: frame.width * frame.height):
        inside = [line for line in left if frame.contains(line.box, _SLACK)]
        if inside and len(inside) < len(left):
            yield inside
            taken = {id(line) for line in inside}
            left = [line for line in left if id(line) not in taken]
    yield left


def _judged(blocks: Sequence[SetBlock]) -> Area:
    """Whether blocks are an article: they have a text of some length, or the caption of a picture."""
    text = "".join(line.text for block in blocks if block.kind == "text" for line in block.lines)
    has_caption = any(block.kind == "caption" for block in blocks)
    is_text = len(text) >= _LEAST_TEXT and ("。" in text or len(text) >= 3 * _LEAST_TEXT)
    return Area(tuple(blocks), is_text or has_caption)


@dataclass(frozen=True, slots=True)
class _Cut:
    score: float
    first: list[SetBlock]
    second: list[SetBlock]


def _cut(
    blocks: list[SetBlock], rules: Sequence[Rectangle], body: float, depth: int = 0
) -> list[list[SetBlock]]:
    """Cut blocks in two where most speaks for it, until each part has one title."""
    titles = sum(block.kind == "title" for block in blocks)
    if not titles or depth > _MOST_CUTS:
        return [blocks]
    cuts = [*_cuts_down(blocks, rules, body), *_cuts_across(blocks, rules, body)]
    if not cuts:
        return [blocks]
    best = max(cuts, key=lambda cut: cut.score)
    return _cut(best.first, rules, body, depth + 1) + _cut(best.second, rules, body, depth + 1)


def _cuts_down(blocks: Sequence[SetBlock], rules: Sequence[Rectangle], body: float) -> Iterator[_Cut]:
    """The cuts between what is above and what is below."""
    whole = hull([block.box for block in blocks])
    for start, end in _gaps([(block.box.top, block.box.bottom) for block in blocks]):
        at = (start + end) / 2
        above = [block for block in blocks if block.box.bottom <= at + _SLACK]
        below = [block for block in blocks if block.box.bottom > at + _SLACK]
        if not _may_divide(above, below):
            continue
        is_ruled = any(
            abs(rule.top - at) <= (end - start) / 2 + 2 and rule.overlap_across(whole) > _WHOLE * whole.width
            for rule in rules
            if rule.width > rule.height
        )
        top = min(below, key=lambda block: block.box.top)
        if not _have_title(above) and (top.kind != "title" or (not is_ruled and end - start < 0.5 * body)):
            continue
        score = _RULE * is_ruled + (_TITLE_BELOW if top.kind == "title" else _TEXT_BELOW)
        score += _TITLE_ALONE * (not (_has_body(above) and _has_body(below)))
        yield _Cut(score + min(1.0, (end - start) / _WIDE_GAP), above, below)


def _cuts_across(blocks: Sequence[SetBlock], rules: Sequence[Rectangle], body: float) -> Iterator[_Cut]:
    """The cuts between what is to the left and what is to the right."""
    whole = hull([block.box for block in blocks])
    for start, end in _gaps([(block.box.left, block.box.right) for block in blocks]):
        at = (start + end) / 2
        left = [block for block in blocks if block.box.right <= at + _SLACK]
        right = [block for block in blocks if block.box.right > at + _SLACK]
        if not (_have_title(left) and _have_title(right)):
            continue
        is_ruled = any(
            abs(rule.left - at) <= (end - start) / 2 + 2 and rule.overlap_down(whole) > _WHOLE * whole.height
            for rule in rules
            if rule.height > rule.width
        )
        heads = [min(part, key=lambda block: block.box.top).kind == "title" for part in (left, right)]
        score = _RULE * is_ruled + (_TITLES_ABREAST if all(heads) else _NO_TITLES_ABREAST)
        score += _FLOW_CUT * _flows(left, right, body)
        score += _TITLE_ALONE * (not (_has_body(left) and _has_body(right)))
        yield _Cut(score + min(1.0, (end - start) / _WIDE_GAP), left, right)


def _gaps(spans: list[tuple[float, float]]) -> Iterator[tuple[float, float]]:
    """The gaps that no span reaches over."""
    ordered = sorted(spans)
    end = ordered[0][1]
    for start, stop in ordered[1:]:
        if start > end - _SLACK:
            yield min(start, end), max(start, end)
        end = max(end, stop)


def _have_title(blocks: Sequence[SetBlock]) -> bool:
    return any(block.kind == "title" for block in blocks)


def _may_divide(above: Sequence[SetBlock], below: Sequence[SetBlock]) -> bool:
    """Whether both parts may be articles: each has a title, or the upper one has text enough without one."""
    if not _have_title(below):
        return False
    return _have_title(above) or sum(len(line.text) for block in above for line in block.lines) >= _LEAST_TEXT


def _has_body(blocks: Sequence[SetBlock]) -> bool:
    return any(block.kind != "title" for block in blocks)


def _flows(left: Sequence[SetBlock], right: Sequence[SetBlock], body: float) -> bool:
    """Whether the text at the foot of the left part goes on in the middle of a sentence at the top of the right part."""
    before = [block for block in left if block.kind == "text"]
    after = [block for block in right if block.kind == "text"]
    if not before or not after:
        return False
    last = max(before, key=lambda block: (block.box.bottom, block.box.right)).lines[-1]
    top = min(after, key=lambda block: (block.box.top, block.box.left))
    is_indented = top.lines[0].box.left - top.box.left > 1.2 * body
    return not ends_sentence(last.text) and not is_indented
