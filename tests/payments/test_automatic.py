"""A price that is taken at once: by our answer, a webhook or the payer's browser, in any order, and credited once."""

import random
from collections.abc import Callable

import pytest
from django.test import Client

from marketplace.accounts.models import User
from marketplace.core.models import OutboxEvent
from payments import ledger, selectors, services
from payments.errors import GatewayUnavailable, PaymentDeclined, PaymentStateConflict
from payments.models import GatewayCall, Payment, Share
from tests.payments.provider import DECLINED, VISA, Provider, bought, make_purchase
from tests.payments.test_webhooks import send

pytestmark = pytest.mark.django_db(transaction=True)
State = Payment.State
SECURE = "pm_card_authenticationRequired"


def told(payment: Payment) -> list[str]:
    return sorted(OutboxEvent.objects.filter(subject_id=str(payment.pk)).values_list("topic", flat=True))


def test_it_is_taken_and_everybody_has_their_share(
    user: User, make_user: Callable[..., User], provider: Provider
) -> None:
    payee = make_user()
    payment = bought(user, 3333, payee=payee)
    seen = provider.intent(payment)
    assert (seen["status"], seen["amount_received"], seen["automatic_payment_methods"]["enabled"]) == (
        "succeeded", 3333, True,
    )  # fmt: skip
    share = Share.objects.get()
    assert (share.payment, share.payee, share.amount, share.refunded, share.transferred) == (payment, payee, 2333, 0, 0)
    assert ledger.balance("platform:revenue", "eur") == -1000
    assert told(payment) == ["payment.captured"]
    assert list(selectors.differences_of(payment)) == []


def test_what_the_provider_keeps_is_posted_once_and_the_balances_agree(user: User, provider: Provider) -> None:
    payment = bought(user)
    for _ in range(2):
        payment = services.refresh(payment_id=payment.pk)
    assert (payment.fee, ledger.balance("fees:stripe", "eur")) == (103, 103)
    assert ledger.balance("stripe:balance", "eur") == provider.balance("eur") == 2397


def test_in_a_currency_without_cents_it_adds_up_too(user: User, provider: Provider) -> None:
    payment = bought(user, 2501, currency="jpy")
    assert list(selectors.differences_of(payment)) == []
    assert ledger.balance("stripe:balance", "jpy") == provider.balance("jpy")


@pytest.mark.parametrize("seed", range(6))
def test_answer_and_news_in_any_order_take_it_once(
    user: User, provider: Provider, settle: Callable[[], None], seed: int
) -> None:
    chance = random.Random(seed)
    payment = services.authorise(payment_id=make_purchase(user).pk)
    provider.confirm(payment)
    owed = [event for event in provider.events_of(payment) for _ in range(chance.randint(1, 2))]
    chance.shuffle(owed)
    for event in owed:
        send(event)
        if chance.random() < 0.3:
            services.authorise(payment_id=payment.pk, payment_method=VISA)
    settle()
    payment.refresh_from_db()
    assert (payment.state, Share.objects.count()) == (State.CAPTURED, 1)
    assert told(payment) == ["payment.captured"]
    assert list(selectors.differences_of(payment)) == []


def test_an_answer_that_was_lost_takes_nothing_twice(user: User, provider: Provider) -> None:
    payment = make_purchase(user)
    provider.fault(kind="drop", method="POST", path="/v1/payment_intents/*/confirm", times=2)
    with pytest.raises(GatewayUnavailable):
        services.authorise(payment_id=payment.pk, payment_method=VISA)
    assert services.authorise(payment_id=payment.pk, payment_method=VISA).state == State.CAPTURED
    assert provider.executed("/v1/payment_intents/*/confirm") == 1


def test_a_declined_card_takes_nothing_and_another_may_be_tried(user: User, provider: Provider) -> None:
    payment = make_purchase(user)
    with pytest.raises(PaymentDeclined):
        services.authorise(payment_id=payment.pk, payment_method=DECLINED)
    payment.refresh_from_db()
    assert (payment.state, told(payment)) == (State.REQUIRES_PAYMENT, [])
    assert services.authorise(payment_id=payment.pk, payment_method=VISA).state == State.CAPTURED


@pytest.mark.parametrize("outcome", ["complete", "fail"])
def test_the_bank_asks_the_payer_who_comes_back_to_what_they_pay_for(
    user: User, provider: Provider, client: Client, outcome: str
) -> None:
    payment = services.authorise(payment_id=make_purchase(user).pk, payment_method=SECURE)
    assert payment.state == State.REQUIRES_PAYMENT
    home = provider.authenticate(payment.action_url, outcome)
    assert home.path == f"/payments/{payment.pk}/"
    client.force_login(user)
    assert client.get(home.path).status_code == 302
    payment.refresh_from_db()
    if outcome == "complete":
        assert (payment.state, payment.action_url, told(payment)) == (State.CAPTURED, "", ["payment.captured"])
    else:
        assert (payment.state, payment.action_url) == (State.REQUIRES_PAYMENT, "")
        assert payment.last_error_code == "payment_intent_authentication_failure"


def test_what_we_let_go_and_was_taken_after_all_is_captured_and_told(user: User, provider: Provider) -> None:
    payment = services.authorise(payment_id=make_purchase(user).pk)
    services.request_release(payment_id=payment.pk)
    provider.confirm(payment)
    services.perform_release(payment_id=payment.pk)
    payment.refresh_from_db()
    assert (payment.state, Share.objects.count()) == (State.CAPTURED, 1)
    assert told(payment) == ["payment.captured", "payment.release_requested"]
    assert GatewayCall.objects.get(operation="cancel").state == "refused"
    assert list(selectors.differences_of(payment)) == []


def test_what_nobody_paid_is_let_go(user: User, provider: Provider) -> None:
    payment = services.authorise(payment_id=make_purchase(user).pk)
    services.request_release(payment_id=payment.pk)
    services.perform_release(payment_id=payment.pk)
    payment.refresh_from_db()
    assert (payment.state, provider.intent(payment)["status"]) == (State.RELEASED, "canceled")


def test_what_was_taken_cannot_be_let_go(user: User, provider: Provider) -> None:
    payment = bought(user)
    with pytest.raises(PaymentStateConflict):
        services.request_release(payment_id=payment.pk)


def test_nobody_comes_back_to_another_persons_payment(
    user: User, make_user: Callable[..., User], provider: Provider, client: Client
) -> None:
    payment = services.authorise(payment_id=make_purchase(user).pk)
    client.force_login(make_user())
    assert client.get(f"/payments/{payment.pk}/").status_code == 404
