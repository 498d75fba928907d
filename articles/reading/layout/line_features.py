"""Lists the features of a printed line alone: its length, how it begins and ends, which credits it holds."""

import re
from dataclasses import dataclass

from articles.reading.credits import grammar
from articles.reading.credits.datelines import AGENCIES, HAN, OWN, find_dateline
from articles.reading.credits.vocabulary import BULLETS
from articles.reading.formats.page_headers import is_page_header
from articles.reading.lines.numerals import NUMERAL
from articles.reading.lines.printed_lines import PrintedLine

from .column_titles import BOX_TITLE, COLUMN_TITLE
from .notices import notice_features

_MAX_TITLE = 44
_CLOSERS = "”’）】》」』\"' "
_SHORT = 24
_MEDIUM = 45
_TINY = 3
# A section heading is a few words, a headline (or the longer of its two parts) says what happened.
_MAX_WORDS = 8
_MIN_STATEMENT = 13
_MAX_CREDIT = 70
_MAX_NAMES = 14
_MAX_NAME = 4
_MAX_CAPTION = 60
# How many of the last characters show how a line ends.
_END = 12
_TAIL = 48
_ORDINAL = r"[一二三四五六七八九十]{1,3}|\d{1,2}"
# Continues an article of another page: （上接第1版）.
JUMPED_FROM = re.compile(r"[（【](?:上接|紧接)[^）】。]{1,12}[）】]")
# How lines begin.
_STARTS = {
    "dash": re.compile("—|--"),
    "numbered": re.compile(
        rf"（(?:{_ORDINAL})）|(?:{_ORDINAL})(?:[、．]|\.(?!\d))|[①-⑳]|0\d(?= )|第[一二三四五六七八九十]{{1,3}}[、：， ]"
    ),
    "caption lead": re.compile(
        r"[（【▲△▼◀▶↑↓←→]?(?:图为|图[①-⑳\d一二三四五六]|[左右上下中前本题大小]{1,2}图(?:为|[：，]|[①-⑳\d])"
        r"|(?:图片|资料图|资料图片|图说|图)(?:[：]|为)|[上下前后]排左起|(?:这是|以上).{0,20}(?:照片|图片|现场|资料))"
    ),
    "caption mark": re.compile("[▲△▼◀▶↑↓←→]"),
    # A person's position in a photo: （左二）, 前排右一.
    "position mark": re.compile(
        r".{0,60}(?:（[前后中]?排?[左右前后中][一二三四五起]?[^）]{0,4}）|[前后]排[左右中])"
    ),
    "jumped from": JUMPED_FROM,
    # A paragraph begins so: a time, a source, or a link to what was said before.
    "opener": re.compile(
        rf"{NUMERAL}{{2,4}}年|{NUMERAL}{{1,3}}月|{NUMERAL}{{1,3}}[日时]|[昨今前当次翌][日天晚晨年午]|[上下][午周月]|近[日期年来几]|日前|目前"
        r"|眼下|如今|最近|截[至止]|随[后着]|此[外次前后时间]|对此|为此|因此|与此同时|同时|据|经[初过]|接[到报警]|记者|事[发故件]|其中|另外"
        r"|首先|其次|最后|然而|但|不过|因为|由于|为了|虽然|尽管|“"
    ),
    # A news item begins with its time.
    "news opener": re.compile(
        rf"(?:{NUMERAL}{{2,4}}年)?(?:{NUMERAL}{{1,3}}月)?{NUMERAL}{{1,3}}[日号]|[昨今前当][日天晚晨]|近日|日前|近期|最近|[本上]周|今年以来"
        rf"|{NUMERAL}{{1,2}}月|记者.{{0,12}}(?:获悉|了解到)"
    ),
    # No sentence begins with these, so such a line continues the one before it.
    "mid start": re.compile(
        "的(?![确哥士])|于(?![是都])|了(?![解不却])|着(?![力眼手火重实装名急])|过(?![去程后年往了节渡敏度完境分多冬])|们|及(?![时至早格])"
        "|与(?![此会其他她之往众])|或(?![许者是])|者|性(?![别格能情质])|化(?![学工妆解肥石验名身纤])|得(?![知益到分奖])|和(?![谐平睦服硕田])"
        "|[，。、；：！？”）》]"
    ),
    "speaker": re.compile("(?:问|答|记者|主持人|Q|A)："),
    "editor note": re.compile(
        "[【（]?(?:编者按|编者的话|编后|开栏的话|开栏语|核心提示|阅读提示|内容提要|新闻背景)[】）]?(?:[： ]|$)"
    ),
}
# How titles and other short lines begin.
_TITLE_STARTS = {
    "numeral": re.compile("(?:[一二三四五六七八九十]{1,2}|[0-9]{1,2}|[ⅠⅡⅢⅣⅤⅥ])$"),
    "decorated": COLUMN_TITLE,
    "box title": BOX_TITLE,
    "salutation": re.compile(
        "(?:编辑(?:部|同志)?|记者同志|尊敬的|敬爱的|亲爱的|各位|同志们|朋友们)[^。，]{0,12}：$"
    ),
    "jump": re.compile(
        rf"[（【]?(?:上接|下转|紧接|转|接)第?[A-Z]?{NUMERAL}{{1,3}}版[^。]{{0,12}}$|（[^。]{{0,12}}[见刊]第?[A-Z]?{NUMERAL}{{1,3}}版）$"
        # A line of a guide to the other pages: 早市延长到十点 …… 详见3版.
        rf"|[^。]{{2,40}}(?:[详请]见|[ …→>](?:见|刊|转)?) ?第?[A-Z]?{NUMERAL}{{1,3}}版[）】]?$"
    ),
}
# How lines end, closing quotes and brackets aside: with which mark, and with which words.
_MARKS = dict.fromkeys("。…", "stop") | dict.fromkeys("！？", "exclaimed") | dict.fromkeys("，、", "clause")
_MARKS |= {"；": "item", "：": "colon"}
_ENDS = {
    # No sentence and no heading ends with these.
    "mid end": re.compile(
        "(?:[的在与及其据将把被向从对是由至于则每各并而且但以若]|(?<![公改修纠端真更校严方])正|和|不过|其他|以及|因为|由于)$"
    ),
    "speech end": re.compile(
        "(?:指出|强调|要求|提出|表示|认为|号召|呼吁|寄语|希望|透露|宣布|介绍|说|时|上|者)$"
    ),
    "picture word": re.compile(
        "(?:截图|示意图|效果图|资料图|资料图片|资料照片|合影|留影|剧照|海报|书影)。?$"
    ),
    "scene word": re.compile("(?:一角|一景|现场|场景|场面|画面|身影|外景|全景|夜景)。?$"),
}
# What may follow the last sentence: a code or a mark of the editors, a remark in brackets.
_END_MARKS = re.compile("(?<=[。！？…”])(?: *[①-⑳] *[0-9]{0,3}|[■□◆●▲★▼]|（[^（）。]*）)+$")
_PHOTO_IN_BRACKETS = re.compile(
    "(?:摄|摄影|供图|图片社?|资料图片?|[新华中]{2,3}社发|(?:图|图片|照片)?由.{1,16}提供)）。?$"
)
# The same without brackets, after the last sentence or a space: 读者提供, 市公安局供图, 资料图片, 新华社发.
_PHOTO_SOURCE = re.compile(
    rf"[。！？” ](?:{HAN}{{2,12}}(?:提供|供图)|(?:本报|本刊)?(?:资料|网络|视频)(?:图片?|照片|截图)"
    rf"|(?:{AGENCIES})(?:发|图片|照片|供图)"
    "|CFP|视觉中国|东方IC|IC photo)$",
    re.IGNORECASE,
)
# The source of a text, after its last sentence: 路透社, （据新华社）, （本报综合）, （摘自《临河日报》）.
_SOURCE = re.compile(
    rf"[。！？”…] *（?据?(?:{AGENCIES})(?:电|讯|专电|消息)?）?$"
    rf"|（(?:{OWN})?(?:综合|编译|整理)(?:报道|消息)?）$|（(?:据|摘自|原载|转自|来源：)[^（）。]{{2,20}}）$"
)
# Rows of a table: three cells or more, far apart.
_CELL_GAP = re.compile("(?<=[^ ]) {2,}(?=[^ ])")
_MIN_GAPS = 2
# How the writer of a letter says goodbye, after the name.
_RESPECTS = re.compile(" ?(?:敬?上|谨?启|谨上|敬启|敬礼|鞠躬|拜上)$")
# Polite forms for people who do not give their full name.
_POLITE = re.compile(f"{HAN}{{1,2}}(?:先生|女士|小姐|律师|师傅|老师|同学|医生|大爷|大妈|阿姨)")
_FIGURE = re.compile("[0-9]")
FINISHED = frozenset({"stop", "exclaimed", "colon", "item"})
# 简讯 is no name, though 简 is a surname.
_OF_NAMES = {"names", "name at end"}
_NO_TITLE = frozenset(
    {"stop", "inner stop", "clause", "item", "open quote", "closing quote", "dateline", "byline", "signed"}
    | {"photo credit", "staff", "header", "jump", "jumped from"}
)


