"""Finds the full names of people in the texts of a page.

A name is a family name and one or two characters more, or a foreign name in Chinese sounds. The tagger proposes, and so
does a post: what follows 党支部书记 is a name. A family name with a title is not a full name, nor is 张某.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence, Set

from articles.reading.credits.name_characters import name_odds
from articles.reading.credits.names_without_surname import is_name_without_surname
from articles.reading.credits.surnames import COMPOUND_SURNAMES, is_surname
from articles.reading.values import Span

from .person_texts import PersonText
from .post_words import POST_ENDINGS, any_of, people_words, post_before, post_behind

# Characters that spell foreign names, as news agencies use them.
_SOUNDS = frozenset(
    "阿埃艾爱安昂奥巴白拜班邦保贝本比彼宾波伯博布采查茨达戴丹道德登邓蒂迪丁东杜顿多厄恩尔法范菲费芬丰冯佛夫弗福盖甘冈高戈哥格根贡古瓜"
    "圭哈海汉豪赫黑亨洪胡华怀惠霍基吉季加贾杰金居卡凯坎康考柯科可克肯库奎昆拉莱赖兰朗劳勒雷蕾利里丽莉力历立良列林龙卢鲁路伦罗洛吕马玛"
    "迈麦曼芒毛梅门蒙米密明缪摩莫默姆穆拿娜纳乃奈南内尼涅宁纽努女诺欧帕潘庞佩彭皮匹平珀普奇齐恰强乔切钦琼丘让热仁日荣若撒萨塞赛桑瑟森"
    "沙山尚舍申圣施什史士舒斯丝思司松苏索塔泰坦汤唐陶特藤滕提图土托瓦万旺威韦维魏温文沃乌武西锡希席夏香肖谢辛欣休许雅亚延扬耶叶伊依因英尤"
    "于约泽曾扎詹珍芝朱兹祖佐"
)
_LONGEST_FOREIGN = 9
_FULL = re.compile("[\u3400-\u9fff]{2,4}")
_PART = "[" + "".join(sorted(_SOUNDS - {"曾"})) + "]"
_DOTTED = re.compile(f"{_PART}{{2,7}}(?:[·・•．]{_PART}{{1,7}}){{1,3}}")
_WITHHELD = re.compile(any_of(people_words("withheld")))
_CREDITED = re.compile(f"(?<![小总]){any_of(people_words('credited'))}$")
_NOT_IN_NAMES = re.compile("[某氏们的了是在和与及为这那之不]")
_OCCUPATION = re.compile(f"{any_of(people_words('occupations'))}$")
_LAST_CHARACTERS = POST_ENDINGS | {word[-1] for word in people_words("occupations")}
_CREDIT_BEHIND = re.compile("[ 　]*(?:摄|文图|文/图|绘)")
_MARK = "[，。、；：！？（）()“”《》\\s/]"
_NEXT = re.compile("[、和及与].")
# What follows a name: a mark, a verb of saying, a word that begins a clause.
_RIGHT = re.compile(
    f"{_MARK}|说|称|表示|介绍|告诉|指出|认为|强调|透露|坦言|在|的|等|和|与|及|为|是|也|都|将|对|向|从|于|到|带|当|就|便|则|又|还|正|已|曾|出席|参加|主持|率|同志|任|作|深|一|第|今|昨|致|应|来|去|被|把|给|看|先|因|日前|极力|笑|回忆|解释|证实|$"
)
# What follows a family name alone: a form of address, or a verb of saying.
_AFTER_SURNAME = frozenset((*people_words("addresses"), *people_words("said")))
_WITHHELD_BY_SEX = frozenset("男女")
# What only people do, behind a name.
_SPEAKS = re.compile("同志|说|表示|介绍|告诉|为|任|当选|坦言|指出|强调|，[男女]")
# The least odds of a name behind a post, and of one that stands beside none: 村民乐享 is no name.
_LIKELY = 0.0
_TAGGED = 3.0
_WITH_OCCUPATION = 1.0
# In Traditional characters more than one in ten differs from its Simplified form.
_TRADITIONAL = 0.1
_LIST_MARKS = frozenset("、等和及")
_SURER = 2.0  # the least by which the odds of a longer name exceed those of the tagger's
# Four characters with two surnames are one name behind these only; elsewhere the first belongs to the word before.
_BEFORE_DOUBLE = re.compile(f"(?:^|{_MARK})$")


def find_person_names(texts: Sequence[PersonText]) -> None:
    """Set in the texts of a page the spans of all full names: where one is certain, it is also found elsewhere."""
    tagged: Counter[str] = Counter()
    beside: set[str] = set()
    for text in texts:
        spans = list(_tagged(text))
        ends = {end for _, end in spans}
        tagged.update(text.folded[start:end] for start, end in spans)
        beside.update(text.folded[span[0] : span[1]] for span in spans if _is_confirmed(text, span, ends))
    short = _short_forms(tagged) if _is_traditional(texts) else set()
    known = {name for name in tagged if name in beside or (name not in short and _is_sure(name, tagged))}
    for text in texts:
        known.update([text.folded[start:end] for start, end in _behind_posts(text, known)])
    credited = {name for text in texts for name in text.credited}
    names = _by_beginning(known)
    listed = {
        text.folded[start:end] for text in texts for start, end in _listed(text, _occurrences(text, names))
    }
    names = _by_beginning((known | listed) - credited)
    for text in texts:
        text.people = _occurrences(text, names)


def _is_confirmed(text: PersonText, span: Span, ends: Set[int]) -> bool:
    """Whether what stands beside a name says that it is one: a post, an occupation, a verb of people, names in a list.

    `ends` are the offsets at which names end that the tagger found.
    """
    start, end = span
    folded = text.folded
    if post_before(folded, start) or _SPEAKS.match(folded, end) or post_behind(folded, end):
        return True
    if (
        _OCCUPATION.search(folded[max(0, start - 6) : start])
        and name_odds(folded[start:end]) > _WITH_OCCUPATION
    ):
        return True
    is_listed = folded[start - 1 : start] == "、" and start - 1 in ends
    return is_listed and folded[end : end + 1] in _LIST_MARKS


def _is_traditional(texts: Sequence[PersonText]) -> bool:
    """Whether a page is printed in Traditional characters."""
    changed = sum(
        before != after for text in texts for before, after in zip(text.text, text.folded, strict=True)
    )
    return changed > _TRADITIONAL * sum(len(text.text) for text in texts)


def _short_forms(names: Collection[str]) -> set[str]:
    """What the tagger takes for names of two characters, but is a family name with the next character.

    Papers in Traditional characters print the family name alone where they have named somebody before: 徐國勇, then 徐.
    """
    surnames = {name[0] for name in names if len(name) > 2}
    return {name for name in names if len(name) == 2 and name[0] in surnames}


def _is_sure(name: str, tagged: Counter[str]) -> bool:
    """Whether a name that the tagger alone has is one: its characters are those of names.

    The tagger also takes a character behind a name for a part of it: 林夫遗作 where the page has 林夫.
    """
    if len(name) == 3 and tagged[name] == 1 and tagged[name[:2]] > 1:
        return False
    return _is_foreign_name(name) or is_name_without_surname(name) or name_odds(name) > _TAGGED


def _is_full_name(name: str) -> bool:
    """Whether Simplified characters are a full name of a person, as far as they say it.

    >>> [_is_full_name(name) for name in ("林一舟", "欧阳一舟", "张某", "小温", "李女士", "马克龙")]
    [True, True, False, False, False, True]
    """
    if _NOT_IN_NAMES.search(name) or _WITHHELD.search(name):
        return False
    if _DOTTED.fullmatch(name):
        return True
    return _is_foreign_name(name) or (_FULL.fullmatch(name) is not None and _has_surname(name))


def _has_surname(name: str) -> bool:
    """Whether two to four characters are a surname with a given name, or words of a name without surname."""
    if name[1] in _WITHHELD_BY_SEX or name[0] == name[1:] or name[1:] in _AFTER_SURNAME:
        return False
    if name[:2] in COMPOUND_SURNAMES:
        return len(name) > 2
    if is_surname(name[0]):
        return len(name) < 4 or is_surname(name[1])
    return is_name_without_surname(name)


def _is_foreign_name(name: str) -> bool:
    """Whether a name is spelled in the characters that spell foreign names: 德雷斯德尔."""
    return bool(_DOTTED.fullmatch(name)) or (
        3 <= len(name) <= _LONGEST_FOREIGN and all(character in _SOUNDS for character in name)
    )


def _tagged(text: PersonText) -> Iterator[Span]:
    """The full names that the tagger found, without the names of credits."""
    for word in text.words:
        if word.tag != "PER" or text.has_name_in(word.start, word.end):
            continue
        start, end = _whole_name(text, word.start, word.end)
        name = text.folded[start:end]
        if _is_full_name(name) and not _is_withheld(text, start, end):
            yield start, end


def _is_withheld(text: PersonText, start: int, end: int) -> bool:
    """Whether a title follows, as behind family names, or the name is one of the paper's own people."""
    folded = text.folded
    is_signed = _CREDIT_BEHIND.match(folded, end) or folded[start:end].endswith("摄")
    return bool(_WITHHELD.match(folded, end) or is_signed) or _is_credited(text, start)


