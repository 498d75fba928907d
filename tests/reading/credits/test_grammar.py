"""Credits give names with roles; texts that only look like credits do not."""

import pytest

from articles.reading.credits import grammar
from articles.reading.credits.datelines import find_agency, find_dateline
from articles.reading.lines.character_folding import fold_characters

REPORTER, CORRESPONDENT, PHOTOGRAPHER, INTERN = "reporter", "correspondent", "photographer", "intern"


@pytest.mark.parametrize(
    ("credit", "people"),
    [
        # One role, one name or more.
        ("本报记者 林一舟", [("林一舟", REPORTER)]),
        ("本报记者 林一舟 王芳", [("林一舟", REPORTER), ("王芳", REPORTER)]),
        ("记者林一舟、王芳", [("林一舟", REPORTER), ("王芳", REPORTER)]),
        ("记者 林一舟和王芳", [("林一舟", REPORTER), ("王芳", REPORTER)]),
        ("记者王芳李小明", [("王芳", REPORTER), ("李小明", REPORTER)]),
        ("通讯员和一平", [("和一平", CORRESPONDENT)]),
        ("□记者 林一舟", [("林一舟", REPORTER)]),
        ("◎本报记者　林一舟", [("林一舟", REPORTER)]),
        ("采写：临河见习记者 林一舟", [("林一舟", REPORTER)]),
        ("本报首席记者 欧阳海燕", [("欧阳海燕", REPORTER)]),
        ("全媒体记者 诸葛云", [("诸葛云", REPORTER)]),
        ("本报驻临河记者 林一舟", [("林一舟", REPORTER)]),
        ("新华社记者 林一舟", [("林一舟", REPORTER)]),
        ("临河日报记者 林一舟", [("林一舟", REPORTER)]),
        # Spread, with dots, without a surname.
        ("本报记者 林 一 舟", [("林一舟", REPORTER)]),
        ("本报记者 林　平　王　芳", [("林平", REPORTER), ("王芳", REPORTER)]),
        ("记者 阿依古丽·买买提", [("阿依古丽·买买提", REPORTER)]),
        ("记者 阿依古丽 · 买买提", [("阿依古丽·买买提", REPORTER)]),
        ("（记者央金卓玛）", [("央金卓玛", REPORTER)]),
        ("通讯员 河宣", [("河宣", CORRESPONDENT)]),
        # Spread unevenly: a surname alone, a compound one, the word for the role too.
        ("记者 林  平　王 小芳", [("林平", REPORTER), ("王小芳", REPORTER)]),
        ("记者 柳 一 方 王芳", [("柳一方", REPORTER), ("王芳", REPORTER)]),
        ("记者 欧 阳 海 燕", [("欧阳海燕", REPORTER)]),
        ("本报记者 司马 青", [("司马青", REPORTER)]),
        ("林 平/文 王 芳/图", [("林平", REPORTER), ("王芳", PHOTOGRAPHER)]),
        ("通 讯 员 林 一 舟", [("林一舟", CORRESPONDENT)]),
        # Names of Mongolians, Tibetans and Uyghurs, whatever of a surname or an 和 is in them.
        ("（记者 孟和巴雅尔）", [("孟和巴雅尔", REPORTER)]),
        ("记者 乌云格日勒 恩和", [("乌云格日勒", REPORTER), ("恩和", REPORTER)]),
        ("（旦增罗布）", [("旦增罗布", None)]),
        ("（娜仁托娅　林一舟）", [("娜仁托娅", None), ("林一舟", None)]),
        ("通讯员 吐尔逊江 王芳", [("吐尔逊江", CORRESPONDENT), ("王芳", CORRESPONDENT)]),
        ("记者 丹 真", [("丹真", REPORTER)]),
        # For whom.
        ("（县林业局 林一舟）", [("林一舟", None)]),
        ("（通讯员 市水务局宣传科 林一舟）", [("林一舟", CORRESPONDENT)]),
        ("（县气象局林一舟）", [("林一舟", None)]),
        ("（林业局 王芳）", [("王芳", None)]),
        ("■ 2014级新闻班 林一舟", [("林一舟", None)]),
        ("本报学生记者 林一舟", [("林一舟", REPORTER)]),
        ("新华社“南河视点”记者 林一舟", [("林一舟", REPORTER)]),
        ("新华社记者 林一舟 5月3日摄", [("林一舟", PHOTOGRAPHER)]),
        ("（市妇联 林一舟）", [("林一舟", None)]),
        ("（县气象局 供稿）", []),
        ("（林一舟 供稿）", [("林一舟", CORRESPONDENT)]),
        ("临河融媒记者 林一舟", [("林一舟", REPORTER)]),
        ("临河报业·南河新闻记者 林一舟", [("林一舟", REPORTER)]),
        ("临河晚报-南河新闻记者 林一舟", [("林一舟", REPORTER)]),
        # Several roles.
        ("（实习生王芳林一舟记者李平）", [("王芳", INTERN), ("林一舟", INTERN), ("李平", REPORTER)]),
        (
            "本报记者 林一舟 通讯员 王芳 李平 文/图",
            [("林一舟", REPORTER), ("王芳", CORRESPONDENT), ("李平", CORRESPONDENT)],
        ),
        ("（林一舟记者王芳）", [("林一舟", None), ("王芳", REPORTER)]),
        (
            "记者 林一舟 实习生 王芳 文 本报记者 李平 图",
            [("林一舟", REPORTER), ("王芳", INTERN), ("李平", PHOTOGRAPHER)],
        ),
        # Photographs.
        ("林一舟 摄", [("林一舟", PHOTOGRAPHER)]),
        ("本报记者 林一舟 通讯员 王芳 摄", [("林一舟", PHOTOGRAPHER), ("王芳", PHOTOGRAPHER)]),
        ("林一舟 供图", [("林一舟", PHOTOGRAPHER)]),
        ("摄影：林一舟", [("林一舟", PHOTOGRAPHER)]),
        ("记者 林一舟 图片报道", [("林一舟", PHOTOGRAPHER)]),
        ("图片由记者林一舟摄", [("林一舟", PHOTOGRAPHER)]),
        ("新华社发（林一舟 摄）", [("林一舟", PHOTOGRAPHER)]),
        ("记者 林一舟 图片 王芳", [("林一舟", REPORTER), ("王芳", PHOTOGRAPHER)]),
        ("记者 林一舟 受访者供图", [("林一舟", REPORTER)]),
        ("记者 林一舟 图片由县林业局提供", [("林一舟", REPORTER)]),
        # Both at once.
        ("通讯员 林一舟 摄影报道", [("林一舟", CORRESPONDENT), ("林一舟", PHOTOGRAPHER)]),
        ("记者 林一舟 临河摄影报道", [("林一舟", REPORTER), ("林一舟", PHOTOGRAPHER)]),
        ("林 平 摄", [("林平", PHOTOGRAPHER)]),
        ("记者 林一舟 摄影 王芳", [("林一舟", REPORTER), ("王芳", PHOTOGRAPHER)]),
        ("记者林一舟摄影王芳", [("林一舟", REPORTER), ("王芳", PHOTOGRAPHER)]),
        # Text and photographs.
        ("□本报记者 林一舟 文/图", [("林一舟", REPORTER)]),
        ("文/图 林一舟 王芳", [("林一舟", REPORTER), ("王芳", REPORTER)]),
        ("文/本报记者 林一舟 图/王芳", [("林一舟", REPORTER), ("王芳", PHOTOGRAPHER)]),
        ("林一舟/文 王芳/摄", [("林一舟", REPORTER), ("王芳", PHOTOGRAPHER)]),
        ("■林一舟 文 王芳 图", [("林一舟", REPORTER), ("王芳", PHOTOGRAPHER)]),
        ("本报记者 林一舟 文并摄", [("林一舟", REPORTER)]),
        ("文/记者 林一舟 图/记者 王芳", [("林一舟", REPORTER), ("王芳", PHOTOGRAPHER)]),
        ("文丨本报记者 林一舟", [("林一舟", REPORTER)]),
        ("文\\图 本报记者 林一舟", [("林一舟", REPORTER)]),
        ("记者 林一舟 报道 王芳 摄影", [("林一舟", REPORTER), ("王芳", PHOTOGRAPHER)]),
        # Where from, in Taiwan too.
        ("記者林國權／台北報導", [("林国权", REPORTER)]),
        ("本报记者 林一舟 北京报道", [("林一舟", REPORTER)]),
        ("本报记者林一舟长沙报道", [("林一舟", REPORTER)]),
        ("本报记者 林一舟 王芳报道", [("林一舟", REPORTER), ("王芳", REPORTER)]),
        ("本报记者 林一舟 发自北京", [("林一舟", REPORTER)]),
        ("特派員林國權／華盛頓報導", [("林国权", REPORTER)]),
        ("編譯林國權／綜合外電", [("林国权", REPORTER)]),
        ("地方中心／台北報導", []),
        ("採訪、撰文：林國權", [("林国权", REPORTER)]),
        # Editors are no reporters.
        ("编辑 林一舟 校对 王芳", []),
        ("记者 林一舟 编辑 王芳", [("林一舟", REPORTER)]),
        ("责任编辑：林一舟　美编：王芳", []),
        ("新华社发", []),
        ("本报记者", []),
        ("本报评论员", []),
        ("本报评论员 林一舟", [("林一舟", REPORTER)]),
        ("插图 林一舟", []),
        ("口述：林一舟 整理：王芳", [("王芳", REPORTER)]),
        # Marks of editors, and a bullet that became a letter of its font.
        ("⑧3林一舟摄", [("林一舟", PHOTOGRAPHER)]),
        ("N本报记者 林一舟 王芳", [("林一舟", REPORTER), ("王芳", REPORTER)]),
        # The short name of the paper, a beat, other trades.
        ("N南都记者 林一舟", [("林一舟", REPORTER)]),
        ("法庭記者：林國權", [("林国权", REPORTER)]),
        ("【星河記者林國權報道】", [("林国权", REPORTER)]),
        ("□本报书评人　林一舟", [("林一舟", REPORTER)]),
        ("特约摄影 林一舟", [("林一舟", PHOTOGRAPHER)]),
        ("特约摄影　林一舟/视觉南河", [("林一舟", PHOTOGRAPHER)]),
        ("林一舟摄/光明图片", [("林一舟", PHOTOGRAPHER)]),
        # For a whole page.
        ("本版摄影/本报记者林一舟", [("林一舟", PHOTOGRAPHER)]),
        ("本版采写/本报记者 林一舟 王芳", [("林一舟", REPORTER), ("王芳", REPORTER)]),
        (
            "（文/林一舟 本版照片除署名外均由 李平 王芳 摄）",
            [("林一舟", REPORTER), ("李平", PHOTOGRAPHER), ("王芳", PHOTOGRAPHER)],
        ),
        # Two papers, without a space.
        ("通讯员林一舟南河晚报记者王芳", [("林一舟", CORRESPONDENT), ("王芳", REPORTER)]),
        ("（记者林一舟南河日报记者王芳）", [("林一舟", REPORTER), ("王芳", REPORTER)]),
        # Of web pages, in Taiwan and Malaysia.
        ("2016-01-01 08:23 南河報 記者林國權/玉里報導", [("林国权", REPORTER)]),
        ("南河報／ 記者林國權／台中即時報導", [("林国权", REPORTER)]),
        ("（地方中心林國權／台中報導）", [("林国权", None)]),
        ("（河畔時報/記者林國權翻攝）", [("林国权", PHOTOGRAPHER)]),
        ("報導．攝影╱林國權", [("林国权", REPORTER)]),
        ("文@林國權 圖@王芳", [("林国权", REPORTER), ("王芳", PHOTOGRAPHER)]),
        ("（林一舟参与采写）", [("林一舟", REPORTER)]),
        # A row of names, where one has no known surname.
        ("□向峰　文浩　永梅　国辉", [("向峰", None), ("文浩", None), ("永梅", None), ("国辉", None)]),
        ("（林一舟采访）", [("林一舟", REPORTER)]),
        ("（林一舟采访整理）", [("林一舟", REPORTER)]),
        ("资料整理：林 平 王 芳", [("林平", REPORTER), ("王芳", REPORTER)]),
        ("本报记者 林一舟文 王芳摄", [("林一舟", REPORTER), ("王芳", PHOTOGRAPHER)]),
        ("（林一舟、王芳等报道）", [("林一舟", None), ("王芳", None)]),
        ("編譯：實習生林國權 審校：王芳", [("林国权", INTERN)]),
        # The place of a letter's writer.
        ("江苏临河市 林一舟", [("林一舟", None)]),
        ("江西临河 林一舟", [("林一舟", None)]),
        # What ends like an organization, and people without their names.
        ("临河市医保中心", []),
        ("（林某）", []),
        ("王女士", []),
    ],
)
def test_credit_gives_people_with_roles(credit, people):
    assert [
        (person.name, person.role) for person in grammar.credited_people(fold_characters(credit))
    ] == people


