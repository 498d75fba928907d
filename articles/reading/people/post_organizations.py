"""Finds the organization of a post: the words before it, made whole by what the article names before."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from articles.reading.gazetteer.divisions import Division, Gazetteer
from articles.reading.gazetteer.lookup import COUNTY, division_level, lineage
from articles.reading.values import Link

from .person_texts import PersonText
from .post_words import KNOWN_ORGANIZATIONS, ORGAN_OF_HEAD, PostSpan, post_before

# Words of which names of organizations consist, as the tagger calls them.
_NAME_TAGS = frozenset({"n", "nz", "nw", "nt", "ns", "vn", "an", "ORG", "LOC", "f", "s", "b"})
_INNER_TAGS = frozenset({"m", "a", "c", "q", "v"})
_CLOSING = {"”": "“", "》": "《", "」": "「", "』": "『", "）": "（", ")": "("}
_LONGEST = 30
_SHORTEST = 3  # characters of a name of which a longer form is looked for
_BORDERS = frozenset("，。、；：！？\n　 “‘「『《（(的")
# Words that stand before the name and do not belong to it.
_LEADING = re.compile("^(?:同时|其中|包括|来自|作为|时任|现任|曾任|原任|原|前|的|现|即|任)")
_SENTENCE_MARKS = re.compile("[，。；！？]")
_BACK = re.compile("^(?:该|本|我|这|此|全)")
_TITLES = frozenset("省市区县州旗盟镇乡村国")
_LEVELS = "省市县区州旗盟镇乡村"
# The organ of a post that has the level of its division in it: 县委 of 县委书记.
COMMITTEE_OF_DIVISION = re.compile("^([省市县区州旗镇乡])委")
_VILLAGE_ORGANS = frozenset("党支部 支部 村委会 居委会 居民组 村民小组 居民小组".split())
_ALL = ("全国", "各", "全省", "全市")  # of a name that means every such organization
_SCHOOLS = ("学校", "小学", "中学", "大学", "学院", "幼儿园", "校", "学")
_BY_HEAD = {
    "校长": _SCHOOLS,
    "教师": _SCHOOLS,
    "老师": _SCHOOLS,
    "教授": ("大学", "学院", "研究院", "研究所"),
    "第一书记": ("村", "社区"),
    "书记": ("村", "社区", "街道", "镇", "乡", "县", "区", "市"),
    "网格员": ("社区", "村"),
    "网格长": ("社区", "村"),
}


class PostOrganization(NamedTuple):
    """The organization of a post, the division whose place it is, and where its printed name begins."""

    name: str | None
    place: str | None
    start: int


class OrganizationFinder:
    """Finds organizations of posts in the parts of one article, which are in printed order."""

    def __init__(self, texts: Sequence[PersonText], gazetteer: Gazetteer) -> None:
        self._texts = texts
        self._gazetteer = gazetteer

    def of_post(self, text: PersonText, post: PostSpan) -> PostOrganization:
        """The organization that is printed right before a post, made whole; its name is None if none is printed."""
        start = _left_edge(text, post.start)
        if start == post.start and text.folded[start - 1 : start] == "的":
            link = text.name_covering(start - 2)  # 南河县大桥学校的教师
            if link and link.mention.kind == "organization" and link.mention.end == start - 1:
                name, place = self.whole(text, link.mention.start, link.mention.end)
                return PostOrganization(name, place, link.mention.start)
        printed = text.folded[start : post.start]
        if leading := _LEADING.match(printed):
            start += leading.end()
        if start >= post.start:
            return PostOrganization(None, None, post.start)
        end = post.start + len(post.organ)
        if self._is_fused(text, start, post):
            end = post.start + len(post.shared_character)
        name, place = self.whole(text, start, end)
        return PostOrganization(name, place, start)

    def _is_fused(self, text: PersonText, start: int, post: PostSpan) -> bool:
        """Whether a name of an organization ends with the first character of the post: 芮城县教育局长."""
        shared = post.shared_character
        if not shared or not text.folded.startswith(shared, post.start):
            return False
        if text.folded[start : post.start].endswith((shared, "府")):
            return False
        before = text.name_covering(post.start - 1)
        if before is None or before.mention.end != post.start:
            return True
        # 广东省会长 has no 广东省会, as 广东省 is a place; of a place that is printed without its title it is one: 二阄里长.
        is_whole = before.mention.kind == "organization" or before.mention.surface[-1] in _TITLES
        return not is_whole

    def whole(self, text: PersonText, start: int, end: int) -> tuple[str, str | None]:
        """The full form of a printed name of an organization, and its place."""
        printed = text.text[start:end]
        first = text.name_beginning(start, end)
        if first and first.mention.end > start:
            rest = printed[first.mention.end - start :]
            place = self._place(first.code)
            if first.mention.kind == "organization":
                return (first.name or first.mention.surface) + rest, place
            chain = list(self._chain(text, start, end, first))
            code = chain[-1].code
            after = text.text[chain[-1].mention.end : end]
            return (
                self._place(code) or "".join(link.mention.surface for link in chain)
            ) + after, self._place(code)
        back = _BACK.match(text.folded[start:end])
        level = text.folded[start + (1 if back else 0) : end]
        if (back or level[:1] in _LEVELS) and (named := self._last_place(text, start, level[:1])):
            return named + text.text[start + (2 if back else 1) : end], named
        if longer := self._longer_name(text, start, printed[len(back.group()) :] if back else printed):
            return longer
        return printed, None

    def by_context(self, text: PersonText, post: PostSpan) -> PostOrganization:
        """The organization of a post that prints none: what the article named before that has such a post."""
        start = post.start
        if known := KNOWN_ORGANIZATIONS.get(text.folded[post.start : post.end]):
            return PostOrganization(known, None, start)
        if committee := COMMITTEE_OF_DIVISION.match(post.organ):
            place = self._last_place(text, start, committee.group(1))
            return PostOrganization(place and place + "委", place, start)
        endings: tuple[str, ...] = _BY_HEAD.get(post.rank + post.head) or _BY_HEAD.get(post.head, ())
        if head := ORGAN_OF_HEAD.get(post.head, ""):
            endings = _SCHOOLS if head == "校" else (head,)
        if post.organ in _VILLAGE_ORGANS:
            endings = ("村", "社区")
        for link in self._before(text, start):
            surface = link.name or link.mention.surface
            if surface.startswith(_ALL):
                continue
            if surface.endswith(endings) if endings else link.mention.kind == "organization":
                is_near = bool(endings) or text.paragraph(start) <= link.mention.start
                name = self._place(link.code) if link.mention.kind == "place" else surface
                return PostOrganization(
                    (name or surface) + post.organ if is_near else None, self._place(link.code), start
                )
        return PostOrganization(None, None, start)

    def _before(self, text: PersonText, at: int) -> Iterator[Link]:
        """The names before an offset of a part, and those of the parts printed before it, the nearest first."""
        yield from text.names_before(at)
        for earlier in reversed(self._texts[: self._texts.index(text)]):
            yield from earlier.names_before(len(earlier.text))

    def _chain(self, text: PersonText, start: int, end: int, first: Link) -> Iterator[Link]:
        """The places with which a name begins: 芮城县, 陌南镇."""
        while first is not None:
            yield first
            start = first.mention.end
            following = text.name_beginning(start, end)
            if following is None or following.mention.kind != "place":
                return
            first = following

    def _place(self, code: str | None) -> str | None:
        """The name of a division with those above it, from the county down; None for an unknown code."""
        if not code:
            return None
        divisions = lineage(self._gazetteer, code)
        below = [place for place in divisions if division_level(place) >= COUNTY]
        return _joined(below or divisions[-1:]) or None

    def _last_place(self, text: PersonText, at: int, title: str) -> str | None:
        """The last division with a title that is named before an offset, by itself or as the seat of an organization."""
        for link in (*self._before(text, at), *text.names_behind(at)):
            for division in reversed(lineage(self._gazetteer, link.code or "")):
                if division.name.endswith(title) or (title == "村" and division.name.endswith("社区")):
                    return self._place(division.code)
        return None

    def _longer_name(self, text: PersonText, at: int, printed: str) -> tuple[str, str | None] | None:
        """A name before an offset that ends with the printed one: 太平洋亚洲旅行协会年会组委会 for 年会组委会."""
        for link in self._before(text, at):
            surface = link.name or link.mention.surface
            if len(surface) > len(printed) and surface.endswith(printed):
                return surface, self._place(link.code)
        if len(printed) < _SHORTEST:
            return None
        for earlier in self._texts[: self._texts.index(text) + 1]:
            found = earlier.text.find(printed, 0, at if earlier is text else None)
            if (
                found >= 0
                and (start := _left_edge(earlier, found)) < found
                and earlier.name_beginning(start, found)
            ):
                return self.whole(earlier, start, found + len(printed))
        return None


def _left_edge(text: PersonText, end: int) -> int:
    """Where the name of an organization that ends at an offset begins; `end` if there is none."""
    at = end
    while at and end - at < _LONGEST:
        before = _step(text, at, end)
        if before is None:
            break
        at = before
    while at < end and (word := text.word(at)) and word.tag in _INNER_TAGS and not _covered(text, at):
        at = word.end
    return min(at, end)


def _step(text: PersonText, at: int, end: int) -> int | None:
    """The beginning of the word or name before an offset, if it can belong to the name of an organization."""
    if at < end and post_before(text.folded, at):
        return None
    if (link := text.name_covering(at - 1)) and link.mention.end <= end + 2:
        return link.mention.start
    character = text.folded[at - 1]
    if character in _CLOSING:
        opening = text.folded.rfind(_CLOSING[character], max(0, at - _LONGEST), at)
        is_name = opening >= 0 and not _SENTENCE_MARKS.search(text.folded, opening, at)
        return opening if is_name else None
    if character in _BORDERS:
        return None
    word = text.word(at - 1)
    if word is None or at - 1 in text.in_people:
        return None
    is_back = word.tag == "r" and bool(_BACK.match(text.folded[word.start : word.end]))
    is_name = (
        word.tag in _NAME_TAGS or is_back or (word.tag in _INNER_TAGS and _reaches_place(text, word.start))
    )
    return word.start if is_name else None


def _reaches_place(text: PersonText, at: int) -> bool:
    """Whether a place or an organization is named before an offset, and only words of a name are between them."""
    first = max(0, at - _LONGEST // 2)
    while at > first:
        if text.name_covering(at - 1):
            return True
        word = text.word(at - 1)
        if word is None or word.tag not in _NAME_TAGS | _INNER_TAGS or text.folded[at - 1] in _BORDERS:
            return False
        if text.name_covering(word.start):
            return True
        at = word.start
    return False


def _covered(text: PersonText, at: int) -> bool:
    return text.name_covering(at) is not None


def _joined(divisions: Sequence[Division]) -> str:
    return "".join(division.name for division in divisions)
