"""Finds datelines, which say who sends a report, from where, and when: 新华社罗马5月2日电.

All functions read folded text (see `character_folding`).
"""

import re
from functools import lru_cache

from articles.reading.lines.numerals import NUMERAL

HAN = "[\u3400-\u9fff\U00020000-\U0003ffff]"

# How papers refer to themselves, how their names end, and the agencies that they print.
OWN = "本报|本刊|本台|本网|本社|本站"
PAPERS = "日报|晚报|早报|晨报|时报|商报|都市报|导报|快报|周报|新报|青年报|农民报|工人报|经济报|周刊|画报"
AGENCIES = (
    "新华社|新华网|中新社|中新网|中国新闻社|中国新闻网|人民网|中央社|央视|路透社|法新社|美联社|塔斯社|共同社"
)
# Cities that reporters report from: the seats of provinces, large cities, cities of Taiwan, capitals and others abroad.
CITIES = (
    "北京 上海 天津 重庆 石家庄 太原 呼和浩特 沈阳 长春 哈尔滨 南京 杭州 合肥 福州 南昌 济南 郑州 武汉 长沙 广州 "
    "南宁 海口 成都 贵阳 昆明 拉萨 西安 兰州 西宁 银川 乌鲁木齐 深圳 厦门 青岛 大连 宁波 苏州 无锡 常州 南通 扬州 "
    "徐州 温州 绍兴 嘉兴 金华 台州 佛山 东莞 珠海 中山 惠州 汕头 湛江 三亚 桂林 柳州 洛阳 开封 烟台 威海 潍坊 "
    "临沂 唐山 保定 秦皇岛 大同 包头 鞍山 吉林 齐齐哈尔 大庆 芜湖 泉州 漳州 赣州 九江 宜昌 襄阳 岳阳 衡阳 株洲 "
    "绵阳 遵义 大理 丽江 延安 宝鸡 咸阳 天水 酒泉 西昌 香港 澳门 台北 新北 桃园 台中 台南 高雄 基隆 新竹 苗栗 "
    "彰化 南投 云林 嘉义 屏东 宜兰 花莲 台东 澎湖 金门 马祖 东京 大阪 首尔 平壤 曼谷 河内 新加坡 雅加达 马尼拉 "
    "吉隆坡 新德里 喀布尔 德黑兰 巴格达 耶路撒冷 开罗 莫斯科 基辅 柏林 巴黎 伦敦 布鲁塞尔 日内瓦 维也纳 罗马 雅典 "
    "马德里 里约 纽约 华盛顿 洛杉矶 旧金山 渥太华 多伦多 温哥华 悉尼 堪培拉 墨尔本 内罗毕"
).split()
PROVINCES = (
    "北京|天津|上海|重庆|河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|海南|四川|贵州|云南|陕西|甘肃"
    "|青海|台湾|内蒙古|广西|西藏|宁夏|新疆|香港|澳门"
)
# Any medium, by the last word of its name; a short form (晨报讯) is only the end of a paper's name.
_MEDIUM = (
    rf"(?:{HAN}|[A-Za-z—·]){{0,10}}?"
    rf"(?:{PAPERS}|报社|通讯社|社|网|报|电视台|电台|台|在线|新闻|客户端|融媒体中心|融媒)"
)
_DATE = rf"(?:{NUMERAL}{{1,4}}年)?(?:{NUMERAL}{{1,3}}月)?{NUMERAL}{{1,3}}日"
# 讯 in 通讯 and 讯员 is not a dateline, nor is 电 in 电话, 来电 or 发电.
_WORD = r"(?:快讯|短讯|专讯|综合讯|(?<!通)讯(?![员息问号])|专电|急电|(?<![来发])电(?![话视影台脑商力子信讯]))"
_NEWS = "(?:消息|信息)"
# Every dateline ends with one of these; most paragraphs have none of them near their beginning.
_ANY_WORD = re.compile("[讯电]|消息|信息|[网报]（")
_LONGEST = 60

# 本报讯, 新华社罗马5月2日电, 据新华社北京5月2日电, 临河网5月2日讯, 临河网5月2日信息：, 【临河晚报讯】, 临河晚报讯昨日
_DATELINE = re.compile(
    r"[（【]?据?[“《]?(?:"
    rf"(?:{OWN}|{AGENCIES})[”》]?[^。！？；：，（）【】“”]{{0,24}}?(?:{_WORD}|{_NEWS}(?=[：（， ]))"
    rf"|{_MEDIUM}[”》]?(?:[—-]{_MEDIUM})?(?:{HAN}{{0,6}}?{_DATE}{HAN}{{0,6}}?|{HAN}{{0,3}}?)"
    rf"(?:{_WORD}(?=[：（】， ]|记者)|{_NEWS}(?=[：（，0-9]))"
    rf"|{HAN}{{0,6}}?(?:{PAPERS}|报|网)(?:官方)?(?:微博|微信|网站)?(?:快讯|讯(?![员息问号])|{_NEWS}(?=[：，0-9]))"
    # In brackets any place or word may precede 讯: 【屏东讯】, 【又讯】, （江城13日讯）.
    rf"|(?<=[（【]){HAN}{{1,8}}?(?:{_DATE})?(?:{_WORD})(?=[】）])"
    # A place or the short name of a paper before the reporter: 江都讯 记者 林一舟.
    rf"|{HAN}{{2,4}}?(?<![通资简音喜])讯(?= ?[（(]?(?:{OWN})?(?:记者|通讯员))"
    # The paper as it is quoted, or as it is printed by another one: 《临河报》讯, 临河网（临河晚报）.
    rf"|(?:《[^》]{{2,12}}》[、 ]?){{1,3}}讯|{HAN}{{2,6}}[网报]（[^（）]{{2,10}}）(?=（(?:{OWN})?(?:记者|通讯员))"
    r")】?"
)
# （中央社记者林一舟高雄2日电）, 【记者林一舟台北报导】: the dateline holds the reporter, and after him the place.
_REPORTER = re.compile(rf"记者 ?(?P<name>{HAN}{{2,3}}?)(?P<place>{HAN}{{2,6}})(?={_DATE}|报导|报道)")


@lru_cache(maxsize=1024)
def find_dateline(text: str) -> re.Match[str] | None:
    """Find the dateline that the text begins with; cached, as several stages ask for that of a line.

    >>> find_dateline("新华社罗马5月2日电（记者林一舟）意大利")[0]
    '新华社罗马5月2日电'
    """
    return _DATELINE.match(text) if _ANY_WORD.search(text, 0, _LONGEST) else None


def find_agency(dateline: str) -> str | None:
    """Find the news agency that a dateline names, such as 新华社; the paper itself is not one."""
    match = re.search(AGENCIES, dateline)
    return match[0] if match else None


def find_dateline_reporter(dateline: str) -> tuple[int, int] | None:
    """Find the span of a reporter's name in a dateline that has it between the medium and the place.

    >>> dateline = "（中央社记者林一舟高雄2日电"
    >>> dateline[slice(*find_dateline_reporter(dateline))]
    '林一舟'
    """
    match = _REPORTER.search(dateline)
    if not match:
        return None
    # Names of three characters are the rule; a place has two at least.
    length = 3 if len(match["name"] + match["place"]) >= 5 else 2
    return match.start("name"), match.start("name") + length
