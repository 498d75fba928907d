"""Names marked by hand in sentences are linked to the code, the name or the status given with each."""

import re
import time
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.reading.gazetteer.divisions import load_gazetteer
from articles.reading.linking.link_rules import LINK_RULES
from articles.reading.linking.linker import (
    Decisions,
    LinkableArticle,
    explain_link,
    link_mentions,
)
from articles.reading.linking.organization_resolution import NamedRecord, index_by_short_form
from articles.reading.values import Link, Mention

RUICHENG, YUNCHENG, SHANXI, BEIJING = "140830", "140800", "140000", "110000"
_MARKED = re.compile(r"\{(?P<place>[^}]*)\}|\[(?P<organization>[^\]]*)\]")


def article(marked: str) -> LinkableArticle:
    """An article from its body, in which {} stand around places and [] around organizations."""
    body, mentions, at = "", [], 0
    for match in _MARKED.finditer(marked):
        body += marked[at : match.start()]
        surface, kind = match[match.lastgroup or 0], match.lastgroup
        mentions.append(Mention(kind, "body", len(body), len(body) + len(surface), surface, "hand", 1.0))  # type: ignore[arg-type]
        body, at = body + surface, match.end()
    return LinkableArticle({"body": body + marked[at:]}, mentions)


def links_of(*marked: str, home: str = "", authority: Decisions | None = None) -> list[Link]:
    """The links of the first of the articles of a page."""
    articles = [article(text) for text in marked]
    return list(link_mentions(articles, home, load_gazetteer(), authority or Decisions())[0])


def places(*marked: str, home: str = "") -> dict[str, str]:
    """The places of the first article: the code, or the name in marks, or the status where there is no record."""
    return {found.mention.surface: found.code or (f"“{found.name}”" if found.name else found.status) for found in links_of(*marked, home=home) if found.mention.kind == "place"}  # fmt: skip


def organizations(*marked: str, home: str = "") -> dict[str, tuple[str, str | None] | str]:
    """The organizations of the first article: name and code of the seat, or the status."""
    return {found.mention.surface: (found.name, found.code) if found.name else found.status for found in links_of(*marked, home=home) if found.mention.kind == "organization"}  # fmt: skip


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        pytest.param("{芮城县}{大王镇}{金盆村}", {"芮城县": "140830", "大王镇": "140830105", "金盆村": "140830105209"}, id="a chain"),
        pytest.param("{芮城县}{陌南镇}{东窑村}", {"芮城县": "140830", "陌南镇": "140830102", "东窑村": "140830102208"}, id="another"),
        pytest.param("在{芮城县}。{学张乡}{三坑村}的调解室", {"芮城县": "140830", "学张乡": "140830202", "三坑村": "140830202206"}, id="a chain without its county"),
        pytest.param("{芮城县}。{风陵渡镇}{新风社区}", {"芮城县": "140830", "风陵渡镇": "140830101", "新风社区": "140830101002"}, id="a community"),
        pytest.param("{永乐镇}{蔡村}打鼓", {"永乐镇": "140830104", "蔡村": "140830104207"}, id="one town of eleven has such a village"),
        pytest.param("{芮城县}夏收。{寿圣社区}办班", {"芮城县": "140830", "寿圣社区": "140830100010"}, id="the article's county"),
        pytest.param("{运城市}的{稷山县}、{新绛县}和{绛县}", {"运城市": "140800", "稷山县": "140824", "新绛县": "140825", "绛县": "140826"}, id="counties"),
        pytest.param("{新绛县}{学府城社区}", {"新绛县": "140825", "学府城社区": "140825400010"}, id="a community without a town"),
        pytest.param("{山西}{芮城}{大王镇}", {"山西": "140000", "芮城": "140830", "大王镇": "140830105"}, id="short forms in a chain"),
        pytest.param("{河北}{大王镇}", {"河北": "130000", "大王镇": "130632101"}, id="of six towns the one in the province"),
        pytest.param("{山西}、{河南}两省", {"山西": "140000", "河南": "410000"}, id="neighbours in a list are no chain"),
        pytest.param("{北京}{上海}两地", {"北京": "110000", "上海": "310000"}, id="nor are cities side by side"),
        pytest.param("{长春市}{朝阳区}", {"长春市": "220100", "朝阳区": "220104"}, id="朝阳区 of 长春"),
        pytest.param("{北京市}{朝阳区}", {"北京市": "110000", "朝阳区": "110105"}, id="朝阳区 of 北京"),
        pytest.param("{芮城县} {大王镇}", {"芮城县": "140830", "大王镇": "140830105"}, id="a blank inside a chain"),
        pytest.param("{芮城縣}{風陵渡鎮}{新風社區}", {"芮城縣": "140830", "風陵渡鎮": "140830101", "新風社區": "140830101002"}, id="Traditional"),
        pytest.param("{芮城县}{大王镇}{金盆村民委员会}", {"芮城县": "140830", "大王镇": "140830105", "金盆村民委员会": "140830105209"}, id="an official form"),
        pytest.param("{芮城县}{大王镇}{金盆行政村}", {"芮城县": "140830", "大王镇": "140830105", "金盆行政村": "140830105209"}, id="行政村"),
        pytest.param("{芮城县}{风陵渡镇}，{“新风”社区}", {"芮城县": "140830", "风陵渡镇": "140830101", "“新风”社区": "140830101002"}, id="marks inside a name"),
    ],
)  # fmt: skip
def test_chain_of_places_is_linked_unit_by_unit(text, codes):
    assert places(text) == codes


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("运城", "140800"), ("湘西", "433100"), ("内蒙古", "150000"), ("凉山州", "513400"),
        ("楚雄州", "532300"), ("阜新县", "210921"), ("灵宝县", "411282"), ("襄樊", "420600"), ("襄樊市", "420600"), ("密云县", "110118"),
        ("崇文区", "110103"), ("中甸", "533401"), ("香港", "810000"), ("风陵渡镇", "140830101"),
        pytest.param("海南", "460000", id="海南, province before district and prefecture"),
        pytest.param("吉林", "220000", id="吉林, province before its city"),
        pytest.param("长沙", "430100", id="长沙, city before the county in it"),
        pytest.param("大理", "532900", id="大理, prefecture before its city"),
        pytest.param("西安", "610100", id="西安, not the districts 西安区"),
        pytest.param("襄阳", "420600", id="襄阳, and not 襄州区"),
        pytest.param("黑龙江", "230000", id="黑龙江, province and river"),
    ],
)  # fmt: skip
def test_single_name_is_linked_or_left_open(name, code):
    assert places(f"在{{{name}}}，") == {name: code}


