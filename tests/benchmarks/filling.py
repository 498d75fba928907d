"""Fills the archive of the benchmarks: 200 reporters, 3,000 places in four levels, 2,000 organizations.

It is the same on every machine. The texts say nothing, but some words in them are far more frequent than others, as
in a language, and so are some names.
"""

import datetime as dt
import hashlib
import random
from collections.abc import Iterator
from itertools import accumulate
from typing import Any

from django.db import transaction

from articles.counts.appearances import rebuild_appearances
from articles.models import Article, Byline, Mention, Organization, Page, Place, Reporter

REPORTERS, ORGANIZATIONS = 200, 2_000
PLACES = {"city": 11, "county": 109, "township": 2_879}  # and their province: 3,000
PER_PAGE = 10  # articles
DAYS = 3_650
FIRST_DAY = dt.date(2015, 1, 1)
CHARACTERS = 1_000
PUBLISHED = 0.97  # the rest are drafts, which no response may contain
PUBLICATIONS = ("沂河晚报", "临河日报", "沂河周末")
# The percentage of articles with a phrase; nearly all articles have its characters and pairs.
PHRASES = {"芮城": 8, "乡村振兴": 8, "风陵渡镇": 6}
COMMON = ["人民", "代表", "大会", "民代", "表大", "乡村", "振兴", "城市", "段", "云", "飞", "风", "镇", "桥"]
HAN = [chr(code) for code in range(0x4E00, 0x4E00 + 2500)]
_BATCH = 500  # pages whose articles are written together


