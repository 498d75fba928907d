"""Sets training pages again as other papers and scanners would: columns, indents, blank lines, faults, residue."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from dataclasses import dataclass

from articles.reading.lines.printed_lines import split_lines

from .training_pages import RESIDUE, TrainingPage

WRAPPED = frozenset({"paragraph", "caption", "byline", "credit"})
"""The kinds of blocks whose lines are one sentence broken at the width of a column."""

_TITLES = frozenset({"kicker", "headline", "subtitle"})
_NOT_FIRST = frozenset("，。、；：！？”’）》」』】…—")
_NOT_LAST = frozenset("“‘（《「『【")
_FURNITURE = (
    *(
        "责任编辑：林一舟　美编：王芳",
        "2016年5月3日　星期二",
        "第03版",
        "A07",
        "本版电话：0000-0000000",
        "要闻",
        "广告",
    ),
    *(
        "编辑：林一舟　校对：王芳",
        "http://www.example.com",
        "投稿邮箱：news@example.com",
        "版面导航",
        "分享到：",
    ),
)
# What stands between articles: adverts, notices, tables, guides to other pages, corrections.
_ITEMS = (
    (
        "遗失声明",
        "林一舟遗失身份证一张，证号尾数0217，声明作废。",
        "南河林场遗失公章一枚（编号3），声明作废。",
    ),
    ("遗失声明：王芳遗失学生证，编号0217，声明作废。",),
    (
        "招聘启事",
        "南河林场因工作需要，现招聘护林员五名，要求身体健康、吃苦耐劳，待遇面议。",
        "联系电话：0000-0000000",
    ),
    (
        "拍卖公告",
        "受委托，定于5月2日上午10时在南河宾馆公开拍卖旧车三辆，有意者请于5月1日前办理登记。",
        "联系人：王女士",
    ),
    ("停电通知", "5月2日8时至17时：南河路、沿河一至三村。", "5月3日8时至12时：北山脚下各村。"),
    ("南河家园", "现房发售　每平方米3800元起", "热线：0000-0000000　0000-0000001", "地址：南河路12号"),
    (
        "树种      株数      单价（元）",
        "白榆      1200      3.50",
        "旱柳      1800      2.80",
        "合计      3000",
    ),
    ("今日天气", "南河　多云　12℃—21℃", "北山　晴　9℃—20℃"),
    ("19:30　电视剧：南河人家（第12集）", "21:00　晚间新闻", "22:10　体育世界"),
    ("今日导读", "早市延长到上午十点　2版", "南河大桥封闭一周　3版", "护林员的一天　详见4版"),
    ("更正：本报5月2日3版《南河植树》一文中“三千棵”应为“三万棵”。",),
    ("（下转第4版）",),
    ("（上接第1版）",),
    ("下转2版",),
    ("（详细报道见第3版）",),
    ("开奖公告", "第2016052期　02　07　12　19　23　30　+　08", "一等奖3注　每注奖金500万元"),
)
_MISREAD = dict(
    zip("未土日入大己已天末千干口晴请情侯候鸟乌", "末士曰人太已己夫未干千曰睛晴清候侯乌鸟", strict=True)
)
_MIN_CUT = 60


@dataclass(frozen=True)
class Setting:
    """How a page is set, and its faults.

    `width` of the columns in characters, 0 for none. `blank` lines stand above "none" or "all" blocks, "articles" or
    "titles". The rest are shares: paragraphs `cut` into two columns, full stops lost, characters misread, lines of
    `furniture` between the blocks, `items` of residue between articles, captions `inset` into the paragraph below them.
    """

    width: int
    indent: str
    blank: str
    cut: float = 0.0
    lost_stops: float = 0.0
    misread: float = 0.0
    furniture: float = 0.0
    items: float = 0.0
    inset: float = 0.0


@dataclass(frozen=True)
class _Piece:
    """A text that is set in one go; `begins` is false where its block continues after a caption."""

    text: str
    owner: int
    begins: bool


def choose_setting(dice: random.Random) -> Setting:
    """Choose a setting as they occur."""
    width = dice.choice([0, 0, dice.randint(12, 20), dice.randint(14, 30)])
    return Setting(
        width,
        dice.choice(["　　", "　　", "  ", "    ", ""]),
        dice.choice(["none", "none", "all", "articles", "titles"]),
        cut=0.0 if width else dice.choice([0.0, 0.2]),
        lost_stops=dice.choice([0.0, 0.0, 0.0, 0.3]),
        misread=dice.choice([0.0, 0.0, 0.2]),
        furniture=dice.choice([0.0, 0.0, 0.03]),
        items=dice.choice([0.0, 0.2]),
        inset=dice.choice([0.0, 0.3]),
    )


def set_again(page: TrainingPage, setting: Setting, dice: random.Random) -> TrainingPage:
    """Set a page in another way; its lines keep the blocks that own them."""
    lines: list[tuple[str, int]] = []
    above = RESIDUE
    for piece in _inset(page, setting, dice):
        if _article(page, above) != _article(page, piece.owner) and dice.random() < setting.items:
            lines += [(line, RESIDUE) for line in dice.choice(_ITEMS)]
        if lines and piece.begins and _is_gap(page, setting.blank, above, piece.owner):
            lines.append(("", RESIDUE))
        lines += [(line, piece.owner) for line in _set(piece, page.kind(piece.owner), setting, dice)]
        if dice.random() < setting.furniture:
            lines.append((dice.choice(_FURNITURE), RESIDUE))
        above = piece.owner
    text = "".join(f"{line}\n" for line, _ in lines)
    owners = [owner for line, owner in lines if line.strip()]
    return TrainingPage(
        page.name, page.group, text, page.articles, page.residue, page.blocks, split_lines(text), owners
    )


def _pieces(page: TrainingPage) -> Iterator[_Piece]:
    """The texts of the page, column breaks removed."""
    seen: set[int] = set()
    rows = zip(page.lines, page.owners, strict=True)
    for owner, group in itertools.groupby(rows, key=lambda row: row[1]):
        texts = [line.text for line, _ in group]
        if page.kind(owner) in WRAPPED:
            texts = ["".join(texts)]
        for text in texts:
            yield _Piece(text, owner, owner == RESIDUE or owner not in seen)
            seen.add(owner)


def _inset(page: TrainingPage, setting: Setting, dice: random.Random) -> list[_Piece]:
    """Put some captions into the middle of the paragraph below."""
    made: list[_Piece] = []
    for piece in _pieces(page):
        is_long = page.kind(piece.owner) == "paragraph" and piece.begins and len(piece.text) > _MIN_CUT
        is_below = bool(made) and page.kind(made[-1].owner) == "caption"
        if is_long and is_below and dice.random() < setting.inset:
            at = dice.randint(20, len(piece.text) - 20)
            if setting.width:
                at = max(1, setting.width, at - at % setting.width) - len(setting.indent.strip(" "))
            caption = made.pop()
            made += [_Piece(piece.text[:at], piece.owner, begins=True), caption]
            made.append(_Piece(piece.text[at:], piece.owner, begins=False))
        else:
            made.append(piece)
    return made


def _is_gap(page: TrainingPage, blank: str, above: int, here: int) -> bool:
    """Whether a blank line stands between two blocks."""
    if blank == "articles":
        return _article(page, above) != _article(page, here)
    if blank == "titles":
        return (page.kind(above) in _TITLES) != (page.kind(here) in _TITLES)
    return blank == "all"


def _article(page: TrainingPage, owner: int) -> int:
    return page.blocks[owner].article if owner != RESIDUE else -1


def _set(piece: _Piece, kind: str, setting: Setting, dice: random.Random) -> Iterator[str]:
    """The printed lines of a piece."""
    text = piece.text
    if setting.misread:
        text = "".join(_MISREAD.get(c, c) if dice.random() < setting.misread else c for c in text)
    if kind == "paragraph" and text.endswith("。") and dice.random() < setting.lost_stops:
        text = text[:-1]
    is_indented = kind == "paragraph" or (kind in ("heading", "byline", "credit") and dice.random() < 0.5)
    indent = setting.indent if is_indented and piece.begins else ""
    if setting.width:
        yield from _columns(indent, text, setting.width, is_hanging=dice.random() < 0.5)
        return
    cuts = {0, len(text)}
    if kind == "paragraph" and len(text) > _MIN_CUT:
        cuts |= {dice.randint(10, len(text) - 10) for _ in range(2) if dice.random() < setting.cut}
        # Columns that end early, inside a dateline or a credit, are the hardest to put together.
        cuts |= {dice.randint(8, 40)} if dice.random() < setting.cut else set()
    for start, end in itertools.pairwise(sorted(cuts)):
        yield (indent if start == 0 else "") + text[start:end]


def _columns(indent: str, text: str, width: int, *, is_hanging: bool) -> Iterator[str]:
    """Break a text at the width of a column; no line begins with a closing mark or ends with an opening one.

    A closing mark hangs over the edge, or takes the character before it to the next line.
    """
    line, room = indent, width - _width(indent)
    for char in text:
        if room < _width(char) and not (is_hanging and char in _NOT_FIRST and room > -1):
            at = len(line)
            while at > 1 and (
                (line[at] if at < len(line) else char) in _NOT_FIRST or line[at - 1] in _NOT_LAST
            ):
                at -= 1
            if line[:at].strip():
                yield line[:at]
            line = line[at:]
            room = width - _width(line)
        line += char
        room -= _width(char)
    if line.strip():
        yield line


def _width(text: str) -> float:
    """The width in full-width characters."""
    return len(text) - sum(char.isascii() for char in text) / 2