@pytest.mark.parametrize(
    "text",
    [
        "本报记者 林一舟",
        "□林一舟 王芳",
        "（林一舟）",
        "（本报记者 林一舟）",
        "临河网5月2日讯（记者林一舟 整理）",
        "本报讯 记者 林一舟 报道",
        "（县林业局 林一舟）",
        "（旦增罗布）",
        "地方中心／台北報導",
        "報道：林國權",
    ],
)
def test_byline_is_recognised(text):
    assert grammar.is_byline(fold_characters(text))


@pytest.mark.parametrize(
    "text",
    [
        "记者手记",
        "记者节里话担当",
        "小记者走进社区",
        "记者从县医院获悉",
        "□社区动态",
        "（左起）",
        "（连载）",
        "（新华社发）",
        "编辑 林一舟 校对 王芳",
        "（作者单位：县林业局）",
        "图书馆里摄影展",
        "林一舟说，树种下去，人就不能走。",
        "（县林业局有关负责人）",
        "（临河律师事务所　林一舟）",
        "（旦增家的树）",
        "举行记者招待会",
        "〔本報資料室〕",
        "■反思·救援",
        "■关键词",
        "——林一舟",
        "全国人大代表林一舟——",
        "临河市医保中心",
        "记者 林一舟 对水的",
        # Words whose first characters are surnames.
        "（祝词全文另发）",
        "（藏族敬语）",
        "【解局】",
        "◆云南",
        "■商务部",
        "（周末文化·文学）",
        "本报讯",
        "",
    ],
)
def test_text_that_is_not_a_byline_is_not_recognised(text):
    assert not grammar.is_byline(fold_characters(text))


