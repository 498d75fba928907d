"""Tests which pages of the admin each group opens; a model without a row in the table fails."""

from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.test import Client
from django.urls import reverse

from articles.editing.article_corrections import correct_article
from articles.models import (
    ApiToken,
    Article,
    Boundary,
    Distinction,
    Merge,
    NameRuling,
    Region,
    Upload,
    WebhookEndpoint,
)
from tests.factories import (
    make_alias,
    make_article,
    make_byline,
    make_client_of,
    make_load,
    make_load_file,
    make_mention,
    make_organization,
    make_page,
    make_place,
    make_reporter,
)

pytestmark = pytest.mark.django_db
VIEWS = ("changelist", "add", "change", "delete", "history")
GROUPS = ("reporter", "editor", "chief", "superuser")
LOOK = "changelist change history"
WRITE = "changelist add change history"
ALL = "changelist add change delete history"
# The pages that each group opens, by model; `change` opens for users who may view, without a button to save.
MAY: dict[str, tuple[str, str, str, str]] = {
    "alias": (LOOK, ALL, ALL, ALL),
    "apitoken": ("", "", WRITE, WRITE),
    "article": (WRITE, WRITE, ALL, ALL),
    "boundary": ("", LOOK, LOOK, LOOK),
    "byline": (LOOK, LOOK, LOOK, LOOK),
    "distinction": ("", LOOK, LOOK, LOOK),
    "load": ("", LOOK, LOOK, LOOK),
    "loadfile": ("", LOOK, LOOK, LOOK),
    "mention": (LOOK, LOOK, LOOK, LOOK),
    "nameruling": ("", LOOK, LOOK, LOOK),
    "merge": ("", LOOK, LOOK, LOOK),
    "organization": (LOOK, WRITE, ALL, ALL),
    "page": (LOOK, LOOK, LOOK, LOOK),
    "place": (LOOK, WRITE, ALL, ALL),
    "region": ("", LOOK, LOOK, LOOK),
    "reporter": (LOOK, WRITE, ALL, ALL),
    "upload": ("", LOOK, LOOK, LOOK),
    "webhookendpoint": ("", "", ALL, ALL),
    "group": ("", "", "", ALL),
    "user": ("", "", "", ALL),
}


def signed_in(group: str, name: str = "") -> Client:
    groups = [group] if group in {"reporter", "editor", "chief"} else []
    return make_client_of(*groups, name=name or group, is_superuser=group == "superuser")


def records() -> dict[type[Any], Any]:
    """A record of each model of ours, whose pages everybody tries to open."""
    page = make_page("新桥通车\n昨天，新桥通车。")
    article = make_article("新桥通车", page=page, body="昨天，新桥通车。")
    zhou, wu, he = (make_reporter(name) for name in ("周明", "吴芳", "何小满"))
    place = make_place("运城市", kind="city")
    load = make_load(paths=["0730.txt"])
    token, _secret = ApiToken.objects.issue(User.objects.get(username="superuser"), "网站")
    made = [
        page, article, zhou, place, load, token,
        make_organization("市图书馆"),
        make_alias("小周", zhou),
        make_byline(article, zhou),
        make_mention(article, "新桥"),
        Boundary.objects.create(page=page, offset=0, begins=True),
        Region.objects.create(page=page, start=0, end=4, kind="advert"),
        Distinction.objects.create(kind="reporter", first=zhou.pk, second=wu.pk),
        NameRuling.objects.create(kind="place", name="新桥", verdict="rejected"),
        Merge.objects.create(kind="reporter", source=he.pk, target=wu.pk),
        make_load_file(load, "0730.txt", "created", page=page),
        Upload.objects.create(status="draft"),
        WebhookEndpoint.objects.create(name="网站", url="https://news.example/", secret=WebhookEndpoint.new_secret()),
        Group.objects.get(name="reporter"),
        User.objects.get(username="superuser"),
    ]  # fmt: skip
    return {type(record): record for record in made}


def url_of(model: type[Any], view: str, record: Any) -> str:
    needs_id = view in {"change", "delete", "history"}
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}_{view}"
    return reverse(name, args=[record.pk] if needs_id else [])


def code_of(client: Client, url: str) -> int:
    """What a page answers; one of a record that the user does not see at all leads to the front, as if there were none."""
    answer = client.get(url)
    is_led_away = answer.status_code == 302 and answer.headers["Location"] == reverse("admin:index")
    return 403 if is_led_away else answer.status_code


def test_every_model_of_the_admin_has_a_row() -> None:
    assert {model._meta.model_name for model in admin.site._registry} <= MAY.keys()


@pytest.mark.slow
@pytest.mark.parametrize("group", GROUPS)
def test_each_group_gets_the_status_of_the_role_table(group: str) -> None:
    clients = {name: signed_in(name) for name in GROUPS}
    by_model = records()
    opened, expected = {}, {}
    for model in admin.site._registry:
        name = str(model._meta.model_name)
        if name == "apitoken" and group == "chief":  # who sees only tokens of his own
            by_model[model], _secret = ApiToken.objects.issue(User.objects.get(username=group), "网站")
        codes = {view: code_of(clients[group], url_of(model, view, by_model[model])) for view in VIEWS}
        opened[name] = codes
        allowed = MAY[name][GROUPS.index(group)].split()
        expected[name] = {view: 200 if view in allowed else 403 for view in VIEWS}
    assert opened == expected


