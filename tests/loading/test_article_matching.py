"""Tests that articles match stored ones by place, headline and opening, in this order."""

from typing import Any

import pytest

from articles.loading.article_matching import KnownArticle, match_articles


def found(start: int, headline: str | None, *paragraphs: str) -> dict[str, Any]:
    blocks = [{"kind": "paragraph", "text": text} for text in paragraphs]
    return {"start": start, "headline": headline, "blocks": blocks}


BRIDGE = found(0, "大桥通车", "昨天，新桥迎来第一批车辆，两岸居民走上桥头。")
SCHOOL = found(90, "新学校开学", "三百名学生走进教室。")
BRIEF = found(120, "简讯", "市图书馆延长开放时间。")
OTHER_BRIEF = found(160, "简讯", "体育馆周末免费开放。")
PHOTO = found(200, None)


@pytest.mark.parametrize(
    ("now", "known", "same"),
    [
        pytest.param([BRIDGE], [], [None], id="nothing known"),
        pytest.param([], [KnownArticle(1, BRIDGE, True)], [], id="nothing found"),
        pytest.param(
            [found(0, "改了", "也改了")], [KnownArticle(1, BRIDGE, True)], [1], id="same place, same version"
        ),
        pytest.param(
            [found(0, "改了", "也改了")],
            [KnownArticle(1, BRIDGE, False)],
            [None],
            id="same place, other version",
        ),
        pytest.param(
            [found(50, "大桥通车", "改了")], [KnownArticle(1, BRIDGE, False)], [1], id="same headline"
        ),
        pytest.param(
            [found(50, "大桥正式通车", "昨天，新桥迎来第一批车辆，两岸居民走上桥头，合影留念。")],
            [KnownArticle(1, BRIDGE, False)],
            [1],
            id="same opening",
        ),
        pytest.param(
            [BRIEF, OTHER_BRIEF],
            [KnownArticle(7, BRIEF, False), KnownArticle(8, OTHER_BRIEF, False)],
            [7, 8],
            id="same headline twice",
        ),
        pytest.param([BRIEF, OTHER_BRIEF], [KnownArticle(7, BRIEF, False)], [7, None], id="each id once"),
        pytest.param(
            [OTHER_BRIEF],
            [KnownArticle(7, BRIEF, False), KnownArticle(8, OTHER_BRIEF, False)],
            [8],
            id="same headline, other opening",
        ),
        pytest.param(
            [SCHOOL, BRIDGE],
            [KnownArticle(1, BRIDGE, False), KnownArticle(2, SCHOOL, False)],
            [2, 1],
            id="another order",
        ),
        pytest.param([found(9, None)], [KnownArticle(1, PHOTO, False)], [None], id="nothing to be known by"),
        pytest.param(
            [found(0, "简讯", "市图书馆延长开放时间。"), found(120, "大桥通车", "新")],
            [KnownArticle(1, BRIDGE, True), KnownArticle(2, BRIEF, True)],
            [1, 2],
            id="place before headline",
        ),
    ],
)
def test_articles_match_by_place_then_headline_then_opening(
    now: list[dict[str, Any]], known: list[KnownArticle], same: list[int | None]
) -> None:
    assert match_articles(now, known) == same