def _whole_name(text: PersonText, start: int, end: int) -> Span:
    """The span of a name that the tagger found a part of, or more than."""
    folded = text.folded
    for dotted in _DOTTED.finditer(folded, max(0, start - _LONGEST_FOREIGN), end + _LONGEST_FOREIGN):
        if dotted.start() < end and start < dotted.end():
            return _without_post(text, *dotted.span())
    name = folded[start:end]
    if len(name) == 4 and not _is_foreign_name(name) and name[:2] not in COMPOUND_SURNAMES:
        if not is_surname(name[1]):
            return start, start + (2 if _RIGHT.match(name, 2) else 3)
        is_double = _BEFORE_DOUBLE.search(folded[:start][-1:]) or post_before(folded, start)
        return (start, end) if is_double else (start + 1, end)
    if len(name) == 2 and start and is_surname(folded[start - 1]) and not post_before(folded, start):
        longer = folded[start - 1 : end]
        is_behind_word = _is_behind_word(text, start - 1)
        if _is_full_name(longer) and (
            is_behind_word or not is_surname(name[0]) or name_odds(longer) > name_odds(name) + _SURER
        ):
            return start - 1, end
    if (
        len(name) == 2
        and is_surname(name[0])
        and not _RIGHT.match(folded, end)
        and _RIGHT.match(folded, end + 1)
    ):
        return start, end + 1
    return start, end


