"""Webhooks in any order, any number of times, give the same state and the same books."""

import hashlib
import hmac
import json
import random
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from marketplace.accounts.models import User
from payments import ledger, services
from payments.models import Entry, Payment, WebhookEvent
from tests.payments.provider import VISA, Provider, authorised, make_payment, seventy_thirty

pytestmark = pytest.mark.django_db(transaction=True)
URL = "/api/v1/webhooks/stripe/"


def send(event: dict[str, Any], *, secret: str | None = None, age: int = 0) -> Any:
    """Deliver one event as Stripe does."""
    body, moment = json.dumps(event), int(time.time()) - age
    key = (secret or settings.ATELIER.stripe_webhook_secret.get_secret_value()).encode()
    signature = hmac.new(key, f"{moment}.{body}".encode(), hashlib.sha256).hexdigest()
    headers = {"Stripe-Signature": f"t={moment},v1={signature}"}
    return Client().post(URL, body, content_type="application/json", headers=headers)


def test_an_authorisation_in_the_browser_is_heard_of(
    user: User, provider: Provider, settle: Callable[[], None]
) -> None:
    payment = services.authorise(payment_id=make_payment(user).pk)
    provider.http.post(f"/v1/payment_intents/{payment.intent_id}/confirm", data={"payment_method": VISA})
    for event in provider.events():
        assert send(event).status_code == 200
    settle()
    payment.refresh_from_db()
    assert payment.state == Payment.State.AUTHORISED
    assert WebhookEvent.objects.filter(processed_at=None).count() == 0


@pytest.mark.parametrize("seed", range(6))
def test_any_order_and_any_number_of_times_give_the_same_books(
    user: User, provider: Provider, settle: Callable[[], None], seed: int
) -> None:
    payment = authorised(user)
    services.request_capture(payment_id=payment.pk, splits=seventy_thirty(payment))
    provider.http.post(f"/v1/payment_intents/{payment.intent_id}/capture")
    chance = random.Random(seed)
    events = provider.events() * 3
    chance.shuffle(events)
    for event in events:
        assert send(event).status_code == 200
        if chance.random() < 0.2:
            settle()
    settle()
    payment.refresh_from_db()
    assert payment.state == Payment.State.CAPTURED
    assert Entry.objects.count() == 1
    assert ledger.balance("artist:a", "eur") == -1750
    assert WebhookEvent.objects.count() == len(provider.events())


def test_an_event_that_overtakes_our_own_call_still_finds_its_payment(
    user: User, provider: Provider, settle: Callable[[], None]
) -> None:
    payment = services.authorise(payment_id=make_payment(user).pk)
    provider.http.post(f"/v1/payment_intents/{payment.intent_id}/confirm", data={"payment_method": VISA})
    Payment.objects.filter(pk=payment.pk).update(intent_id=None, client_secret="", state=Payment.State.CREATED)
    for event in provider.events():
        send(event)
    settle()
    payment.refresh_from_db()
    assert (payment.state, bool(payment.intent_id)) == (Payment.State.AUTHORISED, True)


def test_the_same_event_twice_is_stored_once(user: User, provider: Provider) -> None:
    authorised(user)
    event = provider.events()[0]
    assert send(event).json() == {"received": True, "new": True}
    assert send(event).json() == {"received": True, "new": False}
    assert WebhookEvent.objects.count() == 1


@pytest.mark.parametrize("forgery", [{"secret": "whsec_other"}, {"age": 3600}])
def test_a_forged_or_stale_signature_is_refused(user: User, provider: Provider, forgery: dict[str, Any]) -> None:
    authorised(user)
    refused = send(provider.events()[0], **forgery)
    assert (refused.status_code, refused.json()["code"]) == (400, "webhook-invalid")
    assert not WebhookEvent.objects.exists()


def test_no_signature_at_all_is_refused() -> None:
    assert Client().post(URL, "{}", content_type="application/json").status_code == 400


def test_what_is_not_ours_is_noted_and_left(provider: Provider, settle: Callable[[], None]) -> None:
    send({"id": "evt_x", "type": "customer.created", "data": {"object": {"id": "cus_1", "object": "customer"}}})
    settle()
    row = WebhookEvent.objects.get()
    assert row.processed_at is not None
    assert row.note == "not about a payment of ours"


def test_an_event_is_kept_while_the_provider_is_away(
    user: User, provider: Provider, settle: Callable[[], None]
) -> None:
    authorised(user)
    provider.fault(kind="error", status=500, method="GET", path="/v1/payment_intents/*", times=2)
    send(provider.events()[0])
    settle()
    assert WebhookEvent.objects.get().processed_at is None
