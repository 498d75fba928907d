"""Parses credits: whether a text is a byline, who is in it in which role, and where a text contains one.

All functions read folded text (see `character_folding`) and give offsets in it.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Self

from articles.reading.values import Role, Span

from .datelines import CITIES, find_dateline
from .name_characters import name_odds
from .names_without_surname import is_name_without_surname
from .surnames import COMMON_SURNAMES, COMPOUND_SURNAMES, is_surname
from .vocabulary import BULLETS, PICTURE_AGENCIES, STAFF, CreditWord, split_credit_words

_AROUND = BULLETS + "·— "
_MAX_LENGTH = 70
_STAFF_LINE = re.compile(
    rf"(?:{STAFF})(?=[：/ ])|作者(?:系|为|是|单位|简介)|(?:据|原载|摘自|选自|转自|转载自)《[^》]{{1,20}}》[^，。]{{0,8}}$"
)
# No credit contains a whole sentence; a credit without brackets or a bullet contains one of these words.
_SENTENCE = re.compile("[。！？](?!$)")
_CREDIT_WORD = re.compile(
    "记 {0,2}者|特派员|通 {1,2}讯 {1,2}员|主笔|整理|评论员|通讯员|通联员|实习生|见习生|摄"
    "|图|文|采写|撰|执笔|采访|作者|航拍|供稿|编译|报导|报道[：/]"
)
_PHOTO_END = ("摄", "摄影", "供图", "摄影报道")
# The source of a picture, which may follow its credit.
_PHOTO_REMARK = re.compile(
    f"（[^（）]{{0,24}}(?:提供|图片|来源)[^（）]{{0,8}}）$| ?/ ?(?:{PICTURE_AGENCIES})$"
)
_WINDOW = 40
# The kinds of words that a credit without brackets begins with: 记者 林一舟, 摄影 林一舟, 图/林一舟.
# Kinds of words that make a credit sure, whatever its names.
_SURE = {"role", "after", "either", "both"}
# Names of a credit without a role are so likely at least, as a natural logarithm. On labelled pages of papers that the
# characters were not learned from, it holds for 19 in 20 names, and for 1 in 10 of other short lines that could be names.
_MIN_ODDS = -0.5
_MIN_ODDS_MARKED = -2.5
_OPENING = ("role", "either", "after")
_MARKS = f" 。{BULLETS}"
_END_MARKS = re.compile(
    rf"(?:[{_MARKS}]|（(?:下转|转|见|接)第?[A-Z]?[0-9一二三四五六七八九十]{{1,3}}版[^（）]{{0,8}}）)+$"
)
# So many spaces divide a signature from the text.
_FAR = 3


@dataclass(frozen=True, slots=True)
class CreditedPerson:
    """A person in a credit; `role` is None if the credit gives none."""

    name: str
    role: Role | None
    start: int
    end: int

    def moved(self, offset: int) -> Self:
        return replace(self, start=self.start + offset, end=self.end + offset)


def credited_people(text: str) -> list[CreditedPerson]:
    """List the people whom a credit names, without editors.

    >>> [(p.name, p.role) for p in credited_people("记者 林一舟 通讯员 王芳李小明 文/图")]
    [('林一舟', 'reporter'), ('王芳', 'correspondent'), ('李小明', 'correspondent')]
    """
    return _with_roles([word for word in split_credit_words(text) if word.part != "space"])


def is_byline(text: str) -> bool:
    """Whether the text is a credit and nothing else: names with a role, a bullet or brackets.

    >>> [is_byline(text) for text in ("□记者 林一舟", "本报记者", "记者手记", "编辑 林一舟", "（林一舟）")]
    [True, True, False, False, True]
    """
    inner = text.strip(_AROUND)
    if not inner or len(inner) > _MAX_LENGTH or _SENTENCE.search(inner):
        return False
    if match := find_dateline(inner):
        return inner.count("（") == inner.count("）") and is_byline(inner[match.end() :].strip())
    bracketed = inner[0] in "（【" and inner[-1] in "）】"
    # A dash alone marks a quotation, not a credit: ——林一舟.
    marked = bracketed or inner != text.strip("— ")
    if not marked and not _CREDIT_WORD.search(inner):
        return False
    credit = split_credit_words(inner)
    parts = {word.part for word in credit}
    if "unknown" in parts or ("staff" in parts and "role" not in parts):
        return False
    if not parts & _SURE and not _are_likely_names(credit, is_marked=marked):
        return False
    return (
        bool(parts & {"role", "after", "either", "both"})
        or parts >= {"slash", "report"}
        or (marked and "name" in parts)
    )


def is_names(text: str) -> bool:
    """Whether the text is nothing but Chinese names, each with its surname: 林舟李一平, 县林业局 林一舟."""
    # First what costs little, as each line of a page is asked.
    if not any(map(is_surname, text)):
        return False
    credit = [word for word in split_credit_words(text) if word.part not in ("space", "body")]
    return (
        bool(credit)
        and all(word.part == "name" and is_surname(word.name[0]) for word in credit)
        and not text.endswith("—")
        and _are_likely_names(credit)
    )


def _are_likely_names(credit: Iterable[CreditWord], *, is_marked: bool = False) -> bool:
    """Whether the characters of the names are those of names, taken together: not 严格监 管小 区直饮.

    Names that brackets or a bullet mark, each apart from the next, need less.
    """
    names = [word for word in credit if word.part == "name"]
    is_run = any(word.end == after.start for word, after in pairwise(names))
    odds = [name_odds(word.name) for word in names if _has_usual_surname(word.name)]
    return sum(odds) >= (_MIN_ODDS_MARKED if is_marked and not is_run else _MIN_ODDS) * len(odds)


def _has_usual_surname(name: str) -> bool:
    """Whether the name begins with a surname of one character, and is not made of fixed words: 强巴格桑."""
    return is_surname(name[0]) and name[:2] not in COMPOUND_SURNAMES and not is_name_without_surname(name)


def is_staff_line(text: str) -> bool:
    """Whether the text begins with editors, proofreaders or a source: 编辑 林一舟, 【编辑：林一舟】, 本文来源：临河晚报."""
    inner = text.strip(_AROUND + "（）【】")
    return len(inner) <= _MAX_LENGTH and "。" not in inner and _STAFF_LINE.match(inner) is not None


def _with_roles(credit: list[CreditWord]) -> list[CreditedPerson]:
    """Assign roles to names: a role counts for the names after it, 摄 for the names before it since the last such word."""
    done: list[CreditedPerson] = []
    group: list[CreditedPerson] = []
    role: Role | None = None
    is_staff = leads = False
    for here, word in enumerate(credit):
        if word.part == "name" and not is_staff and not _is_place(credit, here, group):
            group.append(CreditedPerson(word.name, role, word.start, word.end))
        elif word.part == "staff":
            is_staff = True
        elif word.part == "role":
            # In 图/记者 林一舟 the reporter is a photographer.
            is_led = leads and not group and role == "photographer"
            role, is_staff, leads = role if is_led else word.role, False, False
        elif word.part == "group" or (
            word.part == "report" and [after.part for after in credit[here + 1 : here + 2]] == ["name"]
        ):
            done, group, role = done + group, [], None
        elif word.part == "both":
            done, group, role = done + _without_end_marks_and_photographed(group), [], None
        elif word.part in ("after", "either"):
            if _leads(word, credit[here + 1 : here + 3], group):
                done, group, role, is_staff, leads = done + group, [], word.role, False, True
            else:
                done, group, role = done + [_with_role(name, word.role) for name in group], [], None
    return done + group


def _leads(word: CreditWord, following: list[CreditWord], group: list[CreditedPerson]) -> bool:
    """Whether the word refers to the names after it: 图/张三, 文/图 张三, 摄影 张三, but not 张三 摄影 or 张三 摄."""
    part = following[0].part if following else None
    if (
        part == "slash" and [after.part for after in following[1:]] == ["filler"] and group
    ):  # 林一舟 摄/南河图片
        return False
    return part == "slash" or (part in {"name", "role"} and (not group or word.part == "either"))


def _is_place(credit: list[CreditWord], here: int, group: list[CreditedPerson]) -> bool:
    """Whether this is the place of the report: 林一舟/台北报导, 记者 林一舟 北京报道, but not 林一舟 王芳摄影报道."""
    if not here or here + 1 == len(credit) or credit[here + 1].part not in ("report", "both"):
        return False
    before, word, after = credit[here - 1], credit[here], credit[here + 1]
    if before.part == "slash" or not group:
        return before.part == "slash" and after.part == "report"
    is_person = word.name not in CITIES and word.name[0] in COMMON_SURNAMES
    return after.start == word.end and before.end < word.start and not is_person


def _with_role(credit: CreditedPerson, role: Role | None) -> CreditedPerson:
    """Set a role: 摄 makes a reporter a photographer; 文/图 does not change a correspondent."""
    return replace(credit, role=role) if role == "photographer" or credit.role is None else credit


def _without_end_marks_and_photographed(group: list[CreditedPerson]) -> list[CreditedPerson]:
    """Credit the people before 摄影报道 with both the report and its photographs."""
    written = [_with_role(credit, "reporter") for credit in group]
    return written + [replace(credit, role="photographer") for credit in group]


def opening_credit(text: str) -> Span | None:
    """Find the credit that the text begins with, after a dateline if there is one.

    >>> text = "本报讯记者林一舟报道：今年"
    >>> text[slice(*opening_credit(text))]
    '记者林一舟报道'
    """
    dateline = find_dateline(text)
    start = dateline.end() if dateline else 0
    while start < len(text) and text[start] in " .。，":
        start += 1
    is_sure = dateline is not None and re.search("报[道导]", text[start : start + 20]) is not None
    if not (is_sure or text.startswith(("（", "【"), start) or _CREDIT_WORD.search(text, start, start + 20)):
        return None
    for end in _credit_ends(text, start):
        credit = text[start:end]
        if (is_byline(credit) or (is_sure and _is_report_of_names(credit))) and credited_people(credit):
            return start, end
    return None


def _is_report_of_names(credit: str) -> bool:
    """Whether names without a role report, as is possible after a dateline: 林一舟、王芳报道."""
    parts = [word.part for word in split_credit_words(credit) if word.part not in ("space", "body")]
    return parts[-1:] == ["report"] and is_names(credit.removesuffix("报道").removesuffix("报导"))


def _credit_ends(text: str, start: int) -> Iterator[int]:
    """The offsets at which a credit that begins here may end: its bracket, 报道 and a colon, or a space."""
    window = text[start : start + _MAX_LENGTH].partition("。")[0]
    if window[:1] in ("（", "【"):
        closings = [closing.end() for closing in re.finditer("[）】]", window)][:2]
        # A second pair of brackets may hold the correspondents.
        if len(closings) > 1 and credited_people(window[closings[0] : closings[1]]):
            yield start + closings[1]
        yield from (start + end for end in closings[:1])
        return
    for pattern in ("(?:报道|报导|专稿)(?=[：，， ])", "(?= )"):
        yield from sorted((start + match.end() for match in re.finditer(pattern, window)), reverse=True)


def _without_end_marks(text: str) -> str:
    """The text without the marks of editors at its end: the page of its continuation, a bullet."""
    stripped = text.rstrip(_MARKS)
    if not stripped.endswith("）"):  # as is usual
        return stripped
    return text[:-_MAX_LENGTH] + _END_MARKS.sub("", text[-_MAX_LENGTH:])


def closing_credit(text: str) -> Span | None:
    """Find the credit in brackets that ends the text; the span is the inside of the brackets.

    >>> text = "种下三千棵树。（林一舟）"
    >>> text[slice(*closing_credit(text))]
    '林一舟'
    """
    stripped = _without_end_marks(text)
    opening = max(stripped.rfind("（"), stripped.rfind("【"))
    if not stripped.endswith(("）", "】")) or opening < 0 or len(stripped) - opening > _MAX_LENGTH:
        return None
    return (opening + 1, len(stripped) - 1) if is_byline(stripped[opening:]) else None


def closing_photo_credit(text: str) -> Span | None:
    """Find the photo credit without brackets that ends the text, after its last sentence or a space.

    >>> text = "候鸟飞过湖面。 通讯员林一舟 摄"
    >>> text[slice(*closing_photo_credit(text))]
    '通讯员林一舟 摄'
    """
    if "摄" not in text[-_WINDOW:] and "供图" not in text[-_WINDOW:]:
        return None
    stripped = _PHOTO_REMARK.sub("", _without_end_marks(text)).rstrip(" 。）")
    if not stripped.endswith(_PHOTO_END):
        return None
    for start in _credit_starts(stripped):
        tail = stripped[start:]
        if is_byline(tail) and credited_people(tail):
            return start, len(stripped)
    return None


def photo_credits(text: str) -> Iterator[Span]:
    """Find the photo credits of a text that describes pictures, each after its description.

    >>> text = "①候鸟飞过湖面。林一舟 摄 ②湖边的人。王芳 摄"
    >>> [text[slice(*span)] for span in photo_credits(text)]
    ['林一舟 摄', '王芳 摄']
    """
    for match in re.finditer("摄(?=[ 。）（；②-⑳]|$)", text):
        if span := closing_photo_credit(text[: match.end()]):
            yield span


def closing_bare_credit(text: str) -> Span | None:
    """Find the credit without brackets after the last sentence: it has a role, or is set apart by spaces.

    >>> text = "种下三千棵树。  记者 林一舟"
    >>> text[slice(*closing_bare_credit(text))]
    '记者 林一舟'
    """
    if not (" " * _FAR in text or _CREDIT_WORD.search(text, max(0, len(text) - _MAX_LENGTH))):
        return None
    stripped = _without_end_marks(text)
    stop = max(stripped.rfind(mark, max(0, len(stripped) - _WINDOW)) for mark in "。！？”…")
    tail = stripped[stop + 1 :].lstrip(" ")
    start = len(stripped) - len(tail)
    if stop < 1 or not tail:
        return None
    if start - stop > _FAR and is_names(tail):
        return start, len(stripped)
    if not _CREDIT_WORD.search(tail) or not is_byline(tail) or not credited_people(tail):
        return None
    credit = [word.part for word in split_credit_words(tail) if word.part not in ("space", "filler", "body")]
    return (start, len(stripped)) if credit[0] in _OPENING or credit[-1] in ("after", "both") else None


def _credit_starts(text: str) -> Iterator[int]:
    """The offsets at which a credit may begin near the end of a text: after the last full stop, then after each space."""
    window = max(0, len(text) - _WINDOW)
    stops = [match.end() for match in re.finditer("[。！？”…；（] *(?:[①-⑳] ?[0-9]{0,3} *)?", text[window:])]
    after_stop = stops[-1] if stops else 0
    if stops or not window:
        yield window + after_stop
    for match in re.finditer(" +", text[window + after_stop :]):
        yield window + after_stop + match.end()
