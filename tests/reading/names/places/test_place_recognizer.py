"""The places of a sentence are found by lists and rules, without the tagger."""

from collections.abc import Sequence

import pytest

from articles.reading.lines.character_folding import fold_characters
from articles.reading.names.page_context import read_page_context
from articles.reading.names.places.evidence import SURE_SCORE, PlaceEvidence, is_place_character
from articles.reading.names.places.recognizer import find_places
from articles.reading.names.recognition import _choose_proposals
from articles.reading.names.tagger import TaggedWord
from tests.support.growth import grows_linearly


def places(text: str, home: str = "", words: Sequence[tuple[str, str]] = ()) -> list[str]:
    """The places in a text, with words that the tagger may give to parts of it."""
    folded = fold_characters(text)
    tagged = [TaggedWord(text.index(word), text.index(word) + len(word), tag) for word, tag in words]
    found = _choose_proposals(
        find_places(PlaceEvidence(folded, tagged or None, read_page_context([text], [folded], home)))
    )
    assert all(place.score >= SURE_SCORE for place in found)
    return [text[place.start : place.end] for place in found]


CHAINS = [
    ("记者来到芮城县大王镇金盆村采访。", "芮城县 大王镇 金盆村"),
    ("在新绛县学府城社区，志愿者正在包饺子。", "新绛县 学府城社区"),
    ("山西省运城市绛县的果农", "山西省 运城市 绛县"),
    ("四川绵阳的工厂复工", "四川 绵阳"),
    ("湘西土家族苗族自治州永顺县芙蓉镇", "湘西土家族苗族自治州 永顺县 芙蓉镇"),
    ("四川省凉山州美姑县牛牛坝镇", "四川省 凉山州 美姑县 牛牛坝镇"),
    ("内蒙古自治区锡林郭勒盟正蓝旗", "内蒙古自治区 锡林郭勒盟 正蓝旗"),
    ("北京市海淀区学院路", "北京市 海淀区 学院路"),
    ("内江市市中区白马镇李家村", "内江市 市中区 白马镇 李家村"),
    ("家住广州市天河区石牌街道的陈女士", "广州市 天河区 石牌街道"),
]

DIVISIONS = [
    ("新绛县的麦子熟了", "新绛县"),
    ("绛县和新绛县同属一市", "绛县 新绛县"),
    ("全县各乡镇都行动起来", ""),
    ("我市各县区、我省各地", ""),
    ("市辖区和城区的居民", ""),
    ("逐步形成县域经济的特色", ""),
    ("到达县城时天色已晚", ""),
    ("村里的老人、镇上的集市、社区的食堂", ""),
    ("乡村振兴要靠人才", ""),
    ("社会主义新农村建设", ""),
    ("芮城县陌南镇新农村建设见闻", "芮城县 陌南镇"),
    ("一片桃园、几位将军、两岸离岛", ""),
    ("市场、市民、市长和市区", ""),
    ("推进社会主义市场经济", ""),
    ("坚持开展村民自治", ""),
    ("先进村党支部书记", ""),
    ("驻村工作队进村入户", ""),
    ("襄樊市已经改名", "襄樊市"),
    ("在吉林省怀德县工作", "吉林省 怀德县"),
]

