"""Finds places without a code in the official list: rivers, roads, sights, regions, Taiwan, abroad."""

import re
from collections.abc import Iterator
from functools import cache, lru_cache

from articles.reading.gazetteer.list_files import read_list_lines

# The endings of places without code. Every town may have a road, a station or a temple of the same name …
_LOCAL_ENDINGS = (
    "工业园 工业园区 产业园 路 街 大街 大道 巷 胡同 弄 里弄 环路 立交桥 桥 大桥 "
    "站 车站 火车站 汽车站 客运站 码头 渡口 收费站 服务区 "
    "公园 广场 景点 遗址 故居 古城 陵园 陵 墓 塔 宫 寺 庙 观 园 楼 馆 体育场 体育馆"
).split()
# … while names of zones, long roads, sights, waters and mountains are unique in the country.
_FEATURE_ENDINGS = (
    "开发区 高新区 新区 自贸区 保税区 度假区 合作区 示范区 隧道 高速 高速公路 公路 国道 省道 县道 铁路 高铁 线 "
    "机场 港 口岸 景区 风景区 古镇 古村落 石窟 "
    "江 河 湖 海 湾 沟 溪 泉 滩 池 潭 水库 水电站 电站 灌区 瀑布 海峡 湿地 三角洲 渠 运河 "
    "山 岛 岭 峰 崖 礁 洞 峡 关 半岛 群岛 列岛 高原 盆地 平原 沙漠 草原 山脉 峡谷 冰川 森林 大陆 林场 农场 牧场"
).split()
_LONGEST_COUNTRY = 8
TAIWAN = "台湾"
# 铁路 and 公路 end like a road, but are not roads of a town.
_WIDE = ("铁路", "公路", "高速")
_LOCAL = re.compile(rf"(?<=.)(?:{'|'.join(_LOCAL_ENDINGS)})$")
_FEATURE = re.compile(
    rf"(?<=.)(?:{'|'.join([*_LOCAL_ENDINGS, *_FEATURE_ENDINGS])})$|^[A-Z]?[0-9]{{1,4}}(?:国道|省道|线)"
    r"|(?:国道|省道|高速)[A-Z]?[0-9]{{1,4}}线?$"
)


# Regions: continents, and parts of countries and provinces.
REGIONS = frozenset(
    "中国 中华人民共和国 亚洲 欧洲 非洲 美洲 大洋洲 南极洲 北美洲 南美洲 北美 南美 拉丁美洲 拉美 中东 东南亚 东亚 南亚 中亚 西亚 "
    "东欧 西欧 北欧 南欧 中欧 北非 南非 西非 东非 亚太 欧亚 两岸 华北 华东 华南 华中 东北 西北 西南 中原 江南 江淮 关中 "
    "陕北 陕南 苏北 苏南 浙东 浙西 鲁西 闽南 晋南 晋北 豫东 豫西 冀中 "
    "粤北 粤东 粤西 湘南 鄂西 川西 川北 滇西 黔东南 桂北 "
    "胶东 皖南 皖北 赣南 南部 北部 西部 东部 中部 中南 内地 大陆 港澳 港澳台".split()
)


def find_place_without_code(key: str) -> tuple[str, str] | None:
    """The name of the record and the rule for a place without code: 汉城 -> 首尔, foreign; None for other names."""
    if key in REGIONS:
        return key, "region"
    if key in foreign_names():
        return foreign_names()[key], "foreign"
    if key in taiwan_names():
        return taiwan_names()[key], "taiwan"
    if key in feature_names():
        return key, "feature"
    if _LOCAL.search(key) and not key.endswith(_WIDE):
        return key, "local"
    return (key, "feature") if has_feature_name(key) else None


def has_feature_name(key: str) -> bool:
    """Whether a name ends like the name of a road, station, water, mountain or sight."""
    return _FEATURE.search(key) is not None


@cache
def foreign_names() -> dict[str, str]:
    """Foreign places with the name of their record: 汉城 and 首尔 -> 首尔."""
    groups = (
        group.split("|") for line in read_list_lines("foreign_places") for group in re.split("[ :]+", line)
    )
    return {name: group[0] for group in groups for name in group if name}


@lru_cache(maxsize=20_000)
def country_at_start(key: str) -> str | None:
    """The foreign country that a name is or begins with, by the name of its record (南韩国会 -> 韩国); Taiwan for its cities."""
    if is_taiwan_city(key):
        return TAIWAN
    lengths = range(min(len(key), _LONGEST_COUNTRY), 1, -1)
    return next((country for size in lengths if (country := _country_names().get(key[:size]))), None)


@cache
def _country_names() -> dict[str, str]:
    groups = (line.partition(":")[0].split("|") for line in read_list_lines("foreign_places"))
    return {name: group[0] for group in groups for name in group}


@cache
def feature_names() -> frozenset[str]:
    """Rivers, mountains and sights of China."""
    return frozenset(name for line in read_list_lines("natural_places") for name in line.split())


@cache
def taiwan_names() -> dict[str, str]:
    """The divisions of Taiwan with the name of their record: 台北 and 台北市 -> 台北市, 大同区 -> 大同区."""
    below = {name: name for line in _taiwan_lines() for name in line.partition(":")[2].split()}
    return below | {name: city for city in _taiwan_cities() for name in (city, city[:-1])}


def is_taiwan_city(key: str) -> bool:
    """Whether a name belongs to a city or county of Taiwan; then 中山区 beside it is in Taiwan too."""
    return key in _taiwan_city_names()


@cache
def _taiwan_city_names() -> frozenset[str]:
    return frozenset(name for city in _taiwan_cities() for name in (city, city[:-1]))


def _taiwan_cities() -> Iterator[str]:
    return (line.partition(":")[0] for line in _taiwan_lines())


def _taiwan_lines() -> Iterator[str]:
    """The lines of cities and counties; Hong Kong and Macau are in the official list."""
    lines = read_list_lines("taiwan_hongkong_places")
    return (line for line in lines if line.partition(":")[0].endswith(("市", "县")))
