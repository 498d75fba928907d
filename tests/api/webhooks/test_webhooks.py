"""Webhooks tell other programs what changed in public: in order, signed, again after a failure, and nothing of drafts."""

import base64
import datetime as dt
import hashlib
import hmac
import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from articles.api.webhooks import delivery, sending
from articles.api.webhooks.delivery import deliver, start_at_end
from articles.editing.merging import merge
from articles.models import Article, FeedState, WebhookDelivery, WebhookEndpoint
from tests.factories import make_article, make_client_of, make_reporter

from .receiver import Receiver, open_receiver

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def receiver(settings: Settings) -> Iterator[Receiver]:
    settings.NEWSROOM_WEBHOOKS_PRIVATE = True
    settings.NEWSROOM_HTTPS = True
    settings.ALLOWED_HOSTS = ["news.example", "testserver"]
    with open_receiver() as one:
        yield one


@pytest.fixture
def endpoint(receiver: Receiver) -> WebhookEndpoint:
    made = WebhookEndpoint(name="网站", url=receiver.url, secret=WebhookEndpoint.new_secret())
    start_at_end(made)
    made.save()
    return made


def due(endpoint: WebhookEndpoint) -> None:
    """Let the pause of an endpoint be over."""
    WebhookEndpoint.objects.filter(pk=endpoint.pk).update(next_attempt_at=timezone.now())


def received(receiver: Receiver) -> list[dict[str, Any]]:
    return [json.loads(body) for body, _headers in receiver.requests]


@pytest.mark.usefixtures("endpoint")
def test_changes_are_sent_in_order_and_each_once(receiver: Receiver, admin_user: Any) -> None:
    article = make_article("大桥通车", make_reporter("周明"))
    assert deliver() == {"网站": (2, 0)}
    first = received(receiver)[0]
    assert (first["type"], first["data"]["id"]) == ("article.created", article.pk)
    assert first["data"]["url"] == f"https://news.example/api/v1/articles/{article.pk}/"
    assert first["data"].keys() == {"kind", "id", "url", "change", "merged_into", "at"}
    assert deliver() == {"网站": (0, 0)}
    article.headline = "更正"
    article.save()
    assert deliver() == {"网站": (1, 0)}
    Article.objects.filter(pk=article.pk).update(status="withdrawn")
    deliver()
    assert [one["type"] for one in received(receiver)[2:]] == [
        "article.changed",
        "article.gone",
        "reporter.gone",
    ]
    ids = [headers["webhook-id"] for _body, headers in receiver.requests]
    assert len(set(ids)) == len(ids) == WebhookDelivery.objects.count()
    two = [make_reporter("吴芳"), make_reporter("吴方")]
    make_article("又一座桥", *two)
    deliver()
    merge(two[1], two[0], admin_user)
    deliver()
    (merged,) = [one["data"] for one in received(receiver) if one["type"] == "reporter.merged"]
    assert (merged["id"], merged["merged_into"]) == (two[1].pk, two[0].pk)


def test_messages_are_signed(receiver: Receiver, endpoint: WebhookEndpoint) -> None:
    make_article()
    deliver()
    body, headers = receiver.requests[0]
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    key = base64.b64decode(endpoint.secret.removeprefix("whsec_"))
    digest = hmac.new(key, signed, hashlib.sha256).digest()
    assert headers["webhook-signature"] == f"v1,{base64.b64encode(digest).decode()}"
    assert abs(int(headers["webhook-timestamp"]) - timezone.now().timestamp()) < 300
    assert headers["content-type"] == "application/json"


def test_the_package_of_receivers_verifies_a_message(receiver: Receiver, endpoint: WebhookEndpoint) -> None:
    package = pytest.importorskip("standardwebhooks", reason="the lock names it: make setup installs it")
    article = make_article()
    deliver()
    body, headers = receiver.requests[0]
    verified = package.Webhook(endpoint.secret).verify(body, headers)
    assert verified["data"]["id"] == article.pk
    with pytest.raises(Exception, match="No matching signature"):
        package.Webhook(WebhookEndpoint.new_secret()).verify(body, headers)


