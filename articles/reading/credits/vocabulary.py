"""Splits a credit into its words: roles, separators and names.

A credit consists of such words only: `记者 林一舟 通讯员 王芳李小明 文/图`. Any other run of characters is `unknown`,
which distinguishes a sentence from a credit. All functions read folded text (see `character_folding`).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from articles.reading.lines.numerals import NUMERAL
from articles.reading.values import Role, Span

from .datelines import AGENCIES, CITIES, HAN, OWN, PAPERS, PROVINCES
from .names_without_surname import is_name_without_surname
from .surnames import COMMON_SURNAMES, COMPOUND_SURNAMES, SURNAMES, is_surname, split_names

_Kind = Literal[
    "spread",
    "staff",
    "role",
    "after",
    "either",
    "both",
    "report",
    "group",
    "slash",
    "body",
    "filler",
    "space",
    "name",
    "unknown",
]

BULLETS = "□■◎○●◇◆★☆▲△▼⊙※✦"

# Editors and others who make the page, and sources: the names after them are not reporters.
STAFF = (
    "(?:本版|本期|值班|执行|责任|首席|网络|见报)?(?:责任编辑|责任校对|编辑|责编|校对|版式|美编|主编|总编|编委|制图|绘图|策划|统筹"
    "|监制|审核|审读|终审|复审|初审|审校|视频|剪辑|海报|翻译|设计|排版|组版|检校|编校|一读|二读|监印|值班主任|总值班|督印人|发行人|出版人|承印人?|社长)"
    "|(?:本文|资料|文章|稿件|信息|图片)?来源|作者(?:单位|系)|(?:指导|辅导)老师|插图|插画|题图|漫画|题字|题照|翻拍|图据"
    f"|(?:口述|讲述)(?=[：/ ]{{1,2}}{HAN}{{2,4}}(?: |$))"
)
# Words before 记者: the medium, the rank, the place.
_RANK = (
    f"{OWN}|{AGENCIES}|首席|见习|实习|特派|特约|全媒体|融媒体|融媒|多媒体|新媒体|文字|资深|高级|主任|前方|随团|体育|深度|财经|政法"
    f"|学生|校园|社区|时政|经济|民生|社会|教育|文化|文体|文娱|娱乐|健康|视频|图文|驻站|片区|驻{HAN}{{1,4}}?|{HAN}{{2,3}}版"
    f"|(?<!{HAN}){HAN}{{2,4}}?(?=(?:见习|首席|全媒体|融媒体|特派)记者)"
    # A short form of the paper or the beat, where a name is set apart from 记者 or brackets enclose the credit.
    f"|(?<!{HAN})(?![{COMMON_SURNAMES}]){HAN}{{2,3}}(?=记者[ ：/]{{1,3}}{HAN}{{2}})"
    f"|(?<=[（【])(?![{COMMON_SURNAMES}]){HAN}{{2,3}}(?=记者{HAN}{{2}})"
    f"|[“《]{HAN}{{2,10}}[”》]"
    f"|(?:{HAN}{{2,8}}·)?(?:(?!通讯员|实习生|记者){HAN}){{1,8}}?(?:{PAPERS}|报业|传媒集团|通讯社|电视台|电台|融媒体中心|融媒体?|客户端|新闻网|新闻|在线|热线|频道"
    "|周刊|专刊|报|网|社|台)"
)
# Names are spaced out to the width of a column, 林 一 舟, also those with a dot, 巴图 · 乌力吉. In 林 平 王 芳 the third
# character is a surname before a single character, and in 林 平 王 小芳 before a given name, so it begins another name.
# A surname may also be divided from the given name, 王 小芳, 欧阳 一舟. 文 and 图 after a slash are roles.
_COMPOUND = "|".join(f"{surname[0]} ?{surname[1]}" for surname in COMPOUND_SURNAMES)
_NO_ROLE = "(?!(?<=/)[文图摄])"
_NEXT_NAME = (
    f"[{COMMON_SURNAMES}] {{1,3}}{HAN}(?!{HAN})|[{SURNAMES}] {{1,3}}(?![{SURNAMES}]){HAN}{{2}}(?!{HAN})"
)
_SPREAD = (
    f"(?<!{HAN}){HAN}{{2,8}} · {HAN}{{2,8}}(?!{HAN})"
    f"|(?<!{HAN})(?:{_COMPOUND}) {{1,3}}{HAN}(?: {{0,3}}(?![摄图文]){HAN})?(?!(?![摄/]){HAN})"
    f"|(?<!{HAN}){_NO_ROLE}{HAN} {{1,3}}{HAN}(?: {{1,3}}(?!{_NEXT_NAME}){HAN})?(?!(?!摄){HAN}|：|/(?![文图摄]))"
    f"|(?<!{HAN})(?![文图于])[{SURNAMES}] {{1,3}}{HAN}(?![摄图文]){HAN}(?!(?!摄){HAN})"
)
# Organizations whose people write for the paper: 县农业局 林一舟, 县农业局林一舟, 长河中学通讯员 林一舟.
_ORG_ENDING = (
    "(?:局|部|委|办|院|处|科|(?<!事务)所|站|中心|公司|集团|大学|中学|小学|校|队|班|"
    "社区|街道|办公室|团|厂|矿|行|联|会|社|馆|园|组)"
)
# Short ones look like names, but no given name ends so.
_SHORT_ORG = f"(?:{HAN}{{1,3}}(?:局|委|院|办)|{HAN}?(?:妇联|文联|工会|中心))"
_AFTER_ORG = f"(?= {{1,4}}{HAN}|(?:特约)?通讯员|记者)"
_ORGANIZATIONS = (
    f"(?<!{HAN})(?:(?:{HAN}{{3,14}}{_ORG_ENDING}|{_SHORT_ORG}){_AFTER_ORG}|{HAN}{{2,14}}{_ORG_ENDING}(?= {{0,4}}供稿)"
    f"|[0-9]{{2,4}}级{HAN}{{0,10}}(?= {{1,4}}{HAN})"
    # Where the writer of a letter lives: 江苏临河市 林一舟.
    f"|(?<!{HAN})(?:{PROVINCES}){HAN}{{0,8}}(?= {{1,4}}{HAN}{{2,3}}(?:[） ]|$))"
    f"|[省市县区旗州镇乡村校]{HAN}{{1,10}}?{_ORG_ENDING}(?:{_AFTER_ORG}|(?={HAN}{{2,3}}(?:[） 、，]|$))))"
)
# Sources of pictures: 光明图片, 视觉南河.
PICTURE_AGENCIES = f"{HAN}{{2,4}}图片|视觉{HAN}{{2,4}}|图虫创意|东方IC|IC photo|CFP"
# The date and time above an item of a web page: 2026-05-02 08:30.
_TIMESTAMP = "[0-9]{4}[-/.][0-9]{1,2}[-/.][0-9]{1,2}(?: {1,2}[0-9]{1,2}：[0-9]{2})?"
_WRITTEN = "稿件|文字|撰文|采写"
_PICTURES = "(?:本文|本版|本组|文中|以上|均)?(?:图片|照片|配图|组图|题图|图)"
_PROVIDERS = "受访(?:者|单位|对象)|采访对象|当事人|被访者|警方|校方|院方|医院|学校|企业|单位|主办方|读者|网友|市民|家属|本人|资料"

# The kind of each word and the role that it gives; the first match wins. A `role` applies to the names after it, `after`
# to the names before it, `either` to the names after it if there are any; `both` makes the names before it
# photographers too; a `group` begins with names that share nothing with those before it.
_WORDS: tuple[tuple[_Kind, Role | None, str], ...] = (
    ("role", "reporter", f"(?<!{HAN})(?:本 {{1,2}}报 {{1,2}})?记 {{1,2}}者(?!{HAN})"),
    ("role", "correspondent", f"(?<!{HAN})通 {{1,2}}讯 {{1,2}}员(?!{HAN})"),
    ("spread", None, _SPREAD),
    ("filler", None, f"{_PICTURES}?[ /：]?(?:均|皆)?由?(?:{_PROVIDERS}) ?(?:提供|供图|图片?)(?!{HAN})"),
    ("filler", None, f"{_PICTURES}(?:均|皆|都)?由{HAN}{{2,16}}?提供(?!{HAN})"),
    ("group", None, f"(?:{_PICTURES}|本[版组文](?:稿件|文字))(?:除署名外)?(?:均|皆|都)?由"),
    ("filler", None, f"本[版组文](?:{_WRITTEN})(?=[：/ ])"),
    ("either", "photographer", "本[版组文](?:摄影|图片)(?=[：/ ])"),
    ("filler", None, f"(?<=[/ ])(?:{PICTURE_AGENCIES})(?!{HAN})"),
    ("filler", None, _TIMESTAMP),
    # A mark of the end of a text, or a bullet that became a letter of its font: ⑧3, N本报记者.
    ("filler", None, f"[①-⑳] ?[0-9]{{0,3}}|(?<![A-Za-z])[A-Za-z](?=(?:{OWN}|{HAN}{{0,3}}(?:记者|通讯员)))"),
    ("staff", None, STAFF),
    ("after", "reporter", "(?:参与|共同)(?:采写|采访|报道)|采访(?:整理)?(?=$|[） 。])"),
    # Text and picture of one story by two: 林一舟文 王芳摄.
    ("after", "reporter", f"(?<={HAN}{{2}})文(?= {{1,3}}{HAN}{{2,4}} ?摄)"),
    ("role", "reporter", "(?:资料|素材)整理(?=[：/])"),
    ("both", "photographer", "摄影并?(?:/| )?报道"),
    ("after", "photographer", "图片报道"),
    (
        "after",
        "reporter",
        r"文(?:[/、\\]|并|和)?(?:图片?|摄影|摄)(?=$|[） 。：/])|图[/、\\]?文|(?:撰文|采写)/?摄影"
        "|报[道导][．、·/ ]?摄影(?=[：/╱])",
    ),
    ("role", "photographer", f"(?:(?:{_RANK}) ?){{0,3}}摄影(?:记者|师)"),
    (
        "role",
        "reporter",
        f"(?:(?:{_RANK}) ?){{0,4}}(?:记者[组站]?|特派员)|采写|撰文|(?:特约)?撰稿人?|执笔|主笔",
    ),
    (
        "role",
        "reporter",
        rf"采访(?:整理)?(?=[：/ 、])|(?:整理|报道)(?=[：/])|(?<!{HAN})编译(?=[：/ ]{{0,2}}{HAN}{{2}})",
    ),
    (
        "role",
        "reporter",
        r"作者(?=[：/ ])|文字?(?= ?[：/|\\@])",
    ),
    ("role", "reporter", f"(?:(?:{OWN}|{AGENCIES}|特约) ?)+(?:评论员|[书影乐剧球时]评人|专栏作[家者])"),
    ("role", "correspondent", f"(?:(?:{OWN}|特约|骨干|优秀) ?){{0,2}}(?:通讯员|通联员)"),
    ("role", "correspondent", "供稿(?=[：/])"),
    ("after", "correspondent", "供稿(?=$|[） ])"),
    ("role", "intern", "(?:(?:本报|全媒体) ?)?(?:实习生|见习生)"),
    ("either", "photographer", f"(?:特约|特邀|本报|本刊)?摄影|图片(?= {{1,3}}{HAN})"),
    ("after", "photographer", r"供图|航拍|摄像|翻?摄|图片?(?= ?[：/|\\@])|(?<=[ /])图片?(?=$|[） ])"),
    ("after", "reporter", "(?<=[ /])文(?=$|[） ])"),
    (
        "report",
        None,
        f"发自 {{0,2}}{HAN}{{2,6}}(?=$|[ ）：，])|(?:综合|整理|编译|联合|连线|采访|现场|独家|即时)?(?:报道|报导|专电|外电)",
    ),
    ("report", None, "发自|综合|整合|整理|编译|专访|专稿|特稿"),
    ("slash", None, r" ?[/|\\@╱] ?|："),
    # 和 between two names, but not in 布和 or 苏和.
    (
        "space",
        None,
        f"[ 、，；．&＆|（）【】{BULLETS}—-]+|(?<={HAN}{{2}})(?<![者员生])(?:以及|及|和|与)(?={HAN})",
    ),
    ("body", None, _ORGANIZATIONS),
    (
        "filler",
        None,
        f"{OWN}|{AGENCIES}|(?<!{HAN}){HAN}{{0,6}}?(?:(?:{PAPERS})(?![道导])|融媒体中心|电视台|报社|报(?= ?/ ?记者))",
    ),
    # Desks of papers in Taiwan: 地方中心/台北报导.
    ("filler", None, f"(?<!{HAN}){HAN}{{2,4}}(?:中心|组)(?=/|记者|{HAN}{{2,3}}/)"),
    ("filler", None, rf"(?:{NUMERAL}{{2,4}}年)?{NUMERAL}{{1,3}}月{NUMERAL}{{1,3}}日"),
    ("filler", None, "(?:(?<=[社网 ])发|等)(?=$|[（）。 ])|等(?=报道)"),
)
_WORD = re.compile("|".join(f"(?P<w{place}>{pattern})" for place, (_, _, pattern) in enumerate(_WORDS)))

_MAX_SHORT_ORG = 4
# A longer run without a known surname is a sentence, unless it is two Tibetan names.
_MAX_ANY = 6
_TWO_OF_FOUR = 8
_NAME_RUN = re.compile(f"(?:{HAN}|·)+")
_PLACES = {*CITIES, *PROVINCES.split("|")}
_ROW = re.compile(f"{HAN}{{2,3}}(?: {{1,2}}{HAN}{{2,3}})+")
_MIN_ROW = 3
_NAME_WITH_DOTS = re.compile(f"{HAN}{{1,8}}(?:·{HAN}{{1,8}}){{1,3}}")
# Other words in brackets or after 记者 that could pass for a name.
_FORMULA = re.compile(
    "[左右前后中上下]+[起一二三四五六排]|连载|续完|全文|节选|综合|组图|附图|相关|方言"
    "|招待会|发布会|资料室|编辑部|编辑室|关键词"
    "|手记|观察|调查|述评|札记|随笔|日记|来信|连线|视角|视线|专栏|走基层|帮|问|节$|站$|团$"
)
# People who do not give their names, and datelines: 林某, 王女士, 江都讯.
_NO_NAME_END = re.compile("(?:[某讯]|女士|先生|小姐|代表)$")
# A run with one of these words of grammar is a part of a sentence, and no pen name.
_ROLE_WORD = re.compile("记者|通讯员|摄|供稿|作者|[文图](?=[/：]|$)")
_GRAMMAR = re.compile("[的了着是在这那们把被将对以从向但其就也还又最不没我你他她它]")
# A run that ends like an organization is one, though it could be cut into names: 临河市医保中心.
_ORG_RUN = re.compile(
    f"{HAN}{{2}}[部局署厅委院办]|{HAN}{{2,12}}(?:[部局署厅委院办]|中心|公司|大学|中学|小学|学校|医院|银行|办公室|委员会|协会|集团|街道|[分支大]队)"
)


@dataclass(frozen=True, slots=True)
class CreditWord:
    """One word of a credit: its kind, and the role that it gives or the name that it is."""

    part: _Kind
    start: int
    end: int
    role: Role | None = None
    name: str = ""


@lru_cache(maxsize=512)
def split_credit_words(text: str) -> tuple[CreditWord, ...]:
    """Split a credit into its words and names, in order; cached, as several rules read the same credit.

    >>> [(word.part, word.name) for word in split_credit_words("记者王芳李小明摄")]
    [('role', ''), ('name', '王芳'), ('name', '李小明'), ('after', '')]
    """
    return tuple(_words(text))


def _words(text: str) -> Iterator[CreditWord]:
    end = 0
    is_set_off = has_role = _is_row_of_names(text.strip(f"{BULLETS} "))
    for match in _WORD.finditer(text):
        part, role, _ = _WORDS[int((match.lastgroup or "w0")[1:])]
        # Pen names and Tibetan names have no surname. They count as names after a role, if a space, a colon, a
        # bracket or another role divides them from it.
        any_name = has_role and (is_set_off or part == "role" or match[0][0] in "）】")
        run_end = match.start() - (_place_at_end(text[end : match.start()]) if part == "report" else 0)
        yield from _names(text, end, run_end, any_name=any_name)
        start = match.start()
        if part == "role" and has_role and start == end and (length := _name_before_medium(match[0])):
            start += length
            yield CreditWord("name", end, start, name=match[0][:length])
        has_role |= part == "role"
        if part == "spread":
            yield from _spread_name(text, match, any_name=any_name)
        elif part == "body" and len(match[0]) > _MAX_SHORT_ORG and (cuts := split_names(match[0])):
            yield from _cut_names(match[0], match.start(), cuts)
        else:
            yield CreditWord(part, start, match.end(), role)
        # 本报记者 occurs only before a name; 记者 begins sentences too.
        is_set_off = part in {"space", "slash"} or (part == "role" and match[0] != "记者")
        end = match.end()
    yield from _names(text, end, len(text), any_name=has_role and is_set_off)


def _is_row_of_names(text: str) -> bool:
    """Whether the text is a row of three names or more, most of them with a surname: 林舟 一平 王芳 李小明."""
    if not _ROW.fullmatch(text):
        return False
    runs = text.split()
    return len(runs) >= _MIN_ROW and 2 * sum(is_surname(run[0]) for run in runs) > len(runs)


def _names(text: str, start: int, end: int, *, any_name: bool) -> Iterator[CreditWord]:
    """Split the run between two words of a credit into names."""
    run = text[start:end].strip(" .。")
    if not run:
        return
    start = text.index(run, start)
    if run in _PLACES:
        yield CreditWord("filler", start, start + len(run))
        return
    if _ORG_RUN.fullmatch(run):
        yield CreditWord("body", start, start + len(run))
        return
    cuts = _cuts(run, any_name=any_name, is_credit=_ROLE_WORD.search(text) is not None)
    if not cuts:
        yield CreditWord("unknown", start, start + len(run))
    yield from _cut_names(run, start, cuts)


def _cut_names(run: str, start: int, cuts: list[Span]) -> Iterator[CreditWord]:
    for name_start, name_end in cuts:
        yield CreditWord("name", start + name_start, start + name_end, name=run[name_start:name_end])


def _name_before_medium(role: str) -> int:
    """The length of a name that a role without a space took for the beginning of a medium: 林一舟南河晚报记者."""
    medium = re.match(f"({HAN}+)(?:{PAPERS}|报|网)记者", role)
    lengths = (3, 2) if medium and is_surname(role[0]) else ()
    return next((length for length in lengths if medium and len(medium[1]) >= length + 2), 0)


def _place_at_end(run: str) -> int:
    """The length of a city at the end of a run that has a name before it: 林一舟长沙."""
    return next((len(city) for city in CITIES if run.endswith(city) and len(run) >= len(city) + 2), 0)


def _cuts(run: str, *, any_name: bool, is_credit: bool) -> list[Span]:
    if _FORMULA.match(run) or _NO_NAME_END.search(run) or not _NAME_RUN.fullmatch(run):
        return []
    if _NAME_WITH_DOTS.fullmatch(run):
        # Without a role a name with dots consists of words that are known: ■反思·救援 is a title.
        return [(0, len(run))] if is_credit or all(map(is_name_without_surname, run.split("·"))) else []
    any_name = any_name and not _GRAMMAR.search(run)
    if any_name and len(run) == _TWO_OF_FOUR:
        return split_names(run) or [(0, 4), (4, 8)]
    return split_names(run, any_surname=any_name and len(run) <= _MAX_ANY) or []


def _spread_name(text: str, match: re.Match[str], *, any_name: bool) -> Iterator[CreditWord]:
    """Read a name whose characters are spaced out; the last of three may be a role: 王 芳 摄."""
    start, end = match.span()
    if "·" not in match[0] and not any_name and not is_surname(text[start]):
        yield CreditWord("unknown", start, end)
        return
    role = {"摄": "photographer", "图": "photographer", "文": "reporter"}.get(text[end - 1])
    characters = match[0].split()
    if role and len(characters) == 3 and "·" not in characters:
        name_end = start + match[0].rindex(characters[1]) + 1
        yield CreditWord("name", start, name_end, name=characters[0] + characters[1])
        yield CreditWord("after", end - 1, end, "photographer" if role == "photographer" else "reporter")
    else:
        yield CreditWord("name", start, end, name="".join(characters))
