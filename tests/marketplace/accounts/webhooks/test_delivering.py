"""Webhooks on their way: signed, sent once they are committed, tried again, given up, replayed."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from marketplace.accounts import services
from marketplace.accounts.models import User, WebhookDelivery, WebhookEndpoint
from marketplace.accounts.services.webhooks.breaker import pause_after
from marketplace.core.errors import Conflict, NotFound
from marketplace.core.models import OutboxEvent
from marketplace.core.outbox import OutsideTransaction
from tests.listener import Listener, listening, slowly
from tests.marketplace.accounts.webhooks.conftest import Publish, pass_time, seconds_until, send_all

Made = tuple[WebhookEndpoint, str]


def signed_with(secret: str, headers: dict[str, str], body: bytes) -> str:
    """The signature as the specification says to make it, written anew."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def test_an_event_arrives_signed(made: Made, publish: Publish, listener: Listener, settle: Callable[[], None]) -> None:
    publish(order="o1", amount=2501)
    settle()
    [heard] = listener.heard
    told = json.loads(heard.body)
    assert (told["type"], told["data"]) == ("order.paid", {"order": "o1", "amount": 2501})
    assert told["timestamp"]
    assert heard.headers["content-type"] == "application/json"
    assert heard.headers["webhook-signature"] == signed_with(made[1], heard.headers, heard.body)
    assert abs(int(heard.headers["webhook-timestamp"]) - timezone.now().timestamp()) < 60
    delivery = WebhookDelivery.objects.get()
    assert (delivery.state, delivery.response_status, delivery.attempts) == ("delivered", 200, 1)
    assert delivery.tries.get().answer == "thank you"


def test_what_is_rolled_back_is_not_sent(publish: Publish, listener: Listener) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        publish()
        raise ZeroDivisionError
    send_all()
    assert not listener.heard


def test_an_event_that_is_published_twice_is_one(publish: Publish, listener: Listener) -> None:
    publish("o1")
    publish("o1")
    publish("o2")
    send_all()
    assert len({heard.headers["webhook-id"] for heard in listener.heard}) == len(listener.heard) == 2


def test_only_who_wants_to_know_is_told(
    publish: Publish, endpoint: WebhookEndpoint, listener: Listener, make_user: Callable[..., User]
) -> None:
    with listening() as all_ears:
        services.create_endpoint(owner=endpoint.owner, url=all_ears.url, event_types=["*"])
        services.create_endpoint(owner=make_user(), url=all_ears.url, event_types=["*"])
        publish(event_type="auction.ended")
        send_all()
        assert len(all_ears.heard) == 1
    assert not listener.heard


def test_whoever_is_notified_has_their_programs_told(endpoint: WebhookEndpoint, listener: Listener) -> None:
    told: dict[str, Any] = {"kind": "payout.paid", "key": "p1", "title": "On its way", "link": "/payouts/"}
    for _ in range(2):
        with transaction.atomic():
            services.notify(person=endpoint.owner, data={"amount": 5}, **told)
            services.notify(person=endpoint.owner, **(told | {"kind": "bid.outbid"}))  # it does not want to know
    services.send_due()
    [heard] = listener.heard
    assert json.loads(heard.body)["data"] == {
        "subject": "p1", "title": "On its way", "link": "/payouts/", "amount": 5,
    }  # fmt: skip


def test_where_nobody_listens_nothing_is_written(user: User) -> None:
    with transaction.atomic():
        services.publish(people=[user.pk], event_type="order.paid", key="1", data={})
    assert not OutboxEvent.objects.exists()


def test_mistakes_of_ours_are_refused(endpoint: WebhookEndpoint, publish: Publish) -> None:
    for wrong in ({"event_type": "order.lost"}, {"key": ""}, {"note": "x" * 70_000}):
        with pytest.raises(ValueError):  # noqa: PT011  # each says something else
            publish(**wrong)
    with pytest.raises(OutsideTransaction):
        services.publish(people=[endpoint.owner_id], event_type="order.paid", key="1", data={})
    assert not WebhookDelivery.objects.exists()


def test_what_fails_is_tried_again_with_the_same_id_and_body(publish: Publish, listener: Listener) -> None:
    listener.answers = [500, 302, 404]
    publish()
    services.send_due()
    services.send_due()
    assert len(listener.heard) == 1, "it waits first"
    for _ in range(3):
        send_all(timedelta(hours=1))
    assert len({heard.headers["webhook-id"] for heard in listener.heard}) == 1
    assert len({heard.body for heard in listener.heard}) == 1
    delivery = WebhookDelivery.objects.get()
    assert (delivery.state, [one.status for one in delivery.tries.all()]) == ("delivered", [500, 302, 404, 200])


def test_pauses_grow_with_chance_and_heed_what_the_server_asks() -> None:
    for attempts, plain in ((1, 5), (2, 15), (5, 405), (20, 12 * 3600)):
        pauses = [pause_after(attempts).total_seconds() for _ in range(200)]
        assert plain * 0.75 <= min(pauses) < max(pauses) <= plain * 1.25
    assert pause_after(1, asked=600) == timedelta(seconds=600)
    assert pause_after(1, asked=10**9) == timedelta(hours=1)


