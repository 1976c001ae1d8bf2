"""reconcile says every difference in what went back, and in the balance; it puts right only what it is asked to."""

from typing import Any

import pytest

from marketplace.accounts.models import User
from payments import ledger, services
from payments.models import Dispute, Payment, Refund, Share
from tests.payments.provider import Provider, bought
from tests.payments.test_disputes import DISPUTED
from tests.payments.test_reconcile_and_api import reconcile
from tests.payments.test_refunds import refund

pytestmark = pytest.mark.django_db(transaction=True)
CLEAN = "1 payments, 0 differ\n"


def at_provider(provider: Provider, path: str, **params: Any) -> dict[str, Any]:
    answer = provider.http.post(path, data=params)
    answer.raise_for_status()
    made: dict[str, Any] = answer.json()
    return made


def test_refunds_disputes_and_several_currencies_that_agree(user: User, provider: Provider) -> None:
    refund(bought(user), 700)
    refund(bought(user, 4200, currency="jpy"))
    bought(user, 2500, method="pm_card_pendingRefund", currency="usd")
    assert reconcile() == "3 payments, 0 differ\n"


def test_a_refund_that_nobody_of_us_asked_for_is_said_and_taken_over_when_asked(user: User, provider: Provider) -> None:
    payment = bought(user, 1000)
    made = at_provider(provider, "/v1/refunds", payment_intent=payment.intent_id, amount=500)
    said = f"{made['id']} gave €5.00 of {payment.reference} back, which did not ask for it"
    assert said in reconcile()
    assert not Refund.objects.exists()
    fixed = reconcile("--fix")
    assert f"{said}; asked the provider again, put right\n" in fixed
    assert reconcile() == CLEAN
    assert (Share.objects.get().refunded, Refund.objects.get().state) == (350, "succeeded")


def test_a_refund_whose_end_we_missed_is_said_and_put_right(user: User, provider: Provider) -> None:
    payment = bought(user, method="pm_card_refundFail")
    made = refund(payment, 1000)
    provider.advance(61)
    found = reconcile()
    assert f"we say {made.stripe_id} is €10.00 succeeded, the provider says €10.00 failed" in found
    assert "the provider's balance is €23.97, the ledger says €13.97: €10.00 more than ours" in found
    reconcile("--fix")
    assert reconcile() == CLEAN


def test_a_refund_that_the_provider_does_not_know_is_said(user: User, provider: Provider) -> None:
    made = refund(bought(user), 1000)
    Refund.objects.update(stripe_id="re_invented")
    assert "the provider does not know re_invented" in reconcile()
    assert f"{made.stripe_id} gave €10.00" in reconcile()


def test_a_dispute_that_we_have_not_heard_of_is_said_and_put_right(user: User, provider: Provider) -> None:
    payment = bought(user, method=DISPUTED)
    found = reconcile()
    assert f"{payment.reference}: we have not heard of dispute dp_" in found
    assert "moved -€40.00" in found  # the amount and the fee
    assert not Dispute.objects.exists()
    reconcile("--fix")
    assert reconcile() == CLEAN
    provider.advance(10 * 86_400)
    assert "is needs_response, the provider lost" in reconcile()
    reconcile("--fix")
    assert reconcile() == CLEAN


def test_money_that_moved_without_us_is_named(user: User, provider: Provider) -> None:
    bought(user, method="pm_card_bypassPending")
    made = at_provider(provider, "/v1/payouts", amount=100, currency="eur")
    found = reconcile("--fix")
    assert "the provider's balance is €22.97, the ledger says €23.97: €1.00 less than ours" in found
    assert f"(payout of {made['id']}) moved -€1.00" in found


def test_a_fee_that_we_missed_is_said_and_put_right(user: User, provider: Provider) -> None:
    payment = services.authorise(payment_id=bought(user).pk)
    Payment.objects.filter(pk=payment.pk).update(fee=99)
    assert f"'{ledger.FEES}': 103" in reconcile()
