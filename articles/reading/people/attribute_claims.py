"""Reads attributes of people that an article prints plainly: occupation, age, birth, native place, kinship, other names."""

import re
from collections.abc import Iterator, Sequence
from itertools import chain

from articles.reading.values import PersonClaim, Span

from .person_texts import PersonText, main_person
from .post_words import any_of, people_words

_OCCUPATION = re.compile(f"(?:{any_of(people_words('occupations'))})$")
_AGE_BEFORE = re.compile(r"(?P<value>\d{1,3})(?:周岁|岁)的$")
_AGE_BEHIND = re.compile(
    r"(?:同志)?(?:[，,（(]|今年|现年|时年|，今年)?(?:[男女][，,])?(?:今年|现年|时年|享年)?(?P<value>\d{1,3})(?:周岁|岁)"
)
_AGE_AT_DEATH = re.compile(r"享年(?P<value>\d{1,3})岁")
_DAY = r"(?P<year>(?:18|19|20)\d\d) ?年 ?(?:(?P<month>\d{1,2}) ?月 ?(?:(?P<day>\d{1,2}) ?日)?)?"
_BIRTH = re.compile(
    f"{_DAY}，?(?P<who>[他她]?)(?:出?生)(?:于(?P<home>[^，。；、（）]{{2,20}})|在(?P<home_of>[^，。；、（）]{{2,20}}))?"
)
_DEATH = re.compile(f"{_DAY}[^。；]{{0,20}}?{any_of(people_words('died'))}")
_ALIAS = re.compile("[，（(]?(?:原名|又名|别名|曾用名|本名)(?P<value>[\u3400-\u9fff]{2,4})(?=[，。；）)])")
_INDENT = 2
_KIN = re.compile(f"的?(?P<value>{any_of(people_words('kin'))})$")
_NATIVE = re.compile("[，（(](?:[男女]，)?(?:汉族，)?(?P<value>[\u3400-\u9fff]{2,14})人(?=[，。；）)])")


def attribute_claims(text: PersonText, posts: Sequence[PersonClaim]) -> Iterator[PersonClaim]:
    """The attributes that a part of an article gives of people, in the order of their names.

    An occupation is also printed before the posts of a person, and is not said again where it is one of them: 教师.
    """
    starts: dict[int, int] = {}
    for claim in posts:
        if claim.part == text.part:
            starts[claim.end] = min(claim.start, starts.get(claim.end, claim.start))
    for span in text.people:
        first = min(span[0], starts.get(span[1], span[0]))
        yield from chain(_before(text, span, first), _behind(text, span))
    yield from _of_lives(text)


def _claim(text: PersonText, span: Span, found: Span, attribute: str, value: str) -> PersonClaim:
    start, end = min(span[0], found[0]), max(span[1], found[1])
    name = text.text[slice(*span)]
    return PersonClaim(
        name, text.part, start, end, f"attribute_{attribute}", attribute=attribute, value=value
    )


def _before(text: PersonText, span: Span, at: int) -> Iterator[PersonClaim]:
    first = max(0, span[0] - 12)
    before = text.folded[first : span[0]]
    if match := _AGE_BEFORE.search(before):
        yield _claim(text, span, (first + match.start(), span[0]), "age", match["value"])
    end = at - (text.folded[at - 1 : at] == "、")
    if match := _OCCUPATION.search(text.folded, max(0, end - 8), end):
        yield _claim(text, span, match.span(), "occupation", text.text[slice(*match.span())])
    if match := _KIN.search(before):
        at = first + match.start()
        if at - 1 in text.in_people:
            yield _claim(text, span, (at, span[0]), "kinship", match["value"])


def _behind(text: PersonText, span: Span) -> Iterator[PersonClaim]:
    for attribute, pattern in (("age", _AGE_BEHIND), ("alias", _ALIAS), ("home", _NATIVE)):
        if match := pattern.match(text.folded, span[1]):
            yield _claim(text, span, match.span(), attribute, text.text[slice(*match.span("value"))])


def _of_lives(text: PersonText) -> Iterator[PersonClaim]:
    """Birth and death, each of the person that its sentence speaks of."""
    for attribute, pattern in (("birth", _BIRTH), ("death", _DEATH), ("age", _AGE_AT_DEATH)):
        for match in pattern.finditer(text.folded):
            span = _subject(text, match.start())
            if span is None:
                continue
            value = match["value"] if attribute == "age" else _day(match)
            yield _claim(text, span, match.span(), attribute, value)
            if attribute == "birth" and (home := match["home"] or match["home_of"]):
                yield _claim(text, span, match.span(), "home", home)


def _subject(text: PersonText, at: int) -> Span | None:
    """The first person of the sentence before an offset, else the one with whom the paragraph begins, else that of 他."""
    first, _ = text.sentence(at, at)
    begins = text.paragraph(at)
    people = text.people_between(first, at) or [
        span for span in text.people_between(begins, at) if span[0] <= begins + _INDENT
    ]
    return people[0] if people else main_person(text, at)


def _day(match: re.Match[str]) -> str:
    """The day as YYYY-MM-DD, or as much of it as is printed."""
    parts = (match["year"], match["month"], match["day"])
    return "-".join(part.zfill(2) for part in parts if part)