@pytest.mark.parametrize(
    ("text", "surface", "expected"),
    [
        pytest.param("在{朝阳区}，", "朝阳区", "ambiguous", id="朝阳区 of two cities"),
        pytest.param("在{北京}的{朝阳}、{海淀}，", "朝阳", "110105", id="朝阳 in a sentence of 北京"),
        pytest.param("{北京市}和{长春市}。{朝阳区}", "朝阳区", "ambiguous", id="both its cities"),
        pytest.param("{望京街道}在{朝阳区}", "朝阳区", "110105", id="by a town in it"),
        pytest.param("{牡丹江市}与{西安}", "西安", "610100", id="a capital, though the other city has such a district"),
        pytest.param("{海南}、{青海}、{内蒙古}", "海南", "460000", id="provinces in a list"),
        pytest.param("{青海}{海南}", "海南", "632500", id="海南 in a chain"),
        pytest.param("{海南州}的{共和县}。{海南}", "海南", "632500", id="海南 after its full form"),
        pytest.param("{金盆村}丰收", "金盆村", "ambiguous", id="53 villages"),
        pytest.param("{芮城县}与{绛县}。{金盆村}", "金盆村", "140830105209", id="in one of two counties"),
        pytest.param("{绛县}{蔡村}", "蔡村", "unknown", id="no such village in the county before it"),
        pytest.param("{绛县}干旱。{金盆村}", "金盆村", "ambiguous", id="not in the county of the article"),
        pytest.param("{山西}干旱。{金盆村}", "金盆村", "ambiguous", id="a province tells no villages apart"),
        pytest.param("{上海}来电。{牡丹社区}", "牡丹社区", "ambiguous", id="nor does a municipality"),
        pytest.param("{大王镇}集市", "大王镇", "ambiguous", id="six towns"),
        pytest.param("{芮城县}{大王镇}{金盆村}。{金盆村}", "金盆村", "140830105209", id="the same village again"),
        pytest.param("{大王镇}{金盆村}。{芮城}", "大王镇", "140830105", id="a town by its village"),
        pytest.param("{芮城县}{李家沟村}", "李家沟村", "unknown", id="a hamlet that is not listed"),
        pytest.param("飞往{太湖}", "太湖", "ambiguous", id="a lake and a county"),
        pytest.param("登上{黄山}", "黄山", "ambiguous", id="a mountain and a city"),
        pytest.param("{东海县}{石梁河}", "石梁河", "ambiguous", id="a river and a town"),
        pytest.param("在{桃源}", "桃源", "unknown", id="a word and a county"),
        pytest.param("{湖南}{桃源}", "桃源", "430725", id="a county after its province"),
        pytest.param("{光明}前程", "光明", "unknown", id="a word and a district"),
        pytest.param("昨天在{芮城}", "芮城", "unknown", id="a county alone"),
        pytest.param("昨天在{浦东}", "浦东", "unknown", id="a district alone"),
        pytest.param("{运城}的{芮城}", "芮城", "140830", id="a county after its city"),
        pytest.param("{上海}的{浦东}", "浦东", "310115", id="a district after its city"),
        pytest.param("城{南部}", "南部", "“南部”", id="a direction and a county"),
        pytest.param("{日照}充足", "日照", "unknown", id="sunshine and a city"),
        pytest.param("{山东}的{日照}", "日照", "371100", id="a city of the province named"),
        pytest.param("{中山}先生", "中山", "ambiguous", id="a person, a city and a district"),
        pytest.param("{广东省}{中山}", "中山", "442000", id="a city after its province"),
        pytest.param("{台北市}{中山区}", "中山区", "“中山区”", id="a district of Taiwan"),
        pytest.param("{中山区}", "中山区", "210202", id="the same name alone"),
        pytest.param("{淮阴}旧事", "淮阴", "ambiguous", id="a city then, a district now"),
        pytest.param("登{元宝山}", "元宝山", "ambiguous", id="a hill, a district and towns"),
        pytest.param("{青海湖}边", "青海湖", "“青海湖”", id="a lake, and a town called after it"),
        pytest.param("{香港}{元朗}", "元朗", "810304", id="a district of Hong Kong"),
        pytest.param("{南海}台风", "南海", "“南海”", id="a sea, and a district of 佛山"),
        pytest.param("{佛山}的{南海}", "南海", "ambiguous", id="a sea or a district, where its city is named"),
        pytest.param("游{九宫山}", "九宫山", "“九宫山”", id="a mountain, and a town called after it"),
        pytest.param("{长春市}{九宫山}", "九宫山", "“九宫山”", id="a mountain after a county without such a town"),
        pytest.param("来到{鼓楼区}", "鼓楼区", "ambiguous", id="a district of four cities"),
        pytest.param("{江苏省}{南京市}。{鼓楼区}", "鼓楼区", "320106", id="the city of the article"),
        pytest.param("{红星市}", "红星市", "unknown", id="not listed"),
        pytest.param("{市辖区}", "市辖区", "unknown", id="no name"),
    ],
)  # fmt: skip
def test_context_decides_among_places_of_one_name(text, surface, expected):
    assert places(text)[surface] == expected


