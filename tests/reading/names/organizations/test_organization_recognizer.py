"""Names of organizations begin and end correctly; the places of each row are given, so only these rules count."""

import re

import pytest

from articles.reading.lines.character_folding import fold_characters
from articles.reading.names.organizations import borders
from articles.reading.names.organizations.borders import word_before
from articles.reading.names.organizations.organization_words import KNOWN, LAST_WORDS
from articles.reading.names.organizations.recognizer import find_organizations, organization_kind
from articles.reading.names.proposals import Proposal
from articles.reading.names.tagger import TaggedWord

_PLACES = re.compile(
    "云岭省|青河市|临川县|白石镇|柳湾村|东桥社区|南山区|平江自治州|解放路|长宁大道|巴西|智利|日本|肯尼亚|利马|太平洋|雲林縣|屏東縣|新北市|香港|湖北|高雄"
)


def _found(text: str, *words: tuple[str, str]) -> list[str]:
    places = [Proposal("place", place.start(), place.end(), "given", 0.9) for place in _PLACES.finditer(text)]
    tagged = [TaggedWord(text.index(word), text.index(word) + len(word), tag) for word, tag in words]
    return [
        text[found.start : found.end]
        for found in find_organizations(text, fold_characters(text), places, tagged)
    ]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        # place and function
        pytest.param("临川县人民法院开庭审理此案。", ["临川县人民法院"], id="court"),
        pytest.param("白石镇卫生院的医生来了。", ["白石镇卫生院"], id="town hospital"),
        pytest.param("据临川县中医院统计，", ["临川县中医院"], id="hospital after 据"),
        pytest.param("临川县委组织部负责人介绍", ["临川县委组织部"], id="party department"),
        pytest.param("共青团临川县委举办比赛", ["共青团临川县委"], id="youth league of a place"),
        pytest.param("暑期托管班由团县委开办", ["团县委"], id="youth league of the county"),
        pytest.param("临川县东桥社区党总支牵头", ["临川县东桥社区党总支"], id="party branch of a chain"),
        pytest.param("记者从云岭省青河市生态环境局获悉", ["云岭省青河市生态环境局"], id="two places"),
        pytest.param("青河市文化和旅游局公布名单", ["青河市文化和旅游局"], id="和 inside a field"),
        pytest.param("南山区住房和城乡建设局答复", ["南山区住房和城乡建设局"], id="和 inside a longer field"),
        pytest.param("平江自治州民族中学获得冠军", ["平江自治州民族中学"], id="school of a prefecture"),
        pytest.param("青河市第四中学的操场", ["青河市第四中学"], id="ordinal"),
        pytest.param("临川县一中、二中都放假了", ["临川县一中"], id="numbered school in short"),
        pytest.param("市二医院和临川县三中学", ["市二医院", "临川县三中学"], id="one of several"),
        pytest.param("消防员来自第四消防大队。", ["第四消防大队"], id="ordinal without seat"),
        pytest.param("青河市临川县赤桥居委会组织演练", ["赤桥居委会"], id="a committee is named by its village"),
        pytest.param("临川县白石镇柳湾村村委会办公楼", ["临川县白石镇柳湾村村委会"], id="a committee of a place"),
        # level and function
        pytest.param("来自县医院的大夫", ["县医院"], id="county hospital"),
        pytest.param("市教育局有关负责人表示，", ["市教育局"], id="city bureau"),
        pytest.param("，省公安厅昨日通报", ["省公安厅"], id="provincial office"),
        pytest.param("由县农业农村局统一供种", ["县农业农村局"], id="county bureau after 由"),
        pytest.param("记者从州卫生健康委获悉", ["州卫生健康委"], id="委 as a department"),
        pytest.param("自治区农业农村厅派出专家", ["自治区农业农村厅"], id="autonomous region"),
        pytest.param("全国妇联、中国残联联合发文", ["全国妇联", "中国残联"], id="national bodies"),
        pytest.param("由旗教体局与县林草局验收", ["旗教体局", "县林草局"], id="several fields in one word"),
        pytest.param("找到市自来水公司报修", ["市自来水公司"], id="city waterworks"),
        pytest.param("白石镇党政办主任", ["白石镇党政办"], id="office of a town"),
        pytest.param("南山区石坡街办组织义诊", ["石坡街办"], id="a street's office is named by its street"),
        pytest.param("车队抵达临川县兵站", ["临川县兵站"], id="army station"),
        # bodies of bodies
        pytest.param("青河市自来水公司南山区营业所", ["青河市自来水公司南山区营业所"], id="branch office of a firm"),
        pytest.param("青河市生态环境局南山分局检查", ["青河市生态环境局南山分局"], id="branch bureau"),
        pytest.param("青河市公安局交警支队提醒", ["青河市公安局交警支队"], id="police unit"),
        pytest.param("云岭医科大学附属医院专家", ["云岭医科大学附属医院"], id="hospital of a university"),
        pytest.param("中国人民银行临川县支行揭牌", ["中国人民银行临川县支行"], id="branch of a bank"),
        pytest.param("青河市公安局白石派出所民警", ["青河市公安局", "白石派出所"], id="a station has its own name"),
        pytest.param("青河日报社党委召开会议", ["青河日报社"], id="party cell of a firm"),
        pytest.param("国家统计局临川县调查总队数据显示", ["国家统计局临川县调查总队"], id="survey team of a bureau"),
        pytest.param("农行临川县支行、建行云岭省分行", ["农行临川县支行", "建行云岭省分行"], id="banks in short"),
        pytest.param("考上了云岭省师大和哈工大", ["云岭省师大", "哈工大"], id="universities in short"),
        pytest.param("云岭省铁路局临川县客运段、智利国防军", ["云岭省铁路局临川县客运段", "智利国防军"], id="a section of a railway, an army"),
        pytest.param("县种子公司和青河电子公司", ["县种子公司", "青河电子公司"], id="no daughters of firms"),
        pytest.param("中华全国总工会、海军南山舰队", ["中华全国总工会", "海军南山舰队"], id="national bodies in full"),
        # lists
        pytest.param("临川县教育局、财政局联合检查", ["临川县教育局", "财政局"], id="shared seat"),
        pytest.param("市公安局，市应急管理局到场", ["市公安局", "市应急管理局"], id="comma between"),
        pytest.param("县纪委会同临川县财政局查处", ["县纪委", "临川县财政局"], id="会同 between"),
        # proper names
        pytest.param("位于长宁大道的鼎盛箱包公司起火", ["鼎盛箱包公司"], id="firm behind 的"),
        pytest.param("湖北金禾化工有限公司与巴西南星国际公司签约", ["湖北金禾化工有限公司", "巴西南星国际公司"], id="two firms"),
        pytest.param("他曾就读于青云大学，", ["青云大学"], id="university after 于"),
        pytest.param("在解放路好邻居超市门口", ["好邻居超市"], id="a road is no seat of a shop"),
        pytest.param("他毕业于解放路小学", ["解放路小学"], id="school named by a road"),
        pytest.param("蓝盾救援队先后加入搜寻。", ["蓝盾救援队"], id="rescue team"),
        pytest.param("“春苗计划”组委会主任", ["“春苗计划”组委会"], id="quoted proper name"),
        pytest.param("中交临川县路桥建设有限公司承建。", ["中交临川县路桥建设有限公司"], id="mother's name before the seat"),
        pytest.param("当地茶商、果农和利马商会", ["利马商会"], id="foreign chamber"),
        pytest.param("两人在北疆冷饮厅前合影", ["北疆冷饮厅"], id="ice parlour"),
        pytest.param("临川县热电厂并网发电", ["临川县热电厂"], id="heat and power plant"),
        # media
        pytest.param("英国《每日时报》报道", ["每日时报"], id="paper in marks"),
        pytest.param("接受《星报》采访", ["星报"], id="short paper in marks"),
        pytest.param("法新社援引路透社的消息", ["法新社", "路透社"], id="foreign agencies"),
        pytest.param("德国《明窗》周刊刊文", ["明窗"], id="weekly named by its marks"),
        pytest.param("星河航天有限公司（简称“星河”）揭牌", ["星河航天有限公司", "星河"], id="abbreviation in brackets"),
        # state, world
        pytest.param("国务院、中央军委决定", ["国务院", "中央军委"], id="central organs"),
        pytest.param("日本气象厅说，智利农业部8日表示", ["日本气象厅", "智利农业部"], id="foreign agencies of state"),
        pytest.param("肯尼亚野生动物管理局7日说", ["肯尼亚野生动物管理局"], id="foreign bureau"),
        pytest.param("中国驻巴西大使馆提醒", ["中国驻巴西大使馆"], id="embassy"),
        pytest.param("联合国教科文组织和世卫组织", ["联合国教科文组织", "世卫组织"], id="bodies of the United Nations"),
        pytest.param("环太平洋联盟秘书处", ["环太平洋联盟"], id="环 before a place"),
        pytest.param("阿里巴巴收购网易旗下平台", ["阿里巴巴", "网易"], id="firms known by name"),
        pytest.param("ＷＴＯ总干事说", ["ＷＴＯ"], id="full-width Latin"),
        # Traditional
        pytest.param("雲林縣政府農業處表示，", ["雲林縣政府農業處"], id="county department, Traditional"),
        pytest.param("新北市消防局統計，", ["新北市消防局"], id="fire bureau, Traditional"),
        pytest.param("天文台預測明日轉涼，市民應帶備雨傘。", ["天文台"], id="Hong Kong's own 天文台"),
        pytest.param("內政部說明，屏東縣政府表示感謝。", ["內政部", "屏東縣政府"], id="ministry, Traditional"),
        pytest.param("規劃署及海關昨日解釋，這條新路會興建。", ["規劃署", "海關"],
            id="Hong Kong's own departments"),
        pytest.param("屏東縣科技大學遷校後，學生會搬到這裡。", ["屏東縣科技大學"], id="a known name with its seat"),
        # ministries of other decades, in full
        pytest.param("纺织工业部、水利电力部发出通知", ["纺织工业部", "水利电力部"], id="former ministries"),
        pytest.param("报国家对外贸易经济合作部审批", ["对外贸易经济合作部"], id="国家 before a ministry"),
        pytest.param("第一机械工业部派人来厂", ["第一机械工业部"], id="numbered ministry"),
        # old bodies
        pytest.param("临川县参议会开会，云岭省专署电复", ["临川县参议会", "云岭省专署"], id="bodies of the forties"),
        pytest.param("八路军某团到了村口", ["八路军"], id="old army"),
        pytest.param("临川县红旗公社东风大队的社员", [], id="a brigade is a village"),
        pytest.param("南山区高速交警一大队出警", ["南山区高速交警一大队"], id="a numbered unit of the police"),
        pytest.param("青河市消防支队临川县大队", ["青河市消防支队临川县大队"], id="a unit of a unit"),
        # associations and schools of Chinese abroad
        pytest.param("青河市潮州会馆、青河市狮子会捐款", ["青河市潮州会馆", "青河市狮子会"], id="clubs of a town"),
        pytest.param("筹募经费的明华华小和坤成独中", ["明华华小", "坤成独中"], id="schools of the Chinese abroad"),
        pytest.param("智利明德协会青河市分会成立", ["智利明德协会青河市分会"], id="branch of a society"),
        # teams
        pytest.param("主场2比0胜云岭省队，巴西队轮空", ["云岭省队", "巴西队"], id="teams of places"),
        pytest.param("青河市猛虎队客场告负", ["青河市猛虎队"], id="a club's team"),
        pytest.param("中国女篮在京训练", ["中国女篮"], id="a national team in short"),
        pytest.param("知青到临川县插队，旅客在青河市排队", [], id="队 in a verb"),
        # abbreviations
        pytest.param("据中国记协、云岭省作协介绍", ["中国记协", "云岭省作协"], id="societies in short"),
        pytest.param("建行、工商银行、鞍钢都来招人", ["工商银行", "鞍钢"], id="banks and works known by name"),
        # the school ends before 校长, 校报
        pytest.param("新河小学校长李平", ["新河小学"], id="a school before its head"),
        pytest.param("临川县第二中学校报记者", ["临川县第二中学"], id="a school before its paper"),
        pytest.param("临川县回族中学的操场", ["临川县回族中学"], id="回 is no verb in 回族"),
        pytest.param("县政协十四届一次会议、市检察院", ["县政协", "市检察院"], id="organs with a level"),
        # all of a kind
        pytest.param("全国晚报总编辑会议", [], id="all papers of the country"),
        pytest.param("今年南山区小学招生", [], id="all schools of a district"),
        pytest.param("东桥社区超市开张", ["东桥社区超市"], id="a shop of a quarter"),
        pytest.param("市人大代表、全国政协委员", [], id="members"),
        pytest.param("十届全国人大三次会议", [], id="a meeting"),
        pytest.param("柳湾村党支部书记李平", [], id="secretary of a cell"),
        # words in front
        pytest.param("提升和完善学校设施", [], id="a verb before a common noun"),
        pytest.param("版权均属晨星晚报所有", ["晨星晚报"], id="a clause before a paper"),
        pytest.param("离首届青河集团大赛还有三天", [], id="an ordinal before a noun"),
        pytest.param("他像武大郎，买了一台电脑", ["武大"], id="two characters without the tagger"),
        # no names
        pytest.param("中国航空发动机、云岭省航空母舰", [], id="航空 in longer words"),
        pytest.param("26台电梯逐一检修，台资厂开工", [], id="a number beside a word, a sort of plant"),
        pytest.param("柳湾村定期召集村民到党群服务中心开会", [], id="clause before a facility"),
        pytest.param("省委、市政府、县委作出决定", [], id="bare organs"),
        pytest.param("当地警方和消防部门赶到，派出所已立案", [], id="sorts of bodies"),
        pytest.param("一家公司的负责人、多家医院和各学校", [], id="determiners"),
        pytest.param("公司负责人说，我们学校和他们医院", [], id="bare nouns"),
        pytest.param("该公司、本报社、某银行、这所小学", [], id="pronouns"),
        pytest.param("大学生志愿者教小学生和中学生读书", [], id="students"),
        pytest.param("他捡到两张银行卡和一个学生证", [], id="bank card"),
        pytest.param("公安部门会同卫生部门检查", [], id="部门"),
        pytest.param("青河市公安局长王平到场", [], id="inside an office"),
        pytest.param("临川县委书记李平、镇党委副书记", [], id="inside a party office"),
        pytest.param("86所小学、31家超市和两所大学", [], id="numbers"),
        pytest.param("白石镇一小学组织春游", [], id="一 is no ordinal"),
        pytest.param("各县市妇幼保健院、乡镇卫生院", [], id="kinds of seat"),
        pytest.param("村党支部书记和村委会主任", [], id="bare village bodies"),
        pytest.param("新华社北京2月3日电（记者王平）", [], id="dateline"),
        pytest.param("（新华社发）", [], id="credit of an agency"),
        pytest.param("孩子学会了游泳，他们的工厂也开工了", [], id="学会 as a verb"),
        pytest.param("记者跟随中心小组来到厂区和矿区", [], id="sorts of area"),
        pytest.param("他后来到县化肥厂当厂长", ["县化肥厂"], id="当 after a factory"),
        pytest.param("监理公司、中介公司和家长委员会", [], id="firms by their sort"),
        pytest.param("省里派来工作组，联合调查组认定", [], id="groups"),
        pytest.param("她在家长会和报告会上说", [], id="meetings"),
        pytest.param("省长、局长、院长、校长、厂长参加", [], id="offices"),
        pytest.param("", [], id="empty"),
    ],
)  # fmt: skip
def test_organization_has_its_whole_name(text, names):
    assert _found(text) == names


