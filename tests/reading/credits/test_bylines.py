"""The people credited in a story are found in all places of credits."""

import pytest

from articles.reading.pipeline import read_structure

SENTENCE = "南河两岸今年春天种下三千棵树，成活的占九成，县林业站的人说，浇水要赶在五月之前做完，管护由沿河各村轮流承担。"


def credited(*lines: str) -> list[tuple[str, str]]:
    page = "\n\n".join(("南河两岸种树三千棵", *lines))
    (story,) = read_structure(page.encode()).stories
    return [(byline.name, byline.role) for byline in story.bylines]


@pytest.mark.parametrize(
    ("lines", "bylines"),
    [
        pytest.param(
            ["本报讯（记者 林一舟）" + SENTENCE],
            [("林一舟", "reporter")],
            id="in brackets behind the dateline",
        ),
        pytest.param(["本报讯 记者 林一舟 报道 " + SENTENCE], [("林一舟", "reporter")], id="run in"),
        pytest.param(["□记者 林一舟", SENTENCE], [("林一舟", "reporter")], id="on a line of its own"),
        pytest.param([SENTENCE + "（林一舟）"], [("林一舟", "reporter")], id="a signature"),
        pytest.param(
            [SENTENCE + "　　　记者 林一舟"], [("林一舟", "reporter")], id="behind the last sentence, bare"
        ),
        pytest.param(["问：" + SENTENCE + "（林一舟）", "答：" + SENTENCE], [], id="who asks"),
        pytest.param([SENTENCE, "采写：本报记者 林一舟"], [("林一舟", "reporter")], id="below the body"),
        pytest.param(
            ["本报记者 林一舟 文/图", SENTENCE, "图为植树现场。王芳 摄"],
            [("林一舟", "reporter"), ("王芳", "photographer")],
            id="a photographer in the caption",
        ),
        pytest.param(
            ["本报讯（记者 林一舟）" + SENTENCE, "图为植树现场。林一舟 摄"],
            [("林一舟", "reporter"), ("林一舟", "photographer")],
            id="one person in two roles",
        ),
        pytest.param(
            ["本报记者 林一舟", SENTENCE, "采写：本报记者 林一舟"], [("林一舟", "reporter")], id="once a role"
        ),
        pytest.param(
            ["本报讯（记者 林一", "舟 通讯员 王芳）" + SENTENCE],
            [("林一舟", "reporter"), ("王芳", "correspondent")],
            id="cut by a column",
        ),
        pytest.param(
            ["（中央社記者林國權高雄2日電）" + SENTENCE], [("林國權", "reporter")], id="in the dateline"
        ),
        pytest.param(
            ["〔記者林國權／台北報導〕" + SENTENCE], [("林國權", "reporter")], id="as printed, in Traditional"
        ),
        pytest.param([SENTENCE, "编辑 林一舟 校对 王芳"], [], id="editors"),
        pytest.param(["编辑同志：", SENTENCE, "林一舟"], [], id="who signs a letter"),
        pytest.param(
            [SENTENCE, "　　　　　　林一舟　王芳"],
            [("林一舟", "reporter"), ("王芳", "reporter")],
            id="names below the body",
        ),
        pytest.param(
            ["县林业局 林一舟", SENTENCE], [("林一舟", "reporter")], id="of a body, on its own line"
        ),
        pytest.param(["本报记者", SENTENCE], [], id="nobody named"),
        pytest.param([SENTENCE + "林一舟说，树种下去，人就不能走。"], [], id="named in the news"),
    ],
)
def test_bylines_of_a_story_are_found(lines, bylines):
    assert credited(*lines) == bylines


def test_byline_matches_its_span():
    page = f"南河两岸种树三千棵\n\n本报记者 林 一 舟\n\n{SENTENCE}"
    (byline,) = read_structure(page.encode()).stories[0].bylines
    assert (byline.name, page[byline.start : byline.end]) == ("林一舟", "林 一 舟")


@pytest.mark.parametrize(
    ("opening", "dateline", "agency"),
    [
        ("新华社罗马5月2日电（记者 林一舟）", "新华社罗马5月2日电", "新华社"),
        ("据新华社北京5月2日电 ", "据新华社北京5月2日电", "新华社"),
        ("本报讯（记者 林一舟）", "本报讯", None),
        ("", None, None),
    ],
)
def test_dateline_and_agency_are_found(opening, dateline, agency):
    (story,) = read_structure(f"南河两岸种树三千棵\n\n{opening}{SENTENCE}".encode()).stories
    assert (story.dateline, story.agency) == (dateline, agency)
