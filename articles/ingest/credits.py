"""The grammar of credits: datelines, bylines, photo credits, and the names in them.

All functions read folded text (see `folding`) and give offsets in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

from .numerals import NUMERAL
from .records import Role
from .surnames import is_surname, split_names

_HAN = "[\u3400-\u9fff\U00020000-\U0003ffff]"

_PAPERS = "日报|晚报|早报|晨报|时报|商报|都市报|导报|快报|周报|新报|青年报|农民报|工人报|经济报|周刊|画报"
_OWN = "本报|本刊|本台|本网|本社|本站"
_AGENCY = "新华社|新华网|中新社|中新网|中国新闻社|中国新闻网|人民网|中央社|央视|路透社|法新社|美联社|塔斯社|共同社"
# A medium by the word that its name ends in; short forms (晨报讯) are the last two characters of a paper's name.
_MEDIUM = (
    rf"(?:{_HAN}|[A-Za-z—·]){{0,10}}?(?:{_PAPERS}|报社|通讯社|社|网|报|电视台|电台|台|在线|新闻|客户端|融媒体中心|融媒)"
)
_DATE = rf"(?:{NUMERAL}{{1,4}}年)?(?:{NUMERAL}{{1,3}}月)?{NUMERAL}{{1,3}}日"
_WORD = r"(?:快讯|短讯|专讯|综合讯|(?<!通)讯(?![员息问号])|专电|急电|(?<![来发])电(?![话视影台脑商力子信讯]))"

# 本报讯, 新华社罗马5月2日电, 据新华社北京5月2日电, 临河网5月2日讯, 临河网5月2日信息：, 【临河晚报讯】
_DATELINE = re.compile(
    rf"[（【]?据?[“《]?(?:"
    rf"(?:{_OWN}|{_AGENCY})[”》]?[^。！？；：，（）【】“”]{{0,24}}?(?:{_WORD}|(?:消息|信息)(?=[：（， ]))"
    rf"|{_MEDIUM}[”》]?(?:[—-]{_MEDIUM})?(?:{_HAN}{{0,6}}?{_DATE}{_HAN}{{0,6}}?|{_HAN}{{0,3}}?)(?:{_WORD}(?=[：（】， ]|记者)|(?:消息|信息)(?=[：（，]))"
    rf")[】]?"
)
# （中央社记者林一舟高雄2日电）, 【记者林一舟台北报导】: the reporter stands inside the dateline, the place behind him.
_REPORTER_IN_DATELINE = re.compile(rf"记者 ?(?P<name>{_HAN}{{2,3}}?)(?P<place>{_HAN}{{2,6}})(?={_DATE}|报导|报道)")

_BULLETS = "□■◎○●◇◆★☆▲△▼⊙※✦"
_RANK = (
    rf"{_OWN}|{_AGENCY}|首席|见习|实习|特派|特约|全媒体|融媒体|融媒|多媒体|新媒体|文字|资深|高级|主任|前方|随团|体育|深度|财经|政法"
    rf"|驻{_HAN}{{1,4}}?|{_HAN}{{2,3}}版|{_HAN}{{2,8}}?(?:{_PAPERS}|报业|传媒集团|通讯社|电视台|电台|融媒体中心|客户端|新闻网|在线|报|网|社|台)|南都|上游|红星|澎湃"
)
_STAFF = (
    r"(?:本版|本期|值班|执行|责任|首席|网络|见报)?(?:责任编辑|责任校对|编辑|责编|校对|版式|美编|主编|总编|编委|制图|绘图|策划|统筹|监制"
    r"|审核|审读|终审|复审|初审|翻译|设计|排版|组版|检校|编校|一读|二读)|(?:本文|资料|文章|稿件|信息|图片)?来源|作者(?:单位|系)|(?:指导|辅导)老师"
)

Part = Literal["spaced", "staff", "role", "after", "report", "slash", "filler", "space", "name", "unknown"]

# What the words of a credit say, first match wins: the part that a word plays, the role that it gives.
_WORDS: tuple[tuple[Part, Role | None, str], ...] = (
    # 林 一 舟: names are spread to the width of a column.
    ("spaced", None, rf"(?<!{_HAN}){_HAN}{{2,8}} · {_HAN}{{2,8}}(?!{_HAN})|(?<!{_HAN}){_HAN} {{1,3}}{_HAN}(?: {{1,3}}{_HAN})?(?!{_HAN}|[/：])"),
    ("staff", None, _STAFF),
    ("after", "photographer", r"摄影并?报道|图片报道"),
    ("after", "reporter", r"文(?:[/、]|并|和)?(?:图片?|摄影|摄)(?=$|[） 。：:/])|图[/、]?文|(?:撰文|采写)/?摄影"),
    ("role", "photographer", rf"(?:(?:{_RANK}) ?){{0,3}}摄影记者"),
    (
        "role",
        "reporter",
        rf"(?:(?:{_RANK}) ?){{0,4}}记者(?:组)?|采写|撰文|撰稿|执笔|采访(?=[：/ ])|作者(?=[：/ ])|文字?(?=[：/])|(?:{_OWN})?特约撰稿人",
    ),
    ("role", "correspondent", rf"(?:(?:{_OWN}|特约|骨干|优秀) ?){{0,2}}(?:通讯员|通联员)"),
    ("role", "intern", r"(?:(?:本报|全媒体) ?)?(?:实习生|见习生)"),
    ("after", "photographer", r"摄影|供图|航拍|摄像|摄|图片?(?=[：/])|(?<=[ /])图片?(?=$|[） ])"),
    ("after", "reporter", r"(?<=[ /])文(?=$|[） ])"),
    ("report", None, r"(?:综合|整理|编译|联合)?(?:报道|报导)|发自|综合|整合|整理|编译|专访|专稿"),
    ("slash", None, r"[/：]"),
    ("space", None, rf"[ 、，；&＆|（）【】{_BULLETS}]+|(?<![者员生：/ ])(?:以及|及|和|与)"),
    ("filler", None, rf"{_OWN}|{_AGENCY}|(?<!{_HAN}){_HAN}{{0,6}}?(?:{_PAPERS}|融媒体中心|电视台|报社)|[发供](?=$|[）。])|等(?=$|[）。])"),
)
_TOKEN = re.compile("|".join(f"(?P<w{i}>{pattern})" for i, (_, _, pattern) in enumerate(_WORDS)))
_PHOTO_REMARK = re.compile("（[^（）]{0,24}(?:提供|图片|来源)[^（）]{0,8}）$")
# No credit has a whole sentence in it, and hardly any is without one of these words.
_SENTENCE = re.compile("[。！？](?!$)")
_CREDIT_WORD = re.compile("记者|通讯员|通联员|实习生|见习生|摄|图|文|采写|撰|执笔|采访|作者|航拍")
_NAME_RUN = re.compile(f"(?:{_HAN}|·)+")
_FOREIGN_NAME = re.compile(rf"{_HAN}{{1,8}}(?:·{_HAN}{{1,8}}){{1,3}}")

# What else papers put in brackets, which could pass for a name.
_FORMULA = re.compile("[左右前后中上下]+[起一二三四五六排]|连载|续完|全文|节选|综合|组图|附图|相关|方言")

_AROUND = _BULLETS + "·— "
_MAX_BYLINE = 70


@dataclass(frozen=True, slots=True)
class _Token:
    part: Part
    start: int
    end: int
    role: Role | None = None
    name: str = ""


@dataclass(frozen=True, slots=True)
class Credit:
    """A person in a credit; `role` is None for one who is named without a word on what he did."""

    name: str
    role: Role | None
    start: int
    end: int

    def moved(self, offset: int) -> Credit:
        return replace(self, start=self.start + offset, end=self.end + offset)


def find_dateline(text: str) -> re.Match[str] | None:
    """The dateline that the text begins with: who sends the report, from where, when.

    >>> find_dateline("新华社罗马5月2日电（记者林一舟）意大利")[0]
    '新华社罗马5月2日电'
    """
    return _DATELINE.match(text)


def find_agency(dateline: str) -> str | None:
    """The news agency that a dateline names: 新华社, but not the paper itself."""
    match = re.search(_AGENCY, dateline)
    return match[0] if match else None


def reporters_in_dateline(dateline: str) -> list[Credit]:
    """Reporters whom a dateline names between the medium and the place, as agencies in Taiwan print it."""
    match = _REPORTER_IN_DATELINE.search(dateline)
    if not match:
        return []
    start, run = match.start("name"), match["name"] + match["place"]
    # Names of three characters are the rule; a place has two at least.
    end = start + (3 if len(run) >= 5 else 2)
    return [Credit(dateline[start:end], "reporter", start, end)]


def people(text: str) -> list[Credit]:
    """The people whom a credit names, editors left out.

    >>> [(p.name, p.role) for p in people("记者 林一舟 通讯员 王芳李小明 文/图")]
    [('林一舟', 'reporter'), ('王芳', 'correspondent'), ('李小明', 'correspondent')]
    """
    return _people([token for token in _tokens(text) if token.part != "space"])


def is_byline(text: str) -> bool:
    """Whether the text is a credit and nothing else: names with a role, a bullet or brackets round them.

    >>> [is_byline(text) for text in ("□记者 林一舟", "本报记者", "记者手记", "编辑 林一舟", "（林一舟）")]
    [True, True, False, False, True]
    """
    inner = text.strip(_AROUND)
    if not inner or len(inner) > _MAX_BYLINE or _SENTENCE.search(inner):
        return False
    if match := find_dateline(inner):
        return inner.count("（") == inner.count("）") and is_byline(inner[match.end() :].strip())
    bracketed = inner[0] in "（【" and inner[-1] in "）】"
    marked = bracketed or inner != text.strip()
    if not marked and not _CREDIT_WORD.search(inner):
        return False
    parts = {token.part for token in _tokens(inner)}
    if "unknown" in parts or ("staff" in parts and "role" not in parts):
        return False
    return bool(parts & {"role", "after"}) or (marked and "name" in parts)


def is_names(text: str) -> bool:
    """Whether the text is nothing but Chinese names, each with its surname: 林舟李一平."""
    tokens = [token for token in _tokens(text) if token.part != "space"]
    return bool(tokens) and all(token.part == "name" and is_surname(token.name[0]) for token in tokens)


def is_staff_line(text: str) -> bool:
    """Whether the text begins with editors, proofreaders or a source: 编辑 林一舟, 【编辑：林一舟】, 本文来源：临河晚报."""
    inner = text.strip(_AROUND + "（）【】")
    match = re.match(rf"(?:{_STAFF})(?=[：/ ])", inner)
    return match is not None and len(inner) <= _MAX_BYLINE and "。" not in inner


def _tokens(text: str) -> Iterator[_Token]:
    """The words of a credit in order, and the names between them."""
    end = 0
    explicit = False
    for match in _TOKEN.finditer(text):
        part, role, _ = _WORDS[int((match.lastgroup or "w0")[1:])]
        yield from _names(text, end, match.start(), explicit or part == "role" or match[0][0] in "）】")
        if part == "spaced":
            yield from _spaced_names(text, match)
        else:
            yield _Token(part, match.start(), match.end(), role)
        # Pen names and Tibetan names have no surname; they are names where a space, a colon, a bracket or two
        # roles set them off.
        explicit = part in {"space", "slash"} or role == "correspondent"
        end = match.end()
    yield from _names(text, end, len(text), explicit)


def _names(text: str, start: int, end: int, pen_names: bool) -> Iterator[_Token]:
    """The names that stand between two words of a credit, cut by their surnames."""
    while start < end and text[start] in " .。":
        start += 1
    while start < end and text[end - 1] in " .。":
        end -= 1
    if start == end:
        return
    run = text[start:end]
    if _FORMULA.match(run) or not _NAME_RUN.fullmatch(run):
        yield _Token("unknown", start, end)
        return
    if _FOREIGN_NAME.fullmatch(run) or (pen_names and 2 <= len(run) <= 4):
        cuts = split_names(run) or [(0, len(run))]
    else:
        cuts = split_names(run) or []
    if not cuts:
        yield _Token("unknown", start, end)
    for name_start, name_end in cuts:
        yield _Token("name", start + name_start, start + name_end, name=run[name_start:name_end])


def _spaced_names(text: str, match: re.Match[str]) -> Iterator[_Token]:
    """A name whose characters are spread; the third is none of its own where another name begins with it."""
    places = [place for place in range(match.start(), match.end()) if text[place] != " "]
    if "·" in match[0]:
        yield _Token("name", match.start(), match.end(), name=match[0].replace(" ", ""))
        return
    if not is_surname(text[places[0]]):
        yield _Token("unknown", match.start(), match.end())
        return
    if len(places) == 3 and text[places[2]] in "摄文图":
        places.pop()
    name = "".join(text[place] for place in places)
    yield _Token("name", places[0], places[-1] + 1, name=name)
    if places[-1] + 1 < match.end():
        yield _Token("after", match.end() - 1, match.end(), "photographer" if match[0][-1] in "摄图" else "reporter")


def _people(tokens: list[_Token]) -> list[Credit]:
    """Roles to names: a role holds for the names behind it, 摄 for all names before it since the last such word."""
    done: list[Credit] = []
    group: list[Credit] = []
    role: Role | None = None
    is_staff = False
    for here, token in enumerate(tokens):
        following = tokens[here + 1].part if here + 1 < len(tokens) else None
        if token.part == "name" and not is_staff and not _is_place(tokens, here, group):
            group.append(Credit(token.name, role, token.start, token.end))
        elif token.part == "staff":
            is_staff = True
        elif token.part == "role" or (token.part == "after" and _leads(following, group)):
            role, is_staff = token.role, False
            if token.part == "after":
                done, group = done + group, []
        elif token.part == "after":
            done, group = done + [_with_role(credit, token.role) for credit in group], []
            role = None
    return done + group


def _leads(following: Part | None, group: list[Credit]) -> bool:
    """Whether 摄影 or 文/图 speaks of the names behind it: 摄影/张三, 文/图 张三, but not 张三 摄影."""
    return following == "slash" or (not group and following in {"name", "role"})


def _is_place(tokens: list[_Token], here: int, group: list[Credit]) -> bool:
    """Whether this is where the report comes from: 林一舟/台北报导, 记者 林一舟 北京报道."""
    if here + 1 == len(tokens) or tokens[here + 1].part != "report" or not group:
        return False
    before, token, after = tokens[here - 1], tokens[here], tokens[here + 1]
    return after.start == token.end and before.end < token.start or before.part == "slash"


def _with_role(credit: Credit, role: Role | None) -> Credit:
    """摄 makes photographers of reporters; 文/图 leaves a correspondent what he is."""
    return replace(credit, role=role) if role == "photographer" or credit.role is None else credit


def opening_credit(text: str) -> tuple[int, int] | None:
    """The credit that the text begins with, a dateline before it left aside.

    >>> text = "本报讯记者林一舟报道：今年"
    >>> text[slice(*opening_credit(text))]
    '记者林一舟报道'
    """
    dateline = find_dateline(text)
    start = dateline.end() if dateline else 0
    while start < len(text) and text[start] in " .。，":
        start += 1
    if not text.startswith(("（", "【"), start) and not _CREDIT_WORD.search(text, start, start + 20):
        return None
    for end in _credit_ends(text, start):
        credit = text[start:end]
        if is_byline(credit) and people(credit):
            return start, end
    return None


def _credit_ends(text: str, start: int) -> Iterator[int]:
    """Where a credit that begins here may end: its own bracket, 报道 and a colon, or a space before the text."""
    window = text[start : start + _MAX_BYLINE].partition("。")[0]
    if window[:1] in ("（", "【"):
        closing = re.search("[）】]", window)
        if closing:
            yield start + closing.end()
        return
    for pattern in ("(?:报道|报导|专稿)(?=[：，， ])", "(?= )"):
        yield from sorted((start + match.end() for match in re.finditer(pattern, window)), reverse=True)


def closing_credit(text: str) -> tuple[int, int] | None:
    """The credit in brackets that ends the text, as start and end of what is inside the brackets.

    >>> text = "种下三千棵树。（林一舟）"
    >>> text[slice(*closing_credit(text))]
    '林一舟'
    """
    stripped = text.rstrip(" 。")
    opening = stripped.rfind("（")
    if not stripped.endswith("）") or opening < 0 or len(stripped) - opening > _MAX_BYLINE:
        return None
    return (opening + 1, len(stripped) - 1) if is_byline(stripped[opening:]) else None


def closing_photo_credit(text: str) -> tuple[int, int] | None:
    """The photo credit without brackets that ends the text, behind its last sentence or a space.

    >>> text = "候鸟飞过湖面。 通讯员林一舟 摄"
    >>> text[slice(*closing_photo_credit(text))]
    '通讯员林一舟 摄'
    """
    stripped = _PHOTO_REMARK.sub("", text).rstrip(" 。）")
    if not stripped.endswith(("摄", "摄影", "供图", "摄影报道")):
        return None
    window = max(0, len(stripped) - 40)
    for start in _credit_starts(stripped, window):
        tail = stripped[start:].strip(" ")
        if is_byline(tail) and people(tail):
            return start, len(stripped)
    return None


def _credit_starts(text: str, window: int) -> Iterable[int]:
    """Where a credit may begin in the last part of a text, the longest first: behind a stop, then a space."""
    stops = [m.end() for m in re.finditer("[。！？”…；（]", text[window:])]
    spaces = [m.end() for m in re.finditer(" +", text[window:])]
    after_last_stop = stops[-1] if stops else 0
    while after_last_stop < len(text) - window and text[window + after_last_stop] == " ":
        after_last_stop += 1
    starts = ([after_last_stop] if stops or window == 0 else []) + [space for space in spaces if space > after_last_stop]
    return [window + start for start in starts]
