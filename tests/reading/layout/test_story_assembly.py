"""Small pages of invented news, one a layout, are assembled to their articles."""

import pytest

from articles.reading.layout.sequence_model import SequenceModel
from articles.reading.layout.story_assembly import label_lines
from articles.reading.pipeline import read_structure
from tests.support.small_pages import ANOTHER, LINE_ENDS, SENTENCE, SMALL_PAGES


def outline(page: str) -> list[list[tuple[str, str]]]:
    """The kind of each block of each article, with the beginning of its text."""
    reading = read_structure(page.encode())
    return [[(block.kind, block.text[:8]) for block in story.blocks] for story in reading.stories]


def kinds(page: str) -> list[list[str]]:
    return [[kind for kind, _ in story] for story in outline(page)]


@pytest.mark.parametrize("page", SMALL_PAGES, ids=lambda page: page.name)
@pytest.mark.parametrize("line_end", LINE_ENDS)
def test_page_is_assembled_to_its_articles(page, line_end):
    assert kinds(line_end.join(page.lines)) == page.kinds


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


def test_paragraph_goes_on_where_its_bracket_closes():
    only_paragraphs = SequenceModel(("paragraph", "continuation"), {"any": [100, 0]}, [[0, 0], [0, 0]])
    page = "\n".join(["临河晚报讯（记者林一舟王", "芳通讯员李平）3月6日" + SENTENCE, ANOTHER])
    labels = [decision.label for decision in label_lines(page, only_paragraphs).decisions]
    assert labels == ["paragraph", "continuation", "paragraph"]