def test_a_delivery_is_given_up_after_three_days(publish: Publish, listener: Listener) -> None:
    listener.status = 500
    publish()
    services.send_due()
    delivery = WebhookDelivery.objects.get()
    assert delivery.state == "pending"
    assert 2.9 * 86400 < seconds_until(delivery.give_up_at) <= 3 * 86400
    for _ in range(3):
        send_all()
    assert WebhookDelivery.objects.get().state == "failed"
    heard = len(listener.heard)
    send_all()
    assert len(listener.heard) == heard


def test_an_answer_that_never_ends_is_a_failure(
    publish: Publish, listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("marketplace.core.outgoing.post.__kwdefaults__", {"seconds": 0.2})
    listener.drip, listener.body = slowly(2), b"x" * 10_000
    publish()
    services.send_due()
    assert WebhookDelivery.objects.get().tries.get().error == "No answer within 0.2 s."


def test_one_endpoint_has_one_request_at_a_time_and_others_do_not_wait(
    publish: Publish, endpoint: WebhookEndpoint, listener: Listener
) -> None:
    publish()
    WebhookEndpoint.objects.update(busy_until=timezone.now() + timedelta(seconds=60))
    with listening() as other:
        services.create_endpoint(owner=endpoint.owner, url=other.url, event_types=["*"])
        publish("o2")
        services.send_due()
        assert (len(listener.heard), len(other.heard)) == (0, 1)
    pass_time(timedelta(minutes=2))  # whoever held it has died
    services.send_due()
    assert len(listener.heard) == 2


def test_a_private_address_is_not_asked_though_the_endpoint_was_made_when_it_was_allowed(
    publish: Publish, listener: Listener, settings: object
) -> None:
    settings.ATELIER = settings.ATELIER.model_copy(update={"webhooks_to_private": False})  # type: ignore[attr-defined]
    publish()
    services.send_due()
    assert not listener.heard
    assert "https" in WebhookDelivery.objects.get().tries.get().error


def test_a_new_secret_signs_at_once_and_the_old_one_for_a_day(made: Made, publish: Publish, listener: Listener) -> None:
    endpoint, old = made
    _, new = services.roll_secret(owner=endpoint.owner, endpoint_id=endpoint.pk)
    publish("o1")
    services.send_due()
    WebhookEndpoint.objects.update(old_secret_until=timezone.now())
    publish("o2")
    services.send_due()
    both, alone = listener.heard
    expected = [signed_with(secret, both.headers, both.body) for secret in (new, old)]
    assert both.headers["webhook-signature"].split() == expected
    assert alone.headers["webhook-signature"] == signed_with(new, alone.headers, alone.body)
    assert new not in WebhookEndpoint.objects.get().secret


def test_a_secret_sealed_with_another_key_is_told_and_not_guessed(
    publish: Publish, listener: Listener, settings: object
) -> None:
    settings.SECRET_KEY = "another" * 10  # type: ignore[attr-defined]
    publish()
    services.send_due()
    assert not listener.heard
    assert "make a new one" in WebhookDelivery.objects.get().tries.get().error


def test_one_may_have_it_once_more(publish: Publish, endpoint: WebhookEndpoint, listener: Listener) -> None:
    publish()
    services.send_due()
    delivery = WebhookDelivery.objects.get()
    services.replay_delivery(owner=endpoint.owner, delivery_id=delivery.pk)
    services.send_due()
    first, second = listener.heard
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    with pytest.raises(NotFound):
        services.replay_delivery(owner=endpoint.owner, delivery_id=endpoint.pk)


def test_all_that_failed_may_be_had_again(publish: Publish, endpoint: WebhookEndpoint, listener: Listener) -> None:
    listener.status = 500
    for key in ("a", "b"):
        publish(key)
    WebhookDelivery.objects.update(state="failed")
    publish("c")
    listener.status = 200
    assert services.replay_failed(owner=endpoint.owner, endpoint_id=endpoint.pk) == 2
    services.send_due()
    assert WebhookDelivery.objects.filter(state="delivered").count() == 3


def test_a_try_is_sent_whatever_types_are_wanted(endpoint: WebhookEndpoint, listener: Listener) -> None:
    services.try_endpoint(owner=endpoint.owner, endpoint_id=endpoint.pk)
    services.send_due()
    assert json.loads(listener.heard[0].body)["type"] == "ping"
    services.change_endpoint(owner=endpoint.owner, endpoint_id=endpoint.pk, is_on=False)
    with pytest.raises(Conflict):
        services.try_endpoint(owner=endpoint.owner, endpoint_id=endpoint.pk)


def test_old_deliveries_are_forgotten_and_overdue_ones_given_up(publish: Publish) -> None:
    publish("a")
    publish("b")
    old, new = WebhookDelivery.objects.order_by("pk")
    WebhookDelivery.objects.filter(pk=old.pk).update(
        created_at=timezone.now() - timedelta(days=31), give_up_at=timezone.now() - timedelta(days=28)
    )
    assert services.forget_old_deliveries() == 0
    assert services.give_up_what_is_overdue() == 1
    assert services.forget_old_deliveries() == 1
    assert WebhookDelivery.objects.get().pk == new.pk
