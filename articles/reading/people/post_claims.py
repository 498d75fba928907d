"""Reads which post a person holds: from the words before the name, behind it, or in a sentence about an appointment."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from articles.reading.values import ClaimStatus, PersonClaim, Span

from .person_texts import PersonText, main_person
from .post_organizations import COMMITTEE_OF_DIVISION, OrganizationFinder, PostOrganization
from .post_words import PostSpan, any_of, people_words, post_before, post_behind, verb_words

_JOINS = re.compile("(?:[、，兼及和]|以及|并兼任?)$")
_BETWEEN = re.compile("[\\s：:]*$")
_LIST = re.compile("[、和及与]")
_FORMER = re.compile("(?<![日目以之此从空当史])(?:原任?|前任?|时任|曾任|已故)$")
_OTHER_STATUS: dict[str, ClaimStatus] = {"拟任": "proposed", "候任": "proposed", "新任": "current"}
_STATUS_WORD = re.compile("(?:拟任|候任|新任)$")
_DIED = re.compile(any_of(people_words("died")))
_SINCE = re.compile(r"(?<!\d)((?:19|20)\d\d)年(?:(\d{1,2})月)?")
# What makes the year another one's: that of a birth, or of what is said far before the post.
_NOT_SINCE = re.compile("生|.{16}")
_APPOINT = re.compile(f"({any_of(verb_words('appoint'))}|{any_of(verb_words('nominate'))})(?:了)?$")
_DISMISS = re.compile(f"{any_of(verb_words('dismiss'))}(?:了)?$")
_APPOINTED_BEFORE = re.compile("(?:任命|聘任)[^。]*$")
_LONGEST_LIST = 300
_NEAR = 100
_AS = re.compile("(?:同志)?(?:等人?)?(?:为|担任|任|当)(?!了)")
_OF = re.compile("(?:同志)?(?:辞去)?的?")
_VERBS: dict[str, ClaimStatus] = {
    verb: kind for kind in ("current", "elected", "proposed", "former") for verb in verb_words(kind)
}
_VERB = re.compile(any_of(_VERBS))
_DURING = re.compile("^(?:一职)?(?:期间|时|的?时候|以后)")
# Parts of a committee that are printed without it in a list of posts: 县委常委、宣传部部长.
_DEPARTMENTS = frozenset("组织部 宣传部 统战部 政法委 办公室 党校 机要局".split())
_ADDRESSES = frozenset(("老师", "老師", "医生", "醫生"))
_PRONOUN = re.compile("(?:^|，)[他她](?:$|[^们的])")
_IS = re.compile("(?:同志)?(?:，|、)?(?:就是|是|系)(?P<what>[^，。；！？]{2,40})")
_OBJECT_END = re.compile("[，。；！？\n（(]")
_BOTH = re.compile("正副")
_PARENTHESIS = re.compile("[（(](?P<what>[^（）()]{2,40})[）)]")
# 中央有关部门负责人: no organization that has a name.
_UNNAMED = re.compile("有关(?:部门|方面|单位)")
_QUANTITY = re.compile("(?:一名|一位|一个|首位|首任|唯一的?|普通的?|优秀的?|年轻的?)+")


class PostReader:
    """Reads the posts of people in the parts of one article."""

    def __init__(self, texts: Sequence[PersonText], organizations: OrganizationFinder) -> None:
        self._texts = texts
        self._organizations = organizations

    def claims(self) -> Iterator[PersonClaim]:
        """The posts of each part, in the order of the text; those of the dead are over."""
        found = [
            (text, claim)
            for text in self._texts
            for claim in (*self._beside_names(text), *self._in_sentences(text))
        ]
        dead = {claim.person for text, claim in found if _says_death(text, claim)}
        # 老师 behind a name is also a form of address.
        others = {claim.person for _, claim in found if claim.post not in _ADDRESSES}
        for _, claim in found:
            if claim.post in _ADDRESSES and claim.rule == "behind_name" and claim.person in others:
                continue
            yield replace(claim, status="deceased") if claim.person in dead else claim

    def _beside_names(self, text: PersonText) -> Iterator[PersonClaim]:
        for start, end in text.people:
            gap = _BETWEEN.search(text.folded[max(0, start - 3) : start])
            at = start - len(gap.group()) if gap else start
            for name in self._sharing(text, start, end, post_before(text.folded, at)):
                yield from self._before(text, at, name)
            yield from self._behind(text, start, end)
            yield from self._in_parenthesis(text, start, end)

    def _sharing(self, text: PersonText, start: int, end: int, post: PostSpan | None) -> list[Span]:
        """The names that a post before them is said of: more than the first only if several people have it at once."""
        names = [(start, end)]
        if post and post.is_shared:
            people = text.people_ends
            while _LIST.match(text.folded, names[-1][1]) and names[-1][1] + 1 in people:
                names.append((names[-1][1] + 1, people[names[-1][1] + 1]))
        return names

    def _before(self, text: PersonText, at: int, name: Span) -> Iterator[PersonClaim]:
        """The posts that end before a name, and those joined to them: 党支部书记兼村委会主任."""
        for claim, _ in self._ending_at(text, at, name):
            if _UNNAMED.search(claim.organization or ""):
                continue
            yield claim

    def _ending_at(
        self, text: PersonText, at: int, name: Span, rule: str = "before_name", first: int = 0
    ) -> list[tuple[PersonClaim, PostOrganization]]:
        found: list[tuple[PostSpan, PostOrganization, ClaimStatus]] = []
        while post := post_before(text.folded, at):
            where, status = self._whose(text, post, first)
            found.append((post, where, status))
            join = _JOINS.search(text.folded[max(0, where.start - 3) : where.start])
            at = where.start - (len(join.group()) if join else 0)
            if not join and where.name is None:
                break
        return self._claims_of(text, list(reversed(found)), name, rule)

    def _whose(self, text: PersonText, post: PostSpan, first: int) -> tuple[PostOrganization, ClaimStatus]:
        """The organization that is printed before a post, and the status that a word before either gives.

        Nothing before the offset `first` is read.
        """
        former = _FORMER.search(text.folded[max(first, post.start - 2) : post.start])
        if former:
            post = _replace_start(post, post.start - len(former.group()))
            where = self._organizations.of_post(text, post)
            return where, "former"
        where = self._organizations.of_post(text, post)
        before = text.folded[max(first, where.start - 3) : where.start]
        if former := _FORMER.search(before):
            return where._replace(start=where.start - len(former.group())), "former"
        if word := _STATUS_WORD.search(before):
            return where._replace(start=where.start - 2), _OTHER_STATUS[word.group()]
        return where, "current"

    def _claims_of(
        self,
        text: PersonText,
        found: Sequence[tuple[PostSpan, PostOrganization, ClaimStatus]],
        name: Span,
        rule: str,
    ) -> list[tuple[PersonClaim, PostOrganization]]:
        """The claims of a list of posts; a post without an organization has that of the one before it in the list."""
        claims = []
        last: PostOrganization | None = None
        last_organ = ""
        status: ClaimStatus = "current"
        for post, where, own_status in found:
            whole = where
            if where.name and last and last.name and where.name in _DEPARTMENTS:
                whole = where._replace(name=last.name + where.name, place=last.place)
            elif where.name is None and last and last.name and not post.organ.endswith("委"):
                base = _without_organ(last.name, last_organ)
                whole = PostOrganization(base + post.organ, last.place, where.start)
            elif where.name is None:
                whole = self._organizations.by_context(text, post)
            status = own_status if own_status != "current" or where.name else status
            last, last_organ = whole, post.organ
            span = min(where.start, name[0]), max(post.end, name[1])
            # A word for the status may begin a post: 原局长.
            printed = _without_former(text.text[post.start : post.end])
            claims.append(
                (
                    PersonClaim(
                        text.text[slice(*name)],
                        text.part,
                        *span,
                        rule,
                        post=printed,
                        organization=whole.name,
                        place=whole.place,
                        status=status,
                    ),
                    where,
                )
            )
        return claims

    def _behind(self, text: PersonText, start: int, end: int) -> Iterator[PersonClaim]:
        """The post behind a name: 林一舟教授. What is followed by another name belongs to that one."""
        post = post_behind(text.folded, end)
        if post is None or post.end in text.people_ends:
            return
        if text.folded[post.end : post.end + 1] in "，。、" and post.head == "主席":
            return  # 某人主席，某人报告: in old papers the word is a verb
        where = self._organizations.of_post(text, PostSpan(start, start, "", "", post.head))
        if where.name is None:
            where = self._organizations.by_context(text, post)
        yield PersonClaim(
            text.text[start:end],
            text.part,
            min(where.start, start),
            post.end,
            "behind_name",
            post=text.text[post.start : post.end],
            organization=where.name,
            place=where.place,
        )

    def _in_parenthesis(self, text: PersonText, start: int, end: int) -> Iterator[PersonClaim]:
        if match := _PARENTHESIS.match(text.folded, end):
            yield from self._object(text, match.span("what"), (start, end), "parenthesis", "current")

    def _in_sentences(self, text: PersonText) -> Iterator[PersonClaim]:
        yield from self._appointed(text)
        for verb in _VERB.finditer(text.folded):
            if subjects := self._subjects(text, verb.start()):
                status = _VERBS[verb.group()]
                yield from self._each(text, self._rest(text, verb.end()), subjects, "verb", status)
        for start, end in text.people:
            if match := _IS.match(text.folded, end):
                first = match.start("what")
                yield from self._object(text, (first, match.end()), (start, end), "is", "current")

    def _appointed(self, text: PersonText) -> Iterator[PersonClaim]:
        """The posts of 任命林一舟为局长, 免去林一舟的局长职务, also of several people at once."""
        people = text.people_ends
        for first in text.people_starts:
            before = text.folded[max(0, first - 5) : first]
            appoint, dismiss = _APPOINT.search(before), _DISMISS.search(before)
            names = [(first, people[first])]
            while _LIST.match(text.folded, names[-1][1]) and names[-1][1] + 1 in people:
                names.append((names[-1][1] + 1, people[names[-1][1] + 1]))
            end = names[-1][1]
            continues = self._is_after_appointment(text, first)
            if (appoint or continues) and (match := _AS.match(text.folded, end)):
                status: ClaimStatus = (
                    "proposed" if appoint and appoint.group(1) in verb_words("nominate") else "elected"
                )
                yield from self._each(text, self._rest(text, match.end()), names, "appointed", status)
            elif dismiss and (match := _OF.match(text.folded, end)):
                yield from self._each(text, self._rest(text, match.end()), names, "dismissed", "former")

    def _is_after_appointment(self, text: PersonText, at: int) -> bool:
        """Whether a list of appointments goes on: 任命林一舟为局长，何晓梅为副局长."""
        before = text.folded[max(0, at - _LONGEST_LIST) : at].rstrip(" 　")
        return before.endswith(("，", "；", "\n", "：")) and bool(_APPOINTED_BEFORE.search(before))

    def _each(
        self, text: PersonText, rest: Span, names: Sequence[Span], rule: str, status: ClaimStatus
    ) -> Iterator[PersonClaim]:
        """The posts of several people; of 正副局长 the first is 局长 and the others are 副局长."""
        both = _BOTH.search(text.folded, *rest)
        for number, name in enumerate(names):
            for claim in self._object(text, rest, name, rule, status):
                if both:
                    post = claim.post.lstrip("正副")
                    yield replace(claim, post=f"副{post}" if number else post)
                else:
                    yield claim

    def _rest(self, text: PersonText, start: int) -> Span:
        """What follows a verb: to the end of the clause, and further while the next clause ends with a post."""
        end = start
        while True:
            match = _OBJECT_END.search(text.folded, end)
            stop = match.start() if match else len(text.folded)
            stop = min(stop, text.next_person(start), start + _LONGEST_LIST)
            is_more = (
                match and match.group() == "，" and post_before(text.folded, _trimmed(text, start, stop))
            )
            following = _OBJECT_END.search(text.folded, stop + 1)
            next_end = following.start() if following else len(text.folded)
            if (
                not is_more
                or not post_before(text.folded, next_end)
                or _VERB.search(text.folded, stop, next_end)
            ):
                return start, stop
            if text.people_between(stop, next_end):
                return start, stop
            end = stop + 1

    def _object(
        self, text: PersonText, rest: Span, name: Span, rule: str, status: ClaimStatus
    ) -> Iterator[PersonClaim]:
        """The posts at the end of a clause, each with its organization."""
        start, end = rest
        during = re.search("(?:一职|职务)?(?:期间|时期?|以来|的?时候|后)?$", text.folded[start:end])
        stop = start + during.start() if during else end
        if re.search("期间$", text.folded[start:end]):
            status = "former"
        stop = _trimmed(text, start, stop)
        for claim, where in self._ending_at(text, stop, name, rule, start):
            if where.start >= start:
                own = claim.status if claim.status != "current" else status
                yield replace(claim, status=own, since=self._since(text, start, status))

    def _since(self, text: PersonText, at: int, status: ClaimStatus) -> str | None:
        """The year or month that the clause before a verb prints."""
        first = max(text.sentence(at, at)[0], at - _NEAR)
        found = list(_SINCE.finditer(text.folded, first, at))
        if not found or status == "former" or _NOT_SINCE.search(text.folded, found[-1].end(), at):
            return None
        year, month = found[-1].groups()
        return f"{year}-{int(month):02}" if month else year

    def _subjects(self, text: PersonText, at: int) -> list[Span]:
        """The people that a verb speaks of: the last of its sentence with those listed before, or the one of 他."""
        first, _ = text.sentence(at, at)
        if people := text.people_between(first, at):
            subjects = people[-1:]
            for start, end in reversed(people[:-1]):
                if end + 1 == subjects[0][0] and _LIST.match(text.folded, end):
                    subjects.insert(0, (start, end))
            return subjects
        if _PRONOUN.search(text.folded[max(first, at - _NEAR) : at]):
            subject = main_person(text, at)
            return [subject] if subject else []
        people = text.people_between(text.paragraph(at), at)
        return people[-1:] if len({text.folded[slice(*span)] for span in people}) == 1 else []


def _without_organ(name: str, organ: str) -> str:
    """What a list of posts has in common: 芮城县 of 芮城县委副书记、县长."""
    return name.removesuffix("委" if COMMITTEE_OF_DIVISION.match(organ) else organ)


def _replace_start(post: PostSpan, start: int) -> PostSpan:
    """A post whose words before it are taken to begin earlier, at a word for its status."""
    return post._replace(start=start, organ="")


def _without_former(printed: str) -> str:
    return re.sub("^(?:原任?|前任?|时任|曾任|已故)", "", printed)


def _trimmed(text: PersonText, start: int, end: int) -> int:
    """The end of a clause without 职务 and 一职."""
    match = re.search("(?:等?职务|一职|候选人|人选)$", text.folded[start:end])
    return start + match.start() if match else end


def _says_death(text: PersonText, claim: PersonClaim) -> bool:
    """Whether the sentence of a claim says that its person died."""
    first, last = text.sentence(claim.start, claim.end)
    first, last = max(first, claim.start - _NEAR), min(last, claim.end + _NEAR)
    for match in _DIED.finditer(text.folded, first, last):
        span = sorted((match.start(), claim.start))
        if not {text.text[slice(*one)] for one in text.people_between(*span)} - {claim.person}:
            return True
    return False