@dataclass(frozen=True, slots=True)
class LineFeatures:
    """A printed line with its features."""

    printed: PrintedLine
    features: frozenset[str]

    def __contains__(self, name: str) -> bool:
        return name in self.features

    @property
    def is_title_like(self) -> bool:
        return self.printed.length <= _MAX_TITLE and not (self.features & _NO_TITLE)

    @property
    def is_body_like(self) -> bool:
        return bool(self.features & {"dateline", "long", "inner stop"}) or (
            bool(self.features & {"stop", "exclaimed"}) and "short" not in self.features
        )


def extract_line_features(line: PrintedLine) -> LineFeatures:
    """List the features of a line, without its neighbours."""
    text = line.fold
    bare = text[:-_TAIL] + _END_MARKS.sub("", text[-_TAIL:]).rstrip(_CLOSERS)
    features = {name for name, pattern in _STARTS.items() if pattern.match(text)}
    if line.length <= _MAX_TITLE:
        features |= {name for name, pattern in _TITLE_STARTS.items() if pattern.match(text)}
    features |= {name for name, pattern in _ENDS.items() if pattern.search(bare, len(bare) - _END)}
    named = _credits(line) - (_OF_NAMES if features & {"decorated", "box title"} else set())
    mark = _MARKS.get(bare[-1:])
    features.add(mark or "unfinished")
    if mark == "clause":
        features.add("unfinished")
    return LineFeatures(
        line, frozenset(features | _size(line) | _inside(bare) | _pairs(text) | notice_features(line) | named)
    )