@pytest.mark.parametrize(
    ("text", "dateline"),
    [
        ("本报讯（记者 林一舟）今年", "本报讯"),
        ("本报讯昨日上午", "本报讯"),
        ("本报临河5月2日讯记者林一舟报道：今年", "本报临河5月2日讯"),
        ("新华社罗马５月２日电（记者林一舟）", "新华社罗马5月2日电"),
        ("据新华社北京二月十六日电", "据新华社北京二月十六日电"),
        ("临河网5月2日讯（记者", "临河网5月2日讯"),
        ("临河网5月2日信息：前日", "临河网5月2日信息"),
        ("据临河网信息：5月", "据临河网信息"),
        ("临河网-临河晚报讯（记者", "临河网-临河晚报讯"),
        ("晨报快讯（记者 林一舟）", "晨报快讯"),
        ("【大河報訊】昨日", "【大河报讯】"),
        ("【南河訊】昨日", "【南河讯】"),
        ("【又讯】昨日", "【又讯】"),
        ("本报综合消息　气象部门", "本报综合消息"),
        ("（中央社記者林國權高雄2日電）", "（中央社记者林国权高雄2日电"),
        ("（河城13日讯）今年", "（河城13日讯"),
        ("南河讯　记者 林一舟", "南河讯"),
        ("南河网（南河晚报）（记者 林一舟）昨天", "南河网（南河晚报）"),
        ("《南河侨报》、《华人之声》讯：（记者 林一舟）", "《南河侨报》、《华人之声》讯"),
    ],
)
def test_dateline_is_found(text, dateline):
    match = find_dateline(fold_characters(text))
    assert match is not None
    assert match[0] == dateline


