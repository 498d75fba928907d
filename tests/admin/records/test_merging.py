"""Tests merging records in the admin: suggestions, preview, undoing, and distinctions."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from articles.editing.merging import distinguish, merge, undo_merge
from articles.editing.record_trash import trash_record
from articles.models import Distinction, Mention, Merge, Organization, OrganizationAppearance
from tests.factories import (
    make_article,
    make_client_of,
    make_organization,
    make_place,
    make_places,
    make_reporter,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def two() -> tuple[Organization, Organization]:
    """A court under its short name and its full one, each named in articles."""
    county = make_places()["芮城县"]
    short, full = (make_organization(name, county, kind="court") for name in ("县法院", "芮城县人民法院"))
    short.aliases.create(name="法庭")
    make_article("大桥通车", short, body="县法院昨天迁入新址。")
    for headline in ("早市搬家", "新学校开学"):
        make_article(headline, full)
    return short, full


def preview(source: Any, target: Any) -> str:
    return reverse("admin:merge_preview", args=[source._meta.model_name, source.pk, target.pk])


def page(record: Any) -> str:
    return reverse(f"admin:articles_{record._meta.model_name}_change", args=[record.pk])


def text(client: Client, url: str) -> str:
    return " ".join(re.sub("<[^>]+>", " ", client.get(url).content.decode()).split())


def state() -> list[Any]:
    return [
        list(Mention.objects.order_by("pk").values_list("pk", "organization", "verdict")),
        sorted(OrganizationAppearance.objects.values_list("organization", "article", "position")),
    ]


def test_suggested_pairs_are_shown_with_their_reasons(
    admin_client: Client, two: tuple[Organization, Organization], django_assert_max_num_queries: Any
) -> None:
    short, full = two
    for name in ("何小满", "何晓满"):
        make_reporter(name)
    for number in range(10):
        for name in ("印刷有限公司", "印刷有限责任公司"):
            make_organization(f"沂河{number}{name}", full.seat)
    admin_client.get(reverse("admin:duplicates"))
    # The suggestions are cached now, until a record changes.
    with django_assert_max_num_queries(20):
        html = admin_client.get(reverse("admin:duplicates")).content.decode()
    assert str(preview(short, full)) in html
    assert str(preview(full, short)) in html
    assert reverse("admin:distinguish", args=["organization", short.pk, full.pk]) in html
    only = text(admin_client, reverse("admin:duplicates") + "?kind=reporter")
    assert "何晓满" in only
    assert "芮城县人民法院" not in only


def test_preview_shows_what_a_merge_moves(
    admin_client: Client, two: tuple[Organization, Organization]
) -> None:
    short, full = two
    html = text(admin_client, preview(short, full))
    assert "县法院 昨天迁入新址。" in html
    assert "县法院、法庭" in html
    assert not Merge.objects.exists()
    after = admin_client.post(preview(short, full), follow=True)
    made = Merge.objects.get()
    assert (made.source, made.target, str(made.by)) == (short.pk, full.pk, "admin")
    assert after.redirect_chain[-1][0] == page(full)
    # The button of the message sends the form that stands on the page.
    assert f'<button class="undo" form="undo-{made.pk}">' in after.content.decode()
    assert f'id="undo-{made.pk}"' in after.content.decode()


def test_merge_is_undone_from_its_page(admin_client: Client, two: tuple[Organization, Organization]) -> None:
    short, full = two
    before = state()
    admin_client.post(preview(short, full))
    assert state() != before
    undo = reverse("admin:merge_undo", args=[Merge.objects.get().pk])
    assert undo in admin_client.get(page(full)).content.decode()
    assert undo in admin_client.get(reverse("admin:articles_merge_changelist")).content.decode()
    assert admin_client.get(undo).status_code == 405
    answer = admin_client.post(undo, {"next": page(full)})
    assert (answer.status_code, answer["Location"]) == (302, page(full))
    assert state() == before
    again = admin_client.post(undo, {"next": "https://example.org/"}, follow=True)
    assert again.redirect_chain[0][0] == page(short)
    assert [message.level_tag for message in again.context["messages"]][-1] == "error"


@pytest.mark.parametrize(
    "is_opposite", [pytest.param(False, id="same form twice"), pytest.param(True, id="opposite")]
)
def test_second_merge_of_the_same_records_is_rejected(
    admin_client: Client, two: tuple[Organization, Organization], is_opposite: bool
) -> None:
    short, full = two
    admin_client.post(preview(short, full))
    once = state()
    second = admin_client.post(preview(*(reversed(two) if is_opposite else two)), follow=True)
    messages = [str(message) for message in second.context["messages"]]
    assert any("县法院" in message for message in messages)
    assert second.redirect_chain[-1][0] == page(full)
    assert (Merge.objects.count(), state()) == (1, once)
    assert Mention.objects.count() == 3


def test_preview_explains_why_records_cannot_be_merged(admin_client: Client) -> None:
    made = make_places()
    one, other, third = (make_place(name) for name in "甲乙丙")
    distinguish(one, other, None)
    trash_record(third)
    for source, target in ((made["芮城县"], made["大王镇"]), (one, other), (one, third), (one, one)):
        answer = admin_client.get(preview(source, target))
        assert answer.context["refusal"], (source, target)
        admin_client.post(preview(source, target))
    assert not Merge.objects.exists()


def test_target_of_a_merge_is_chosen(admin_client: Client, two: tuple[Organization, Organization]) -> None:
    short, full = two
    url = reverse("admin:merge_record", args=["organization", short.pk])
    assert str(preview(short, full)) in admin_client.get(url).content.decode()
    assert admin_client.get(url, {"target": full.pk})["Location"] == preview(short, full)
    trash_record(full)
    for target in (full.pk, short.pk, "0", "x"):
        assert admin_client.get(url, {"target": target}).status_code == 200


def test_distinction_is_stored_and_deleted(
    admin_client: Client, two: tuple[Organization, Organization]
) -> None:
    short, full = two
    ids = ["organization", full.pk, short.pk]
    answer = admin_client.post(reverse("admin:distinguish", args=ids), follow=True)
    assert preview(short, full) not in answer.content.decode()
    assert str(Distinction.objects.get().by) == "admin"
    forget = reverse("admin:forget_distinction", args=["organization", short.pk, full.pk])
    assert forget in admin_client.get(page(short)).content.decode()
    admin_client.post(forget)
    assert not Distinction.objects.exists()
    assert preview(short, full) in admin_client.get(reverse("admin:duplicates")).content.decode()
    merge(short, full, None)
    admin_client.post(reverse("admin:distinguish", args=ids))
    assert not Distinction.objects.exists()


@pytest.mark.parametrize(
    ("group", "status"),
    [
        pytest.param("reporter", 403, id="reporter"),
        pytest.param("editor", 302, id="editor"),
        pytest.param("chief", 302, id="chief"),
    ],
)
def test_merging_needs_permission(two: tuple[Organization, Organization], group: str, status: int) -> None:
    client = make_client_of(group)
    assert client.get(reverse("admin:duplicates")).status_code == 200
    assert client.get(preview(*two)).status_code == (403 if group == "reporter" else 200)
    assert client.post(preview(*two)).status_code == status
    made = Merge.objects.first() or merge(*two, None)
    assert client.post(reverse("admin:merge_undo", args=[made.pk])).status_code == status
    ids = ["organization", two[0].pk, two[1].pk]
    if Merge.objects.filter(undone_at=None).exists():
        undo_merge(made)
    assert client.post(reverse("admin:distinguish", args=ids)).status_code == status
    assert client.post(reverse("admin:forget_distinction", args=ids)).status_code == status


@pytest.mark.parametrize(
    "path", ["merge/article/1/2/", "merge/place/1/", f"merge/place/{10**30}/1/", "merge/999/undo/"]
)
def test_unknown_record_is_404(admin_client: Client, path: str) -> None:
    answer = admin_client.post(f"/admin/{path}") if "undo" in path else admin_client.get(f"/admin/{path}")
    assert answer.status_code == 404


def test_anonymous_user_is_asked_to_sign_in(client: Client, two: tuple[Organization, Organization]) -> None:
    for url in (reverse("admin:duplicates"), preview(*two)):
        assert "/admin/login/" in client.get(url)["Location"]
    client.post(preview(*two))
    assert not Merge.objects.exists()


def test_several_records_of_a_list_are_merged_into_the_one_that_stays(
    admin_client: Client, two: tuple[Organization, Organization]
) -> None:
    short, full = two
    third = make_organization("芮城法院", short.seat, kind="court")
    url = "/admin/articles/organization/"
    form = {"action": "merge_selected", "_selected_action": [short.pk, full.pk, third.pk]}
    asked = admin_client.post(url, form)
    assert asked.context["most_named"] == full
    admin_client.post(url, {**form, "into": full.pk})
    for merged in (short, third):
        merged.refresh_from_db()
        assert merged.merged_into == full
    assert Merge.objects.count() == 2


def test_one_record_alone_is_not_merged(admin_client: Client, two: tuple[Organization, Organization]) -> None:
    form = {"action": "merge_selected", "_selected_action": [two[0].pk], "into": two[0].pk}
    admin_client.post("/admin/articles/organization/", form)
    assert not Merge.objects.exists()
