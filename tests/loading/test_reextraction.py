"""Tests reading stored pages again when a file has had several versions."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.utils import timezone

from articles.loading import file_plan, reextraction
from articles.loading.load_ledger import LoadLedger
from articles.models import Article, Load, LoadFile, Page
from tests.support.loading import BRIDGE, SCHOOL, load, read_plainly

pytestmark = pytest.mark.django_db


def test_reextraction_records_both_versions_of_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file_plan, "read_page", read_plainly)
    file = tmp_path / "0730.txt"
    for text in (BRIDGE, SCHOOL):
        file.write_text(text, encoding="utf-8")
        load(file)
    first, second = Page.objects.order_by("pk")
    assert (first.articles.count(), second.articles.count()) == (1, 1)
    for article in Article.objects.all():
        article.extracted |= {"headline": "读错的标题"}
        article.save()
    ledger = LoadLedger(Load(started_at=timezone.now()))
    pages = [first, second]
    results = list(reextraction.reextract(pages, "published", ledger, dry_run=False))
    ledger.close({})
    assert [(result.path, result.articles) for result in results] == [
        (first.sha256, {"updated": 1}),
        (str(file), {"updated": 1}),
    ]
    assert LoadFile.objects.last_of([str(file)])[str(file)].page == second
