"""Converts names of official divisions to the form that is printed, and to their short forms."""

import re
from typing import Literal

DivisionKind = Literal["province", "city", "county", "township", "village", "other"]

# Titles and parts of a town: each occurs many times in the country and means nothing alone.
NO_NAMES = frozenset({"市辖区", "城区", "郊区", "市区", "矿区", "县", "市", "区"})

_PEOPLES = (
    "蒙古|回|藏|维吾尔|苗|彝|壮|布依|朝鲜|满|侗|瑶|白|土家|哈尼|哈萨克|傣|黎|傈僳|佤|畲|高山|拉祜|水|东乡|纳西|景颇|柯尔克孜|土|"
    "达斡尔|仫佬|羌|布朗|撒拉|毛南|仡佬|锡伯|阿昌|普米|塔吉克|怒|乌孜别克|俄罗斯|鄂温克|德昂|保安|裕固|京|塔塔尔|独龙|鄂伦春|赫哲|"
    "门巴|珞巴|基诺|民|各"
)
# Xinjiang omits 族: 伊犁哈萨克自治州.
_PEOPLE = re.compile(rf"(?:(?:{_PEOPLES})族|蒙古|维吾尔|哈萨克|柯尔克孜|塔吉克|锡伯)$")
_TITLES: dict[DivisionKind, re.Pattern[str]] = {
    "province": re.compile(r"(?:特别行政区|自治区|省|市)$"),
    "city": re.compile(r"(?:自治州|地区|市|盟)$"),
    "county": re.compile(r"(?:自治县|自治旗|(?<=..)(?:新区|林区|特区)|县|区|市|旗)$"),
    "township": re.compile(r"(?:片区街道|片区|街道|地区|苏木|镇|乡)$"),
}
_OFFICE = re.compile(r"(?:街道|地区)?办事处(?:街道)?$")
_RESIDENTS = re.compile(r"(?:居民|居|家属|家)委(?:员会|会|员)?(?:会|员|委员会)?$")
_VILLAGERS = re.compile(r"(?:村民|村名|村|牧民|牧|渔民|渔|民)委(?:员会|会|员)?(?:会|员|委员会)?$")
_COMMITTEE = re.compile(r"(?<=..)委(?:员)?会$")
_COMMITTEES = (
    (_RESIDENTS, "社区", ("社区", "嘎查")),
    (_VILLAGERS, "村", ("村", "社区", "嘎查")),
)


def _without_note(name: str) -> str:
    """Remove a note at the end: 新塘村委会（农村社区） -> 新塘村委会; other brackets belong to the name."""
    return (name.partition("（")[0] or name) if name.endswith("）") else name


def township_name(official: str) -> str:
    """The printed name of a township: 朝阳街道办事处 -> 朝阳街道, 石溪办事处 -> 石溪街道."""
    name = _without_note(official)
    office = _OFFICE.search(name)
    if not office or office.start() == 0:
        return name
    return name[: office.start()] + ("地区" if office.group().startswith("地区") else "街道")


def village_name(official: str) -> str:
    """The printed name of a village: 金盆村委会 -> 金盆村, 新风社区居委会 -> 新风社区, 鑫琳居委会 -> 鑫琳社区."""
    name = _without_note(official)
    for committee, title, titled in _COMMITTEES:
        found = committee.search(name)
        if found and found.start():
            base = name[: found.start()]
            return base if base.endswith(titled) else base + title
    return _COMMITTEE.sub("", name) or name


def printed_name(name: str) -> str:
    """The printed form of a name of any level: 金盆村民委员会 -> 金盆村, 芮城县 -> 芮城县."""
    return village_name(township_name(name))


def division_stem(name: str, kind: DivisionKind) -> str:
    """The name without its title and peoples, unless nothing would be left: 湘西土家族苗族自治州 -> 湘西, 绛县 -> 绛."""
    title = _TITLES.get(kind)
    rest = title.sub("", name) if title else name
    while (shorter := _PEOPLE.sub("", rest)) != rest and len(shorter) > 1:
        rest = shorter
    return rest or name


def short_names(name: str, kind: DivisionKind) -> tuple[str, ...]:
    """The short forms of a name: 运城市 -> 运城, 街津口赫哲族乡 -> 街津口乡 and 街津口, 刘家村社区 -> 刘家村.

    A town's stem counts from three characters on (大王 is a word), others from two (绛县 has no short form).
    """
    if kind == "village":
        return (name.removesuffix("社区"),) if name.endswith("村社区") else ()
    rest = division_stem(name, kind)
    if kind == "other" or rest == name or rest.endswith(("族", "矿")):
        return ()
    if kind == "township":
        return _short_names_of_town(name, rest)
    return (rest,) if len(rest) > 1 else ()


def _short_names_of_town(name: str, rest: str) -> tuple[str, ...]:
    """The short names of a town; none for 解放路街道, which is not a road, nor for 小溪市乡, whose stem looks like a city."""
    if not name.endswith(("镇", "乡", "苏木")):
        return ()
    plain = (rest + name[-1],) if name[-1] != "木" and rest + name[-1] != name else ()
    return (*plain, rest) if len(rest) > 2 and not rest.endswith(tuple("省市县区旗镇乡村")) else plain