def _size(line: PrintedLine) -> set[str]:
    """Features of the length of the line."""
    size = "short" if line.length <= _SHORT else "medium" if line.length <= _MEDIUM else "long"
    features = {size, "tiny"} if line.length <= _TINY else {size}
    if size == "short" and line.length <= _MAX_WORDS:
        features.add("few words")
    elif size == "short" and max(map(len, line.fold.split())) >= _MIN_STATEMENT:
        features.add("statement")
    return features | {"figure"} if size != "long" and _FIGURE.search(line.fold) else features


def _inside(bare: str) -> set[str]:
    """Features of spaces and punctuation inside the line."""
    features = {"spaced"} if " " in bare else set()
    if len(_CELL_GAP.findall(bare)) >= _MIN_GAPS:
        features.add("cells")
    inner = bare[:-1]
    if "。" in inner or "；" in inner:
        return features | {"inner stop"}
    if "，" not in inner:
        return features
    return (
        features | {"inner comma", "clause first"}
        if _STARTS["opener"].match(bare)
        else features | {"inner comma"}
    )


def _pairs(text: str) -> set[str]:
    """Features of quotes and brackets that begin in this line and end in another, or the reverse."""
    features = {"all quoted"} if text[0] == "“" and text.find("”") == len(text) - 1 else set()
    if quotes := text.count("“") - text.count("”"):
        features.add("open quote" if quotes > 0 else "closing quote")
    if brackets := text.count("（") - text.count("）"):
        features.add("open bracket" if brackets > 0 else "closing bracket")
    return features


