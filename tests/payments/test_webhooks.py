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
from django.urls import reverse

from marketplace.accounts.models import User
from marketplace.core.models import OutboxEvent
from payments import selectors, services
from payments.errors import GatewayUnavailable
from payments.models import Payment, WebhookEvent
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
    provider.confirm(payment)
    for event in provider.events():
        assert send(event).status_code == 200
    settle()
    payment.refresh_from_db()
    assert payment.state == Payment.State.AUTHORISED
    assert WebhookEvent.objects.filter(processed_at=None).count() == 0


@pytest.mark.parametrize("seed", range(12))
def test_any_order_and_any_number_of_times_give_the_same_books(
    user: User, provider: Provider, settle: Callable[[], None], seed: int
) -> None:
    # Not drawn by hypothesis: it watches the global random state, which the workers' threads use meanwhile.
    chance = random.Random(seed)
    payment = authorised(user)
    services.request_capture(payment_id=payment.pk, splits=seventy_thirty(payment))
    provider.http.post(f"/v1/payment_intents/{payment.intent_id}/capture")
    owed = [event for event in provider.events_of(payment) for _ in range(chance.randint(1, 3))]
    chance.shuffle(owed)
    for event in owed:
        assert send(event).status_code == 200
        if chance.random() < 0.2:
            settle()
    settle()
    payment.refresh_from_db()
    assert payment.state == Payment.State.CAPTURED
    assert sorted(payment.entries.values_list("kind", flat=True)) == ["capture", "fee"]
    assert list(selectors.differences_of(payment)) == []
    told = OutboxEvent.objects.filter(subject_id=str(payment.pk)).values_list("topic", flat=True)
    assert sorted(told) == ["payment.authorised", "payment.capture_requested", "payment.captured"]
    assert not WebhookEvent.objects.filter(processed_at=None).exists()


def test_what_our_own_call_told_is_not_asked_again(user: User, provider: Provider, settle: Callable[[], None]) -> None:
    payment = make_payment(user)
    Payment.objects.filter(pk=payment.pk).update(
        capture_method="automatic", splits=[["platform", "house", payment.amount]]
    )
    payment = services.authorise(payment_id=payment.pk, payment_method=VISA)
    asked = provider.asked("/v1/payment_intents/*")
    for event in provider.events_of(payment):
        assert send(event).status_code == 200
    settle()
    assert set(WebhookEvent.objects.values_list("type", "note")) == {
        (event, "known already") for event in ("payment_intent.created", "charge.succeeded", "payment_intent.succeeded")
    }
    assert provider.asked("/v1/payment_intents/*") == asked


def test_an_event_that_overtakes_our_own_call_still_finds_its_payment(
    user: User, provider: Provider, settle: Callable[[], None]
) -> None:
    payment = services.authorise(payment_id=make_payment(user).pk)
    provider.confirm(payment)
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


def test_an_event_is_kept_with_its_error_while_the_provider_is_away(user: User, provider: Provider) -> None:
    payment = services.authorise(payment_id=make_payment(user).pk)
    provider.confirm(payment)
    send(provider.events_of(payment)[0])
    row = WebhookEvent.objects.get()
    provider.fault(kind="error", status=500, method="GET", path="/v1/payment_intents/*", times=2)
    with pytest.raises(GatewayUnavailable):
        services.process_webhook(event_id=row.pk)
    row.refresh_from_db()
    assert (row.processed_at, row.attempts) == (None, 1)
    assert row.last_error.startswith("GatewayBroken: ")
    services.process_webhook(event_id=row.pk)
    row.refresh_from_db()
    assert (row.processed_at is None, row.attempts, row.last_error) == (False, 2, "")
    payment.refresh_from_db()
    assert payment.state == Payment.State.AUTHORISED


def test_staff_may_have_an_event_processed_again(
    user: User, provider: Provider, make_user: Callable[..., User], settle: Callable[[], None], client: Client
) -> None:
    payment = services.authorise(payment_id=make_payment(user).pk)
    send(provider.events_of(payment)[0])
    settle()
    provider.confirm(payment)
    client.force_login(make_user(is_staff=True, is_superuser=True))
    chosen = {"action": "process_again", "_selected_action": [str(WebhookEvent.objects.get().pk)]}
    answer = client.post(reverse("admin:payments_webhookevent_changelist"), chosen, follow=True)
    assert "To be processed again: 1." in answer.content.decode()
    settle()
    payment.refresh_from_db()
    assert payment.state == Payment.State.AUTHORISED
    assert WebhookEvent.objects.get().attempts == 2
