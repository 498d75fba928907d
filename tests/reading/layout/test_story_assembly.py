"""Small pages of invented news, one a layout, are assembled to their articles."""

import pytest

from articles.reading.pipeline import read_structure

SENTENCE = "南河两岸今年春天种下三千棵树，成活的占九成，县林业站的人说，浇水要赶在五月之前做完，管护由沿河各村轮流承担。"
ANOTHER = "参加种树的有机关干部、学校师生和沿河十二个村的村民，前后干了十天，树苗由县里统一调运，每棵都挂了写着村名的小牌。"


def outline(page: str) -> list[list[tuple[str, str]]]:
    """The kind of each block of each article, with the beginning of its text."""
    reading = read_structure(page.encode())
    return [[(block.kind, block.text[:8]) for block in story.blocks] for story in reading.stories]


def kinds(page: str) -> list[list[str]]:
    return [[kind for kind, _ in story] for story in outline(page)]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        pytest.param(
            ["绿了南河岸", "——沿河十二村植树记", "本报记者 林一舟 王芳", SENTENCE, ANOTHER],
            [["headline", "subtitle", "byline", "paragraph", "paragraph"]],
            id="headline, subtitle, byline",
        ),
        pytest.param(
            ["县委书记在植树动员会上强调", "把南河两岸绿起来", "本报讯（记者 林一舟）" + SENTENCE, ANOTHER],
            [["kicker", "headline", "paragraph", "paragraph"]],
            id="kicker that ends in a verb of speech",
        ),
        pytest.param(
            [
                "南河两岸种树三千棵",
                "本报讯（记者 林一舟）" + SENTENCE,
                "早市延长到上午十点",
                "本报讯（记者 王芳）" + ANOTHER,
            ],
            [["headline", "paragraph"], ["headline", "paragraph"]],
            id="two articles with datelines",
        ),
        pytest.param(
            ["南河两岸种树三千棵", "本报讯（记者 林一舟）" + SENTENCE[:31], SENTENCE[31:], ANOTHER],
            [["headline", "paragraph", "paragraph"]],
            id="a paragraph that columns cut",
        ),
        pytest.param(
            ["绿了南河岸", "本报记者 林一舟", SENTENCE, "南河北岸的护林站成立", "于2021年，" + ANOTHER],
            [["headline", "byline", "paragraph", "paragraph"]],
            id="a paragraph cut after a few words, which could be a heading",
        ),
        pytest.param(
            [
                "南河两岸种树三千棵",
                "本报讯（记者 林一舟）" + SENTENCE[:31],
                "图为植树现场。王芳 摄",
                SENTENCE[31:],
                ANOTHER,
            ],
            [["headline", "paragraph", "caption", "paragraph"]],
            id="a caption inside a cut paragraph",
        ),
        pytest.param(
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
            id="a photo from a reader, and a credit without brackets",
        ),
        pytest.param(
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
            id="section headings are no headlines",
        ),
        pytest.param(
            ["白鹭回到南河", "5月2日，一群白鹭在南河湿地觅食，" + ANOTHER + " 林一舟 摄"],
            [["headline", "paragraph"]],
            id="a photo story has its caption for a body",
        ),
        pytest.param(
            [
                "临河日报 2024年7月30日 星期二 第3版 民生",
                "南河两岸种树三千棵",
                "本报讯（记者 林一舟）" + SENTENCE,
                "（下转第4版）",
            ],
            [["headline", "paragraph"]],
            id="header and jump line are residue",
        ),
        pytest.param(
            ["南河两岸种树三千棵", SENTENCE, "采写：本报记者 林一舟", "编辑 王芳 校对 李平"],
            [["headline", "paragraph", "byline", "credit"]],
            id="byline and editors below",
        ),
        pytest.param(
            [
                "南河两岸种树三千棵",
                "本报讯（记者 林一舟）" + SENTENCE,
                "遗失声明",
                "林某遗失学生证一本，声明作废。",
            ],
            [["headline", "paragraph"]],
            id="adverts are residue",
        ),
        pytest.param(
            [
                "养蜂人的春天怎么过",
                "本报记者 林一舟",
                "问：今年的花期早吗？",
                "答：" + SENTENCE,
                "问：蜜卖得怎样？",
                "答：" + ANOTHER,
            ],
            [["headline", "byline", *["paragraph"] * 4]],
            id="an interview",
        ),
        pytest.param(
            [
                "南河两岸种树三千棵",
                "本报讯（记者 林一舟）" + SENTENCE,
                "林里·林外",
                "沿河十二村的护林员说树",
                SENTENCE,
                ANOTHER,
            ],
            [["headline", "paragraph"], ["kicker", "headline", "paragraph", "paragraph"]],
            id="a column called by two words",
        ),
        pytest.param(
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
            id="a letter and its answer, both signed",
        ),
        pytest.param(
            [
                "清明",
                "□ 林一舟",
                *["雨落在南河两岸", "草从石缝里站起来", "母亲把树苗压进土里", "说等它长到屋檐"],
                "巷口的老井",
                "王芳",
                SENTENCE,
            ],
            [["headline", "byline", *["paragraph"] * 4], ["headline", "byline", "paragraph"]],
            id="a poem above a feature",
        ),
        pytest.param(
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
            id="a guide, a comment, what goes on from elsewhere, a correction",
        ),
        pytest.param(
            [
                "国际短讯",
                "湖畔大选执政党胜出",
                "湖畔国执政党在周日的选举中取得过半议席，可以单独组阁。 路透社",
                "山中铁路恢复通车",
                "山中国铁路周一恢复通车，首班列车载客三百人。（本报综合）",
            ],
            [["kicker", "headline", "paragraph"], ["headline", "paragraph"]],
            id="briefs with their source",
        ),
        pytest.param(
            [
                "南河两岸种树三千棵",
                "本报讯" + SENTENCE,
                *["记者提醒", ANOTHER],
                *["新闻链接", SENTENCE],
                "早市延长到上午十点",
                "本报讯" + ANOTHER,
            ],
            [["headline", "paragraph", *["heading", "paragraph"] * 2], ["headline", "paragraph"]],
            id="boxes inside an article",
        ),
        pytest.param(
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
            id="signed with what he is, and with respects; a column whose name begins with a surname",
        ),
        pytest.param(
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
            id="headings behind a bullet, and a column that is a list",
        ),
        pytest.param(
            [
                "树木问答",
                "问：新栽的白榆多久浇一次？",
                "　　　　　　　　　　南河镇 王先生",
                "答：" + SENTENCE,
                "　　　　　　　　　　县林业站 林师傅",
            ],
            [["headline", "paragraph", "credit", "paragraph", "credit"]],
            id="questions and answers, signed",
        ),
        pytest.param(
            [
                "南河两岸种树三千棵",
                "本报讯" + SENTENCE + "（林一舟）",
                "树种      株数      单价（元）",
                "白榆      1200      3.50",
                "旱柳      1800      2.80",
            ],
            [["headline", "paragraph"]],
            id="a table is no article",
        ),
        pytest.param(
            [
                "南河两岸种树三千棵",
                "本报讯" + SENTENCE,
                "遗失声明：林某学生证丢失，编号0217，声明作废。",
                "△南河林场公章（编号3）丢失，声明作废。",
            ],
            [["headline", "paragraph"]],
            id="adverts with their title in their line",
        ),
    ],
)
@pytest.mark.parametrize("line_end", ["\n\n", "\n", "\r\n\r\n"])
def test_page_is_assembled_to_its_articles(lines, expected, line_end):
    assert kinds(line_end.join(lines)) == expected