WORDS = [
    ("北京市朝阳区和辽宁省朝阳市", "北京市 朝阳区 辽宁省 朝阳市"),
    ("这是一个朝阳产业", ""),
    ("中山大学和中山装", ""),
    ("孙先生号中山", ""),
    ("住在中山，工作也在中山。", "中山 中山"),
    ("处在和平年代", ""),
    ("南京市中山路改造完工", "南京市 中山路"),
    ("海南、云南、贵州", "海南 云南 贵州"),
    ("海南省海口市", "海南省 海口市"),
    ("青海省海南藏族自治州", "青海省 海南藏族自治州"),
    ("公安机关破获一案", ""),
    ("新华社发布消息", ""),
    ("国家长治久安", ""),
    ("共建一带一路", ""),
    ("地面铺了大理石", ""),
    ("大学生志愿者", ""),
    ("热爱和平，反对战争", ""),
    ("天津和平区的小学", "天津 和平区"),
    ("平安回家", ""),
    ("东方升起红太阳", ""),
    ("资源节约型社会", ""),
    ("中方认为，双方合作前景广阔", ""),
    ("他出手很大方。大方，是他的性格", ""),
    ("新兴，向来如此；振兴，正当其时", ""),
    ("比如，云霄之上有白云", ""),
    ("阳春三月，百花盛开", ""),
    ("大兴土木，劳民伤财", ""),
    ("响应号召，互助、友好", ""),
    ("解放区的天是明朗的天", ""),
    ("焦作市解放区的居民", "焦作市 解放区"),
    ("万里山河，上海青，大好河山", ""),
    ("登上正阳门，走过牡丹亭", ""),
    ("这里是禁放区，那里是收费区", ""),
    ("同村的老人，脱贫村的路", ""),
    ("莘莘学子路、光明大道", ""),
    ("同江街津口乡的渔民", "同江 街津口乡"),
    ("连接苏联铁路，日本社区", "苏联 日本"),
    ("辽宁振兴发展、甘肃惠民工程", "辽宁 甘肃"),
    ("广东省阳春市的果农到福建云霄县", "广东省 阳春市 福建 云霄县"),
]

BASE_AREAS = [
    ("晋冀鲁豫边区、陕甘宁边区", "晋冀鲁豫边区 陕甘宁边区"),
    ("到冀中和太行山区去", "冀中 太行山区"),
    ("家住红旗公社东风大队", "红旗公社 东风大队"),
]

ROADS = [
    ("位于人民路与解放大道交会处", "人民路 解放大道"),
    ("沿北京东路、长风北大道步行", "北京东路 长风北大道"),
    ("在迎宾大道西段", "迎宾大道西段"),
    ("高速公路上车流如织", ""),
    ("走上致富路", ""),
    ("一条马路、一条小路", ""),
    ("在路上、在路口、在街头", ""),
    ("国道208线塌方", "国道208线"),
    ("途经209国道", "209国道"),
    ("京广铁路和京沪高铁", "京广铁路 京沪高铁"),
    ("行驶至大运高速时", "大运高速"),
    ("改走泉汕沿海高速", "泉汕沿海高速"),
    ("驶上太原绕城高速", "太原绕城高速"),
    ("经济高速增长", ""),
]

SIGHTS = [
    ("抵达武宿机场", "武宿机场"),
    ("从邯郸火车站出发", "邯郸火车站"),
    ("在太原长途汽车站检票", "太原长途汽车站"),
    ("游览云丘山景区", "云丘山景区"),
    ("来到翠湖湿地公园", "翠湖湿地公园"),
    ("森林公园和人民广场都开放", ""),
    ("密云水库蓄水", "密云水库"),
    ("成都高新区和安顺经开区签约", "成都高新区 安顺经开区"),
    ("来到瀛洲桥附近", "瀛洲桥"),
    ("修了石拱桥，拆了一座小桥", ""),
]

NATURE = [
    ("途经红其拉甫口岸出境", "红其拉甫口岸"),
    ("横渡长江、黄河", "长江 黄河"),
    ("太行山下", "太行山"),
    ("位于涑水河的南岸", "涑水河"),
    ("爬上山，跳下河", ""),
    ("青山绿水，江山如画", ""),
    ("出海捕鱼、下海经商", ""),
    ("开展拔河比赛", ""),
]

ABROAD = [
    ("访问法国巴黎和俄罗斯莫斯科", "法国 巴黎 俄罗斯 莫斯科"),
    ("罗马尼亚和马里", "罗马尼亚"),
    ("乌克兰首都基辅市", "乌克兰 基辅市"),
    ("新西兰以北的克马德克群岛", "新西兰 克马德克群岛"),
    ("俄罗斯布里亚特共和国", "俄罗斯 布里亚特共和国"),
    ("球员马拉多纳·巴西里奥进球", ""),
    ("从吉隆坡到峇株巴辖、双溪大年", "吉隆坡 峇株巴辖 双溪大年"),
    ("卑诗省本那比市的华埠", "卑诗省 本那比市"),
    ("尼日利亚不是尼日尔", "尼日利亚 尼日尔"),
]

