"""How long an order waits to be paid: a seed, which nobody else can have meanwhile, is kept for minutes."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from marketplace.accounts.models import User
from marketplace.commissions import selectors, services
from marketplace.commissions.errors import NotPaidInTime, SeedTaken
from marketplace.commissions.models import TIME_TO_PAY_FOR_A_SEED, Commission
from marketplace.commissions.tasks import expire_what_nobody_paid
from payments.models import Payment
from tests.marketplace.commissions.ordering import Order, Settle, again, paid
from tests.marketplace.staging import send_photograph
from tests.payments.provider import VISA, Provider

State = Commission.State
LATE = TIME_TO_PAY_FOR_A_SEED + timedelta(seconds=1)


def late(commission: Commission, by: timedelta = LATE) -> Commission:
    Commission.objects.filter(pk=commission.pk).update(created_at=timezone.now() - by)
    return again(commission)


def stands(commission: Commission) -> tuple[str, str]:
    seen = again(commission)
    return seen.state, seen.payment.state


def test_a_seed_that_nobody_paid_is_free_before_any_chore_comes_by(order: Order) -> None:
    first = late(order(seed=42))
    assert first.trained_model_id is not None
    assert selectors.taken_seeds(first.trained_model_id) == set()
    second = order(seed=42)
    assert again(first).state == State.EXPIRED
    assert again(second).state == State.AWAITING_PAYMENT
    assert selectors.taken_seeds(first.trained_model_id) == {42}


def test_a_seed_is_kept_for_as_long_as_was_said(order: Order) -> None:
    late(order(seed=42), by=TIME_TO_PAY_FOR_A_SEED - timedelta(seconds=30))
    expire_what_nobody_paid()
    with pytest.raises(SeedTaken):
        order(seed=42)


def test_a_portrait_takes_no_seed_from_anybody_and_waits_for_a_day(order: Order, user: User, settle: Settle) -> None:
    seed, portrait = order(seed=1), order(photograph_id=send_photograph(user).pk, parameters={"size": 64, "steps": 20})
    for commission in (seed, portrait):
        late(commission)
    expire_what_nobody_paid()
    settle()
    assert stands(seed) == (State.EXPIRED, Payment.State.RELEASED)
    assert stands(portrait) == (State.AWAITING_PAYMENT, Payment.State.CREATED)


def test_who_pays_too_late_is_told_and_not_charged(order: Order, provider: Provider, settle: Settle) -> None:
    commission = late(order(seed=42))
    with pytest.raises(NotPaidInTime):
        services.pay(commission=commission, payment_method=VISA)
    settle()
    assert stands(commission) == (State.EXPIRED, Payment.State.RELEASED)
    assert provider.intents() == []


def test_who_was_about_to_pay_cannot_any_more(order: Order, provider: Provider, settle: Settle) -> None:
    services.pay(commission=(commission := order(seed=42)))  # the form is open, the card not entered
    late(commission)
    expire_what_nobody_paid()
    settle()
    assert provider.intent(again(commission).payment)["status"] == "canceled"
    assert stands(commission) == (State.EXPIRED, Payment.State.RELEASED)


def test_a_card_authorised_after_the_end_is_released_and_the_seed_is_the_others(
    order: Order, provider: Provider, settle: Settle
) -> None:
    services.pay(commission=(first := order(seed=42)))
    late(first)
    second = paid(order(seed=42))
    provider.confirm(again(first).payment)  # before the release has reached the provider
    settle()
    assert stands(first) == (State.EXPIRED, Payment.State.RELEASED)
    assert provider.intent(again(first).payment)["status"] == "canceled"
    assert again(second).state == State.PROOF


def test_who_paid_at_the_last_moment_gets_the_picture_though_nobody_had_heard_of_it(
    order: Order, provider: Provider, settle: Settle
) -> None:
    services.pay(commission=(commission := order(seed=42)))
    provider.confirm(again(commission).payment)  # its webhook does not come
    late(commission)
    expire_what_nobody_paid()
    with pytest.raises(SeedTaken):
        order(seed=42)
    settle()
    assert stands(commission) == (State.PROOF, Payment.State.AUTHORISED)


def test_a_seed_stays_taken_while_the_provider_cannot_be_asked(order: Order, provider: Provider) -> None:
    services.pay(commission=(commission := order(seed=42)))
    late(commission)
    provider.fault(kind="error", method="GET", path="/v1/payment_intents/*", times=20)
    expire_what_nobody_paid()
    with pytest.raises(SeedTaken):
        order(seed=42)
    provider.forget_faults()
    order(seed=42)
    assert again(commission).state == State.EXPIRED


def test_over_http_an_order_says_until_when_it_can_be_paid(order: Order, api: APIClient) -> None:
    commission = order(seed=42)

    def answer() -> dict[str, Any]:
        shown: dict[str, Any] = api.get(f"/api/v1/commissions/{commission.pk}/").json()
        return shown

    assert answer()["pay_by"] == commission.pay_by.isoformat().replace("+00:00", "Z")
    late(commission)
    refused = api.post(f"/api/v1/commissions/{commission.pk}/pay/", {"payment_method": VISA}, format="json")
    assert (refused.status_code, refused.json()["code"]) == (409, "commission-not-paid-in-time")
    assert answer()["state"] == "expired"