def test_nothing_of_a_draft_is_sent(receiver: Receiver, endpoint: WebhookEndpoint) -> None:
    make_article("白鹭洲", make_reporter("白鹭"), status="draft")
    assert deliver() == {"网站": (0, 0)}
    assert (endpoint.name, receiver.requests) == ("网站", [])


@pytest.mark.parametrize("answer", [500, 404, 302, 429])
def test_a_failed_message_comes_again_and_holds_back_those_behind_it(
    receiver: Receiver, endpoint: WebhookEndpoint, answer: int
) -> None:
    make_article("一")
    make_article("二")
    receiver.answer = answer
    assert deliver() == {"网站": (0, 1)}
    assert deliver() == {}  # it waits
    assert len(receiver.requests) == 1
    due(endpoint)
    receiver.answer = 204
    assert deliver() == {"网站": (2, 0)}
    ids = [headers["webhook-id"] for _body, headers in receiver.requests]
    assert ids[0] == ids[1] != ids[2]
    assert list(WebhookDelivery.objects.order_by("pk").values_list("status", flat=True)) == [answer, 204, 204]


def test_pauses_grow_until_the_endpoint_is_disabled(receiver: Receiver, endpoint: WebhookEndpoint) -> None:
    make_article()
    receiver.answer = 500
    pauses = []
    while not endpoint.disabled_at:
        due(endpoint)
        before = timezone.now()
        deliver()
        endpoint.refresh_from_db()
        assert endpoint.next_attempt_at
        pauses.append(endpoint.next_attempt_at - before)
    assert len(pauses) == 16
    assert dt.timedelta(seconds=30) <= pauses[0] < pauses[1] < pauses[5] < dt.timedelta(hours=6) <= pauses[-1]
    due(endpoint)
    assert deliver() == {}
    endpoint.enable()
    receiver.answer = 200
    assert deliver() == {"网站": (1, 0)}


def test_an_endpoint_that_is_gone_is_disabled_at_once(receiver: Receiver, endpoint: WebhookEndpoint) -> None:
    make_article()
    receiver.answer = 410
    deliver()
    endpoint.refresh_from_db()
    assert endpoint.disabled_at


def test_a_receiver_that_hangs_is_given_up_and_others_get_theirs(
    receiver: Receiver, endpoint: WebhookEndpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "_DEADLINE", 0.3)
    with open_receiver() as other:
        second = WebhookEndpoint(name="另一个", url=other.url, secret=WebhookEndpoint.new_secret())
        start_at_end(second)
        second.save()
        make_article()
        receiver.answer = "hang"
        assert deliver() == {"网站": (0, 1), "另一个": (1, 0)}
    failed = WebhookDelivery.objects.get(endpoint=endpoint)
    assert (failed.status, bool(failed.error)) == (None, True)
    receiver.answer = 200
    due(endpoint)
    assert deliver()["网站"] == (1, 0)


@pytest.mark.usefixtures("endpoint")
def test_a_server_that_is_away_is_logged() -> None:
    WebhookEndpoint.objects.update(url="http://localhost:1/")
    make_article()
    assert deliver() == {"网站": (0, 1)}
    assert "refused" in WebhookDelivery.objects.get().error


@pytest.mark.parametrize(
    "url",
    [
        "http://news.example/", "https://127.0.0.1/", "https://localhost/", "https://[::1]/", "https://10.0.0.7/",
        "https://169.254.169.254/latest/meta-data/", "https://[::ffff:127.0.0.1]/", "https://[64:ff9b::a9fe:a9fe]/",
        "https://[2002:7f00:1::]/", "https://0.0.0.0/", "ftp://a.example/",
        "https://user:secret@8.8.8.8/", "https://192.168.1.1:8443/", "https://[fe80::1]/", "https://224.0.0.1/", "https:///x",
        "https://8.8.8.8:99999/",
    ],
)  # fmt: skip
def test_no_message_goes_into_the_network(url: str) -> None:
    with pytest.raises(sending.SendingError):
        sending.post(url, b"{}", {})


@pytest.mark.usefixtures("receiver")
def test_one_process_sends_to_an_endpoint_at_a_time(endpoint: WebhookEndpoint) -> None:
    make_article()
    assert endpoint.hold(dt.timedelta(minutes=1))
    assert deliver() == {}
    endpoint.release()
    assert deliver() == {"网站": (1, 0)}


