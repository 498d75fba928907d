"""Finds organizations in text by the structure of their names.

A name is found by its last word (局, 医院, 公司) and extended to the left: over the words of its field, then over the
places, levels and organizations that it belongs to, or over a proper name up to a word that no name contains.
"""

import re
from collections.abc import Iterator, Sequence

from articles.reading.names.proposals import Proposal
from articles.reading.names.tagger import TaggedWord

from .borders import (
    LONGEST_NAME,
    SURE_BORDERS,
    NameBorders,
    OrganizationSpan,
    is_name_character,
    last_word,
    word_before,
)
from .organization_words import (
    BORDERS,
    DETERMINERS,
    FACILITIES,
    FIELDS,
    KNOWN,
    KNOWN_IN_TRADITIONAL,
    LAST_WORDS,
    NOT_AFTER,
    NOT_ALONE,
    OWNER_WORDS,
    SORTS_OF_A_CITY,
    LastWord,
    OrganizationKind,
)
from .well_known import WellKnown, is_traditional, load_well_known

# The most characters of an unknown field between a seat and a last word, and of a name in quotes.
_LONGEST_UNKNOWN_FIELD = 5
_LONGEST_QUOTED = 14

# A road is the location of a shop or a school, not part of its name: 解放路某某超市.
_WAYS = "路街道巷弄段号"
_OPEN = ("proper", "venue")
# Kinds whose names are often common nouns: 接力出版社, 树胶公会.
_COMMON_NAMES = ("media", "police", "association", "school", "research")
_NUMBERED = ("police", "school", "hospital")

# The certainty of each rule: about its precision on the labelled test pages, lower if they have few cases.
_SCORES = {
    "known": 0.95,
    "seat": 0.95,
    "proper": 0.8,
    "tagger": 0.6,
}
RARE_RULES = {
    "whole": 0.9,
    "title": 0.9,
    "abbreviation": 0.9,
    "quoted": 0.8,
    "list": 0.7,
    "ordinal": 0.7,
}
"""The certainty of the rules that so few pages have that no weight can be learned for them."""

_LAST = re.compile(
    f"[{''.join(sorted({word[-1] for word in (*LAST_WORDS, *KNOWN, *KNOWN_IN_TRADITIONAL)}))}]"
)
# The agency in a dateline is not an organization in the news: 新华社北京2月3日电, （新华社发）.
_DATELINE = re.compile(r"社(?:[^，。；\n]{0,24}电|发|供图|供稿|记者)")
_OFFICE = re.compile("长(?!期)")
# 小学|校长, 中学|校报: the school ends before these words.
_SCHOOL_WORD = re.compile("校[长报友区园庆歌服]")
_PARTY_OFFICE = re.compile("副?书记|常委|(?:宣传|组织|统战)?委员(?!会)")
# Party organs whose secretary follows: the name is part of the title.
_PARTY_CELLS = ("委", "党组", "党支部", "党总支", "总支", "团支部", "支部")
# 市人大代表, 全国政协委员, 人大三次会议: a member, or a meeting.
_MEMBER = re.compile("代表(?!大会|团)|委员(?!会)|[一二三四五六七八九十]+次会议")
_ASSEMBLIES = ("人大", "政协")
# All of a kind in the country or in a city, and no single one: 全国晚报, 越秀区小学.
_EVERYWHERE = ("全国", "国家")
_OF_THE_COUNTRY = frozenset({"party", "association", "government", "military"})
_QUARTERS = ("社区", "小区")
_OF_A_CITY = ("省", "市", "区", "县")
_ABBREVIATION = re.compile("（(?:以下|英文)?简称：?“?([^（）“”，。]{2,8})”?）")
# A noun with a count after it is not a name: 核查学校117所, 新建工厂三家.
_NUMBER = re.compile("[0-9一二三四五六七八九十百千万余多几两]{1,6}[所家个间座](?![\u4e00-\u9fff])")
_MEDIUM = re.compile("《([^《》\n]{1,12})》(?:周刊|杂志|月刊|编辑部|报道)")


