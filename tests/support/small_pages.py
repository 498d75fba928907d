"""Small pages of invented news, one a layout, with the label of each line and the blocks that they are assembled to."""

from dataclasses import dataclass

SENTENCE = "南河两岸今年春天种下三千棵树，成活的占九成，县林业站的人说，浇水要赶在五月之前做完，管护由沿河各村轮流承担。"
ANOTHER = "参加种树的有机关干部、学校师生和沿河十二个村的村民，前后干了十天，树苗由县里统一调运，每棵都挂了写着村名的小牌。"

LINE_ENDS = ("\n\n", "\n", "\r\n\r\n")


@dataclass(frozen=True)
class SmallPage:
    """The lines of a page, the kinds of the blocks of its articles, and the label of each line."""

    lines: list[str]
    kinds: list[list[str]]
    labels: str
    name: str


SMALL_PAGES = (
    SmallPage(
        ["绿了南河岸", "——沿河十二村植树记", "本报记者 林一舟 王芳", SENTENCE, ANOTHER],
        [["headline", "subtitle", "byline", "paragraph", "paragraph"]],
        labels="headline subtitle opening paragraph paragraph",
        name="headline, subtitle, byline",
    ),
    SmallPage(
        [SENTENCE, "　　　　　　林一舟　王芳"],
        [["paragraph", "byline"]],
        labels="paragraph signature",
        name="a text with the names of its reporters below",
    ),
    SmallPage(
        ["县委书记在植树动员会上强调", "把南河两岸绿起来", "本报讯（记者 林一舟）" + SENTENCE, ANOTHER],
        [["kicker", "headline", "paragraph", "paragraph"]],
        labels="kicker headline paragraph paragraph",
        name="kicker that ends in a verb of speech",
    ),
    SmallPage(
        [
            "南河两岸种树三千棵",
            "本报讯（记者 林一舟）" + SENTENCE,
            "早市延长到上午十点",
            "本报讯（记者 王芳）" + ANOTHER,
        ],
        [["headline", "paragraph"], ["headline", "paragraph"]],
        labels="headline paragraph headline paragraph",
        name="two articles with datelines",
    ),
    SmallPage(
        ["南河两岸种树三千棵", "本报讯（记者 林一舟）" + SENTENCE[:31], SENTENCE[31:], ANOTHER],
        [["headline", "paragraph", "paragraph"]],
        labels="headline paragraph continuation paragraph",
        name="a paragraph that columns cut",
    ),
    SmallPage(
        [
            "南河两岸种树三千棵",
            "临河晚报讯（记者林一舟王",
            "芳通讯员李平）5月2日上午，" + SENTENCE,
            "早市延长到上午十点",
            "本报讯（记者王芳 通讯员李小",
            "明）" + ANOTHER,
        ],
        [["headline", "paragraph"], ["headline", "paragraph"]],
        labels="headline paragraph continuation headline paragraph continuation",
        name="a dateline that columns cut inside its brackets",
    ),
    SmallPage(
        ["绿了南河岸", "本报记者 林一舟", SENTENCE, "南河北岸的护林站成立", "于2021年，" + ANOTHER],
        [["headline", "byline", "paragraph", "paragraph"]],
        labels="headline opening paragraph paragraph continuation",
        name="a paragraph cut after a few words, which could be a heading",
    ),
    SmallPage(
        [
            "南河两岸种树三千棵",
            "本报讯（记者 林一舟）" + SENTENCE[:31],
            "图为植树现场。王芳 摄",
            SENTENCE[31:],
            ANOTHER,
        ],
        [["headline", "paragraph", "caption", "paragraph"]],
        labels="headline paragraph inset continuation paragraph",
        name="a caption inside a cut paragraph",
    ),
    SmallPage(
        [
            "南河两岸种树三千棵",
            "本报讯" + SENTENCE,
            ANOTHER,
            "■沿河十二个村的村民在南河北岸挑水浇树，树苗由县里统一调运。　讀者提供",
            "早市延长到上午十点",
            "本报讯" + ANOTHER + "　　　记者 林一舟",
            "南河大桥封闭一周",
            ANOTHER,
        ],
        [
            ["headline", "paragraph", "paragraph", "caption"],
            *[["headline", "paragraph"]] * 2,
        ],
        labels="headline paragraph paragraph caption headline paragraph headline paragraph",
        name="a photo from a reader, and a credit without brackets",
    ),
    SmallPage(
        [
            "绿了南河岸",
            "本报记者 林一舟",
            *[SENTENCE, ANOTHER] * 2,
            "谁来浇水",
            *[ANOTHER, SENTENCE] * 2,
            "谁来看护",
            *[SENTENCE, ANOTHER] * 2,
        ],
        [["headline", "byline", *["paragraph"] * 4, *["heading", *["paragraph"] * 4] * 2]],
        labels="headline opening paragraph paragraph paragraph paragraph heading paragraph paragraph paragraph paragraph heading paragraph paragraph paragraph paragraph",
        name="section headings are no headlines",
    ),
    SmallPage(
        ["白鹭回到南河", "5月2日，一群白鹭在南河湿地觅食，" + ANOTHER + " 林一舟 摄"],
        [["headline", "paragraph"]],
        labels="headline paragraph",
        name="a photo story has its caption for a body",
    ),
    SmallPage(
        [
            "临河日报 2024年7月30日 星期二 第3版 民生",
            "南河两岸种树三千棵",
            "本报讯（记者 林一舟）" + SENTENCE,
            "（下转第4版）",
        ],
        [["headline", "paragraph"]],
        labels="header headline paragraph notice",
        name="header and jump line are residue",
    ),
    SmallPage(
        ["南河两岸种树三千棵", SENTENCE, "采写：本报记者 林一舟", "编辑 王芳 校对 李平"],
        [["headline", "paragraph", "byline", "credit"]],
        labels="headline paragraph signature credit",
        name="byline and editors below",
    ),
    SmallPage(
        [
            "南河两岸种树三千棵",
            "本报讯（记者 林一舟）" + SENTENCE,
            "遗失声明",
            "林某遗失学生证一本，声明作废。",
        ],
        [["headline", "paragraph"]],
        labels="headline paragraph advert_title advert",
        name="adverts are residue",
    ),
    SmallPage(
        [
            "养蜂人的春天怎么过",
            "本报记者 林一舟",
            "问：今年的花期早吗？",
            "答：" + SENTENCE,
            "问：蜜卖得怎样？",
            "答：" + ANOTHER,
        ],
        [["headline", "byline", *["paragraph"] * 4]],
        labels="headline opening paragraph paragraph paragraph paragraph",
        name="an interview",
    ),
    SmallPage(
        [
            "南河两岸种树三千棵",
            "本报讯（记者 林一舟）" + SENTENCE,
            "林里·林外",
            "沿河十二村的护林员说树",
            SENTENCE,
            ANOTHER,
        ],
        [["headline", "paragraph"], ["kicker", "headline", "paragraph", "paragraph"]],
        labels="headline paragraph kicker headline paragraph paragraph",
        name="a column called by two words",
    ),
    SmallPage(
        [
            "浇树的水从哪里来",
            "编辑同志：",
            SENTENCE,
            "南河镇 读者 林一舟",
            ANOTHER,
            "县林业站 工程师 王芳",
            "早市延长到上午十点",
            "本报讯" + ANOTHER,
        ],
        [
            ["headline", "paragraph", "paragraph", "credit", "paragraph", "credit"],
            ["headline", "paragraph"],
        ],
        labels="headline paragraph paragraph credit paragraph credit headline paragraph",
        name="a letter and its answer, both signed",
    ),
    SmallPage(
        [
            "清明",
            "□ 林一舟",
            *["雨落在南河两岸", "草从石缝里站起来", "母亲把树苗压进土里", "说等它长到屋檐"],
            "巷口的老井",
            "王芳",
            SENTENCE,
        ],
        [["headline", "byline", *["paragraph"] * 4], ["headline", "byline", "paragraph"]],
        labels="headline opening paragraph paragraph paragraph paragraph headline opening paragraph",
        name="a poem above a feature",
    ),
    SmallPage(
        [
            "导读",
            "早市延长到上午十点　　　　详见2版",
            "南河大桥封闭一周　　　　详见3版",
            "本报评论员",
            "把树种到群众心坎上",
            SENTENCE,
            "（下转第2版）",
            "（上接第1版）" + ANOTHER,
            "更正：本报5月2日3版《南河植树》一文中“三千棵”应为“三万棵”。",
        ],
        [["kicker", "headline", "paragraph"], ["paragraph"]],
        labels="notice notice notice kicker headline paragraph notice paragraph notice",
        name="a guide, a comment, what goes on from elsewhere, a correction",
    ),
    SmallPage(
        [
            "国际短讯",
            "湖畔大选执政党胜出",
            "湖畔国执政党在周日的选举中取得过半议席，可以单独组阁。 路透社",
            "山中铁路恢复通车",
            "山中国铁路周一恢复通车，首班列车载客三百人。（本报综合）",
        ],
        [["kicker", "headline", "paragraph"], ["headline", "paragraph"]],
        labels="kicker headline paragraph headline paragraph",
        name="briefs with their source",
    ),
    SmallPage(
        [
            "南河两岸种树三千棵",
            "本报讯" + SENTENCE,
            *["记者提醒", ANOTHER],
            *["新闻链接", SENTENCE],
            "早市延长到上午十点",
            "本报讯" + ANOTHER,
        ],
        [["headline", "paragraph", *["heading", "paragraph"] * 2], ["headline", "paragraph"]],
        labels="headline paragraph heading paragraph heading paragraph headline paragraph",
        name="boxes inside an article",
    ),
    SmallPage(
        [
            "连长的检讨",
            SENTENCE,
            "（二连战士　林一舟）",
            "简讯",
            "△" + ANOTHER,
            "△" + SENTENCE,
            "浇树的水从哪里来",
            "编辑先生：",
            SENTENCE,
            "市民　林一舟敬上",
        ],
        [
            ["headline", "paragraph", "credit"],
            ["headline", "paragraph", "paragraph"],
            ["headline", "paragraph", "paragraph", "credit"],
        ],
        labels="headline paragraph credit headline paragraph paragraph headline paragraph paragraph credit",
        name="signed with what he is, and with respects; a column whose name begins with a surname",
    ),
    SmallPage(
        [
            "■南河聚焦",
            "三千棵树是怎样栽下的",
            "本报记者 林一舟",
            SENTENCE,
            "□一封来信",
            *[ANOTHER, SENTENCE],
            "□谁来管住水渠口",
            *["记者在采访中了解到，" + SENTENCE, ANOTHER],
            "一句话新闻",
            "△ 南河镇早市延长到上午十点。",
            "△ 南河大桥封闭一周。",
        ],
        [
            [
                *["kicker", "headline", "byline", "paragraph"],
                *["heading", "paragraph", "paragraph"] * 2,
            ],
            ["headline", "paragraph", "paragraph"],
        ],
        labels="kicker headline opening paragraph heading paragraph paragraph heading paragraph paragraph headline paragraph paragraph",
        name="headings behind a bullet, and a column that is a list",
    ),
    SmallPage(
        [
            "树木问答",
            "问：新栽的白榆多久浇一次？",
            "　　　　　　　　　　南河镇 王先生",
            "答：" + SENTENCE,
            "　　　　　　　　　　县林业站 林师傅",
        ],
        [["headline", "paragraph", "credit", "paragraph", "credit"]],
        labels="headline paragraph credit paragraph credit",
        name="questions and answers, signed",
    ),
    SmallPage(
        [
            "南河两岸种树三千棵",
            "本报讯" + SENTENCE + "（林一舟）",
            "树种      株数      单价（元）",
            "白榆      1200      3.50",
            "旱柳      1800      2.80",
        ],
        [["headline", "paragraph"]],
        labels="headline paragraph notice notice notice",
        name="a table is no article",
    ),
    SmallPage(
        [
            "南河两岸种树三千棵",
            "本报讯" + SENTENCE,
            "遗失声明：林某学生证丢失，编号0217，声明作废。",
            "△南河林场公章（编号3）丢失，声明作废。",
        ],
        [["headline", "paragraph"]],
        labels="headline paragraph advert advert",
        name="adverts with their title in their line",
    ),
    SmallPage(
        [
            "南河两岸十二个",
            "村种树三千棵",
            "本报讯" + SENTENCE,
            "早市从今天起延",
            "长到上午十点",
            "本报讯" + ANOTHER,
        ],
        [["headline", "paragraph"], ["headline", "paragraph"]],
        labels="headline more paragraph headline more paragraph",
        name="headlines of two lines",
    ),
)