@pytest.mark.parametrize(
    ("name", "record"),
    [
        ("中国", "中国"), ("长江", "长江"), ("太行山", "太行山"), ("G105国道", "G105国道"),
        ("首尔", "首尔"), ("汉城", "首尔"), ("美国", "美国"), ("東京", "东京"),
        ("渤海湾", "渤海湾"), ("東南亞", "东南亚"), ("台北市", "台北市"),
    ],
)  # fmt: skip
def test_place_without_code_is_linked_by_name(name, record):
    (found,) = links_of(f"在{{{name}}}，")
    assert (found.status, found.name, found.code) == ("linked", record, None)


@pytest.mark.parametrize(
    ("text", "home", "status", "within"),
    [
        pytest.param("在{人民路}，", "", "unknown", None, id="a road of many towns"),
        pytest.param("在{芮城县}{人民路}，", "", "linked", "140830", id="of the county before it"),
        pytest.param("{绛县}种树。在{人民路}，", "", "linked", "140826", id="of the county of the article"),
        pytest.param(
            "{绛县}、{芮城县}种树。在{人民路}，", "", "unknown", None, id="an article of two counties"
        ),
        pytest.param("在{人民路}，", "140800", "linked", "140800", id="of the paper's home"),
        pytest.param("在{运城市}{黄河大桥}，", "", "linked", "140800", id="a bridge in a city"),
    ],
)
def test_roads_and_bridges_are_within_the_county_of_the_text(text, home, status, within):
    found = links_of(text, home=home)[-1]
    assert (found.status, found.within, found.code) == (status, within, None)


@pytest.mark.parametrize(
    ("page", "home", "expected"),
    [
        pytest.param(["{金盆村}丰收"], "", "ambiguous", id="nothing"),
        pytest.param(["{金盆村}丰收", "{芮城县}降雨"], "", "140830105209", id="the page"),
        pytest.param(["{金盆村}丰收", "{绛县}降雨"], "", "ambiguous", id="a page of another county"),
        pytest.param(["{金盆村}丰收", "{运城市}降雨"], "", "ambiguous", id="a page of the city"),
        pytest.param(["{绛县}、{金盆村}", "{芮城县}降雨"], "", "ambiguous", id="an article of another county"),
        pytest.param(["{金盆村}丰收"], YUNCHENG, "140830105209", id="the home is a city"),
        pytest.param(["{金盆村}丰收"], RUICHENG, "140830105209", id="the home is a county"),
        pytest.param(["{金盆村}丰收"], SHANXI, "ambiguous", id="the home is a province"),
        pytest.param(["{绛县}、{金盆村}"], YUNCHENG, "ambiguous", id="an article of another county of the home"),
        pytest.param(["{金盆村}丰收", "{新绛县}、{芮城县}、{绛县}"], YUNCHENG, "140830105209", id="a page of many counties"),
    ],
)  # fmt: skip
def test_page_and_home_decide_among_villages(page, home, expected):
    assert places(*page, home=home)["金盆村"] == expected