def test_anonymous_user_opens_no_page() -> None:
    signed_in("superuser")
    by_model = records()
    for model in admin.site._registry:
        for view in VIEWS:
            answer = Client().get(url_of(model, view, by_model[model]))
            assert (answer.status_code, answer.headers["Location"].split("?")[0]) == (302, "/admin/login/")


def test_staff_without_a_group_opens_no_page() -> None:
    client = signed_in("guest")
    signed_in("superuser")
    by_model = records()
    codes = {
        code_of(client, url_of(model, view, by_model[model]))
        for model in admin.site._registry
        for view in VIEWS
    }
    assert codes == {403}


# --- A reporter's own articles ------------------------------------------------------------------------


def form_of(client: Client, url: str) -> dict[str, Any]:
    context = client.get(url).context
    forms = [context["adminform"].form]
    for inline in context["inline_admin_formsets"]:
        forms += [inline.formset.management_form, *inline.formset.forms]
    values = {form[name].html_name: form[name].value() for form in forms for name in form.fields}
    return {name: value for name, value in values.items() if value is not None and value is not False}


@pytest.mark.parametrize(
    ("writer", "status", "may_change"),
    [
        ("zhou", "draft", True),
        ("zhou", "in_review", False),
        ("zhou", "published", False),
        ("zhou", "withdrawn", False),
        ("wu", "draft", False),
        (None, "draft", False),
    ],
    ids=["own_draft", "own_in_review", "own_published", "own_withdrawn", "anothers_draft", "nobodys"],
)
def test_reporter_changes_own_drafts(writer: str | None, status: str, may_change: bool) -> None:
    client = signed_in("reporter", "zhou")
    User.objects.create_user("wu")
    written_by = User.objects.filter(username=writer).first()
    article = make_article("新桥", body="新桥通车。", status=status, written_by=written_by)
    change = reverse("admin:articles_article_change", args=[article.pk])
    form = form_of(client, change) | {"headline": "大桥", "body": "大桥通车。", "status": status}
    assert client.post(change, form).status_code == (302 if may_change else 403)
    article.refresh_from_db()
    assert article.headline == ("大桥" if may_change else "新桥")
    assert (
        client.post(reverse("admin:articles_article_delete", args=[article.pk]), {"post": "yes"}).status_code
        == 403
    )


def test_reporter_submits_a_draft_and_gets_it_back() -> None:
    client = signed_in("reporter")
    add = reverse("admin:articles_article_add")
    form = form_of(client, add) | {"headline": "新桥", "body": "新桥通车。", "status": "draft"}
    assert client.post(add, form).status_code == 302
    article = Article.objects.get()
    assert (article.status, article.written_by) == ("draft", User.objects.get(username="reporter"))
    change = reverse("admin:articles_article_change", args=[article.pk])
    assert client.post(change, form_of(client, change) | {"status": "in_review"}).status_code == 302
    article.refresh_from_db()
    assert article.status == "in_review"
    assert client.post(change, {"headline": "大桥"}).status_code == 403
    correct_article(article, status="draft")
    assert client.post(change, form_of(client, change) | {"headline": "大桥"}).status_code == 302


@pytest.mark.parametrize("status", ["published", "withdrawn", "trashed", "nonsense"])
def test_reporter_cannot_publish(status: str) -> None:
    client = signed_in("reporter")
    add = reverse("admin:articles_article_add")
    form = form_of(client, add) | {"headline": "新桥", "body": "新桥通车。", "status": status}
    assert client.post(add, form).status_code == 200
    assert not Article.objects.exists()


def test_reporter_cannot_review() -> None:
    client = signed_in("reporter")
    written_by = User.objects.get()
    article = make_article("新桥", body="新桥通车。", status="draft", written_by=written_by)
    change = reverse("admin:articles_article_change", args=[article.pk])
    assert client.post(change, form_of(client, change) | {"reviewed": "on"}).status_code == 302
    article.refresh_from_db()
    assert article.reviewed is False


@pytest.mark.parametrize("name", ["reviewed", "published"])
def test_reporter_cannot_decide_mentions_by_buttons(name: str) -> None:
    client = signed_in("reporter")
    article = make_article("新桥", status="draft", written_by=User.objects.get())
    client.post(reverse("admin:articles_article_move", args=[article.pk]), {"status": name})
    article.refresh_from_db()
    assert (article.status, article.reviewed) == ("draft", False)


def test_reporter_submits_only_own_drafts_by_action() -> None:
    client = signed_in("reporter")
    own = make_article("新桥", status="draft", written_by=User.objects.get())
    other = make_article("早市", status="draft")
    listed = reverse("admin:articles_article_changelist")
    choices = client.get(listed).context["action_form"].fields["action"].choices
    actions = {name for name, _label in choices if name and not name.startswith("export")}
    assert actions == {"submit", "back_to_draft"}
    client.post(listed, {"action": "submit", "_selected_action": [own.pk, other.pk]})
    own.refresh_from_db()
    other.refresh_from_db()
    assert (own.status, other.status) == ("in_review", "draft")


@pytest.mark.parametrize(("group", "may"), [("editor", False), ("chief", True)])
def test_publishing_needs_a_chief(group: str, may: bool) -> None:
    client = signed_in(group)
    article = make_article("新桥", body="新桥通车。", status="in_review")
    change = reverse("admin:articles_article_change", args=[article.pk])
    client.post(change, form_of(client, change) | {"status": "published"})
    article.refresh_from_db()
    assert (article.status == "published") is may
