"""A dry run prints the people of each article with offsets on the page."""

import pytest

from articles.loading.people_json import people_json
from articles.reading.names.tagger import load_tagger
from articles.reading.pipeline import read_page

# The columns of the paper break a post, and a name.
PAGE = """南河大桥昨天通车

　　昨天上午，芮城县大王镇金盆村党支部书记兼村委
会主任林一舟来到桥上。林一
舟今年45岁。

　　村民何晓梅说：“路好走了。”
"""


@pytest.mark.skipif(load_tagger() is None, reason="the tagger is not installed")
def test_offsets_of_people_and_claims_count_the_page():
    (story,) = read_page(PAGE.encode()).stories
    printed = people_json(story)
    words = {
        (claim["person"], claim.get("post") or claim["value"]): PAGE[slice(*claim["span"])].replace("\n", "")
        for claim in printed["claims"]
    }
    assert words == {
        ("林一舟", "党支部书记"): "芮城县大王镇金盆村党支部书记兼村委会主任林一舟",
        ("林一舟", "村委会主任"): "村委会主任林一舟",
        ("林一舟", "45"): "林一舟今年45岁",
        ("何晓梅", "村民"): "村民何晓梅",
    }
    for person in printed["people"]:
        for mention in person["mentions"]:
            surface = PAGE[mention["start"] : mention["end"]].replace("\n", "")
            assert surface == mention["surface"] == person["name"]
    assert [len(person["mentions"]) for person in printed["people"]] == [2, 1]
    assert printed["claims"][0]["body"] == "芮城县大王镇金盆村党支部"