def test_likeliest_candidates_come_first() -> None:
    """Of 91 towns called 城关镇 those that have a 南关村."""
    town, village = links_of("{城关镇}{南关村}")
    fitting = {found.parent for code in village.candidates if (found := load_gazetteer().by_code(code))}
    assert (town.status, village.status) == ("ambiguous", "ambiguous")
    assert town.candidates[0] in fitting
    assert "120114110" not in town.candidates[:2]


@pytest.mark.parametrize(
    ("name", "home", "expected"),
    [("朝阳", BEIJING, "110105"), ("朝阳", "", "211300"), ("朝阳区", "220100", "220104"), ("海南", "632500", "460000")],
)  # fmt: skip
def test_home_decides_among_districts(name, home, expected):
    assert places(f"在{{{name}}}", home=home)[name] == expected


@pytest.mark.parametrize(
    ("text", "surface", "expected"),
    [
        ("[绛县人民法院]", "绛县人民法院", ("绛县人民法院", "140826")),
        ("[绛县法院]", "绛县法院", ("绛县人民法院", "140826")),
        ("[山西省运城市绛县人民法院]", "山西省运城市绛县人民法院", ("绛县人民法院", "140826")),
        ("[芮城县委组织部]", "芮城县委组织部", ("芮城县委组织部", "140830")),
        ("[中共芮城县委组织部]", "中共芮城县委组织部", ("芮城县委组织部", "140830")),
        ("[共青团稷山县委]", "共青团稷山县委", ("共青团稷山县委", "140824")),
        ("[稷山团县委]", "稷山团县委", ("共青团稷山县委", "140824")),
        ("[稷山县團委]", "稷山县團委", ("共青团稷山县委", "140824")),
        ("[运城公安局]", "运城公安局", ("运城市公安局", "140800")),
        ("[北京市朝阳区人民法院]", "北京市朝阳区人民法院", ("北京市朝阳区人民法院", "110105")),
        ("{北京}。[朝阳区法院]", "朝阳区法院", ("北京市朝阳区人民法院", "110105")),
        ("[朝阳区法院]", "朝阳区法院", "ambiguous"),
        ("[芮城县永乐镇卫生院]", "芮城县永乐镇卫生院", ("芮城县永乐镇卫生院", "140830104")),
        ("{芮城县}。[永乐镇卫生院]", "永乐镇卫生院", ("芮城县永乐镇卫生院", "140830104")),
        ("[永乐镇卫生院]", "永乐镇卫生院", "ambiguous"),
        ("[新绛县学府城社区党总支]", "新绛县学府城社区党总支", ("新绛县学府城社区党总支", "140825400010")),
        ("[中国农业银行芮城县支行]", "中国农业银行芮城县支行", ("中国农业银行芮城县支行", "140830")),
        ("[中国人民银行运城分行]", "中国人民银行运城分行", ("中国人民银行运城分行", "140800")),
        ("[北京大学]", "北京大学", ("北京大学", "110000")),
        ("[郑州铁路局]", "郑州铁路局", ("郑州铁路局", "410100")),
        ("{长春市}。[平安路消防救援站]", "平安路消防救援站", ("平安路消防救援站", None)),
        ("{长春市}。[东方派出所]", "东方派出所", ("东方派出所", None)),
        ("{沈阳市}{铁西区}。[铁西交警大队]", "铁西交警大队", ("沈阳市铁西区交警大队", "210106")),
        ("{广东省}{中山}。[中山大学]", "中山大学", ("中山大学", None)),
        ("[大连市中山区法院]", "大连市中山区法院", ("大连市中山区人民法院", "210202")),
        ("[连江县公安局]", "连江县公安局", ("连江县公安局", "350122")),
        ("[昆明体育中心]", "昆明体育中心", ("昆明体育中心", "530100")),
        ("[芮城中学]", "芮城中学", ("芮城中学", None)),
        ("{芮城县}。[芮城中学]", "芮城中学", ("芮城中学", "140830")),
        ("[中山大学]", "中山大学", ("中山大学", None)),
        ("[平安银行]", "平安银行", ("平安银行", None)),
        ("{九龙县}。[九龙江水文中心]", "九龙江水文中心", ("九龙江水文中心", None)),
        ("[台北市立圖書館]", "台北市立圖書館", ("台北市立图书馆", None)),
        ("[黑龙江大学]", "黑龙江大学", ("黑龙江大学", "230000")),
        ("[牡丹江市公安局]", "牡丹江市公安局", ("牡丹江市公安局", "231000")),
        ("[新华社]", "新华社", ("新华社", None)),
        ("[光明日报]", "光明日报", ("光明日报", None)),
        ("[上海合作组织]", "上海合作组织", ("上海合作组织", None)),
        ("[阿里巴巴公司]", "阿里巴巴公司", ("阿里巴巴公司", None)),
        ("[国务院]", "国务院", ("国务院", None)),
        ("[最高人民法院]", "最高人民法院", ("最高人民法院", None)),
        ("[法国航空公司]", "法国航空公司", ("法国航空公司", None)),
        ("[第一中学]", "第一中学", "unknown"),
        ("[卫生院]", "卫生院", "unknown"),
    ],
)  # fmt: skip
def test_organization_is_linked_by_the_seat_in_its_name(text, surface, expected):
    assert organizations(text)[surface] == expected