def test_title_without_a_gap_above_is_a_section_heading():
    page = "\n".join(
        [
            *["南河两岸种树三千棵", SENTENCE, ANOTHER],
            *["一脚泥水 挑到坡上保树苗", "5月2日清晨，" + SENTENCE, ANOTHER],
            *["", "早市延长到上午十点", ANOTHER, SENTENCE],
            *["", "南河大桥封闭一周", SENTENCE, ANOTHER],
        ]
    )
    assert kinds(page) == [
        ["headline", *["paragraph"] * 2, "heading", *["paragraph"] * 2],
        *[["headline", *["paragraph"] * 2]] * 2,
    ]


def test_paragraph_broken_by_columns_keeps_both_spans():
    page = "\n\n".join(["南河两岸种树三千棵", "本报讯（记者 林一舟）" + SENTENCE[:31], SENTENCE[31:]])
    paragraph = read_structure(page.encode()).stories[0].blocks[1]
    assert paragraph.text == "本报讯（记者 林一舟）" + SENTENCE
    assert [page[start:end] for start, end in paragraph.spans] == [
        "本报讯（记者 林一舟）" + SENTENCE[:31],
        SENTENCE[31:],
    ]


def test_headline_of_two_lines_is_one_headline():
    page = "\n\n".join(
        [
            "南河两岸十二个",
            "村种树三千棵",
            "本报讯" + SENTENCE,
            "早市从今天起延",
            "长到上午十点",
            "本报讯" + ANOTHER,
        ]
    )
    headlines = [story.headline for story in read_structure(page.encode()).stories]
    assert headlines == ["南河两岸十二个村种树三千棵", "早市从今天起延长到上午十点"]


def test_every_block_has_a_score():
    reading = read_structure(f"南河两岸种树三千棵\n\n本报讯（记者 林一舟）{SENTENCE}".encode())
    assert all(block.score > 0 for block in reading.stories[0].blocks)


def test_residue_has_its_kind():
    page = f"临河日报 2024年7月30日 第3版\n\n南河两岸种树三千棵\n\n本报讯{SENTENCE}\n\n（下转第4版）\n"
    named = [
        (residue.kind, page[residue.start : residue.end]) for residue in read_structure(page.encode()).residue
    ]
    assert [entry for entry in named if entry[0] != "blank"] == [
        ("header", "临河日报 2024年7月30日 第3版"),
        ("notice", "（下转第4版）"),
    ]
