"""Tests that the lines of a PDF page are read in their order, whatever the file does to hide it."""

import random

import pytest

from articles.reading.formats.laid_out_pages import lay_out
from articles.reading.formats.pdf import count_pdf_pages, read_pdf_sheet
from articles.reading.pipeline import read_structure
from articles.reading.values import LaidOutLine, Page, Rejected
from tests.support.pdf_files import Canvas, write_pdf

FIRST = [
    "\u3000\u3000昨日上午南河大桥通",
    "车，第一批车辆驶过桥",
    "面，两岸居民在桥头等",
    "候多时，孩子们挥着彩",
]
SECOND = [
    "旗。大桥全长三百米，",
    "历时两年建成。",
    "\u3000\u3000县长说，过河的路近了",
    "十公里，货车也能走。",
]
BODY = [line.strip() for line in FIRST + SECOND]


def page(*canvases: Canvas, number: int = 1, **options: object) -> Page:
    data = write_pdf(*canvases, **options)  # type: ignore[arg-type] # by name
    return lay_out(read_pdf_sheet(data, number), "pdf", "0" * 64, number)


def two_columns(canvas: Canvas | None = None) -> Canvas:
    canvas = canvas or Canvas()
    canvas.text(90, 60, "南河大桥通车", 24)
    canvas.column(40, 90, FIRST)
    canvas.column(150, 90, SECOND)
    return canvas


def printed(read: Page) -> list[str]:
    return [line.strip() for line in read.text.split("\n") if line.strip()]


def lines_of(read: Page) -> dict[str, LaidOutLine]:
    assert read.layout
    return {read.text[line.start : line.end]: line for line in read.layout.lines}


@pytest.mark.parametrize("seed", range(4))
def test_columns_are_read_one_after_the_other_in_whatever_order_they_are_drawn(seed: int) -> None:
    canvas = two_columns()
    random.Random(seed).shuffle(canvas.operations)
    read = page(canvas)
    assert printed(read) == ["南河大桥通车", *BODY]
    (story,) = read_structure(read).stories
    assert (story.headline, [block.text for block in story.blocks if block.kind == "paragraph"]) == (
        "南河大桥通车",
        ["".join(BODY[:6]), "".join(BODY[6:])],
    )


def test_each_line_has_its_box_and_what_it_is() -> None:
    read = page(two_columns())
    lines = lines_of(read)
    title, first, last = lines["南河大桥通车"], lines[BODY[0]], lines[BODY[-1]]
    assert (title.kind, first.kind, title.area, first.area) == ("headline", "text", 0, 0)
    assert (first.column, last.column, first.block == lines[BODY[1]].block) == (0, 1, True)
    # 24 points from 90 on a sheet of 400 by 600, in ten-thousandths; the base line is at 60.
    assert title.box[0] == 2250
    assert title.box[2] == pytest.approx(2250 + 6 * 600, abs=2)
    assert title.box[1] == pytest.approx((60 - 0.88 * 24) / 600 * 10_000, abs=2)
    assert title.size == 400
    assert read.layout
    assert (read.layout.width, read.layout.height, read.layout.number) == (400, 600, 1)


def test_every_character_is_in_one_block_or_residue() -> None:
    reading = read_structure(page(two_columns()))
    spans = [span for story in reading.stories for block in story.blocks for span in block.spans]
    spans += [(residue.start, residue.end) for residue in reading.residue]
    assert "".join(reading.page.text[start:end] for start, end in sorted(spans)) == reading.page.text


@pytest.mark.parametrize("copies", [(0.6, 0.6), (0, 0)], ids=["shadow", "printed twice"])
def test_copies_of_characters_are_read_once(copies: tuple[float, float]) -> None:
    canvas = two_columns()
    canvas.text(90 + copies[0], 60 + copies[1], "南河大桥通车", 24)
    assert printed(page(canvas)) == ["南河大桥通车", *BODY]


def test_headline_with_wide_gaps_is_one_line() -> None:
    canvas = Canvas()
    canvas.spaced(60, 60, "大桥通车", 24, 50)
    canvas.column(40, 90, FIRST)
    canvas.column(150, 90, SECOND)
    assert printed(page(canvas))[0] == "大桥通车"


def test_headline_down_the_page_is_one_line_also_with_a_number_across() -> None:
    canvas = Canvas()
    canvas.down(20, 60, "南河植树", 20)
    canvas.text(20, 140, "30", 20)
    canvas.down(20, 160, "万亩成林", 20)
    canvas.column(60, 60, FIRST)
    canvas.column(170, 60, SECOND)
    read = page(canvas)
    assert printed(read)[0] == "南河植树30万亩成林"
    assert lines_of(read)["南河植树30万亩成林"].direction == "down"
    (story,) = read_structure(read).stories
    assert story.headline == "南河植树30万亩成林"


def test_page_whose_lines_run_down_is_read_from_the_right() -> None:
    canvas = Canvas()
    canvas.down(350, 60, "南河大橋通車", 24)
    for place, line in enumerate([*FIRST, *SECOND]):
        text = line.lstrip("\u3000")
        canvas.down(330 - 16 * place, 60 + 9 * (len(line) - len(text)), text, 9)
    read = page(canvas)
    assert printed(read) == ["南河大橋通車", *BODY]
    (story,) = read_structure(read).stories
    assert story.body == "\n".join(["".join(BODY[:6]), "".join(BODY[6:])])
    assert lines_of(read)[BODY[0]].direction == "down"


