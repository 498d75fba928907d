"""The cost of reading a page is linear in its length, whatever it is made of."""

import itertools
import random
from collections.abc import Iterable

import pytest

from articles.reading.pipeline import read_page
from tests.support.growth import grows_linearly

_LENGTH = 6_000
# Text without a title is in no article, and names are looked for in articles only.
_OPENING = "沂河晚报 2023年9月14日 星期四 第6版\n\n新桥昨天通车\n\n昨天上午，芮城县的新桥正式通车，两岸居民出行方便了许多。\n"
_COUNTIES = "芮城县 平陆县 稷山县 万荣县 临猗县 夏县 垣曲县 绛县".split()
_SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜"
_UNITS = {
    "opening brackets": "（",
    "pairs of brackets": "（）",
    "brackets, each on a line": "（\n",
    "quotes": "“",
    "digits": "1",
    "numbers": "1.",
    "Chinese numerals": "一",
    "numbered lines": "一、\n",
    "surnames": _SURNAMES,
    "surnames, each on a line": "\n".join(_SURNAMES) + "\n",
    "names in a row": "王芳 李平 ",
    "lines of one character": "树\n",
    "lines of two characters": "大桥\n",
    "headlines": "新桥昨天通车\n\n",
    "one line": "南河两岸种树三千棵，",
    "a county": "芮城县",
    "counties in a list": "芮城县、",
    "village in town in county": "芮城县大王镇金盆村",
    "suffixes of divisions": "省市县区镇乡村",
    "counties": "县",
    "towns": "镇",
    "villages": "村",
    "roads": "路",
    "offices": "局",
    "sentences of towns": "镇镇镇镇镇镇镇镇。",
    "sentences of offices": "省局市局县局。",
    "firms": "公司",
    "names of offices": "市人民政府办公室",
    "offices in a list": "市交通局、",
    "posts in a list": "局长王芳、",
    "appointments": "任命王芳为县长，",
    "credits": "本报记者",
    "credits, each on a line": "本报记者 周明\n",
    "credits in brackets": "（记者 周明）",
    "credits never closed": "本报讯（记者 ",
    "photo credits": "周明 摄\n",
    "captions": "图为植树现场。\n",
    "datelines": "新华社北京5月2日电",
    "page headers": "沂河晚报 2023年9月14日 星期四 第6版\n",
    "a table": "项目 数量 价格\n一等 12 3.5\n",
    "a table with tabs": "一\t2\t3\t4\n",
    "labels": "名称：\n",
    "dates": "2024年7月30日",
    "Latin words": "lorem ipsum ",
    "Latin lines": "abc\n",
    "combining marks": "e\u0301",
    "notices of a loss": "遗失声明 张明身份证遗失，声明作废。\n",
    "references": "该县",
    "points": "·",
}


def _fill(units: Iterable[str]) -> str:
    """Text of units that are repeated up to the length."""
    text, endless = "", itertools.cycle(units)
    while len(text) < _LENGTH:
        text += next(endless)
    return text


def _vary(text: str) -> str:
    """Put another character in the place of each 字."""
    chance = random.Random(7)
    return "".join(chr(chance.randrange(0x4E00, 0x5A00)) if char == "字" else char for char in text)


_TEXTS = {name: _fill([unit]) for name, unit in _UNITS.items()} | {
    "random characters": _vary(_fill(["字字字字字字，"])),
    "random lines": _vary(_fill(["字\n", "字字字字\n", "字字字字字字字字\n"])),
    "other suffixes of places": "".join(random.Random(7).choices("省市县区镇乡村路局街站山河湖", k=_LENGTH)),
    "other towns": _vary(_fill(["字字镇"])),
    "other villages in a list": _vary(_fill(["字字村、"])),
    "other firms": _vary(_fill(["字字字字公司，"])),
    "other names, each on a line": _vary(_fill(["张字字\n"])),
    "articles": _vary(_fill(["字字通车\n\n本报讯（记者 周明）字字村新桥通车。\n\n"])),
    "an article for each county": _fill(
        f"新桥通车\n\n本报讯（记者 周明）{county}新桥通车，该县居民出行。\n\n" for county in _COUNTIES
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", _TEXTS)
def test_cost_is_linear_whatever_a_page_is_made_of(name: str) -> None:
    assert any(story.body for story in read_page(f"{_OPENING}{_TEXTS[name]}".encode()).stories)
    assert grows_linearly(lambda text: read_page(f"{_OPENING}{text}".encode()), _TEXTS[name])
