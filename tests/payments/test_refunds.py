"""Captured money goes back once, from those who had it and to the last cent; what fails is theirs again."""

from collections.abc import Callable
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from marketplace.accounts.models import Notification, User
from marketplace.core.models import OutboxEvent
from payments import ledger, selectors, services
from payments.errors import GatewayUnavailable, PaymentStateConflict, RefundTooLarge
from payments.models import Entry, Payment, Refund, Share
from payments.services.dividing import divide
from payments.tasks import look_at_stale_refunds
from tests.payments.provider import Provider, authorised, bought
from tests.payments.test_webhooks import send

pytestmark = pytest.mark.django_db(transaction=True)
State = Refund.State
_numbers = count(1)


def refund(payment: Payment, amount: int | None = None, **given: Any) -> Refund:
    """Asked for, and done at the provider."""
    asked = services.request_refund(
        payment_id=payment.pk, amount=amount, reason="a test", reference=f"back:{next(_numbers)}", **given
    )
    services.perform_refund(refund_id=asked.pk)
    asked.refresh_from_db()
    return asked


def topics(refund: Refund) -> list[str]:
    told = OutboxEvent.objects.filter(subject_id=str(refund.pk)).exclude(topic="")
    return list(told.order_by("pk").values_list("topic", flat=True))


def agree(payment: Payment, provider: Provider) -> None:
    assert list(selectors.differences_of(payment)) == []
    assert ledger.balance("stripe:balance", payment.currency) == provider.balance(payment.currency)


def test_everything_goes_back_from_everybody(user: User, make_user: Callable[..., User], provider: Provider) -> None:
    payee = make_user()
    payment = bought(user, 3333, payee=payee)
    made = refund(payment)
    assert (made.state, made.amount, topics(made)) == (State.SUCCEEDED, 3333, ["refund.requested", "payment.refunded"])
    share = Share.objects.get()
    assert (share.refunded, share.owed) == (2333, 0)
    assert selectors.earnings_of(payee)[0].amount == 0
    assert ledger.balance("platform:revenue", "eur") == 0
    agree(payment, provider)


def test_parts_go_back_in_proportion_and_in_the_end_no_cent_is_left(user: User, provider: Provider) -> None:
    payment = bought(user, 1001)
    for amount in (333, 333, 334):
        refund(payment, amount)
    assert Share.objects.get().refunded == 699
    assert refund(payment).amount == 1
    assert (Share.objects.get().owed, ledger.balance("platform:revenue", "eur")) == (0, 0)
    agree(payment, provider)
    with pytest.raises(RefundTooLarge) as caught:
        refund(payment)
    assert caught.value.data == {"left": 0}


def test_parts_may_be_named(user: User, provider: Provider) -> None:
    payment = bought(user, 1000)
    share = Share.objects.get()
    made = refund(payment, 300, parts={share.pk: 250, None: 50})
    assert Refund.objects.get().parts == [[str(share.pk), 250], [None, 50]]
    share.refresh_from_db()
    assert (made.amount, share.refunded, ledger.balance("platform:revenue", "eur")) == (300, 250, -250)
    with pytest.raises(RefundTooLarge):
        refund(payment, parts={share.pk: 451})
    with pytest.raises(ValueError, match="are not 10"):
        refund(payment, 10, parts={None: 9})
    agree(payment, provider)


@given(st.lists(st.integers(0, 10**9), min_size=1, max_size=8).filter(any), st.data())
def test_no_part_gives_more_than_it_has_and_no_cent_is_lost(whole: list[int], data: st.DataObject) -> None:
    left: dict[str | None, int] = {str(n): amount for n, amount in enumerate(whole)}
    amount = data.draw(st.integers(1, sum(whole)))
    parts = divide(left, amount)
    assert sum(parts.values()) == amount
    assert all(parts[key] <= left[key] for key in parts)


def test_more_than_was_paid_is_refused_by_us_and_by_the_database(user: User, provider: Provider) -> None:
    payment = bought(user, 1000)
    refund(payment, 600)
    with pytest.raises(RefundTooLarge):
        refund(payment, 401)
    with pytest.raises(IntegrityError, match="refunds of 1001"), transaction.atomic():
        Refund.objects.create(payment=payment, reference="behind our back", amount=401, reason="")
    assert Share.objects.get().refunded == 420


def test_what_was_not_taken_cannot_be_given_back(user: User, provider: Provider) -> None:
    with pytest.raises(PaymentStateConflict):
        refund(authorised(user))