class Words:
    """Texts of any length, from one random source."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._words = COMMON + [self.name(chance.choice((1, 2, 2, 2, 3))) for _ in range(12_000)]
        self._weights = list(accumulate(1 / (place + 10) for place in range(len(self._words))))

    def name(self, size: int) -> str:
        return "".join(self._chance.choices(HAN, k=size))

    def text(self, size: int) -> str:
        chance = self._chance
        pieces = chance.choices(self._words, cum_weights=self._weights, k=size // 2)
        pieces += [
            phrase
            for phrase, percent in PHRASES.items()
            if chance.random() * 100 < percent * size / CHARACTERS
        ]
        pieces += "，。" * (size // 30)
        chance.shuffle(pieces)
        return "".join(pieces)[:size]


class Names:
    """The records of an archive; some are named far more often than others."""

    def __init__(self, chance: random.Random, words: Words) -> None:
        self._chance = chance
        self.reporters = self._reporters(words)
        self.townships = self._places(words)
        self.organizations = self._organizations(words)

    def some(self, records: list[Any], most: int) -> list[Any]:
        """One to `most` different records, mostly from the beginning of the list."""
        size = len(records)
        picked = (int(size ** self._chance.random()) - 1 for _ in range(self._chance.randint(1, most)))
        return list(dict.fromkeys(records[place] for place in picked))

    def _reporters(self, words: Words) -> list[Any]:
        rows = [Reporter(name=f"{words.name(2)}{HAN[number]}") for number in range(REPORTERS)]
        return Reporter.objects.bulk_create(rows)

    def _places(self, words: Words) -> list[Any]:
        above = [Place.objects.create(name=f"{words.name(2)}省", kind="province", code="970000")]
        for kind, count in PLACES.items():
            rows = []
            for number in range(count):
                parent, nth = above[number % len(above)], number // len(above) + 1
                code = {
                    "city": f"97{nth:02}00",
                    "county": f"{parent.code[:4]}{nth:02}",
                    "township": f"{parent.code}{nth:03}",
                }[kind]
                name = words.name(2) + {"city": "市", "county": "县", "township": "镇"}[kind]
                rows.append(
                    Place(name=name, kind=kind, code=code, parent=parent, path=f"{parent.path}.{code}")
                )
            above = Place.objects.bulk_create(rows)
        return above

    def _organizations(self, words: Words) -> list[Any]:
        seats = list(Place.objects.filter(kind="county").order_by("pk"))
        rows = [
            Organization(
                name=f"{words.name(3)}{HAN[number]}局", kind="government", seat=seats[number % len(seats)]
            )
            for number in range(ORGANIZATIONS)
        ]
        return Organization.objects.bulk_create(rows)


def pages(articles: int, chance: random.Random) -> list[tuple[dt.date, int]]:
    """The issue date and page number of each page, in random order."""
    count = max(articles // PER_PAGE, 1)
    days = [FIRST_DAY + dt.timedelta(number * DAYS // count) for number in range(count)]
    numbered = [(day, number % 8 + 1) for number, day in enumerate(days)]
    chance.shuffle(numbered)
    return numbered


@transaction.atomic
def fill(articles: int) -> None:
    """Write an archive into an empty database."""
    chance = random.Random(20_000)
    words = Words(chance)
    names = Names(chance, words)
    laid_out = pages(articles, chance)
    for start in range(0, len(laid_out), _BATCH):
        _write(list(_printed(laid_out[start : start + _BATCH], start, words, chance)), names, chance)
    rebuild_appearances()


def _printed(
    laid_out: list[tuple[dt.date, int]], first: int, words: Words, chance: random.Random
) -> Iterator[Any]:
    """Pages with their articles, as a load would store them."""
    for number, (day, page_number) in enumerate(laid_out, first):
        publication = PUBLICATIONS[number % len(PUBLICATIONS)]
        page = Page(
            sha256=hashlib.sha256(str(number).encode()).hexdigest(), encoding="utf-8", publication=publication,
            issue_date=day, page_number=str(page_number), page_name="要闻", issue_date_source="header",
        )  # fmt: skip
        rows, end = [], 0
        for position in range(1, PER_PAGE + 1):
            headline, body = words.text(16), "\n".join(words.text(CHARACTERS // 5) for _ in range(5))
            start, end = end, end + len(headline) + len(body) + 2
            blocks = _blocks(headline, body, start)
            rows.append(
                Article(
                    page=page, start=start, end=end, position=position, publication=publication, issue_date=day,
                    section="要闻", headline=headline, kicker=words.text(10) if position % 3 == 0 else "",
                    subtitle=words.text(14) if position % 4 == 0 else "", body=body, blocks=blocks,
                    status="published" if chance.random() < PUBLISHED else "draft",
                    extracted={"start": start, "end": end, "headline": headline, "blocks": blocks},
                )
            )  # fmt: skip
        page.text = "\n".join(f"{row.headline}\n{row.body}" for row in rows)
        yield page, rows


def _blocks(headline: str, body: str, start: int) -> list[dict[str, Any]]:
    blocks = []
    for kind, text in [("headline", headline), *(("paragraph", text) for text in body.split("\n"))]:
        blocks.append({"kind": kind, "text": text, "spans": [[start, start + len(text)]]})
        start += len(text) + 1
    return blocks


def _write(printed: list[Any], names: Names, chance: random.Random) -> None:
    Page.objects.bulk_create([page for page, _ in printed], batch_size=_BATCH)
    articles = Article.objects.bulk_create([row for _, rows in printed for row in rows], batch_size=_BATCH)
    bylines, mentions = [], []
    for article in articles:
        for order, reporter in enumerate(names.some(names.reporters, 2), 1):
            bylines.append(Byline(article=article, reporter=reporter, order=order, surface=reporter.name))
        named = [("place", record) for record in names.some(names.townships, 4)]
        named += [("organization", record) for record in names.some(names.organizations, 3)]
        chance.shuffle(named)
        for number, (kind, record) in enumerate(named):
            start = number * 40
            mentions.append(
                Mention(
                    article=article, kind=kind, start=start, end=start + len(record.name), surface=record.name,
                    status="linked", method="gazetteer", rule="name", score=0.9, **{kind: record},
                )
            )  # fmt: skip
    Byline.objects.bulk_create(bylines, batch_size=2_000)
    Mention.objects.bulk_create(mentions, batch_size=1_000)