def find_organizations(
    text: str, folded: str, places: Sequence[Proposal], words: Sequence[TaggedWord] = ()
) -> Iterator[Proposal]:
    """Propose organizations in a text, from left to right, none inside another.

    `folded` is the text after `fold_characters`. `places` are the places in it, as a name may begin with one. `words`
    are those of the tagger, if there is one: they give borders of proper names, and organizations of their own.
    """
    for organization in read_organizations(text, NameBorders(folded, places, words), words):
        yield Proposal(
            "organization",
            organization.start,
            organization.end,
            f"organization:{organization.rule}",
            {**_SCORES, **RARE_RULES}[organization.rule],
        )


def read_organizations(
    text: str, borders: NameBorders, words: Sequence[TaggedWord]
) -> list[OrganizationSpan]:
    """The organizations in a text by the rules; `borders.organizations` then has them by their ends."""
    known = load_well_known(is_traditional=is_traditional(text, borders.text))
    return _Reader(borders, known, words).organizations()


def is_office(text: str, end: int) -> bool:
    """Whether a head of the organization follows: 局|长."""
    return _OFFICE.match(text, end) is not None


def is_continued(text: str, end: int) -> bool:
    """Whether a last word is only the beginning of another word: 大学 of 大学生, 委 of 村委会, but not 局 of 局长."""
    after = text[end : end + 1]
    longer = last_word(text, end + 1) if after == "会" else None
    if longer is not None and longer[0] < end:
        return True
    if _SCHOOL_WORD.match(text, end - 1) and text[end - 3 : end - 2] in "小中大":
        return True
    is_longer = after in NOT_AFTER.get(text[end - 1], ())
    return is_longer and not _OFFICE.match(text, end) and not _SCHOOL_WORD.match(text, end)


def organization_kind(name: str) -> OrganizationKind:
    """The kind of an organization by its name in Simplified characters: 青山县人民法院 -> court."""
    last = last_word(name, len(name))
    return KNOWN.get(name) or (last[1].kind if last else "other")