def test_the_same_reference_is_the_same_refund(user: User, provider: Provider) -> None:
    payment = bought(user, 1000)
    made = [
        services.request_refund(payment_id=payment.pk, amount=400, reason="twice", reference="order:1:lost")
        for _ in range(2)
    ]
    assert made[0] == made[1]
    for _ in range(2):
        services.perform_refund(refund_id=made[0].pk)
    assert (Share.objects.get().refunded, provider.executed("/v1/refunds")) == (280, 1)


@pytest.mark.parametrize("stage", ["before", "after"])
def test_a_refund_whose_answer_was_lost_is_made_once(user: User, provider: Provider, stage: str) -> None:
    payment = bought(user)
    provider.fault(kind="drop", stage=stage, method="POST", path="/v1/refunds", times=2)
    with pytest.raises(GatewayUnavailable):
        refund(payment, 1000)
    assert not Entry.objects.filter(kind="refund").exists()
    Refund.objects.update(updated_at=timezone.now() - timedelta(minutes=3))
    look_at_stale_refunds()
    assert (Refund.objects.get().state, provider.executed("/v1/refunds")) == (State.SUCCEEDED, 1)
    agree(payment, provider)


def test_a_crash_before_the_call_is_made_up_for(user: User, provider: Provider) -> None:
    payment = bought(user)
    services.request_refund(payment_id=payment.pk, amount=None, reason="crash", reference="back:crash")
    Refund.objects.update(updated_at=timezone.now() - timedelta(minutes=3))
    look_at_stale_refunds()
    assert Refund.objects.get().state == State.SUCCEEDED
    agree(payment, provider)


def test_a_bank_takes_its_time(user: User, provider: Provider, settle: Callable[[], None]) -> None:
    payment = bought(user, method="pm_card_pendingRefund")
    made = refund(payment, 500)
    assert (made.state, topics(made)) == (State.PENDING, ["refund.requested"])
    agree(payment, provider)
    provider.advance(61)
    for event in provider.events():
        send(event)
    settle()
    made.refresh_from_db()
    assert (made.state, topics(made)) == (State.SUCCEEDED, ["refund.requested", "payment.refunded"])
    agree(payment, provider)


@pytest.mark.parametrize("backwards", [False, True])
def test_a_refund_that_fails_gives_everything_back_and_tells_a_person(
    user: User, make_user: Callable[..., User], provider: Provider, settle: Callable[[], None], backwards: bool
) -> None:
    staff = make_user(is_staff=True, is_superuser=True)
    payment = bought(user, method="pm_card_refundFail")
    made = refund(payment, 1000)
    assert Share.objects.get().refunded == 700
    provider.advance(61)
    for event in reversed(provider.events()) if backwards else provider.events():
        send(event)
    settle()
    made.refresh_from_db()
    assert (made.state, made.failure) == (State.FAILED, "expired_or_canceled_card")
    assert topics(made) == ["refund.requested", "payment.refunded", "refund.failed"]
    assert Share.objects.get().refunded == 0
    assert Notification.objects.get(kind="refund.failed").person == staff
    agree(payment, provider)
    assert refund(payment).amount == 2500


def test_what_the_provider_refuses_has_failed(user: User, provider: Provider) -> None:
    payment = bought(user)
    provider.http.post("/v1/refunds", data={"payment_intent": str(payment.intent_id), "amount": "2000"})
    made = refund(payment, 1000)
    assert (made.state, Share.objects.get().refunded) == (State.FAILED, 0)
    assert "greater than unrefunded amount" in made.failure


def test_what_was_taken_unasked_goes_back_too(user: User, provider: Provider) -> None:
    payment = authorised(user)
    provider.http.post(f"/v1/payment_intents/{payment.intent_id}/capture")
    payment = services.refresh(payment_id=payment.pk)
    assert ledger.balance(ledger.UNASSIGNED, "eur") == -2500
    refund(payment)
    assert ledger.balance(ledger.UNASSIGNED, "eur") == 0
    assert ledger.balance("stripe:balance", "eur") == provider.balance("eur")


def test_a_refund_that_somebody_made_at_the_provider_is_noted(
    user: User, provider: Provider, settle: Callable[[], None]
) -> None:
    payment = bought(user)
    provider.http.post("/v1/refunds", data={"payment_intent": str(payment.intent_id)})
    event = next(event for event in provider.events() if event["type"] == "refund.created")
    send(event)
    settle()
    from payments.models import WebhookEvent

    assert WebhookEvent.objects.get().note == "about a refund that we did not ask for: see reconcile"
    assert not Refund.objects.exists()