ROWS = [
    ("到柳渠、石佛、赵堡等边远乡镇任教", "柳渠 石佛 赵堡"),
    ("在芮城县推行，涉及双庙、青坡和石盘3个镇", "芮城县 双庙 青坡 石盘"),
    ("柳渠、石佛两个林场的工人", "柳渠 石佛"),
    ("成都市青石路、石桥坎一带停电", "成都市 青石路 石桥坎"),
    ("少林寺、清风园、龙门石窟游人如织", "少林寺 清风园 龙门石窟"),
    ("北京、全国、上海", "北京 上海"),
    ("老师、学生等村民参加", ""),
    ("学校、商场等地安装充电桩", ""),
    ("教育、卫生等县直部门", ""),
]

FACILITIES = [
    ("来到天宁寺，前往寒山寺", "天宁寺 寒山寺"),
    ("一座古寺、一座清真寺和寺院", ""),
    ("太原市迎泽大街五一广场的灯会", "太原市 迎泽大街 五一广场"),
    ("家住翠湖小区的居民", "翠湖小区"),
    ("在碧水湾小区3号楼", "碧水湾小区"),
    ("老旧小区改造、住宅小区和示范校区", ""),
    ("从太行山滑雪场返回", "太行山滑雪场"),
    ("走进洱海科技产业园", "洱海科技产业园"),
    ("国家级经济技术开发区和特色产业园", ""),
    ("位于龙潭工业区的仓库", "龙潭工业区"),
    ("翻过界碑达坂，前往查干哨所", "界碑达坂 查干哨所"),
    ("一片金色沙滩，前沿哨所", ""),
    ("共同家园、秘密花园和空中花园", ""),
    ("家住玫瑰花园的陈先生", "玫瑰花园"),
    ("位于新华道的书店", "新华道"),
    ("我知道这条林荫道、消防通道和人行横道", ""),
    ("司机说道，他打电话报道此事", ""),
    ("因电线短路起火", ""),
    ("走访各镇街", ""),
    ("因天雨路滑翻车", ""),
]

NEIGHBOURS = [
    ("在郑州收费站排起长队", "郑州收费站"),
    ("广东江石新社区的居民", "广东 江石新社区"),
    ("台中市新社区的花海", "台中市 新社区"),
    ("货柜在德国汉堡装船", "德国 汉堡"),
    ("他买了一个汉堡和一杯可乐", ""),
    ("从立陶宛克莱佩达和日本函馆来的客商", "立陶宛 克莱佩达 日本 函馆"),
    ("日本、加拿大多伦多的客商", "日本 加拿大 多伦多"),
]

TRADITIONAL = [
    ("家住新社區的果農說", "新社區"),
    ("新北市永和區保福路的圖書館", "新北市 永和區 保福路"),
    ("雲林縣西螺鎮的菜價", "雲林縣 西螺鎮"),
    ("昨天從台北到台中開會", "台北 台中"),
    ("元朗、沙田、屯門的學校", "元朗 沙田 屯門"),
    ("台1線往南塞車", "台1線"),
    ("由大角咀駛往小欖途中", "大角咀 小欖"),
    ("經落馬洲管制站過關", "落馬洲管制站"),
    ("位於九龍城榕樹道的舊樓", "九龍城 榕樹道"),
    ("住在觀塘彩明邨的長者", "觀塘 彩明邨"),
]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        *CHAINS,
        *BASE_AREAS,
        *DIVISIONS,
        *WORDS,
        *ROADS,
        *SIGHTS,
        *NATURE,
        *ABROAD,
        *FACILITIES,
        *ROWS,
        *NEIGHBOURS,
        *TRADITIONAL,
    ],
    ids=lambda value: value or "none",
)
def test_places_of_a_sentence_are_found(text, expected):
    assert places(text) == expected.split()


