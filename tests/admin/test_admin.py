"""Tests what editors see and do in the admin."""

import ast
import re
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import translation

from articles.editing.merging import distinguish, merge
from articles.loading import file_plan
from articles.models import (
    ApiToken,
    Article,
    Boundary,
    Byline,
    FeedEntry,
    FeedState,
    LastChange,
    Load,
    NameRuling,
    Page,
    PageAcceptance,
    PageResidue,
    PageSetting,
    Presence,
    Region,
    Reporter,
    Upload,
    UploadedFile,
    WebhookDelivery,
    WebhookEndpoint,
)
from articles.models.appearance import Appearance
from articles.models.history import Signed
from tests.factories import make_mention, make_organization, make_place, make_reporter
from tests.support.loading import BRIDGE, SCHOOL, load, read_plainly

pytestmark = pytest.mark.django_db

# A history is shown with its record, appearances are derived from mentions, files of an upload are shown with it,
# presence ends within a minute, the server reads changes to refresh its facet index, and the review of a page shows what
# of it belongs to no article. The setting of a page is its lines with their places, which no person reads. Deliveries
# are shown with their webhook, and accepted pages are counted in the queue of pages.
MODELS = [
    model
    for model in apps.get_app_config("articles").get_models()
    if not issubclass(
        model,
        Signed
        | Appearance
        | Presence
        | UploadedFile
        | LastChange
        | FeedEntry
        | FeedState
        | PageAcceptance
        | PageResidue
        | PageSetting
        | WebhookDelivery,
    )
]
HOSTILE = '"><img src=x onerror=alert(1)>'


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Page:
    """A page of two articles, loaded from a file."""
    monkeypatch.setattr(file_plan, "read_page", read_plainly)
    (tmp_path / "0730.txt").write_text(f"{BRIDGE}\n{SCHOOL}", encoding="utf-8")
    load(tmp_path)
    return Page.objects.get()


@pytest.fixture
def bridge(page: Page) -> Article:
    return page.articles.get(headline="大桥通车")


def change(record: Any) -> str:
    return reverse(f"admin:articles_{record._meta.model_name}_change", args=[record.pk])


def form_of(client: Client, url: str) -> dict[str, Any]:
    """What the page's form would send, if nothing was changed in it."""
    context = client.get(url).context
    forms = [context["adminform"].form]
    for inline in context["inline_admin_formsets"]:
        forms += [inline.formset.management_form, *inline.formset.forms]
    fields = [form[name] for form in forms for name in form.fields]
    return {
        field.html_name: value for field in fields if not ((value := field.value()) is None or value is False)
    }


def test_every_model_is_in_the_admin() -> None:
    assert {model for model in MODELS if not admin.site.is_registered(model)} == set()


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
@pytest.mark.usefixtures("page")
def test_lists_and_pages_are_shown(admin_client: Client, model: Any) -> None:
    place = make_place("运城市", "1408", kind="city")
    make_organization("市图书馆", place)
    place.aliases.create(name="运城")
    one, two = (make_reporter(name) for name in ("周小明", "周大明"))
    distinguish(one, two, None)
    merge(two, Reporter.objects.get(name="周明"), None)
    ApiToken.objects.issue(User.objects.get(), "网站")
    Boundary.objects.say(Page.objects.get(), 3, begins=True, by=None)
    Region.objects.create(page=Page.objects.get(), start=0, end=3, kind=Region.Kind.NOTICE)
    Upload.objects.create(status="published")
    make_mention(Article.objects.all()[0], "运城")
    NameRuling.objects.create(name="运城", kind="place", verdict="rejected")
    WebhookEndpoint.objects.create(name="网站", url="https://news.example/changes/")
    listed = reverse(f"admin:articles_{model._meta.model_name}_changelist")
    assert (
        admin_client.get(
            listed, {"q": "运"} if admin.site.get_model_admin(model).search_fields else {}
        ).status_code
        == 200
    )
    assert admin_client.get(listed).status_code == 200
    assert admin_client.get(change(model.objects.all()[0])).status_code == 200


