"""Make rows for tests: a test states only what matters to it, and these functions fill the rest."""

import datetime as dt
from typing import Any, TypeVar

from django.contrib.auth.models import Group, User
from django.db.models import Max, Model
from django.test import Client
from django.utils import timezone
from model_bakery import baker, generators

from articles.models import (
    Alias,
    Article,
    Byline,
    Load,
    LoadFile,
    Mention,
    Organization,
    Page,
    Place,
    Reporter,
)
from tests.support.schema import make_groups

M = TypeVar("M", bound=Model)

# The columns set themselves when the row is written.
for _field in ("_NameKeyField", "_PinyinField", "_InitialsField"):
    generators.add(f"articles.models.fields.{_field}", str)


def make_place(name: str = "", code: str = "", parent: Place | None = None, **values: Any) -> Place:
    """Make a place; without a kind it has the kind of its official code."""
    given = {"code": code, "parent": parent, "kind": _kind_of(code), **values}
    return _make(Place, **_named(name), **given)


def make_places() -> dict[str, Place]:
    """Make two counties of a city, and a town in one of them; return them and what they are within by name."""
    province = make_place("山西省", "140000")
    city = make_place("运城市", "140800", province)
    counties = make_place("绛县", "140826", city), make_place("芮城县", "140830", city)
    made = (province, city, *counties, make_place("大王镇", "140830105", counties[1]))
    return {place.name: place for place in made}


def make_organization(name: str = "", seat: Place | None = None, **values: Any) -> Organization:
    """Make an organization, without a seat unless given."""
    return _make(Organization, **_named(name), seat=seat, **values)


def make_reporter(name: str = "", **values: Any) -> Reporter:
    """Make a reporter."""
    return _make(Reporter, **_named(name), **values)


def make_alias(name: str, record: Reporter | Place | Organization) -> Alias:
    """Make an alias of a record."""
    return _make(Alias, name=name, **{record._meta.model_name or "": record})


def make_page(text: str = "大桥通车", **values: Any) -> Page:
    """Make a page with this text; its digest is random."""
    return _make(Page, text=text, **{"encoding": "utf-8", **values})


def make_article(
    headline: str = "大桥通车",
    *records: Place | Organization | Reporter,
    date: str | None = None,
    **values: Any,
) -> Article:
    """Make an article, published unless given, that names these places and organizations and credits these reporters.

    `date` is the issue date. On a page that is given, the article has the span of the whole text unless another is given.
    """
    if date:
        values["issue_date"] = dt.date.fromisoformat(date)
    if page := values.get("page"):
        values = {"start": 0, "end": len(page.text), **values}
    status = values.setdefault("status", "published")
    values.setdefault("trashed_from", "published" if status == "trashed" else "")
    article = _make(Article, headline=headline, **values)
    for number, record in enumerate(records):
        if isinstance(record, Reporter):
            make_byline(article, record, order=number)
        else:
            make_mention(article, record.name, record)
    return article


def make_printed_article(headline: str, body: str, **values: Any) -> Article:
    """Make an article of two blocks on a page of its own."""
    page = make_page(f"{headline}\n{body}", publication="沂河晚报")
    blocks = [
        {"kind": "headline", "text": headline, "spans": [[0, len(headline)]]},
        {"kind": "paragraph", "text": body, "spans": [[len(headline) + 1, len(page.text)]]},
    ]
    return make_article(headline, page=page, body=body, blocks=blocks, **values)


def make_mention(
    article: Article, surface: str = "", record: Place | Organization | None = None, **values: Any
) -> Mention:
    """Make a mention, linked if a record is given and unknown otherwise; its surface may be the name of the record.

    Without a `start`, the mention is where the article's part has the surface, after those made before.
    """
    surface = surface or (record.name if record else "地名")
    part = values.setdefault("part", "body")
    if "start" not in values:
        values["start"] = _next_start(article, part, surface)
    decided_organization = values.get("decided_organization")
    kind = "organization" if isinstance(record or decided_organization, Organization) else "place"
    if record:
        values = {kind: record, "status": "linked", **values}
    values = {"kind": kind, "end": values["start"] + len(surface), **values}
    return _make(Mention, article=article, surface=surface, **values)


def make_byline(article: Article, reporter: Reporter, **values: Any) -> Byline:
    """Make a byline, the first of its article unless given."""
    return _make(Byline, article=article, reporter=reporter, **values)


def make_load(**values: Any) -> Load:
    """Make a load that began now."""
    return _make(Load, **{"started_at": timezone.now(), **values})


def make_load_file(load: Load, path: str, outcome: str = "created", **values: Any) -> LoadFile:
    """Make a file of a load; a rejected one has a reason."""
    reason = "bad_encoding" if outcome == "rejected" else ""
    return _make(LoadFile, load=load, path=path, outcome=outcome, **{"reason": reason, **values})


def make_client_of(*groups: str, name: str = "anna", language: str = "", **values: Any) -> Client:
    """Make a user of the admin in these groups; return a client in which the user is signed in."""
    if groups:
        # A test with its own transactions empties all tables at its end, the groups too.
        make_groups()
    user = User.objects.create_user(name, is_staff=True, **values)
    user.groups.set([Group.objects.get(name=group) for group in groups])
    client = Client()
    client.force_login(user)
    if language:
        client.cookies["django_language"] = language
    return client


def _make(model: type[M], **values: Any) -> M:
    made: M = baker.make(model, **values)
    return made


def _named(name: str) -> dict[str, Any]:
    return {"name": name or baker.seq("某")}


def _kind_of(code: str) -> str:
    kinds = {9: "township", 12: "village"}
    if len(code) == 6:
        return "province" if code.endswith("0000") else "city" if code.endswith("00") else "county"
    return kinds.get(len(code), "other")


def _next_start(article: Article, part: str, surface: str) -> int:
    """Find the first place of the surface after the mentions before; behind them where the text lacks it."""
    after: int = article.mentions.filter(part=part).aggregate(last=Max("end"))["last"] or 0
    found: int = getattr(article, part).find(surface, after)
    return after if found < 0 else found
