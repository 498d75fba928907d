"""Words that refer to a place, 该县 and 我市, are resolved to it."""

import pytest

from articles.reading.pipeline import read_page

HEAD = "南河新桥通车\n\n本报讯（记者 林一舟）"


@pytest.mark.parametrize(
    ("text", "home", "meant"),
    [
        pytest.param(
            "芮城县昨日种树，该县今年种树三千棵。", "", {"该县": "140830"}, id="the county named before"
        ),
        pytest.param(
            "绛县人民法院昨日种树，该县的人都来看。", "", {"该县": "140826"}, id="the seat of a body"
        ),
        pytest.param(
            "芮城县大王镇金盆村昨日种树，该村在该镇北边。",
            "",
            {"该村": "140830105209", "该镇": "140830105"},
            id="village and town",
        ),
        pytest.param(
            "芮城县昨日种树，绛县也种，该县今年种树三千棵。", "", {"该县": "140826"}, id="the last of two"
        ),
        pytest.param("昨日该县种树三千棵。", "", {}, id="nothing named before"),
        pytest.param("芮城县昨日种树，该市种树三千棵。", "", {}, id="no such unit named"),
        pytest.param(
            "芮城县大王镇金盆村昨日种树，该村民说好，该县城热闹，该乡镇都来。", "", {}, id="words that go on"
        ),
        pytest.param("昨日我市种树三千棵。", "140800", {"我市": "140800"}, id="the paper's home"),
        pytest.param("昨日我市种树三千棵。", "", {}, id="a paper whose home nobody said"),
    ],
)
def test_reference_is_resolved_to_the_place_meant(text, home, meant):
    (story,) = read_page(f"{HEAD}{text}".encode(), home).stories
    assert {link.mention.surface: link.code for link in story.references} == meant
    for link in story.references:
        assert story.body[link.mention.start : link.mention.end] == link.mention.surface


def test_references_are_not_mentions():
    (story,) = read_page(f"{HEAD}芮城县昨日种树，该县今年种树三千棵。".encode()).stories
    assert "该县" not in {link.mention.surface for link in story.links}