def test_article_shows_blocks_and_links_to_its_page(admin_client: Client, bridge: Article) -> None:
    shown = admin_client.get(change(bridge)).content.decode()
    assert '<p data-part="headline" data-start="0">大桥通车</p>' in shown
    assert change(bridge.page) in shown


def test_page_shows_text_and_links_to_its_articles(admin_client: Client, page: Page) -> None:
    shown = admin_client.get(change(page)).content.decode()
    assert f'<pre class="page">{page.text}</pre>' in shown
    assert all(change(article) in shown for article in page.articles.all())


def test_load_shows_its_files(admin_client: Client, page: Page) -> None:
    load = Load.objects.get()
    shown = admin_client.get(change(load)).content.decode()
    assert "0730.txt" in shown
    assert change(page) in shown
    assert (
        admin_client.get(
            reverse("admin:articles_loadfile_changelist"), {"load__id__exact": load.pk}
        ).status_code
        == 200
    )


def test_edit_is_stored_as_a_correction(admin_client: Client, bridge: Article) -> None:
    form = form_of(admin_client, change(bridge)) | {"headline": "新桥昨天通车", "reviewed": "on"}
    answer = admin_client.post(change(bridge), form)
    assert answer.status_code == 302, answer.context["errors"]
    bridge.refresh_from_db()
    assert (bridge.headline, bridge.reviewed) == ("新桥昨天通车", True)
    assert (bridge.corrected, bridge.version) == (["headline", "reviewed"], 2)
    assert bridge.body == "昨天，新桥迎来第一批车辆。"
    assert "标题: 大桥通车" in admin_client.get(change(bridge)).content.decode()


def test_saving_without_a_change_is_not_a_correction(admin_client: Client, bridge: Article) -> None:
    assert admin_client.post(change(bridge), form_of(admin_client, change(bridge))).status_code == 302
    bridge.refresh_from_db()
    assert (bridge.corrected, bridge.version) == ([], 1)


def test_bylines_are_deleted_and_added(admin_client: Client, bridge: Article) -> None:
    reporter = make_reporter("郑国栋")
    form = form_of(admin_client, change(bridge)) | {
        "bylines-0-DELETE": "on",
        "bylines-TOTAL_FORMS": "3",
        "bylines-2-article": bridge.pk,
        "bylines-2-reporter": reporter.pk,
        "bylines-2-role": "photographer",
    }
    answer = admin_client.post(change(bridge), form)
    assert answer.status_code == 302, answer.context["errors"]
    assert [str(byline) for byline in bridge.bylines.all()] == ["吴芳 记者", "郑国栋 摄影"]
    bridge.refresh_from_db()
    assert bridge.corrected == ["bylines"]
    shown = admin_client.get(change(bridge)).content.decode()
    assert "署名: 周明、吴芳" in shown


def test_editor_writes_an_article(admin_client: Client) -> None:
    url = reverse("admin:articles_article_add")
    form = form_of(admin_client, url) | {
        "headline": "编辑部启事",
        "body": "本报今起改版。",
        "status": "draft",
    }
    assert admin_client.post(url, form).status_code == 302
    article = Article.objects.get()
    assert (article.page, article.body, article.version) == (None, "本报今起改版。", 1)
    form = form_of(admin_client, change(article)) | {"body": "本报明天改版。"}
    assert admin_client.post(change(article), form).status_code == 302
    article.refresh_from_db()
    assert (article.body, article.version) == ("本报明天改版。", 2)


def test_names_in_what_an_editor_writes_are_proposed(admin_client: Client) -> None:
    url = reverse("admin:articles_article_add")
    form = form_of(admin_client, url) | {
        "headline": "会议",
        "body": "芮城县今天召开会议。",
        "status": "draft",
    }
    assert admin_client.post(url, form).status_code == 302
    article = Article.objects.get()
    assert [row.surface for row in article.mentions.all()] == ["芮城县"]
    assert '<mark class="name place linked"' in admin_client.get(change(article)).content.decode()
    form = form_of(admin_client, change(article)) | {"headline": "绛县的会议"}
    assert admin_client.post(change(article), form).status_code == 302
    assert [row.surface for row in article.mentions.in_order()] == ["绛县", "芮城县"]