@pytest.mark.parametrize(
    ("text", "surface", "expected"),
    [
        pytest.param(
            "{韩国}总统说，[国会]应当批准", "国会", ("韩国国会", None), id="of the country before it"
        ),
        pytest.param(
            "{南韩}的选举。[国會]休会", "国會", ("韩国国会", None), id="of the only country of the article"
        ),
        pytest.param("{日本}、{美国}的选举。[国会]休会", "国会", "ambiguous", id="of one of two countries"),
        pytest.param(
            "{日本}选举。{美国}的[民主党]领先",
            "民主党",
            ("美国民主党", None),
            id="of the country of the sentence",
        ),
        pytest.param(
            "[韩国国防部]说，[国会]同意", "国会", ("韩国国会", None), id="of the country in another name"
        ),
        pytest.param("[国会]休会", "国会", "unknown", id="of no country"),
        pytest.param("[国防部]发言人说", "国防部", ("国防部", None), id="China's"),
        pytest.param("{美国}舰船过境，[国防部]发表谈话", "国防部", "ambiguous", id="after another country"),
        pytest.param(
            "[国防部]就{美国}舰船过境发表谈话", "国防部", ("国防部", None), id="before another country"
        ),
        pytest.param("{台北市}的士兵说，[国防部]同意", "国防部", "ambiguous", id="in an article of Taiwan"),
        pytest.param(
            "{美国}舰船过境。[国务院]发表谈话", "国务院", ("国务院", None), id="a name of one country"
        ),
    ],
)
def test_organization_of_every_country_is_that_of_the_country_spoken_of(text, surface, expected):
    assert organizations(text)[surface] == expected


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        pytest.param(["登上{文昌}阁"], "unknown", id="nothing"),
        pytest.param(["{海口市}的椰林，{文昌}的渔港"], "469005", id="a place of its province"),
        pytest.param(["{文昌}的渔港。{文昌市}的椰林"], "469005", id="its full form"),
        pytest.param(["登上{文昌}阁", "{文昌市}的椰林"], "469005", id="its full form elsewhere on the page"),
        pytest.param(["登上{文昌}阁", "{海口市}的椰林"], "unknown", id="its province elsewhere on the page"),
        pytest.param(["{文昌}的渔港和{琼海}的市场"], "unknown", id="another that needs support"),
    ],
)
def test_short_name_of_a_county_needs_support(texts, expected):
    assert places(*texts)["文昌"] == expected


def test_short_name_of_a_county_is_that_of_the_home_of_the_paper():
    (linked,) = links_of("{文昌}的渔港", home="460000")
    (unlinked,) = links_of("{文昌}的渔港", home=YUNCHENG)
    assert (linked.code, unlinked.rule, unlinked.candidates) == ("469005", "unsupported", ("469005",))


@pytest.mark.parametrize("name", ["井冈山", "张家界", "巫山", "怒江"])
def test_name_of_a_division_and_a_mountain_may_be_either(name):
    (found,) = links_of(f"走进{{{name}}}")
    assert (found.status, found.rule) == ("ambiguous", "division_or_feature")
    assert len(found.candidates) > 1
    assert found.candidates[-1] == name


@pytest.mark.parametrize(
    "text", ["{文昌}阁", "{光明}前程", "{云霄}之上", "{芮城县}干旱。{悬崖村}的梯子", "{朝阳区}", "登上{黄山}"]
)
def test_only_several_candidates_are_ambiguous(text):
    for found in links_of(text):
        assert (found.status == "ambiguous") == (len(found.candidates) > 1)


def test_explanation_says_what_a_single_candidate_lacks():
    (found,) = links_of("登上{文昌}阁")
    assert explain_link(found, [found], load_gazetteer()) == (
        "“文昌” is not linked to 文昌市 in 海南省 (469005), because nothing around it names its city or province, "
        "or the place in full."
    )