@pytest.mark.parametrize(
    "text",
    [
        "本报通讯员林一舟",
        "有喜讯 记者 林一舟",
        "供电所的人说",
        "上网消息多",
        "合作社用电量增加",
        "电台里的故事",
        "新华社电视台",
        "讯问笔录",
    ],
)
def test_text_that_is_not_a_dateline_is_not_found(text):
    assert find_dateline(fold_characters(text)) is None


def test_agency_is_not_the_paper_itself():
    assert find_agency("据新华社北京5月2日电") == "新华社"
    assert find_agency("本报讯") is None


@pytest.mark.parametrize(
    ("text", "credit"),
    [
        ("本报讯（记者 林一舟）今年", "（记者 林一舟）"),
        ("时报讯（记者林一舟实习生王芳）.昨日", "（记者林一舟实习生王芳）"),
        ("本报讯　记者林一舟、通讯员王芳报道：今年", "记者林一舟、通讯员王芳报道"),
        ("〔記者林國權／台北報導〕台北", "（记者林国权/台北报导）"),
        ("本报记者林一舟报道：今年", "本报记者林一舟报道"),
        ("本报讯（记者林一舟）（通讯员王芳）今年", "（记者林一舟）（通讯员王芳）"),
        ("本报讯（记者林一舟）（右图）今年", "（记者林一舟）"),
        ("本报讯 林一舟、王芳报道：今年", "林一舟、王芳报道"),
        ("本报讯 有媒体报道：今年", None),
        ("本报讯（今天上午）", None),
        ("记者在现场看到，", None),
        ("（一）选址", None),
    ],
)
def test_opening_credit_is_found(text, credit):
    folded = fold_characters(text)
    span = grammar.opening_credit(folded)
    assert (folded[slice(*span)] if span else None) == credit


