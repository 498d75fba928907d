"""What can be seen of a printed line, as named yes-or-no observations that the label tables weigh."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from . import credits
from .headers import is_header
from .lines import Line
from .numerals import NUMERAL

_MAX_TITLE = 44
_MAX_SENTENCE = 48
_CLOSERS = "”’）】》」』\"' "
_SHORT = 24
_MEDIUM = 45

_ORDINAL = r"[一二三四五六七八九十]{1,3}|\d{1,2}"

# How lines begin.
_STARTS = {
    "dash": re.compile("—|--"),
    "numbered": re.compile(
        rf"（(?:{_ORDINAL})）|(?:{_ORDINAL})(?:[、．]|\.(?!\d))|[①-⑳]|第[一二三四五六七八九十]{{1,3}}[、：， ]"
    ),
    "numeral": re.compile("(?:[一二三四五六七八九十]{1,2}|[0-9]{1,2}|[ⅠⅡⅢⅣⅤⅥ])$"),
    "decorated": re.compile(
        r"(?:【[^】]{1,12}】|[□■◎●◇◆★☆▲※] ?[^。，]{1,10}|[^。，：]{1,8}(?:专栏|专题|短讯|简讯|快讯|快报|简报|速览|聚焦|之窗|时评|副刊))$"
    ),
    "caption lead": re.compile(
        r"[▲△▼◀▶↑↓←→]|[（【]?(?:图为|图[①-⑳\d一二三四五六]|[左右上下中前本题大小]{1,2}图(?:为|[：，]|[①-⑳\d])"
        r"|(?:图片|资料图|资料图片|图说|图)(?:[：]|为)|[上下前后]排左起|(?:这是|以上).{0,20}(?:照片|图片|现场|资料))"
    ),
    # Who stands where in a photo: （左二）, 前排右一.
    "position mark": re.compile(r".{0,60}(?:（[前后中]?排?[左右前后中][一二三四五起]?[^）]{0,4}）|[前后]排[左右中])"),
    "salutation": re.compile("(?:编辑(?:部|同志)?|记者同志|尊敬的|敬爱的|亲爱的|各位|同志们|朋友们)[^。，]{0,12}：$"),
    "jumped from": re.compile(r"[（【](?:上接|紧接)[^）】。]{1,12}[）】]"),
    "jump": re.compile(rf"[（【]?(?:上接|下转|紧接|转|接)第?[A-Z]?{NUMERAL}{{1,3}}版[^。]{{0,12}}$|（[^。]{{0,12}}[见刊]第?[A-Z]?{NUMERAL}{{1,3}}版）$"),
    # A paragraph begins like this: when, who says so, or a link to what was said before.
    "opener": re.compile(
        rf"{NUMERAL}{{2,4}}年|{NUMERAL}{{1,3}}月|{NUMERAL}{{1,3}}[日时]|[昨今前当次翌][日天晚晨年午]|[上下][午周月]|近[日期年来几]|日前|目前"
        r"|眼下|如今|最近|截[至止]|随[后着]|此[外次前后时间]|对此|为此|因此|与此同时|同时|据|经[初过]|接[到报警]|记者|事[发故件]|其中|另外"
        r"|首先|其次|最后|然而|但|不过|因为|由于|为了|虽然|尽管|“"
    ),
    # News begins with when it happened.
    "news opener": re.compile(
        rf"(?:{NUMERAL}{{2,4}}年)?(?:{NUMERAL}{{1,3}}月)?{NUMERAL}{{1,3}}[日号]|[昨今前当][日天晚晨]|近日|日前|近期|最近|[本上]周|今年以来"
        rf"|{NUMERAL}{{1,2}}月|记者.{{0,12}}(?:获悉|了解到)"
    ),
    # No sentence begins with these, so a line that does goes on with the one before it.
    "mid start": re.compile(
        "的(?![确哥士])|了(?![解不却])|着(?![力眼手火重实装名急])|过(?![去程后年往了节渡敏度完境分多冬])|们|及(?![时至早格])"
        "|与(?![此会其他她之往众])|或(?![许者是])|者|性(?![别格能情质])|化(?![学工妆解肥石验名身纤])|得(?![知益到分奖])|和(?![谐平睦服硕田])"
        "|[，。、；：！？”）》]"
    ),
    "speaker": re.compile("(?:问|答|记者|主持人|Q|A)："),
    "editor note": re.compile("[【（]?(?:编者按|编者的话|编后|开栏的话|开栏语|核心提示|阅读提示|内容提要|新闻背景)[】）]?(?:[： ]|$)"),
}
# How lines end, closing quotes and brackets aside.
_ENDS = {
    "stop": re.compile("[。…]$"),
    "exclaimed": re.compile("[！？]$"),
    "clause": re.compile("[，、]$"),
    "item": re.compile("；$"),
    "colon": re.compile("：$"),
    # Neither a sentence nor a heading ends with these.
    "mid end": re.compile("(?:[的在与及其据将把被向从对是由至于则每各并而且但以若]|(?<![公改修纠端真更校严方])正|和|不过|其他|以及|因为|由于)$"),
    "speech end": re.compile("(?:指出|强调|要求|提出|表示|认为|号召|呼吁|寄语|希望|透露|宣布|介绍|说|时|上|者)$"),
    "picture word": re.compile("(?:截图|示意图|效果图|资料图|资料图片|资料照片|合影|留影|剧照|海报|书影)。?$"),
    "scene word": re.compile("(?:一角|一景|现场|场景|场面|画面|身影|外景|全景|夜景)。?$"),
}
# Titles of adverts and official notices, spaces between their characters left out.
_ADVERT_TITLE = re.compile(
    "^(?:遗失|挂失|分类广告|公益广告)$|(?:^|遗失|挂失|减资|注销|清算|债权|更名|变更|迁坟|拍卖|招标|中标|招租|停电|停水|停气|认领"
    "|寻人|寻亲|环评|征收|致歉|合并|分立|送达|招聘)(?:声明|公告|启事|公示|通知|讣告|广告)$"
)
_WEATHER = re.compile("℃|天气预报|^今日天气$|^天气$")
# What may stand behind the last sentence: a code or a mark of the desk, a remark in brackets.
_END_MARKS = re.compile("(?<=[。！？…”])(?: *[①-⑳] *[0-9]{0,3}|[■□◆●▲★▼]|（[^（）。]*）)+$")
_PHOTO_IN_BRACKETS = re.compile("(?:摄|摄影|供图|图片社?|资料图片?|[新华中]{2,3}社发|(?:图|图片|照片)?由.{1,16}提供)）。?$")
_SAID_OF_ADVERTS = re.compile("声明作废|特此(?:公告|声明|通知|公示)|联系(?:电话|人)[：]|咨询电话[：]|遗失.{0,30}作废")
_FINISHED = frozenset({"stop", "exclaimed", "colon", "item"})
_CREDITS = frozenset({"byline", "staff", "signed", "photo credit", "header", "jump"})
_NO_TITLE = frozenset({"stop", "inner stop", "open quote", "closing quote", "dateline", "byline", "header", "staff", "jump", "jumped from", "photo credit", "signed", "clause", "item"})

@dataclass(frozen=True, slots=True)
class _Look:
    """One line by itself: what kind of text it could be, and all that can be seen of it."""

    line: Line
    seen: frozenset[str]

    def __contains__(self, name: str) -> bool:
        return name in self.seen

    @property
    def is_title_like(self) -> bool:
        return self.line.length <= _MAX_TITLE and not (self.seen & _NO_TITLE)

    @property
    def is_body_like(self) -> bool:
        return bool(self.seen & {"dateline", "long", "inner stop"}) or (
            bool(self.seen & {"stop", "exclaimed"}) and "short" not in self.seen
        )


@dataclass(frozen=True, slots=True)
class _Layout:
    """How the page as a whole is set, against which a single line is seen.

    `loose`: body lines often lack their final stop, as poor OCR leaves them; `sentences`: one sentence a line;
    `indented`: paragraphs are, titles are not; `datelines`: the share of title-like lines that stand above a dateline or byline; `gap`: the usual number of
    blank lines; `openings`: how the title-like lines begin, that of parallel headings more than once; `widths`: the lengths of
    title-like lines that stand above one; `speakers`: the words before a colon that lines begin with.
    """

    loose: bool
    sentences: bool
    indented: bool
    datelines: float
    gap: int
    openings: Counter[str]
    widths: Counter[int]
    speakers: Counter[str]


def observe(lines: Sequence[Line]) -> list[frozenset[str]]:
    """What can be seen of each line, by itself, beside its neighbours and on its page."""
    looks = [_look(line) for line in lines]
    layout = _layout(looks)
    padded = [None, *looks, None, None]
    apart = _credited_apart(looks)
    captions = _short_sentences(looks, layout)
    return [
        frozenset(
            _alone(look, above)
            | _above(look, above, layout)
            | _below(look, below)
            | _on_page(look, above, below, layout)
            | ({"credited apart"} if here in apart else set())
            | _among_short_sentences(here, captions, looks)
            | ({"section of one"} if _is_section_of_one(below, padded[here + 3]) else set())
        )
        for here, (above, look, below) in enumerate(zip(padded, looks, padded[2:], strict=False))
    ]


def _alone(look: _Look, above: _Look | None) -> frozenset[str]:
    """What is seen of the line itself; a word that goes on says nothing where the line above is finished."""
    return look.seen - {"mid start"} if above is not None and above.seen & _FINISHED else look.seen


def _is_section_of_one(below: _Look | None, second: _Look | None) -> bool:
    """Whether one line of text stands below, and then a title or nothing: briefs are short, sections are not."""
    return below is not None and below.is_body_like and (second is None or second.is_title_like)


def _short_sentences(looks: list[_Look], layout: _Layout) -> set[int]:
    """The lines that are one sentence of a caption's length, on a page whose paragraphs have several.

    One that ends a list or the sentence of the line above is no such line.
    """
    if layout.sentences:
        return set()
    return {
        here
        for here, look in enumerate(looks)
        if {"stop", "short"} <= look.seen
        and not re.search("[“”：，；]", look.line.fold)
        and not (here and looks[here - 1].seen & {"item", "colon", "clause"})
    }


def _among_short_sentences(here: int, sentences: set[int], looks: list[_Look]) -> set[str]:
    """What short sentences say: photos stand together, and above their credit."""
    seen = {"above short sentence"} if here - 1 in sentences else set()
    if here in sentences:
        seen.add("tiny sentence" if looks[here].line.length <= 10 else "short sentence")
        if here + 1 in sentences or (here + 1 < len(looks) and "byline" in looks[here + 1]):
            seen.add("below short sentence or byline")
    return seen


def _credited_apart(looks: list[_Look]) -> set[int]:
    """The last title-like line between a credit that opens a body and a credit that closes one.

    An article is credited once, so the two belong to two articles, and the second begins between them.
    """
    apart: set[int] = set()
    waiting: list[int] = []
    is_open = False
    for here, look in enumerate(looks):
        below = looks[here + 1] if here + 1 < len(looks) else None
        closes = "signed" in look or ("byline" in look and (below is None or not below.is_body_like))
        if "dateline" in look or ("byline" in look and not closes):
            is_open, waiting = True, []
        elif closes:
            apart.update(waiting[-1:])
            is_open, waiting = False, []
        elif is_open and look.is_title_like:
            waiting.append(here)
    return apart


def _look(line: Line) -> _Look:
    text = line.fold
    bare = _END_MARKS.sub("", text).rstrip(_CLOSERS)
    seen = {"short" if line.length <= _SHORT else "medium" if line.length <= _MEDIUM else "long"}
    seen |= {name for name, pattern in _STARTS.items() if pattern.match(text)}
    if line.length <= _SHORT and _ADVERT_TITLE.search(text.replace(" ", "")):
        seen.add("advert title")
    if line.length <= _MAX_TITLE and _WEATHER.search(text) and "。" not in text:
        seen.add("weather")
    seen |= {name for name, pattern in _ENDS.items() if pattern.search(bare, len(bare) - 12)}
    if line.length <= 3:
        seen.add("tiny")
    if " " in line.fold:
        seen.add("spaced")
    if _SAID_OF_ADVERTS.search(text):
        seen.add("advert words")
    if not seen & _FINISHED:
        seen.add("unfinished")
    if quotes := text.count("“") - text.count("”"):
        seen.add("open quote" if quotes > 0 else "closing quote")
    if brackets := text.count("（") - text.count("）"):
        seen.add("open bracket" if brackets > 0 else "closing bracket")
    if re.search("[。；]", bare[:-1]):
        seen.add("inner stop")
    elif "，" in bare[:-1]:
        seen.add("inner comma")
    return _Look(line, frozenset(seen | _credits(line, text)))


def _credits(line: Line, text: str) -> set[str]:
    """What the line is or has of the grammar of credits."""
    if is_header(line):
        return {"header"}
    short = line.length <= 70
    if short and credits.is_staff_line(text):
        return {"staff", "signed"} if "作者" in text else {"staff"}
    if short and credits.is_byline(text):
        return {"byline"}
    seen = set()
    if credits.find_dateline(text) or ("记者" in text[:12] and credits.opening_credit(text)):
        seen.add("dateline")
    if line.length <= 14 and credits.is_names(text):
        seen.add("names")
    if credits.closing_photo_credit(text) or _PHOTO_IN_BRACKETS.search(text, len(text) - 24):
        # With so much text it is no caption but a photo story, whole.
        seen |= {"photo credit", "signed"} if line.length > 60 else {"photo credit"}
    elif credits.closing_credit(text):
        seen.add("signed")
    return seen


def _layout(looks: list[_Look]) -> _Layout:
    loose = sum(_lacks_stop(look, below) for look, below in zip(looks, [*looks[1:], None], strict=True))
    bodies = [look.line.length for look in looks if "stop" in look]
    titles = [(look, below) for look, below in zip(looks, looks[1:], strict=False) if look.is_title_like]
    above_credit = sum(bool(below.seen & {"dateline", "byline"}) for _, below in titles)
    return _Layout(
        loose=loose >= 3 and loose * 7 > sum("long" in look for look in looks),
        sentences=len(bodies) >= 25 and median(bodies) < _MAX_SENTENCE,
        indented=3 <= sum(look.line.indent > 0 for look in looks) < len(looks),
        datelines=above_credit / len(titles) if titles else 0.0,
        gap=_usual(look.line.gap for look in looks[1:]),
        openings=Counter(_opening(look) for look, _ in titles),
        widths=Counter(look.line.length for look, below in titles if below.is_title_like),
        speakers=Counter(look.line.fold.partition("：")[0] for look in looks if "：" in look.line.fold[:6]),
    )


def _lacks_stop(look: _Look, below: _Look | None) -> bool:
    """Whether a body line lost its stop, rather than being cut: what stands below it begins anew."""
    if "long" not in look or "unfinished" not in look or "clause" in look:
        return False
    return below is None or below.is_title_like or bool(below.seen & {"opener", "dateline", "byline"})


def _usual(gaps: Iterable[int]) -> int:
    counts = Counter(gaps)
    return counts.most_common(1)[0][0] if counts else 0


def _above(look: _Look, above: _Look | None, layout: _Layout) -> set[str]:
    """What the line above says of this one."""
    if above is None:
        return {"first"}
    seen = {f"above {name}" for name in ("clause", "item", "mid end", "caption lead", "photo credit", "open quote") if name in above}
    if above.seen & {"signed", "byline", "staff"}:
        seen.add("above signed")
    if not above.seen & (_FINISHED | _CREDITS):
        seen.add("above open" if "short" not in above else "above open short")
        if layout.loose:
            seen.add("above open on loose page")
    if {"short", "open quote"} <= above.seen and {"short", "closing quote", "unfinished"} <= look.seen:
        seen.add("above quote goes on")
    if "open bracket" in above and "closing bracket" in look:
        seen.add("above open bracket")
    if "spaced" in above and above.is_title_like:
        seen.add("above title of two parts")
    if above.line.length < look.line.length:
        seen.add("longer than above")
    if _are_rows(look, above):
        seen.add("in a list")
    if above.is_title_like and look.is_title_like and _is_cut_title(above, look, layout):
        seen.add("above cut title")
    if look.line.gap > layout.gap:
        seen.add("gap")
    return seen


def _opening(look: _Look) -> str:
    """How a title begins, as headings of one article do alike: with the same word, or each with a word and a colon."""
    return "：" if "：" in look.line.fold[1:6] else look.line.fold[:2]


def _shape(look: _Look) -> str:
    """The line with every number and every run of characters as one; rows of a table are of one shape."""
    return re.sub("[^x1 ：]+", "x", re.sub("[0-9.]+", "1", look.line.fold)) if look.is_title_like else ""


def _are_rows(look: _Look, other: _Look) -> bool:
    """Whether two lines are rows of a list: numbered in one style, or of the same shape with numbers in it."""
    if "numbered" in look and "numbered" in other:
        return _numbering(look) == _numbering(other)
    return "1" in _shape(look) and " " in look.line.fold and _shape(look) == _shape(other)


def _numbering(look: _Look) -> str:
    """The style of a number: 一、 and 二、 are of one, 1. and （一） of two others."""
    match = _STARTS["numbered"].match(look.line.fold)
    return re.sub("[一二三四五六七八九十]+|[0-9]+|[①-⑳]", lambda m: "1" if m[0].isascii() else "一", match[0]) if match else ""


def _is_cut_title(above: _Look, look: _Look, layout: _Layout) -> bool:
    """Whether two lines are one headline broken at the width of its column, as other headlines of the page are."""
    if above.line.length < look.line.length or "names" in look:
        return False
    return look.line.length <= 4 or layout.widths[above.line.length] > 1 or "mid end" in above or "mid start" in look


def _below(look: _Look, below: _Look | None) -> set[str]:
    """What the line below says of this one."""
    if below is None:
        return {"last"}
    if {"short", "open quote", "unfinished"} <= look.seen and {"short", "closing quote", "unfinished"} <= below.seen:
        return {"quote goes on below", "below title"}
    names = ("dateline", "byline", "names", "dash", "news opener", "mid start", "caption lead", "staff", "header", "editor note", "jumped from", "salutation")
    seen = {f"below {name}" for name in names if name in below}
    if _are_rows(look, below):
        seen.add("in a list")
    if below.is_body_like:
        seen.add("below body")
    elif below.is_title_like:
        seen.add("below title")
    if below.line.length < look.line.length:
        seen.add("longer than below")
    return seen


def _on_page(look: _Look, above: _Look | None, below: _Look | None, layout: _Layout) -> set[str]:
    """What the rest of the page says of this line."""
    seen = {"indented" if look.line.indent else "not indented"} if layout.indented else set()
    if look.is_title_like and below is not None and not below.seen & {"dateline", "byline"}:
        if layout.datelines >= 0.4:
            seen.add("datelines elsewhere")
        if layout.datelines == 0:
            seen.add("no datelines")
    if look.is_title_like and layout.openings[_opening(look)] > 1:
        seen.add("parallel")
    if look.line.fold.find("：") in range(1, 6) and layout.speakers[look.line.fold.partition("：")[0]] > 1:
        seen.add("speaker")
    if "colon" in look and below is not None and below.is_title_like and "numbered" not in below:
        seen.add("colon above title")
    if layout.sentences:
        seen.add("sentence page")
    if layout.loose and "unfinished" in look and "short" not in look:
        seen.add("unfinished on loose page")
    if above is not None and above.is_title_like and below is not None and below.is_title_like:
        seen.add("between titles")
    return seen