@pytest.mark.parametrize(
    ("text", "words", "names"),
    [
        pytest.param(
            "我们请教了明德医学检验中心的人", [("请教", "v"), ("了", "u"), ("明德医学检验中心", "ORG"), ("的", "u")],
            ["明德医学检验中心"], id="a proper name that no rule finds",
        ),
        pytest.param(
            "随后联合青山餐饮公司送餐", [("随后", "d"), ("联合青山餐饮公司", "ORG"), ("送餐", "v")],
            ["青山餐饮公司"], id="a verb is cut off",
        ),
        pytest.param("外观像哈萨克族牧民的毡房", [("哈萨克族", "ORG")], [], id="a span without last word is no body"),
        pytest.param("上海一家货代公司做了两年", [("上海一家货代公司", "ORG")], [], id="a determiner inside"),
        pytest.param("在社区服务中心接受治疗", [("社区服务中心", "ORG")], [], id="a field and no name"),
        pytest.param("临川县妇联开办讲座", [("临川县妇联开办", "ORG")], ["临川县妇联"], id="办 ends a verb"),
        pytest.param("去过柳湾村一小学", [("柳湾村一小学", "ORG")], [], id="a school, not the first one"),
        pytest.param("几名伤者送明爱医院治疗", [("送明", "v"), ("爱", "v"), ("医院", "n")], ["明爱医院"],
            id="a verb that the tagger cuts wrong"),
        pytest.param("共核查学校117所", [("核查", "v"), ("学校", "n")], [], id="a noun that is counted"),
        pytest.param("救护站部的灯亮着", [("救护站部", "ORG")], [], id="a short span without seat is common"),
        pytest.param("他长得像武大郎，", [("他", "r"), ("长", "v"), ("得", "u"), ("像", "v"), ("武大郎", "PER")], [],
            id="no short name is a part of a word"),
        pytest.param("一行人奔赴明德医院", [("一行", "m"), ("人", "n"), ("奔赴", "v"), ("明德", "nz"), ("医院", "n")],
            ["明德医院"], id="a name begins after its verb"),
        pytest.param("用低温冷库保鲜", [("用", "p"), ("低温", "n"), ("冷库", "n"), ("保鲜", "v")], [],
            id="common nouns are no firm"),
        pytest.param("由晨光出版社出版", [("由", "p"), ("晨光", "n"), ("出版社", "n"), ("出版", "v")], ["晨光出版社"],
            id="but a publisher"),
        pytest.param("参观了青禾科技的车间", [("参观", "v"), ("了", "u"), ("青禾科技", "ORG"), ("的", "u")], ["青禾科技"],
            id="a firm without 公司"),
        pytest.param("推进农业科技进步", [("推进", "v"), ("农业", "n"), ("科技", "n"), ("进步", "vn")], [], id="科技 as a noun"),
        pytest.param("村民的威风锣鼓队", [("村民", "n"), ("的", "u"), ("威风锣鼓队", "ORG")], [], id="a team without a place"),
        pytest.param("白石镇善德社施粥", [("白石镇善德社", "ORG"), ("施粥", "v")], ["白石镇善德社"], id="a society of a place"),
        pytest.param("临川县红旗大队插秧", [("临川县红旗大队", "ORG"), ("插秧", "v")], [], id="the tagger takes a village for a unit"),
        pytest.param("核查南湖学院5个系", [("核查", "v"), ("南湖学院", "ORG"), ("5个", "m"), ("系", "n")], ["南湖学院"],
            id="its parts are counted, not the school"),
        pytest.param("请县科普中心派人", [("县科普中心", "ORG")], ["县科普中心"], id="a level begins a span"),
    ],
)  # fmt: skip
def test_tagger_counts_if_rules_confirm_it(text, words, names):
    assert _found(text, *words) == names


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("临川县人民法院", "court"),
        ("临川县委组织部", "party"),
        ("青河市公安局交警支队", "police"),
        ("市教育局", "government"),
        ("白石镇卫生院", "hospital"),
        ("云岭医科大学", "school"),
        ("金禾化工有限公司", "company"),
        ("茶商协会", "association"),
        ("青河日报", "media"),
        ("青河市博物馆", "culture"),
        ("云岭省林业科学研究院", "research"),
        ("临川县人武部", "military"),
        ("国务院", "government"),
        ("亚马逊", "company"),
        ("某某某", "other"),
    ],
)
def test_kind_of_an_organization_is_in_its_last_word(name, kind):
    assert organization_kind(name) == kind


def test_word_lists_are_in_the_form_of_folded_text():
    assert [word for word in (*LAST_WORDS, *KNOWN) if fold_characters(word) != word] == []


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("局" * 20_000, id="one ending"),
        pytest.param("中心" * 10_000, id="a last word that is a field too"),
        pytest.param("公安局和" * 5_000, id="endings and conjunctions"),
        pytest.param("“" * 10_000 + "”公司" * 3_000, id="marks never closed"),
        pytest.param("第一二三四五六七八九十" * 2_000 + "医院", id="numerals"),
        pytest.param("驻委环" * 7_000, id="joints"),
        pytest.param("云岭省" * 7_000 + "局", id="places in a row"),
    ],
)
def test_hostile_text_takes_a_bounded_number_of_steps_a_character(text, monkeypatch):
    looks = 0

    def counted(*arguments):
        nonlocal looks
        looks += 1
        return word_before(*arguments)

    monkeypatch.setattr(borders, "word_before", counted)
    _found(text)
    assert looks < 100 * len(text)
