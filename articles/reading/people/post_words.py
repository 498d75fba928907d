"""Finds the words of a post at an end or at the beginning of a text."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from articles.reading.gazetteer.list_files import load_words

_LISTS = load_words("posts")
# The longest post with an organ and two ranks: 党总支部常务副书记.
_LONGEST = 18

ORGAN_OF_HEAD: dict[str, str] = _LISTS["heads_of"]
KNOWN_ORGANIZATIONS: dict[str, str] = _LISTS["of_known_organization"]
_ORGANS = frozenset(_LISTS["organs"].split())
_RANKS = _LISTS["ranks"].split()
_SHARED = frozenset(_LISTS["posts"]["members"].split())
_POSTS = (
    frozenset(word for words in _LISTS["posts"].values() for word in words.split()) | ORGAN_OF_HEAD.keys()
)
_ASSISTANTS = frozenset(("助理", "秘书"))


def any_of(words: Iterable[str]) -> str:
    """A pattern of the words, the longest first."""
    return "(?:" + "|".join(sorted(map(re.escape, words), key=lambda word: (-len(word), word))) + ")"


_RANK = any_of(_RANKS)
_POST = f"(?P<organ>{any_of(_ORGANS)})?(?P<rank>{_RANK}?{_RANK}?)(?P<head>{any_of(_POSTS)})"
_AT_END = re.compile(f"{_POST}$")
POST_ENDINGS = frozenset(word[-1] for word in _POSTS)
_BEHIND = re.compile(any_of(_LISTS["posts"]["behind"].split()))


class PostSpan(NamedTuple):
    """A post in a text: `text[start:end]`; its organ is inside it, and `head` is the post without organ and rank."""

    start: int
    end: int
    organ: str
    rank: str
    head: str

    @property
    def is_shared(self) -> bool:
        """Whether several people have the post at once, so that it is said of each name of a list: 副县长, 委员."""
        return self.head in _SHARED or "副" in self.rank or self.head == "负责人"

    @property
    def shared_character(self) -> str:
        """What a name of an organization and the post may share: 局 of 教育局长."""
        return "" if self.rank or self.organ else ORGAN_OF_HEAD.get(self.head, "")


def post_before(folded: str, end: int) -> PostSpan | None:
    """The longest post that ends at an offset of a text in Simplified characters.

    >>> text = "金盆村党支部书记"
    >>> text[post_before(text, len(text)).start:]
    '党支部书记'
    """
    if folded[max(0, end - 1) : end] not in POST_ENDINGS:
        return None
    first = max(0, end - _LONGEST)
    match = _AT_END.search(folded[first:end])
    if match is None:
        return None
    post = PostSpan(first + match.start(), end, match["organ"] or "", match["rank"], match["head"])
    if post.head in _ASSISTANTS and (chief := post_before(folded, post.start)):
        return post._replace(start=chief.start, organ=chief.organ)  # 总经理助理
    return post


def post_behind(folded: str, start: int) -> PostSpan | None:
    """The post that a text prints behind a name: 林一舟教授."""
    match = _BEHIND.match(folded, start)
    return PostSpan(match.start(), match.end(), "", "", match.group()) if match else None


def verb_words(kind: str) -> list[str]:
    """The verbs by which a text says a post, of a kind in `data/posts.toml`."""
    return list(_LISTS["verbs"][kind].split())


def people_words(kind: str) -> list[str]:
    """The words beside names of people, of a kind in `data/posts.toml`."""
    return list(_LISTS["people"][kind].split())