def test_short_name_of_a_district_is_not_linked_by_another_article_of_the_page():
    assert places("{江汉}神农号掘进机下线", "{武汉市}的地铁") == {"江汉": "unknown"}
    assert places("{越秀}的花市", "{广州市}的地铁") == {"越秀": "unknown"}


def test_doubtful_name_of_an_organization_is_left_to_an_editor():
    (mention,) = article("[茶山商行]开业").mentions
    texts = [
        LinkableArticle({"body": "茶山商行开业"}, [replace(mention, score=score)]) for score in (0.5, 0.7)
    ]
    doubtful, certain = (link_mentions([text], "", load_gazetteer(), Decisions())[0][0] for text in texts)
    assert (doubtful.status, doubtful.rule, doubtful.candidates) == (
        "unknown",
        "doubtful_name",
        ("茶山商行",),
    )
    assert (certain.status, certain.name) == ("linked", "茶山商行")


@pytest.mark.parametrize(
    ("name", "candidates"), [("芮城县", ("140830",)), ("朝阳区", ("110105", "220104")), ("五一广场", ())]
)
def test_doubtful_name_of_a_place_is_left_to_an_editor(name, candidates):
    (mention,) = article(f"{{{name}}}").mentions
    text = LinkableArticle({"body": name}, [replace(mention, score=0.5)])
    ((found,),) = link_mentions([text], YUNCHENG, load_gazetteer(), Decisions())
    assert (found.status != "linked", found.rule) == (True, "doubtful_place")
    assert set(candidates) <= set(found.candidates)


@pytest.mark.parametrize(
    ("text", "surface", "expected"),
    [
        pytest.param("{中方}认为", "中方", "unknown", id="no support"),
        pytest.param("{湖南}代表团来访，{中方}认为", "中方", "unknown", id="its province in the sentence"),
        pytest.param("{怀化}的苗寨和{中方}的竹海", "中方", "431221", id="its city in the sentence"),
        pytest.param("{湖南}{中方}", "中方", "431221", id="its province beside it"),
        pytest.param("{中方县}丰收。{中方}的葡萄", "中方", "431221", id="its full form"),
        pytest.param(
            "{怀化市}来人。我们与{中方}合作", "中方", "unknown", id="its city elsewhere in the article"
        ),
        pytest.param(
            "{石家庄市}纪事。古都{长安}",
            "长安",
            "ambiguous",
            id="a word, and a district of the city of the article",
        ),
        pytest.param("{云霄}之上", "云霄", "unknown", id="a word of verse"),
    ],
)
def test_word_is_a_county_only_with_support(text, surface, expected):
    assert places(text)[surface] == expected


@pytest.mark.parametrize(
    ("page", "home", "surface", "expected"),
    [
        pytest.param(["{芮城县}。[县人民法院]"], "", "县人民法院", ("芮城县人民法院", "140830"), id="the county of the article"),
        pytest.param(["[县法院]", "{芮城县}降雨"], "", "县法院", ("芮城县人民法院", "140830"), id="of the page"),
        pytest.param(["[县法院]"], RUICHENG, "县法院", ("芮城县人民法院", "140830"), id="of the home"),
        pytest.param(["[县法院]"], "", "县法院", "unknown", id="of none"),
        pytest.param(["[县法院]"], YUNCHENG, "县法院", "unknown", id="a city has no county court"),
        pytest.param(["{芮城县}、{绛县}。[县法院]"], "", "县法院", "ambiguous", id="of two counties"),
        pytest.param(["{绛县}。[县法院]"], RUICHENG, "县法院", "ambiguous", id="article against home"),
        pytest.param(["{芮城县}{大王镇}。[团县委]"], "", "团县委", ("共青团芮城县委", "140830"), id="团县委"),
        pytest.param(["{金盆村}{芮城县}。[县委组织部]"], "", "县委组织部", ("芮城县委组织部", "140830"), id="县委组织部"),
        pytest.param(["{大王镇}{金盆村}。[县教育局]"], "", "县教育局", ("芮城县教育局", "140830"), id="by a village in it"),
        pytest.param(["[市教育局]"], YUNCHENG, "市教育局", ("运城市教育局", "140800"), id="the home city"),
        pytest.param(["{芮城县}。[市教育局]"], YUNCHENG, "市教育局", ("运城市教育局", "140800"), id="the city around the county"),
        pytest.param(["{河津市}。[市教育局]"], YUNCHENG, "市教育局", "ambiguous", id="two cities, one in the other"),
        pytest.param(["{太原市}。[省公安厅]"], YUNCHENG, "省公安厅", ("山西省公安厅", "140000"), id="the province"),
        pytest.param(["{山西}、{河南}。[省公安厅]"], YUNCHENG, "省公安厅", ("山西省公安厅", "140000"), id="the home's of two"),
        pytest.param(["{河南}。[省公安厅]"], YUNCHENG, "省公安厅", "ambiguous", id="another province"),
        pytest.param(["{内蒙古}。[自治区公安厅]"], "", "自治区公安厅", ("内蒙古自治区公安厅", "150000"), id="自治区"),
        pytest.param(["{芮城县}{永乐镇}。[镇卫生院]"], "", "镇卫生院", ("芮城县永乐镇卫生院", "140830104"), id="镇"),
        pytest.param(["{芮城县}{大王镇}{金盆村}。[村党支部]"], "", "村党支部", ("芮城县大王镇金盆村党支部", "140830105209"), id="村"),
        pytest.param(["{芮城县}[县人民医院]、{绛县}"], "", "县人民医院", ("芮城县人民医院", "140830"), id="a place directly before"),
        pytest.param(["[市场监管局]"], YUNCHENG, "市场监管局", "unknown", id="市场 is no city"),
        pytest.param(["{运城市}。[社区卫生服务中心]"], "", "社区卫生服务中心", "unknown", id="社区卫生 is no community"),
        pytest.param(["[县法院]", "[芮城县公安局]"], "", "县法院", ("芮城县人民法院", "140830"), id="by a seat on the page"),
    ],
)  # fmt: skip
def test_level_in_a_name_means_the_place_of_the_text(page, home, surface, expected):
    assert organizations(*page, home=home)[surface] == expected