def test_after_a_restored_backup_nothing_is_left_out(
    endpoint: WebhookEndpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_article()
    deliver()
    WebhookEndpoint.objects.update(number=1_000, generation="before")
    monkeypatch.setattr(delivery, "feed_generation", lambda: "after")
    deliver()
    endpoint.refresh_from_db()
    assert (endpoint.generation, endpoint.number) == ("after", FeedState.objects.get().number)
    make_article()
    assert deliver() == {"网站": (1, 0)}


def test_the_log_keeps_the_last_deliveries(
    endpoint: WebhookEndpoint, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery, "_LOGGED", 3)
    for number in range(6):
        make_article(f"消息{number}")
    deliver()
    assert len(receiver.requests) == 6
    assert endpoint.deliveries.count() == 3


@pytest.mark.usefixtures("endpoint")
def test_command_delivers_and_says_what_failed(
    receiver: Receiver, capsys: pytest.CaptureFixture[str]
) -> None:
    make_article()
    call_command("deliver")
    assert capsys.readouterr().out == "网站: 1 delivered, 0 failed\n"
    make_article()
    receiver.answer = 500
    with pytest.raises(CommandError, match="1 webhooks did not take a message"):
        call_command("deliver")


# --- The desk ------------------------------------------------------------------------------------------


@pytest.fixture
def chief() -> Client:
    return make_client_of("chief", language="en")


def test_a_chief_makes_a_webhook_whose_secret_is_shown_once(chief: Client, receiver: Receiver) -> None:
    make_article("旧闻")
    add = reverse("admin:articles_webhookendpoint_add")
    page = chief.post(add, {"name": "网站", "url": receiver.url}, follow=True).content.decode()
    made = WebhookEndpoint.objects.get()
    assert made.secret in page.replace("&#x2B;", "+")
    listed = reverse("admin:articles_webhookendpoint_changelist")
    change = reverse("admin:articles_webhookendpoint_change", args=[made.pk])
    assert "whsec_" not in chief.get(listed).content.decode() + chief.get(change).content.decode()
    deliver()
    assert receiver.requests == []  # only what changes from now on
    chief.post(listed, {"action": "send_test_message", "_selected_action": [made.pk]})
    assert [one["type"] for one in received(receiver)] == ["test"]
    receiver.answer = 503
    answer = chief.post(listed, {"action": "send_test_message", "_selected_action": [made.pk]}, follow=True)
    assert "Test message to 网站: 503" in answer.content.decode()
    shown = chief.get(change).content.decode()
    assert "503" in shown
    assert {one.message in shown for one in made.deliveries.all()} == {True}


def test_log_of_a_webhook_is_not_pushed_out_by_that_of_a_busier_one(
    chief: Client, endpoint: WebhookEndpoint
) -> None:
    endpoint.deliveries.create(message="msg_quiet", payload={})
    busy = WebhookEndpoint.objects.create(name="忙", url="https://busy.example/")
    for number in range(60):
        busy.deliveries.create(message=f"msg_{number}", payload={})
    change = reverse("admin:articles_webhookendpoint_change", args=[endpoint.pk])
    shown = chief.get(change).content.decode()
    assert "msg_quiet" in shown
    assert "msg_59" not in shown


@pytest.mark.parametrize(
    "url", ["http://news.example/hook", "https://u:p@news.example/", "ftp://news.example/"]
)
def test_an_unsafe_address_is_refused_in_the_form(chief: Client, url: str) -> None:
    page = chief.post(reverse("admin:articles_webhookendpoint_add"), {"name": "网站", "url": url})
    assert page.status_code == 200
    assert not WebhookEndpoint.objects.exists()


def test_a_disabled_webhook_is_enabled_again(
    chief: Client, endpoint: WebhookEndpoint, receiver: Receiver
) -> None:
    receiver.answer = 410
    make_article()
    deliver()
    listed = reverse("admin:articles_webhookendpoint_changelist")
    assert "disabled" in chief.get(listed).content.decode()
    chief.post(listed, {"action": "enable", "_selected_action": [endpoint.pk]})
    receiver.answer = 200
    assert deliver() == {"网站": (1, 0)}