@pytest.mark.parametrize(
    ("text", "credit"),
    [
        ("种下三千棵树。（林一舟）", "林一舟"),
        ("种下三千棵树。（记者 林一舟 通讯员 王芳）", "记者 林一舟 通讯员 王芳"),
        ("图为植树现场。（林一舟摄）", "林一舟摄"),
        ("种下三千棵树。【林一舟】", "林一舟"),
        ("种下三千棵树。（林一舟）（下转第三版）", "林一舟"),
        ("后排左一为护林员。（左起）", None),
        ("全县种树三千棵（见第三版）", None),
    ],
)
def test_closing_credit_in_brackets_is_found(text, credit):
    folded = fold_characters(text)
    span = grammar.closing_credit(folded)
    assert (folded[slice(*span)] if span else None) == credit


@pytest.mark.parametrize(
    ("text", "credit"),
    [
        ("候鸟飞过湖面。 通讯员林一舟 摄", "通讯员林一舟 摄"),
        ("候鸟飞过湖面。本报记者 林一舟 王芳 摄", "本报记者 林一舟 王芳 摄"),
        ("候鸟飞过湖面。③2 林一舟 摄", "林一舟 摄"),
        ("候鸟飞过湖面。⑧3林一舟 王芳 摄", "林一舟 王芳 摄"),
        ("候鸟飞过湖面。林一舟摄/光明图片", "林一舟摄"),
        ("候鸟飞过湖面。河畔摄影队 林一舟 摄", "河畔摄影队 林一舟 摄"),
        ("候鸟飞过湖面。林一舟 摄（图片由县林业局提供）", "林一舟 摄"),
        ("湖边的人都在学摄影", None),
        ("他一生只做一件事：摄影", None),
    ],
)
def test_closing_photo_credit_is_found(text, credit):
    folded = fold_characters(text)
    span = grammar.closing_photo_credit(folded)
    assert (folded[slice(*span)] if span else None) == credit


@pytest.mark.parametrize(
    ("text", "credit"),
    [
        ("种下三千棵树。记者 林一舟 摄影 王 芳", "记者 林一舟 摄影 王 芳"),
        ("種下三千棵樹。　　　　記者　林國權", "记者 林国权"),
        ("“树种下去，人就不能走。”本报记者 林一舟 通讯员 王芳", "本报记者 林一舟 通讯员 王芳"),
        ("种下三千棵树。林一舟 王芳 文/图", "林一舟 王芳 文/图"),
        ("种下三千棵树。摄影：王芳", "摄影：王芳"),
        ("种下三千棵树。　　　　林一舟　王芳", "林一舟 王芳"),
        ("树种下去了。记者从县林业局获悉", None),
        ("树种下去了。林一舟", None),
        ("本报记者 林一舟", None),
    ],
)
def test_closing_credit_without_brackets_is_found(text, credit):
    folded = fold_characters(text)
    span = grammar.closing_bare_credit(folded)
    assert (folded[slice(*span)] if span else None) == credit


def test_each_picture_has_its_photographer():
    text = fold_characters("①候鸟飞过湖面。林一舟 摄 ②湖边的人。通讯员 王芳 摄")
    assert [text[slice(*span)] for span in grammar.photo_credits(text)] == ["林一舟 摄", "通讯员 王芳 摄"]


@pytest.mark.parametrize(
    "text", ["林一舟王芳李小明", "林 平", "杜娟", "欧阳海燕", "闻人达 王芳", "江西临河 林一舟"]
)
def test_names_are_recognised_without_a_role(text):
    assert grammar.is_names(fold_characters(text))


@pytest.mark.parametrize(
    "text",
    [
        "严格监管小区用水机",
        "奉法者强则国强",
        "金融体系强起来",
        "明确责任主体",
        "展示时代魅力",
        "全国劳模林一舟——",
        "英国——",
        "商务部",
        "云南",
        "温馨提示",
    ],
)
def test_words_that_begin_with_surnames_are_not_names(text):
    assert not grammar.is_names(fold_characters(text))
