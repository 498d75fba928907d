"""Spellings that differ only in print have one name key."""

import pytest

from articles.reading.name_keys import name_key


@pytest.mark.parametrize(
    ("name", "key"),
    [
        pytest.param("邢智轩", "邢智轩", id="plain"),
        pytest.param("邢 智 轩", "邢智轩", id="spread to the width of a column"),
        pytest.param("周　明\u00a0", "周明", id="ideographic and no-break spaces"),
        pytest.param("張國華", "张国华", id="Traditional"),
        pytest.param("买买提•吐尔逊", "买买提·吐尔逊", id="bullet"),
        pytest.param("买买提・吐尔逊", "买买提·吐尔逊", id="katakana dot"),
        pytest.param("买买提･吐尔逊", "买买提·吐尔逊", id="half-width katakana dot"),
        pytest.param("买买提‧吐尔逊", "买买提·吐尔逊", id="hyphenation point"),
        pytest.param("买买提∙吐尔逊", "买买提·吐尔逊", id="bullet operator"),
        pytest.param("Ｐａｕｌ　Ｌｉ", "PaulLi", id="full-width letters"),
        pytest.param("\u202e周明\u202c", "周明", id="bidirectional controls"),
        pytest.param("周\u200b明\ufeff", "周明", id="zero-width characters"),
        pytest.param("葛\U000e0100明", "葛明", id="ideographic variation"),
        pytest.param("周\ufe0f明", "周明", id="variation selector"),
        pytest.param("周\n明\x07", "周明", id="controls"),
        pytest.param("\u3000\u200b", "", id="nothing that prints"),
    ],
)
def test_spellings_that_differ_in_print_have_one_key(name: str, key: str) -> None:
    assert name_key(name) == key
    assert name_key(key) == key
