"""Parses the name of an organization: its owner, its seat or the level of its seat, and its kind.

绛县法院 has its seat in 绛县 and is a 人民法院; 团县委 belongs to the county of the page; 新华社 has no seat.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from articles.reading.gazetteer.divisions import Gazetteer
from articles.reading.gazetteer.lookup import (
    CITY,
    CITY_WORDS,
    COUNTY,
    PROVINCE,
    TOWN,
    VILLAGE,
    Divisions,
    codes_of_chain,
    division_level,
    find_divisions,
    full_address,
)
from articles.reading.names.organizations.organization_words import (
    FIELDS,
    KNOWN,
    LAST_WORDS,
    NUMERAL_CHARACTERS,
)
from articles.reading.names.organizations.recognizer import organization_kind

from .places_without_code import feature_names, foreign_names, taiwan_names

_PARTY = re.compile("^(?:中共|中国共产党)(?=.{3})")
_LEAGUE = re.compile("^(?:共青团|中国共产主义青年团)(?=.{3})")
_LEAGUE_COMMITTEE = re.compile("^(?:团[省市县区州旗盟]?委|团委员会)")
_LEAGUE_NAME = "共青团"

# A title that means the place of the page (县人民法院), unless it begins another word (市场监管局, 社区卫生).
_LEVEL_WORD = re.compile(
    "^(?:自治区|省(?![际会])|市(?!场|民|政(?![府协])|值|售|面|容)|州(?!立)|盟(?!军)|县(?!域)|旗(?!舰)|区(?![域块间划])|镇(?!江)|乡(?![村企土])"
    "|街道|村(?![镇级])|社区(?!卫生))(?=.)"
)
_LEAGUE_LEVEL = re.compile("^团([省市县区州旗盟])委")
# The levels whose places have a title, by its last character or two.
ADMINISTRATIVE_TITLES = {
    "省": (PROVINCE,), "自治区": (PROVINCE,), "市": (CITY, COUNTY), "州": (CITY,), "盟": (CITY,), "县": (COUNTY,),
    "旗": (COUNTY,), "区": (COUNTY,), "镇": (TOWN,), "乡": (TOWN,), "街道": (TOWN,), "村": (VILLAGE,), "社区": (VILLAGE,),
}  # fmt: skip

# Towns and villages are seats only with their titles, as a village may also be named 和平.
_TITLED = (*"省市县区州盟旗镇乡村屯寨庄", "街道", "社区", "苏木", "嘎查", "地区", "自治区")
_LONGEST_PLACE = 12
# Offices are named after the whole place (运城公安局 is 运城市公安局); 北京大学 keeps its name.
_STATE = frozenset({"party", "government", "court", "police"})
_OFFICE = re.compile(
    "(?:局|厅|政府|委|组织部|宣传部|统战部|武装部|法院|检察院|总队|支队|大队|总工会|妇联|联合会|政协|人大)$"
)
_LOCAL = _STATE | {"school", "hospital"}
# Offices that only a whole county has, so that a short form before them is a county: 稷山团县委, but not 东方派出所.
_COUNTY_BODY = re.compile("团?[县市区旗]|公安局|(?:人民)?(?:法院|检察院|政府)|委|纪委|监委|人大|政协")
# Short names of cities that firms, organizations and districts also have: 朝阳医院, 大庆路小学.
_NO_SEATS = CITY_WORDS | frozenset("朝阳 兴安 大同 大庆 三明".split())
# National firms and offices have the seat of a branch inside its name: 中国农业银行芮城县支行.
_NATIONAL = re.compile("^(?:中国|国家|全国|中华|国网|中)")
_BRANCH = tuple("分公司 支公司 支行 分行 分局 分院 分校 供电公司 支队 分社 记者站 营业部".split())

# Short forms after the seat, with their official forms.
_SHORT_FORMS = {
    "法院": "人民法院", "检察院": "人民检察院", "中院": "中级人民法院", "中级法院": "中级人民法院", "高院": "高级人民法院",
    "高级法院": "高级人民法院", "政府": "人民政府", "人大常委会": "人民代表大会常务委员会", "发改委": "发展和改革委员会",
    "发改局": "发展和改革局", "卫健委": "卫生健康委员会", "卫健局": "卫生健康局", "人社局": "人力资源和社会保障局",
    "人社厅": "人力资源和社会保障厅", "住建局": "住房和城乡建设局", "住建厅": "住房和城乡建设厅", "文旅局": "文化和旅游局",
    "文旅厅": "文化和旅游厅", "市场监管局": "市场监督管理局", "应急局": "应急管理局",
    "妇联": "妇女联合会", "残联": "残疾人联合会", "科协": "科学技术协会", "文联": "文学艺术界联合会", "工商联": "工商业联合会",
    "国资委": "国有资产监督管理委员会",
}  # fmt: skip
_SHORT_FORM = re.compile(f"^(?:{'|'.join(sorted(_SHORT_FORMS, key=len, reverse=True))})")


@dataclass(frozen=True, slots=True)
class OrganizationName:
    """A parsed name of an organization: 共青团 + 稷山县 + 委, or with a level (县) in place of the seat.

    `seat` are the names of the chain that it begins with, each with its places. `is_sure` is false if the seat may be
    a proper name (平安 of 平安银行), which only the context decides.
    """

    name: str
    lead: str
    seat: tuple[tuple[str, Divisions], ...]
    level: str
    rest: str
    is_sure: bool = True

    @property
    def is_known(self) -> bool:
        return self.name in KNOWN

    @property
    def is_generic(self) -> bool:
        """Whether the name gives the kind of the organization and nothing else: 第一中学, 教育局."""
        return _is_generic(self.name)

    def at(self, code: str, gazetteer: Gazetteer) -> str:
        """The full name of the organization if its seat, or the place of its level, has a code."""
        if self.lead == self.name:  # a branch, with its seat inside the name
            return self.name
        printed = self.seat[-1] if self.seat else None
        is_short = printed is not None and not _is_full(*printed)
        if printed and is_short and not _is_office(self.rest):
            return self.lead + printed[0] + self.rest
        official = _SHORT_FORM.sub(lambda match: _SHORT_FORMS[match[0]], self.rest)  # 法院 -> 人民法院
        return self.lead + full_address(gazetteer, code) + official


def _is_full(name: str, places: Divisions) -> bool:
    return any(name in (place.name, *place.former_names) for place in places)


def _is_office(rest: str) -> bool:
    """Whether an organization is an office of the whole place, such as 公安局; 铁路局 is not, it only has its seat there."""
    return _OFFICE.search(rest) is not None and _is_generic(rest) and not rest.startswith(("铁路", "海关"))


@lru_cache(maxsize=20_000)
def parse_organization_name(name: str, gazetteer: Gazetteer) -> OrganizationName:
    """Parse a name, given as its `division_key`."""
    if name in KNOWN:
        return OrganizationName(name, "", (), "", name)
    rest = _PARTY.sub("", name)
    league = _LEAGUE.match(rest)
    rest = rest[league.end() :] if league else rest
    lead = _LEAGUE_NAME if league else ""
    if found := _LEAGUE_LEVEL.match(rest):
        return OrganizationName(name, _LEAGUE_NAME, (), found[1], rest[2:])
    seat, rest, is_sure = _seat(rest, gazetteer)
    if seat and (found := _LEAGUE_COMMITTEE.match(rest)):
        return OrganizationName(name, _LEAGUE_NAME, seat, "", "委" + rest[found.end() :], is_sure)
    if not seat and (found := _LEVEL_WORD.match(rest)):
        return OrganizationName(name, lead, (), found[0], rest[found.end() :])
    if not seat and _NATIONAL.match(name) and (inner := _branch_seat(name, gazetteer)):
        return OrganizationName(name, name, inner, "", "")
    return OrganizationName(name, lead, seat, "", rest, is_sure)


def _seat(name: str, gazetteer: Gazetteer) -> tuple[tuple[tuple[str, Divisions], ...], str, bool]:
    """The places that a name begins with, each within the one before; the rest; and whether they are certainly places."""
    seat: tuple[tuple[str, Divisions], ...] = ()
    is_sure, rest = True, name
    while found := _place_at_start(rest, seat[-1][1] if seat else (), organization_kind(name), gazetteer):
        place, places, is_titled = found
        is_sure = is_sure and is_titled
        seat, rest = (*seat, (place, places)), rest[len(place) :]
    return seat, rest, is_sure


def _place_at_start(
    rest: str, upper: Divisions, kind: str, gazetteer: Gazetteer
) -> tuple[str, Divisions, bool] | None:
    """The longest name of a place at the start, all its places (within one of `upper`), and whether it is certainly a place."""
    tops = {place.code for place in upper}
    for length in range(min(_LONGEST_PLACE, len(rest) - 1), 1, -1):
        name = rest[:length]
        places = tuple(
            place
            for place in find_divisions(gazetteer, name)
            if not tops or tops & codes_of_chain(gazetteer, place.code) - {place.code}
        )
        if name.endswith(_TITLED) and name not in ADMINISTRATIVE_TITLES and _is_full(name, places):
            return name, places, True
        if _is_elsewhere(name) and not any(division_level(place) == PROVINCE for place in places):
            return None
        shallow = tuple(place for place in places if division_level(place) <= COUNTY)
        if not shallow or (name in _NO_SEATS and kind not in _STATE):
            continue
        if any(division_level(place) <= CITY for place in shallow):
            return name, shallow, True
        if upper or kind in _LOCAL:
            return name, shallow, bool(upper) or _COUNTY_BODY.match(rest, length) is not None
    return None


def _is_elsewhere(name: str) -> bool:
    """Whether a name belongs to a river, a foreign place, or a place in Taiwan: 九龙江, 台北市."""
    return name in feature_names() or name in foreign_names() or name in taiwan_names()


def _branch_seat(name: str, gazetteer: Gazetteer) -> tuple[tuple[str, Divisions], ...]:
    """The place inside the name of a national organization: in full anywhere, in short before a word for a branch."""
    for start in range(2, len(name) - 2):
        for length in range(min(_LONGEST_PLACE, len(name) - start - 1), 1, -1):
            inner = name[start : start + length]
            if not inner.endswith(_TITLED) and not name.startswith(_BRANCH, start + length):
                continue
            places = tuple(
                place for place in find_divisions(gazetteer, inner) if division_level(place) <= COUNTY
            )
            if places:
                return ((inner, places),)
    return ()


@lru_cache(maxsize=20_000)
def _is_generic(name: str) -> bool:
    start = next((at for at in range(len(name)) if name[at:] in LAST_WORDS), None)
    while start:
        length = next(
            (size for size in range(min(8, start), 0, -1) if _says_nothing(name[start - size : start])), 0
        )
        if not length:
            return False
        start -= length
    return start == 0


def _says_nothing(word: str) -> bool:
    return word in FIELDS or word in NUMERAL_CHARACTERS or word in ("第", "和", "与")