@pytest.mark.parametrize(
    ("text", "surface", "expected"),
    [
        ("[新绛县学府城社区党总支]。[社区党总支]", "社区党总支", ("新绛县学府城社区党总支", "140825400010")),
        ("{芮城县}。[永乐镇卫生院]，[卫生院]", "卫生院", ("芮城县永乐镇卫生院", "140830104")),
        ("{芮城县}。[永乐镇卫生院]、[大王镇卫生院]。[卫生院]", "卫生院", "ambiguous"),
        ("[绛县人民法院]。[法院]", "法院", ("绛县人民法院", "140826")),
        ("[长河机械制造有限公司]。[长河公司]", "长河公司", ("长河机械制造有限公司", None)),
        ("[西安交通大学]。[交通大学]", "交通大学", ("西安交通大学", "610100")),
    ],
)  # fmt: skip
def test_short_form_is_linked_to_the_record_of_the_full_form(text, surface, expected):
    assert organizations(text)[surface] == expected


def test_organization_on_two_pages_is_one_record() -> None:
    first, second = links_of("[绛县人民法院]"), links_of("{绛县}。[县法院]")
    assert (first[0].name, first[0].code) == (second[1].name, second[1].code)


EDITORS = Decisions(
    names={
        ("place", "魏城"): [NamedRecord("芮城县", RUICHENG)],
        ("place", "母亲河"): [NamedRecord("黄河", None)],
        ("place", "古城"): [NamedRecord("芮城县", RUICHENG), NamedRecord("运城市", YUNCHENG)],
        ("organization", "县中"): [NamedRecord("芮城中学", RUICHENG)],
        ("organization", "一中"): [
            NamedRecord("运城市第一中学", YUNCHENG),
            NamedRecord("绛县第一中学", "140826"),
        ],
    },
    not_same={
        ("place", "运城"): [NamedRecord("运城市", YUNCHENG)],
        ("place", "朝阳区"): [NamedRecord("朝阳区", "110105")],
        ("organization", "绛县法院"): [NamedRecord("绛县人民法院", "140826")],
    },
)


@pytest.mark.parametrize(
    ("text", "status", "rule", "name", "code"),
    [
        ("{魏城}", "linked", "alias", "芮城县", RUICHENG),
        ("{母亲河}", "linked", "alias", "黄河", None),
        ("{古城}", "ambiguous", "several_aliases", None, None),
        ("[县中]", "linked", "alias", "芮城中学", RUICHENG),
        ("[一中]", "ambiguous", "several_aliases", None, None),
        ("{运城}", "unknown", "apart", None, None),
        ("{朝阳区}", "unknown", "unsupported", None, None),
        ("[绛县法院]", "unknown", "apart", None, None),
    ],
)
def test_decision_of_an_editor_overrides_the_rules(text, status, rule, name, code):
    (found,) = links_of(text, authority=EDITORS)
    assert (found.status, found.rule, found.name, found.code) == (status, rule, name, code)
    assert not set(found.candidates) & {"110105"}
    assert "“" in explain_link(found, [found], load_gazetteer())


def test_alias_is_context_for_other_names() -> None:
    assert links_of("{魏城}的{金盆村}", authority=EDITORS)[1].code == "140830105209"


