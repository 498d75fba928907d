"""Splits Chinese personal names that are printed without a space between them.

A name is a surname and one or two more characters. Surnames are few, and some are much commoner than others, so the
split with the commonest surnames is nearly always right.
"""

from __future__ import annotations

from functools import cache
from math import log

from articles.reading.values import Span

from .names_without_surname import MAX_LENGTH as _LONGEST
from .names_without_surname import is_long_name_without_surname, is_name_without_surname

# Surnames by frequency, commonest first (household registration, National Bureau of
# Statistics and Ministry of Public Security); the order in the last third is approximate.
_SINGLE = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢洪"
    "姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤赖常温康施"
    "文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗"
    "谷盛曲翁冉骆蓝路游辛靳欧管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费"
    "卜冷晏席卫米柏宗瞿桂全佟代应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝官封谈匡鞠"
    "惠荆乐冀郁胥南班储原栗燕楚鄢劳谌奚皮粟冼蔺楼盘满闻位厉伊仝区郜海阚花权强帅屠豆朴盖练廉禹井祖漆巴丰支卿国"
    "狄平计索宣晋相初门云容敬来扈晁芮都普阙浦戈伏鹿薄邸雍辜羊阿乌母裘亓修邰赫杭况那宿鲜印逯隆茹诺战慕危玉银亢"
    "嵇公哈湛宾戎勾茅利於呼居揭干但尉冶斯元束檀衣信展阴昝智幸奉植衡富尧闭由邴竺经咸笪綦訾暴弓柬郏咎降么英"
    "钮傅萧阎丘肇逄锺贝诸荀滑庾昌酆羿汲糜隗宓郗钭韶蓟怀贡扶宰郦郤濮寿习宦暨步弘沃蔚夔融乜巢蒯桓占才雒鄯后把敬冶保昝信莘庹仉佴璩殳厍鄂萨籍贲谯郇郄佀冮菅郐忻闪撒喇拜虎麴晓刀岩罕扬操招翦丑卯义良衷缑秘弋续蹇眭资轩藏水逮苍养慎蓬"
)
_COMPOUND = (
    "欧阳 上官 司马 诸葛 司徒 皇甫 尉迟 东方 慕容 夏侯 公孙 轩辕 端木 令狐 长孙 宇文 独孤 呼延 南宫 申屠 澹台 闻人 "
    "西门 太史 赫连 钟离 拓跋 百里 东郭 淳于 单于 公羊 仲孙 鲜于 闾丘 司空 左丘 濮阳 第五"
).split()

# Clans of the Yi, whose names have four characters: 吉克曲布.
_CLANS = frozenset(
    (
        "吉克 曲木 沙马 阿牛 马海 海来 阿的 俄木 吉木 阿苦 阿尔 吉俄 勒格 约其 马黑 井古 阿侯 瓦扎 果基 阿余 吉拿 "
        "吉伍 吉列 吉子 吉史 的日 的莫 尔古 尔恩 额其 曲比 曲么 曲莫 且沙 安尔 吉觉 吉布 金古 加巴 阿苏 阿刘 阿库 "
        "阿约 阿子 阿木 洛古 罗洪 倮伍 倮木 木乃 木苏 莫色 莫洛 勒则 吉巴 苏呷 什莫 水洛 所体 贾巴 贾司 捏比 克惹 "
        "呷西 热柯 巫青"
    ).split()
)
COMMON_SURNAMES = _SINGLE[:200]
SURNAMES = _SINGLE
COMPOUND_SURNAMES = tuple(_COMPOUND)

# A name costs the rarity of its surname, plus these. Most given names have two characters now.
_COST_OF_ONE_GIVEN = 0.8
_COST_OF_DOUBLE_SURNAME = 3.0
_COST_OF_COMPOUND = 4.0
# A publicity office signs with the name of its place: 河公宣.
_COST_OF_OFFICE = 7.0
_COST_WITHOUT_SURNAME = 6.0
_COST_OF_THREE_WORDS = 8.0
# A name without a surname of the list: a rarer surname, a pen name, or a Tibetan name of four characters.
_COST_OF_UNKNOWN = 9.0
_COST_OF_FOUR = 2.0
_MAX_RUN = 24
_MAX_PEN_NAME = 4

_COST = {surname: log(2 + rank) for rank, surname in reversed(list(enumerate(_SINGLE)))}


def is_surname(char: str) -> bool:
    """Whether the character is a surname of one character, in Simplified form."""
    return char in _COST


@cache
def name_cost(name: str) -> float | None:
    """How unlikely a name is, by its surname or by the words it consists of; None if it is not a name.

    >>> name_cost("王小明") < name_cost("蔺一平") < name_cost("其木格")
    True
    >>> name_cost("可以先") is None
    True
    """
    costs = [cost for cost in (_cost_by_surname(name), _cost_by_words(name)) if cost is not None]
    return min(costs, default=None)


def _cost_by_words(name: str) -> float | None:
    if is_name_without_surname(name):
        return _COST_WITHOUT_SURNAME
    if is_long_name_without_surname(name):
        return _COST_OF_THREE_WORDS
    return _COST_OF_OFFICE if name.endswith("宣") and 2 <= len(name) <= 3 else None


def _cost_by_surname(name: str) -> float | None:
    if (len(name) in (3, 4) and name[:2] in _COMPOUND) or (len(name) == 4 and name[:2] in _CLANS):
        return _COST_OF_COMPOUND
    if name[:1] not in _COST:
        return None
    if len(name) == 4 and name[1] in _COST:
        return _COST[name[0]] + _COST[name[1]] + _COST_OF_DOUBLE_SURNAME
    if len(name) == 3:
        return _COST[name[0]]
    return _COST[name[0]] + _COST_OF_ONE_GIVEN if len(name) == 2 else None


def split_names(run: str, *, any_surname: bool = False) -> list[Span] | None:
    """Split a run of Simplified characters into names, as spans; None if that is impossible.

    With `any_surname` any two to four characters may be a name, at a higher cost.

    >>> run = "林舟蔺一平"
    >>> [run[start:end] for start, end in split_names(run)]
    ['林舟', '蔺一平']
    """
    if not 2 <= len(run) <= _MAX_RUN:
        return None
    best: list[tuple[float, int] | None] = [(0.0, 0)]
    for end in range(1, len(run) + 1):
        best.append(_best_cut(run, end, best, any_surname=any_surname))
    if best[-1] is None:
        return None
    spans = []
    end = len(run)
    while end and (cut := best[end]):
        spans.append((cut[1], end))
        end = cut[1]
    return spans[::-1]


def _best_cut(
    run: str, end: int, best: list[tuple[float, int] | None], *, any_surname: bool
) -> tuple[float, int] | None:
    cuts = []
    for start in range(max(0, end - _LONGEST), end - 1):
        before, cost = best[start], name_cost(run[start:end])
        if cost is None and any_surname and end - start <= _MAX_PEN_NAME:
            cost = _COST_OF_UNKNOWN + {2: _COST_OF_ONE_GIVEN, 3: 0.0, 4: _COST_OF_FOUR}[end - start]
        if before is not None and cost is not None:
            cuts.append((before[0] + cost, start))
    return min(cuts, default=None)
