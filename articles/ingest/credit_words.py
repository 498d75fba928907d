"""The words of a credit: roles, what stands between names, and the names themselves.

A credit is a run of such words and nothing else: `记者 林一舟 通讯员 王芳李小明 文/图`. What is none of them is
`unknown`, by which a sentence is told from a credit. All functions read folded text (see `folding`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from .datelines import AGENCIES, HAN, OWN, PAPERS
from .records import Role
from .surnames import COMMON_SURNAMES, is_surname, split_names

Part = Literal[
    "spread", "staff", "role", "after", "either", "report", "slash", "filler", "space", "name", "unknown"
]

BULLETS = "□■◎○●◇◆★☆▲△▼⊙※✦"

# Editors and others who make the page, and sources: the names behind them are no reporters.
STAFF = (
    "(?:本版|本期|值班|执行|责任|首席|网络|见报)?(?:责任编辑|责任校对|编辑|责编|校对|版式|美编|主编|总编|编委|制图|绘图|策划|统筹"
    "|监制|审核|审读|终审|复审|初审|翻译|设计|排版|组版|检校|编校|一读|二读)"
    "|(?:本文|资料|文章|稿件|信息|图片)?来源|作者(?:单位|系)|(?:指导|辅导)老师"
)
# What stands before 记者: for whom, of what rank, where.
_RANK = (
    f"{OWN}|{AGENCIES}|首席|见习|实习|特派|特约|全媒体|融媒体|融媒|多媒体|新媒体|文字|资深|高级|主任|前方|随团|体育|深度|财经|政法"
    f"|驻{HAN}{{1,4}}?|{HAN}{{2,3}}版|(?<!{HAN}){HAN}{{2,4}}?(?=(?:见习|首席|全媒体|融媒体|特派)记者)"
    f"|{HAN}{{2,8}}?(?:{PAPERS}|报业|传媒集团|通讯社|电视台|电台|融媒体中心|客户端|新闻网|新闻|在线|报|网|社|台)"
)
# Names are spread to the width of a column, 林 一 舟, and so are those with a dot, 巴图 · 乌力吉. In 林 平 王 芳 the
# third character is a surname before a single character, so it begins another name.
_SPREAD = (
    f"(?<!{HAN}){HAN}{{2,8}} · {HAN}{{2,8}}(?!{HAN})"
    f"|(?<!{HAN}){HAN} {{1,3}}{HAN}(?: {{1,3}}(?![{COMMON_SURNAMES}] {{1,3}}{HAN}(?!{HAN})){HAN})?(?!(?!摄){HAN}|[/：])"
)

# The part that a word plays and the role that it gives, first match wins. `role` speaks of the names behind it,
# `after` of those before it, `either` of those behind it where there are any.
_WORDS: tuple[tuple[Part, Role | None, str], ...] = (
    ("spread", None, _SPREAD),
    ("staff", None, STAFF),
    ("after", "photographer", "摄影并?报道|图片报道"),
    (
        "after",
        "reporter",
        "文(?:[/、]|并|和)?(?:图片?|摄影|摄)(?=$|[） 。：/])|图[/、]?文|(?:撰文|采写)/?摄影",
    ),
    ("role", "photographer", f"(?:(?:{_RANK}) ?){{0,3}}摄影记者"),
    ("role", "reporter", f"(?:(?:{_RANK}) ?){{0,4}}记者(?:组)?|采写|撰文|撰稿|执笔|(?:{OWN})?特约撰稿人"),
    ("role", "reporter", "采访(?=[：/ ])|作者(?=[：/ ])|文字?(?=[：/])"),
    ("role", "reporter", f"(?:(?:{OWN}|{AGENCIES}|特约) ?)+评论员"),
    ("role", "correspondent", f"(?:(?:{OWN}|特约|骨干|优秀) ?){{0,2}}(?:通讯员|通联员)"),
    ("role", "intern", "(?:(?:本报|全媒体) ?)?(?:实习生|见习生)"),
    ("either", "photographer", "摄影"),
    ("after", "photographer", "供图|航拍|摄像|摄|图片?(?=[：/])|(?<=[ /])图片?(?=$|[） ])"),
    ("after", "reporter", "(?<=[ /])文(?=$|[） ])"),
    ("report", None, "(?:综合|整理|编译|联合|连线)?(?:报道|报导)|发自|综合|整合|整理|编译|专访|专稿"),
    ("slash", None, "[/：]"),
    ("space", None, f"[ 、，；&＆|（）【】{BULLETS}]+|(?<![者员生：/ ])(?:以及|及|和|与)"),
    ("filler", None, f"{OWN}|{AGENCIES}|(?<!{HAN}){HAN}{{0,6}}?(?:{PAPERS}|融媒体中心|电视台|报社)"),
    ("filler", None, "(?:(?<=[社网 ])发|等)(?=$|[）。])"),
)
_WORD = re.compile("|".join(f"(?P<w{place}>{pattern})" for place, (_, _, pattern) in enumerate(_WORDS)))

# More characters than these without a known surname are a sentence, unless they are two Tibetan names.
_MAX_ANY = 6
_TWO_OF_FOUR = 8
_NAME_RUN = re.compile(f"(?:{HAN}|·)+")
_NAME_WITH_DOTS = re.compile(f"{HAN}{{1,8}}(?:·{HAN}{{1,8}}){{1,3}}")
# What else papers put in brackets or behind 记者, and what could pass for a name.
_FORMULA = re.compile(
    "[左右前后中上下]+[起一二三四五六排]|连载|续完|全文|节选|综合|组图|附图|相关|方言"
    "|手记|观察|调查|述评|札记|随笔|日记|来信|连线|视角|视线|专栏|走基层|帮|问|节$|站$|团$"
)


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a credit: what part it plays, the role that it gives, or the name that it is."""

    part: Part
    start: int
    end: int
    role: Role | None = None
    name: str = ""