@pytest.mark.parametrize(
    ("text", "surface", "sentence"),
    [
        (
            "{芮城县}{大王镇}{金盆村}",
            "金盆村",
            "“金盆村” is 金盆村 in 大王镇, 芮城县 (140830105209), because 大王镇 stands next to it; 52 other places of that name were ruled out.",
        ),
        (
            "{芮城县}{大王镇}{金盆村}。{金盆村}",
            "金盆村",
            "“金盆村” is 金盆村 in 大王镇, 芮城县 (140830105209), because elsewhere in the article 大王镇 stands next to it; 52 other places of that name were ruled out.",
        ),
        (
            "{芮城县}。{寿圣社区}",
            "寿圣社区",
            "“寿圣社区” is 寿圣社区 in 古魏镇, 芮城县 (140830100010), because the article names 芮城县.",
        ),
        (
            "{运城}",
            "运城",
            "“运城” is 运城市 in 山西省 (140800), because it is a short form of that name and of no other.",
        ),
        (
            "{朝阳区}",
            "朝阳区",
            "“朝阳区” may be 朝阳区 in 北京市 (110105) or 朝阳区 in 长春市, 吉林省 (220104), because nothing in the sentence, the article, the page or the paper's home tells which it is.",
        ),
        (
            "{海南州}和{海南}",
            "海南",
            "“海南” is 海南藏族自治州 in 青海省 (632500), because elsewhere in the article it is called 海南州; 2 other places of that name were ruled out.",
        ),
        (
            "{绛县}{蔡村}",
            "蔡村",
            "“蔡村” is not linked, because the official list has no such place in 绛县, which is before it.",
        ),
        (
            "{芮城县}。[县法院]",
            "县法院",
            "“县法院” is 芮城县人民法院, seated in 芮城县 (140830), because the article is about no other place of that level.",
        ),
    ],
)
def test_link_explains_its_rule(text, surface, sentence):
    links = links_of(text)
    found = next(found for found in reversed(links) if found.mention.surface == surface)
    assert explain_link(found, links, load_gazetteer()) == sentence


_NAMES = "芮城县 芮城 大王镇 金盆村 蔡村 朝阳 朝阳区 海南 北京 运城市 绛县 新华村 城关镇 西安 太湖 人民路 首尔 李家沟村 永乐镇 中国 吉林".split()
_BODIES = "县人民法院 绛县人民法院 永乐镇卫生院 卫生院 团县委 市教育局 省公安厅 新华社 长河公司 芮城中学 共青团 法院".split()
_WORDS = st.one_of(
    st.sampled_from([f"{{{name}}}" for name in _NAMES]),
    st.sampled_from([f"[{name}]" for name in _BODIES]),
    st.sampled_from(["，", "。", "、", " ", "在", ""]),
)


@given(
    st.lists(st.lists(_WORDS, max_size=12).map("".join), min_size=1, max_size=3),
    st.sampled_from(["", YUNCHENG, BEIJING]),
)
def test_linked_division_has_its_printed_name(page, home):
    articles = [article(text) for text in page]
    china = load_gazetteer()
    for text, links in zip(articles, link_mentions(articles, home, china, Decisions()), strict=True):
        assert [found.mention for found in links] == list(text.mentions)
        for found in links:
            assert found.rule in LINK_RULES
            assert (found.status == "linked") == (found.name is not None)
            assert explain_link(found, links, china).endswith(".")
            if found.mention.kind == "place" and found.code:
                division = china.by_code(found.code)
                assert division
                assert found.mention.surface in division.names


@pytest.mark.parametrize("name", ["局" * 30_000, "长河" * 15_000 + "有限公司"])
def test_long_name_has_few_short_forms(name):
    """Each is a copy of a part of the name: all of them would take the square of its length."""
    assert len(index_by_short_form([NamedRecord(name, None)])) < 50


@pytest.mark.benchmark
@pytest.mark.parametrize(
    "page",
    [
        pytest.param(
            "{芮城县}{大王镇}{金盆村}和[县人民法院]在{运城}，{朝阳区}。" * 400, id="an ordinary page"
        ),
        pytest.param("{新华村}，{绛县}。[卫生院]" * 1_000, id="378 villages of one name, again and again"),
        pytest.param(
            "".join(f"{{{name}}}" for name in ("新华村", "城关镇", "朝阳区")) * 700, id="one long chain"
        ),
        pytest.param("[市人民医院][县法院]" * 1_000, id="bodies without seats"),
    ],
)
def test_linking_is_fast(page):
    """How many mentions are linked in a second: 2,000 at least, also where no rule can decide."""
    articles = [article(page)] * 2
    start = time.perf_counter()
    links = link_mentions(articles, YUNCHENG, load_gazetteer(), Decisions())
    speed = sum(map(len, links)) / (time.perf_counter() - start)
    print(f"\n{speed:,.0f} mentions/s")
    assert speed > 2_000