@pytest.mark.parametrize(
    ("text", "words", "expected"),
    [
        pytest.param("来自日本旭岛的选手", [("日本", "LOC"), ("旭岛", "LOC")], "日本 旭岛", id="behind a country"),
        pytest.param("波兰马雷维奇的工厂", [("波兰马雷维奇", "LOC")], "波兰 马雷维奇", id="in a word with its country"),
        pytest.param("去加拿大埃德蒙顿比赛", [("加拿大", "LOC"), ("埃德蒙顿", "PER")], "加拿大 埃德蒙顿", id="a city, no person"),
        pytest.param("从珠江上船", [("珠江", "PER")], "珠江", id="a river that is tagged as a person"),
        pytest.param("在多达附近迷了路", [("多达", "PER")], "多达", id="nobody lives beside a person"),
        pytest.param("路过查果达哨所", [("查果达", "PER")], "查果达哨所", id="a post is called after no person"),
        pytest.param("民警带着岳果村里人", [("岳果", "PER")], "", id="a person before one character"),
        pytest.param("与合作市的合作，深化合作。", [("合作市", "LOC"), ("深化", "v"), ("合作", "vn")], "合作市",
            id="a word of a page with the city"),
        pytest.param("在学校食堂附近，在停机坪附近", [("学校食堂", "LOC"), ("停机坪", "LOC")], "", id="common nouns that are tagged"),
        pytest.param("院士钟南山说", [("钟", "PER"), ("南山", "LOC")], "", id="a given name behind its surname"),
        pytest.param("在城中村，在城中村", [("城中村", "LOC")], "", id="a word that begins like a district"),
        pytest.param("解放区，解放区", [("解放区", "LOC")], "", id="a full name that is a word"),
        pytest.param("在石狮廊桥合影", [("石狮廊桥", "n")], "", id="no county begins a word"),
        pytest.param("五台手术，今天", [("五台", "m"), ("手术", "n")], "", id="no county is a number"),
        pytest.param("在五台，在五台", [("五台", "LOC")], "五台 五台", id="but a county that is tagged as a place"),
        pytest.param("所长白青山介绍", [("白青山", "LOC")], "", id="a person behind an office"),
        pytest.param("临汾市尧都区下沿镇停水", [("临汾市", "LOC"), ("尧都区", "LOC"), ("下沿镇", "LOC")], "临汾市 尧都区 下沿镇",
            id="a town with a character of few names"),
        pytest.param("在迎泽大街五一广场集合", [("迎泽大街五一广场", "LOC")], "迎泽大街 五一广场", id="no house is called after a road"),
        pytest.param("盐田港集装箱码头、蛇口码头", [("盐田港", "LOC"), ("蛇口", "LOC")], "盐田港 蛇口码头", id="no name begins in a word"),
        pytest.param("义乌市小商品城五区里", [("义乌市", "LOC"), ("小商品城五区", "LOC")], "义乌市", id="the fifth part of a market"),
        pytest.param("位于四川大凉山的村子", [("四川", "LOC"), ("大凉山", "LOC")], "四川 大凉山", id="a name but for its first character"),
        pytest.param("芮城县东大街的商户", [("芮城县", "LOC"), ("东大街", "LOC")], "芮城县 东大街", id="a side of a town"),
        pytest.param("大同矿务局永定庄停水", [("大同", "LOC"), ("矿务局永定庄", "LOC")], "大同 永定庄", id="no village reaches into a body"),
        pytest.param("作家珠江海说", [("珠江海", "PER")], "", id="a person who begins like a river"),
        pytest.param("樟木镇石新社区", [("樟木镇", "LOC"), ("石新社区", "LOC")], "樟木镇 石新社区", id="within a longer name"),
    ],
)  # fmt: skip
def test_tagger_adds_and_removes_places(text, words, expected):
    assert places(text, words=words) == expected.split()


@pytest.mark.parametrize(
    ("text", "home", "expected"),
    [
        ("唱戏的是寿圣社区", "140830", ["寿圣社区"]),
        ("记者来到陌南镇柳湾村", "140830", ["陌南镇", "柳湾村"]),
    ],
)
def test_towns_of_the_home_county_are_found(text, home, expected):
    assert places(text, home) == expected


@pytest.mark.slow
@pytest.mark.parametrize(
    "unit", ["镇", "芮城县", "在张村", "省市县区镇乡村", "斯克拉德", "柳渠、", "和", "等乡镇"]
)
def test_hostile_text_takes_linear_time(unit):
    def find(text):
        text += "等乡镇"
        find_places(PlaceEvidence(text, None, read_page_context([text], [text], "")))

    assert grows_linearly(find, unit * (20_000 // len(unit)))


@pytest.mark.parametrize("char", "1a，。 \n（")
def test_marks_are_not_part_of_names(char):
    assert not is_place_character(char)