@lru_cache(maxsize=512)
def words(text: str) -> tuple[Word, ...]:
    """The words of a credit in order, and the names between them; kept, for a credit is asked for more than once.

    >>> [(word.part, word.name) for word in words("记者王芳李小明摄")]
    [('role', ''), ('name', '王芳'), ('name', '李小明'), ('after', '')]
    """
    return tuple(_words(text))


def _words(text: str) -> Iterator[Word]:
    end = 0
    is_set_off = has_role = False
    for match in _WORD.finditer(text):
        part, role, _ = _WORDS[int((match.lastgroup or "w0")[1:])]
        # Pen names and Tibetan names have no surname. They are names beside a role, where a space, a colon, a
        # bracket or another role sets them off.
        any_name = has_role and (is_set_off or part == "role" or match[0][0] in "）】")
        yield from _names(text, end, match.start(), any_name=any_name)
        has_role |= part == "role"
        if part == "spread":
            yield from _spread_name(text, match)
        else:
            yield Word(part, match.start(), match.end(), role)
        # 本报记者 stands before a name only; 记者 begins sentences too.
        is_set_off = part in {"space", "slash"} or (part == "role" and match[0] != "记者")
        end = match.end()
    yield from _names(text, end, len(text), any_name=has_role and is_set_off)


def _names(text: str, start: int, end: int, *, any_name: bool) -> Iterator[Word]:
    """The names between two words of a credit, cut by their surnames."""
    run = text[start:end].strip(" .。")
    if not run:
        return
    start = text.index(run, start)
    cuts = _cuts(run, any_name=any_name)
    if not cuts:
        yield Word("unknown", start, start + len(run))
    for name_start, name_end in cuts:
        yield Word("name", start + name_start, start + name_end, name=run[name_start:name_end])


def _cuts(run: str, *, any_name: bool) -> list[tuple[int, int]]:
    if _FORMULA.match(run) or not _NAME_RUN.fullmatch(run):
        return []
    if _NAME_WITH_DOTS.fullmatch(run):
        return [(0, len(run))]
    if any_name and len(run) == _TWO_OF_FOUR:
        return split_names(run) or [(0, 4), (4, 8)]
    return split_names(run, any_surname=any_name and len(run) <= _MAX_ANY) or []


def _spread_name(text: str, match: re.Match[str]) -> Iterator[Word]:
    """A name whose characters are spread; what follows two of them may be a role: 王 芳 摄."""
    start, end = match.span()
    if "·" not in match[0] and not is_surname(text[start]):
        yield Word("unknown", start, end)
        return
    role = {"摄": "photographer", "图": "photographer", "文": "reporter"}.get(text[end - 1])
    characters = match[0].split()
    if role and len(characters) == 3 and "·" not in characters:
        name_end = start + match[0].rindex(characters[1]) + 1
        yield Word("name", start, name_end, name=characters[0] + characters[1])
        yield Word("after", end - 1, end, "photographer" if role == "photographer" else "reporter")
    else:
        yield Word("name", start, end, name="".join(characters))