def test_turned_text_is_a_line_of_its_own() -> None:
    canvas = two_columns()
    canvas.matrix((0, 10, -10, 0, 390, 300), "摄影林一舟")
    read = page(canvas)
    assert lines_of(read)["摄影林一舟"].direction == "up-turned"
    assert [line for line in printed(read) if line != "摄影林一舟"] == ["南河大桥通车", *BODY]


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_turned_page_is_read_upright(turn: int) -> None:
    """A page that is stored on its side, with the turn by which a viewer sets it upright."""
    matrices = {90: (0, 1, -1, 0), 180: (-1, 0, 0, -1), 270: (0, -1, 1, 0)}
    a, b, c, d = matrices[turn]
    wide, high = (600, 400) if turn != 180 else (400, 600)
    moves = {90: (600, 0), 180: (400, 600), 270: (0, 400)}
    upright, stored = two_columns(), Canvas(wide, high, f"/Rotate {turn}")
    stored.operations = [f"q {a} {b} {c} {d} {moves[turn][0]} {moves[turn][1]} cm", *upright.operations, "Q"]
    read = page(stored)
    assert read.layout
    assert (read.layout.width, read.layout.height) == (400, 600)
    assert printed(read) == ["南河大桥通车", *BODY]
    assert lines_of(read)["南河大桥通车"].box == lines_of(page(upright))["南河大桥通车"].box


def test_only_what_the_crop_box_shows_is_read() -> None:
    canvas = two_columns(Canvas(entries="/CropBox[30 300 390 580]"))
    canvas.text(40, 500, "裁切标记以外的字", 9)
    read = page(canvas)
    assert printed(read) == ["南河大桥通车", *BODY]
    assert read.layout
    assert (read.layout.width, read.layout.height) == (360, 280)
    assert lines_of(read)["南河大桥通车"].box[0] == pytest.approx((90 - 30) / 360 * 10_000, abs=2)


def test_text_in_a_frame_is_an_article_of_its_own() -> None:
    canvas = two_columns()
    canvas.rectangle(30, 200, 250, 120)
    canvas.text(90, 230, "书屋开到地头", 16)
    canvas.column(40, 255, ["\u3000\u3000流动书屋昨日开进条", "田边的承包点，借阅的"])
    canvas.column(150, 255, ["多是农机书，孩子们爱", "看的是恐龙。"])
    bridge, books = read_structure(page(canvas)).stories
    assert (bridge.headline, books.headline) == ("南河大桥通车", "书屋开到地头")
    assert books.body == "流动书屋昨日开进条田边的承包点，借阅的多是农机书，孩子们爱看的是恐龙。"


def test_two_headlines_side_by_side_are_those_of_two_articles() -> None:
    canvas = Canvas()
    canvas.text(46, 60, "大桥通车了", 16)
    canvas.text(156, 60, "书屋开门了", 16)
    canvas.column(40, 90, [*FIRST, "旗。"])
    canvas.column(
        150,
        90,
        ["\u3000\u3000流动书屋昨日开进条", "田边的承包点，借阅的", "多是农机书，孩子们爱", "看的是恐龙。"],
    )
    assert [story.headline for story in read_structure(page(canvas)).stories] == ["大桥通车了", "书屋开门了"]


def test_hidden_text_is_read_only_where_nothing_else_is_printed() -> None:
    scan = Canvas()
    scan.text(90, 60, "南河大桥通车", 24, mode=3)
    scan.column(40, 90, FIRST)
    scan.operations = [row.replace(" 0 Tr ", " 3 Tr ") for row in scan.operations]
    read = page(scan)
    assert (printed(read), "hidden_text" in read.flags) == (["南河大桥通车", *BODY[:4]], True)
    seen = two_columns()
    seen.text(40, 400, "看不见的字", 9, mode=3)
    read = page(seen)
    assert (printed(read), "hidden_text" in read.flags) == (["南河大桥通车", *BODY], False)


def test_one_sign_may_stand_for_several_characters() -> None:
    canvas = two_columns()
    canvas.text(40, 300, "ﬁne", 9)
    canvas.text(40, 320, "南河︱植树记", 9)
    lines = printed(page(canvas, ligatures={"ﬁ": "fi", "︱": "——"}))
    assert "fine" in lines
    assert "南河——植树记" in lines


@pytest.mark.parametrize(
    ("canvas", "reason"),
    [
        pytest.param(Canvas(), "no_text", id="empty"),
        pytest.param(Canvas(width=14_400), "too_large", id="wall"),
    ],
)
def test_page_that_cannot_be_read_is_rejected_with_its_reason(canvas: Canvas, reason: str) -> None:
    with pytest.raises(Rejected) as caught:
        page(canvas)
    assert caught.value.reason == reason


def test_page_whose_fonts_do_not_say_what_they_print_is_rejected() -> None:
    canvas = Canvas()
    canvas.text(40, 60, "\ue001\ue002\ue003\ue004\ue005\ue006" * 6, 9)
    with pytest.raises(Rejected) as caught:
        page(canvas)
    assert (caught.value.reason, "fonts" in caught.value.detail) == ("no_text", True)


def test_pages_of_a_file_are_counted_and_read_by_their_number() -> None:
    other = Canvas()
    other.text(90, 60, "书屋开到地头", 24)
    other.column(40, 90, FIRST + SECOND)
    data = write_pdf(two_columns(), other)
    assert count_pdf_pages(data) == 2
    assert printed(page(two_columns(), other, number=2))[0] == "书屋开到地头"