def _credits(line: PrintedLine) -> set[str]:
    """Features by the grammar of credits."""
    text = line.fold
    if is_page_header(line):
        return {"header"}
    if line.length <= _MAX_CREDIT and grammar.is_staff_line(text):
        return {"staff", "signed"} if "作者" in text else {"staff"}
    if line.length <= _MAX_CREDIT and grammar.is_byline(text):
        return {"byline"} if grammar.credited_people(text) else {"byline", "nameless"}
    features = {"names"} if line.length <= _MAX_NAMES and grammar.is_names(text) else set()
    if line.length <= _SHORT and _ends_in_name(text):
        features.add("name at end")
    if find_dateline(text) or ("记者" in text[:12] and grammar.opening_credit(text)):
        features.add("dateline")
    return features | _closing(line)


def _ends_in_name(text: str) -> bool:
    """Whether the line may sign a letter: a name, perhaps after the writer's address or occupation, 南河镇 读者 林一舟."""
    name = _RESPECTS.sub("", text.rstrip("）")).rpartition(" ")[2].rpartition("：")[2]
    return 2 <= len(name) <= _MAX_NAME and (grammar.is_names(name) or _POLITE.fullmatch(name) is not None)


def _closing(line: PrintedLine) -> set[str]:
    """Features of a credit at the end of the line; a long line with a photo credit is a whole photo story."""
    if grammar.closing_photo_credit(line.fold) or any(
        source.search(line.fold, max(0, len(line.fold) - 24))
        for source in (_PHOTO_IN_BRACKETS, _PHOTO_SOURCE)
    ):
        return {"photo credit", "signed"} if line.length > _MAX_CAPTION else {"photo credit"}
    is_signed = (
        grammar.closing_credit(line.fold)
        or grammar.closing_bare_credit(line.fold)
        or _SOURCE.search(line.fold, max(0, len(line.fold) - 30))
    )
    return {"signed"} if is_signed else set()


def title_opening(line: LineFeatures) -> str:
    """The beginning by which parallel headings are recognised: a bullet, a word with a colon, or two characters."""
    fold = line.printed.fold
    if fold[0] in BULLETS:
        return fold[0]
    return "：" if "：" in fold[1:6] else fold[:2]


def _shape(line: LineFeatures) -> str:
    """The line with each number as 1 and each run of characters as x; rows of a table have the same shape."""
    return re.sub("[^x1 ：]+", "x", re.sub("[0-9.]+", "1", line.printed.fold)) if line.is_title_like else ""


def are_list_rows(line: LineFeatures, other: LineFeatures) -> bool:
    """Whether two lines are rows of a list: the same bullet, the same style of numbers, or the same shape."""
    if "numbered" in line and "numbered" in other:
        return _numbering(line) == _numbering(other)
    if line.printed.fold[0] in BULLETS:
        return line.printed.fold[0] == other.printed.fold[0]
    return "1" in _shape(line) and " " in line.printed.fold and _shape(line) == _shape(other)


def _numbering(line: LineFeatures) -> str:
    """The style of a line's number: 一、 and 二、 have one style, 1. and （一） two others."""
    number = _STARTS["numbered"].match(line.printed.fold)
    return re.sub("[0-9]+", "1", re.sub("[一二三四五六七八九十]+", "一", number[0])) if number else ""