@pytest.mark.parametrize("model_name", ["page", "load", "loadfile", "byline", "mention"])
def test_loaded_records_are_read_only(admin_client: Client, model_name: str) -> None:
    assert admin_client.get(reverse(f"admin:articles_{model_name}_add")).status_code == 403


@pytest.mark.parametrize(("name", "said"), [("周 明", "已有同名记者"), ("\u200b", "没有可见字符")])
@pytest.mark.usefixtures("page")
def test_second_reporter_of_a_name_is_rejected_with_a_message(
    admin_client: Client, name: str, said: str
) -> None:
    url = reverse("admin:articles_reporter_add")
    answer = admin_client.post(url, form_of(admin_client, url) | {"name": name})
    assert answer.status_code == 200
    assert said in answer.content.decode()


def test_reporter_is_found_in_traditional_characters(admin_client: Client) -> None:
    make_reporter("张国华")
    shown = admin_client.get(reverse("admin:articles_reporter_changelist"), {"q": "張 國華"})
    assert "张国华" in shown.content.decode()


def test_text_of_pages_is_escaped(admin_client: Client, bridge: Article) -> None:
    bridge.blocks = [{"kind": "paragraph", "text": HOSTILE, "spans": [[0, 9]]}]
    for name in ("kicker", "headline", "subtitle", "dateline", "agency", "section", "publication", "body"):
        setattr(bridge, name, HOSTILE)
    bridge.extracted |= {"headline": HOSTILE}
    bridge.corrected, bridge.flags = ["headline"], [HOSTILE]
    bridge.save()
    page = bridge.page
    assert page is not None
    page.text = page.publication = page.page_name = HOSTILE
    page.flags = [HOSTILE]
    page.save()
    page.files.update(path=HOSTILE, detail=HOSTILE)
    Byline.objects.update(surface=HOSTILE)
    Reporter.objects.filter(name="周明").update(name=HOSTILE)
    Load.objects.update(paths=[HOSTILE], options={"status": HOSTILE})
    for record in (bridge, page, Load.objects.get(), page.files.all()[0], Reporter.objects.get(name=HOSTILE)):
        listed = reverse(f"admin:articles_{record._meta.model_name}_changelist")
        assert "<img src=x" not in admin_client.get(change(record)).content.decode()
        assert "<img src=x" not in admin_client.get(listed).content.decode()


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_model_and_field_name_is_in_chinese(model: Any) -> None:
    with translation.override("zh-hans"):
        names = [model._meta.verbose_name, model._meta.verbose_name_plural]
        fields = [
            field
            for field in model._meta.get_fields()
            if hasattr(field, "verbose_name") and field.name != "id"
        ]
        names += [field.verbose_name for field in fields]
        names += [label for field in fields for _, label in field.flatchoices]
        assert [str(name) for name in names if str(name).isascii()] == []


_TEXT = r'((?:".*"\n)+)'
_ENTRY = re.compile(
    rf"^(?:msgctxt {_TEXT})?msgid {_TEXT}(?:msgid_plural {_TEXT})?msgstr(?:\[0\])? {_TEXT}", re.MULTILINE
)


@pytest.mark.parametrize("project", ["articles", "newsroom"])
def test_every_message_is_translated_and_compiled(project: str) -> None:
    folder = settings.BASE_DIR / project / "locale" / "zh_Hans" / "LC_MESSAGES"
    source = (folder / "django.po").read_text(encoding="utf-8") + "\n"
    _header, *entries = [[_joined(text) for text in entry] for entry in _ENTRY.findall(source)]
    assert len(entries) == source.count("\nmsgid ") - 1 > 5
    with translation.override("zh-hans"):
        given = [_translated(*entry[:3]) for entry in entries]
    assert [(one, translated) for _, one, _, translated in entries if not translated] == []
    assert given == [translated for *_, translated in entries]


def _translated(context: str, one: str, many: str) -> str:
    if context:
        return translation.pgettext(context, one)
    return translation.ngettext(one, many, 1) if many else translation.gettext(one)


def _joined(text: str) -> str:
    """The lines of a message in a file of translations, as one string."""
    return "".join(ast.literal_eval(line) for line in text.splitlines())
