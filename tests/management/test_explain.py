"""Tests `manage.py explain`."""

import re
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from articles.models import Article
from tests.support.loading import load

pytestmark = pytest.mark.django_db

PAGE = """南河新桥通车

本报讯（记者 林一舟）7月30日，芮城县大王镇金盆村的新桥通车，村民到镇上的路近了三公里，桥由县里出资修建，工期比原定的短了一个月。
"""


@pytest.fixture
def article(tmp_path: Path) -> Article:
    path = tmp_path / "0730.txt"
    path.write_text(PAGE, encoding="utf-8")
    load(path)
    return Article.objects.get()


def test_explain_prints_sentence_for_each_mention(
    article: Article, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("explain", article.pk)
    printed = capsys.readouterr().out.splitlines()
    assert [line.split("“")[1].split("”")[0] for line in printed][:3] == ["芮城县", "大王镇", "金盆村"]


def test_explain_prints_mentions_with_given_surface(
    article: Article, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("explain", article.pk, "金盆村")
    (line,) = capsys.readouterr().out.splitlines()
    assert "“金盆村” is 金盆村 in 大王镇, 芮城县 (140830105209), because 大王镇 stands next to it" in line
    assert "52 other places of that name were ruled out" in line


def test_explain_prints_why_each_line_is_what_it_is(
    article: Article, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("explain", article.pk, "--lines")
    headline, paragraph = capsys.readouterr().out.splitlines()
    assert re.match(r"headline \(\d+\.\d\d\) 南河新桥通车: .* \+\d+\.\d\d, .* -\d+\.\d\d", headline)
    assert paragraph.startswith("paragraph (")
    assert "dateline +" in paragraph


def test_explain_lists_people_with_posts_and_the_words_that_say_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "0731.txt"
    path.write_text(
        "南河新桥通车\n\n　　7月30日，芮城县大王镇金盆村党支部书记何晓梅参加通车仪式。何晓梅今年45岁。\n",
        encoding="utf-8",
    )
    load(path)
    call_command("explain", Article.objects.get().pk, "--people")
    assert capsys.readouterr().out.splitlines() == [
        "何晓梅 (2)",
        "  党支部书记 of 芮城县大王镇金盆村党支部, current [before_name] body 6-23: 芮城县大王镇金盆村党支部书记何晓梅",
        "  age: 45 [attribute_age] body 30-38: 何晓梅今年45岁",
    ]


def test_explain_rejects_unknown_article_and_surface(article: Article) -> None:
    with pytest.raises(CommandError, match="there is no article 99"):
        call_command("explain", 99)
    with pytest.raises(CommandError, match="does not name 龙王庙"):
        call_command("explain", article.pk, "龙王庙")