class _Reader:
    """Reads a text from left to right; an organization found may begin the name of the next one."""

    def __init__(self, borders: NameBorders, known: WellKnown, words: Sequence[TaggedWord]) -> None:
        self._text = borders.text
        self._borders = borders
        self._kinds = known.kinds
        self._known = known.ends(self._text)
        titles = (match.span(1) for match in _MEDIUM.finditer(self._text))
        self._media = {end: OrganizationSpan(start, end, "media", "title") for start, end in titles}
        self._tagged = {word.end: word.start for word in words if word.tag == "ORG"}

    def organizations(self) -> list[OrganizationSpan]:
        found: list[OrganizationSpan] = []
        for organization in self._candidates():
            while found and found[-1].start >= organization.start:
                del self._borders.organizations[found.pop().end]
            if not found or found[-1].end <= organization.start:
                found.append(organization)
                self._borders.organizations[organization.end] = organization
        names = [organization for organization in found if self._is_name(organization)]
        return sorted([*names, *self._abbreviations(names)])

    def _abbreviations(self, names: list[OrganizationSpan]) -> Iterator[OrganizationSpan]:
        """The abbreviations that a text defines: 星河 of 星河航天有限公司（简称“星河”）."""
        for name in names:
            match = _ABBREVIATION.match(self._text, name.end)
            if match and match.end(1) not in self._borders.organizations:
                yield OrganizationSpan(*match.span(1), name.kind, "abbreviation")

    def _is_name(self, organization: OrganizationSpan) -> bool:
        name = self._text[organization.start : organization.end]
        office = _OFFICE
        if name.endswith(_PARTY_CELLS):
            office = _PARTY_OFFICE
        elif name.endswith(_ASSEMBLIES):
            office = _MEMBER
        is_counted = organization.rule in ("proper", "tagger") and _NUMBER.match(self._text, organization.end)
        is_bare = name in NOT_ALONE or name.endswith(FACILITIES)
        return not (is_bare or is_counted or office.match(self._text, organization.end))

    def _candidates(self) -> Iterator[OrganizationSpan]:
        ends = (
            {match.end() for match in _LAST.finditer(self._text)} | self._tagged.keys() | self._media.keys()
        )
        for end in sorted(ends - self._borders.inside_places):
            is_named = end in self._known or end in self._media
            if not (self._borders.last_word(end) or is_named) or is_continued(self._text, end):
                continue
            organization = (
                self._media.get(end) or self._well_known(end) or self._ruled(end) or self._confirmed(end)
            )
            if organization:
                yield organization

    def _well_known(self, end: int) -> OrganizationSpan | None:
        start = self._known.get(end)
        if start is None or start in self._borders.inside_places or self._borders.is_cut(start, end):
            return None
        kind = self._kinds[self._text[start:end]]
        if kind == "media" and _DATELINE.match(self._text, end - 1):
            return None
        if kind in ("government", "police", "school"):
            edge = self._borders.fields(start)
            seat = self._borders.seat(edge)
            is_seat = self._text[seat:edge] not in OWNER_WORDS and edge not in self._borders.organizations
            start = seat if seat < edge and is_seat else start
        return OrganizationSpan(start, end, kind, "known")

    def _confirmed(self, end: int) -> OrganizationSpan | None:
        """The organization in a span of the tagger that ends in a last word."""
        last = self._borders.last_word(end)
        begin = self._tagged.get(end)
        if begin is None or not last or last[1].need in ("joined", "titled") or self._is_verb(*last, end):
            return None
        if last[1].need == "unit" and self._borders.fields(last[0]) == last[0]:
            return None
        is_vague = last[1].need == "team" or (last[1].need == "tagged" and end - last[0] == 1)
        if is_vague and not self._borders.begins_with_seat(begin):
            return None
        start = self._without_lead(begin, last[0])
        if start is None or end - start < 3 or self._borders.side(start) == "determiner":
            return None
        is_common = self._borders.fields(last[0]) <= start or (last[1].need == "field" and end - start < 5)
        if is_common and not self._borders.begins_with_seat(start):
            return None
        return OrganizationSpan(self._borders.seat(start), end, last[1].kind, "tagger")

    def _is_verb(self, at: int, ending: LastWord, end: int) -> bool:
        """Whether a last word is the end of a verb, 办 of 开办, or of 一小学, which means "a school"."""
        is_one = ending.need in _OPEN and self._is_one(at)
        return is_one or word_before(self._text, end, BORDERS) > end - at

    def _without_lead(self, start: int, last: int) -> int | None:
        """The beginning of a name after the verbs and particles in a span; None if it is not a name."""
        begin = start
        for at in range(start + 1, last + 1):
            if word_before(self._text, at, DETERMINERS) > 1 or self._borders.is_count(at):
                return None
            border = word_before(self._text, at, BORDERS)
            is_sure = border > 1 or self._text[at - 1] in SURE_BORDERS
            if is_sure and not word_before(self._text, at, FIELDS):
                begin = at
        return begin

    def _ruled(self, end: int) -> OrganizationSpan | None:
        last = self._borders.last_word(end)
        begin = (
            self._begin(*last) if last and word_before(self._text, end, BORDERS) <= end - last[0] else None
        )
        if not last or not begin or end - begin[0] > LONGEST_NAME:
            return None
        return OrganizationSpan(begin[0], end, last[1].kind, begin[1])

    def _begin(self, at: int, ending: LastWord) -> tuple[int, str] | None:
        """The beginning of the name whose last word is at an offset, and the rule that found it."""
        if ending.need == "whole":
            return at, "whole"
        if ending.need in ("titled", "tagged"):
            return self._titled(at) if ending.need == "titled" else None
        edge = at if ending.need == "joined" else self._borders.fields(at)
        seat = self._borders.seat(edge, ending)
        if (edge == at and not self._is_enough(seat, at, ending)) or (
            ending.need in _OPEN and self._is_one(edge)
        ):
            return None
        if seat < edge:
            return self._seated(seat, edge, ending)
        if ending.need == "joined":
            return None
        return self._listed(edge, at, ending) or self._quoted(edge, ending) or self._proper(edge, ending)

    def _is_enough(self, seat: int, at: int, ending: LastWord) -> bool:
        """Whether a last word may do without a field before it."""
        return ending.need != "field" and (ending.need != "unit" or self._is_of_police(seat, at))

    def _is_of_police(self, seat: int, at: int) -> bool:
        """Whether a place with an organization of the police before it is directly before an offset."""
        ends = (end for end in range(seat + 1, at) if end in self._borders.organizations)
        return any(self._borders.organizations[end].kind == "police" for end in ends)

    def _is_one(self, at: int) -> bool:
        """Whether the name only means "a school", "a shop": 某镇一小学, 某市一超市."""
        return self._text[at - 1 : at] == "一" and self._text[max(0, at - 2) : at - 1] != "第"

    def _seated(self, seat: int, edge: int, ending: LastWord) -> tuple[int, str] | None:
        organization = self._borders.organizations.get(edge)
        is_cell = (
            ending.kind == "party"
            and organization is not None
            and organization.kind not in ("party", "government")
        )
        if is_cell or self._text[seat - 1 : seat] == "驻":
            return None
        if self._is_any(seat, edge, ending):
            return None
        return self._mother(seat) if ending.kind == "company" else seat, "seat"

    def _is_any(self, seat: int, edge: int, ending: LastWord) -> bool:
        """Whether a place and a kind of organization mean all of them, not one: 全国晚报, 越秀区小学."""
        name = self._text[seat:edge]
        if name in _EVERYWHERE:
            return ending.kind not in _OF_THE_COUNTRY
        is_city = name.endswith(_OF_A_CITY) and not name.endswith(_QUARTERS) and edge in self._borders.places
        return is_city and ending.need in _OPEN and self._text.startswith(SORTS_OF_A_CITY, edge)

    def _mother(self, seat: int) -> int:
        """The beginning of a firm's name, which may have the parent company before the seat: 中粮长春生物化工有限公司."""
        begin = seat
        while seat - begin < 4 and begin > 0 and self._borders.side(begin) == "open":
            begin -= 1
        is_whole = begin == 0 or not is_name_character(self._text[begin - 1])
        return begin if is_whole and seat - begin >= 2 else seat

    def _listed(self, edge: int, at: int, ending: LastWord) -> tuple[int, str] | None:
        """The second organization of a list shares the seat of the first: 某县教育局、财政局."""
        if (
            edge < at
            and edge
            and self._text[edge - 1] in "、和与及"
            and edge - 1 in self._borders.organizations
        ):
            return edge, "list"
        is_numbered = edge < at and self._text[edge] == "第" and ending.kind in _NUMBERED
        return (edge, "ordinal") if is_numbered and self._borders.side(edge) == "border" else None

    def _quoted(self, edge: int, ending: LastWord) -> tuple[int, str] | None:
        """Quotes show the beginning of a proper name: “幸福之家”养老院."""
        if ending.need in _OPEN and self._text[edge - 1 : edge] == "”":
            opening = self._text.rfind("“", max(0, edge - _LONGEST_QUOTED), edge)
            return (self._borders.seat(opening), "quoted") if opening >= 0 else None
        return self._titled(edge) if ending.kind == "media" else None

    def _titled(self, at: int) -> tuple[int, str] | None:
        opening = self._text.rfind("《", max(0, at - _LONGEST_QUOTED), at)
        return (opening + 1, "title") if opening >= 0 and "》" not in self._text[opening:at] else None

    def _proper(self, edge: int, ending: LastWord) -> tuple[int, str] | None:
        open_begin, letters = self._borders.proper_name(edge)
        begin, is_common = self._borders.without_words(open_begin, edge)
        letters = 0 if is_common and ending.kind not in _COMMON_NAMES else min(letters, edge - begin)
        seat = self._borders.seat(begin, ending)
        is_proper = ending.need in _OPEN and letters >= 2
        if is_proper and seat < begin and (ending.need == "venue" or self._text[begin - 1] in _WAYS):
            return begin, "proper"
        if seat < begin < edge - 1 and (ending.need in _OPEN or edge - begin <= _LONGEST_UNKNOWN_FIELD):
            # A village committee is named after its village, whatever is before that.
            return (begin, "seat") if ending.need == "village" else self._seated(seat, begin, ending)
        is_border = begin > open_begin or self._borders.side(begin) == "border"
        return (begin, "proper") if is_proper and is_border else None
