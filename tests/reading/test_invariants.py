"""Any text keeps every character once, and every span matches its text."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articles.reading.formats import text_decoding
from articles.reading.layout.line_model import load_line_model
from articles.reading.layout.sequence_model import LineObservation
from articles.reading.pipeline import read_structure
from articles.reading.values import Reading, Rejected
from tests.support.growth import grows_linearly

# Pieces that pages are made of, so that odd pages are found sooner than from characters alone.
PIECES = st.sampled_from(
    [
        "本报讯（记者 林一舟）",
        "本报记者 林 一 舟 王芳 摄",
        "新华社罗马５月２日电",
        "〔記者林國權／台北報導〕",
        "——南河植树记",
        "一、",
        "（下转第3版）",
        "临河日报 2024年7月30日 星期二 第3版",
        "□",
        "◎",
        "图为植树现场。",
        "“",
        "”",
        "（",
        "）",
        "：",
        "。",
        "\n",
        "\r\n",
        "\r",
        "\u2028",
        "\u3000\u3000",
        "\ufeff",
        "\u200b",
        "\x00",
        "\ufffd",
        "\ue000",
        "𠮷",
        "e\u0301",
        "南河两岸今年春天种下三千棵树，成活的占九成。",
        "声明作废",
        "遗失声明",
    ]
)
TEXTS = st.lists(PIECES | st.text(max_size=6), max_size=40).map("".join)


def read(text: str) -> Reading | None:
    try:
        return read_structure(text.encode("utf-8"))
    except Rejected:
        return None


@given(TEXTS)
@pytest.mark.slow
@settings(max_examples=300)
def test_every_character_belongs_to_one_block_or_residue(text):
    reading = read(text)
    if reading is None:
        return
    spans = [span for story in reading.stories for block in story.blocks for span in block.spans]
    spans += [(residue.start, residue.end) for residue in reading.residue]
    covered = "".join(reading.page.text[start:end] for start, end in sorted(spans))
    assert covered == reading.page.text
    assert sum(end - start for start, end in spans) == len(reading.page.text)


@given(TEXTS)
@pytest.mark.slow
@settings(max_examples=300)
def test_every_span_matches_its_text(text):
    reading = read(text)
    if reading is None:
        return
    page = reading.page.text
    for story in reading.stories:
        for block in story.blocks:
            assert block.text == "".join(page[start:end] for start, end in block.spans)
            assert block.text.strip()
        for byline in story.bylines:
            assert story.start <= byline.start < byline.end <= story.end
            assert page[byline.start : byline.end].split() != []
            assert byline.name == "".join(page[byline.start : byline.end].split())


@given(st.binary(max_size=400) | TEXTS.map(lambda text: text.encode("gb18030", "ignore")))
@pytest.mark.slow
@settings(max_examples=300)
def test_any_bytes_are_a_page_or_rejected(data):
    try:
        page = text_decoding.decode_page(data)
    except Rejected as rejected:
        page, reason = None, rejected.reason
    if page is None:
        assert reason in {"empty", "bad_encoding"}
    else:
        assert text_decoding.encode_page(page) == data or "irreversible" in page.flags


@given(
    st.lists(
        st.frozensets(st.sampled_from(["short", "long", "stop", "dateline", "byline", "alone"])), max_size=12
    )
)
def test_any_page_can_be_labelled(features):
    observations = [LineObservation(names, names) for names in features]
    assert len(load_line_model().label(observations)) == len(observations)


HOSTILE = {
    "a reporter's name of 50,000 characters": "本报记者" + "张" * 50_000,
    "brackets never closed": "（" * 50_000,
    "credits in brackets never closed": "（本报记者 " * 10_000,
    "one line of a million characters": "南河两岸种树三千棵，" * 100_000,
    "a line end after every character": "树\n" * 20_000,
    "a dateline that never ends": "据" + "新华社" * 10_000,
    "names without a space": "通讯员" + "王芳李平" * 10_000,
    "spaced characters": "林 " * 20_000,
    "dots": "·" * 50_000,
    "spaces": "记者" + " " * 100_000 + "摄",
    "numbers": "1." * 50_000,
    "quotes": "“" * 50_000,
}


@pytest.mark.slow
@pytest.mark.parametrize("name", HOSTILE)
def test_cost_is_linear_in_the_length_of_the_text(name):
    assert grows_linearly(read, HOSTILE[name])