def _is_behind_word(text: PersonText, at: int) -> bool:
    """Whether a post or an occupation ends at an offset, which names follow."""
    return bool(post_before(text.folded, at) or _OCCUPATION.search(text.folded[max(0, at - 6) : at]))


def _without_post(text: PersonText, start: int, end: int) -> Span:
    """A dotted name without the post before it: 局长拉万·坦科."""
    posts = [at for at in range(start + 1, end) if post_before(text.folded, at)]
    return max(posts, default=start), end


def _behind_posts(text: PersonText, known: Set[str]) -> Iterator[Span]:
    """The names that follow a post, where the tagger has none."""
    folded = text.folded
    for at in [at for at in range(2, len(folded) - 1) if folded[at - 1] in _LAST_CHARACTERS]:
        if not is_surname(folded[at]) or any(folded[at : at + length] in known for length in (2, 3, 4)):
            continue
        if _is_behind_word(text, at) and not text.has_name_in(at, at + 2):
            yield from _name_at(text, at)


def _name_at(text: PersonText, at: int) -> Iterator[Span]:
    """The likeliest name that begins at an offset, if what follows can follow a name."""
    possible = [
        (name_odds(text.folded[at : at + length]), at + length)
        for length in (3, 2)
        if _is_full_name(text.folded[at : at + length]) and _RIGHT.match(text.folded, at + length)
    ]
    least = _TAGGED if _OCCUPATION.search(text.folded[max(0, at - 6) : at]) else _LIKELY
    if possible and not _is_credited(text, at) and max(possible)[0] > least:
        yield at, max(possible)[1]


def _listed(text: PersonText, people: Iterable[Span]) -> Iterator[Span]:
    """The names beside known ones in a list: 张道吾、高敬之为."""
    for _, end in people:
        is_beside = _NEXT.match(text.folded, end) and is_surname(text.folded[end + 1])
        if is_beside and not text.has_name_in(end + 1, end + 3):
            yield from _name_at(text, end + 1)


def _by_beginning(names: Iterable[str]) -> dict[str, list[str]]:
    """The names by their first two characters, the longest first."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for name in sorted(names, key=lambda name: (-len(name), name)):
        found[name[:2]].append(name)
    return found


def _occurrences(text: PersonText, names: Mapping[str, Sequence[str]]) -> list[Span]:
    """All places where one of the names is printed, of two that begin together the longer one."""
    found: list[Span] = []
    folded = text.folded
    for at in [at for at in range(len(folded) - 1) if folded[at : at + 2] in names]:
        if found and at < found[-1][1]:
            continue
        for name in names[folded[at : at + 2]]:
            end = at + len(name)
            if (
                text.folded.startswith(name, at)
                and not text.has_name_in(at, end)
                and not _is_credited(text, at)
            ):
                found.append((at, end))
                break
    return found


def _is_credited(text: PersonText, start: int) -> bool:
    """Whether the name is one of the paper's own people: 记者林一舟; a child that plays reporter is not."""
    return bool(_CREDITED.search(text.folded[max(0, start - 6) : start].rstrip()))
