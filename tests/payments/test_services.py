"""A price is held, then taken or let go: once, whatever the network does."""

from collections.abc import Callable
from threading import Barrier, Thread
from time import sleep

import pytest
from django.db import connection, transaction
from django.utils import timezone

from marketplace.accounts.models import User
from marketplace.core.models import OutboxEvent
from payments import ledger, services
from payments.errors import GatewayUnavailable, PaymentDeclined, PaymentStateConflict
from payments.models import Entry, GatewayCall, Payment
from tests.payments.provider import DECLINED, VISA, Provider, authorised, make_payment, seventy_thirty

pytestmark = pytest.mark.django_db(transaction=True)
State = Payment.State


def topics() -> list[str]:
    return list(OutboxEvent.objects.order_by("pk").values_list("topic", flat=True))


def capture(payment: Payment) -> Payment:
    services.request_capture(payment_id=payment.pk, splits=seventy_thirty(payment))
    services.perform_capture(payment_id=payment.pk)
    payment.refresh_from_db()
    return payment


def test_a_card_is_authorised_and_nothing_is_taken_yet(user: User, provider: Provider) -> None:
    payment = authorised(user)
    seen = provider.intent(payment)
    assert (seen["status"], seen["amount_capturable"], seen["amount_received"]) == ("requires_capture", 2500, 0)
    assert seen["metadata"]["payment"] == str(payment.pk)
    assert payment.capture_before is not None
    assert payment.capture_before > timezone.now()
    assert topics() == ["payment.authorised"]
    assert not Entry.objects.exists()


def test_without_a_payment_method_the_payer_gets_a_client_secret(user: User, provider: Provider) -> None:
    payment = services.authorise(payment_id=make_payment(user).pk)
    assert payment.state == State.REQUIRES_PAYMENT
    assert payment.client_secret.startswith(f"{payment.intent_id}_secret_")
    again = services.authorise(payment_id=payment.pk)
    assert again.intent_id == payment.intent_id
    assert len(provider.intents()) == 1


def test_a_capture_takes_the_amount_and_credits_everybody_to_the_cent(user: User, provider: Provider) -> None:
    payment = capture(authorised(user, 3333))
    assert payment.state == State.CAPTURED
    assert provider.intent(payment)["amount_received"] == 3333
    assert ledger.balance("fees:stripe", "eur") == 127  # 2.9 % and 30 cents
    assert ledger.balance("stripe:balance", "eur") == 3333 - 127
    assert ledger.balance(ledger.payee(user.pk), "eur") == -2333
    assert ledger.balance("platform:revenue", "eur") == -1000
    assert topics() == ["payment.authorised", "payment.capture_requested", "payment.captured"]


def test_a_release_lets_the_amount_go(user: User, provider: Provider) -> None:
    payment = authorised(user)
    services.request_release(payment_id=payment.pk)
    services.perform_release(payment_id=payment.pk)
    payment.refresh_from_db()
    assert payment.state == State.RELEASED
    assert provider.intent(payment)["status"] == "canceled"
    assert not Entry.objects.exists()


def test_a_declined_card_is_said_clearly_and_a_second_card_works(user: User, provider: Provider) -> None:
    payment = make_payment(user)
    with pytest.raises(PaymentDeclined, match="declined"):
        services.authorise(payment_id=payment.pk, payment_method=DECLINED)
    payment.refresh_from_db()
    assert payment.state == State.REQUIRES_PAYMENT
    assert "declined" in payment.last_error_message
    assert topics() == []
    assert services.authorise(payment_id=payment.pk, payment_method=VISA).state == State.AUTHORISED
    assert len(provider.intents()) == 1


def test_the_same_declined_card_may_be_tried_again(user: User, provider: Provider) -> None:
    payment = make_payment(user)
    for _ in range(2):
        with pytest.raises(PaymentDeclined):
            services.authorise(payment_id=payment.pk, payment_method=DECLINED)
    assert provider.executed("/v1/payment_intents/*/confirm") == 2


@pytest.mark.parametrize("path", ["/v1/payment_intents", "/v1/payment_intents/*/confirm"])
def test_an_answer_that_was_lost_makes_no_second_intent(user: User, provider: Provider, path: str) -> None:
    payment = make_payment(user)
    provider.fault(kind="drop", method="POST", path=path, times=2)  # the SDK itself tries once more
    with pytest.raises(GatewayUnavailable):
        services.authorise(payment_id=payment.pk, payment_method=VISA)
    assert services.authorise(payment_id=payment.pk, payment_method=VISA).state == State.AUTHORISED
    assert [intent["status"] for intent in provider.intents()] == ["requires_capture"]


def test_a_capture_whose_answer_was_lost_is_posted_once(user: User, provider: Provider) -> None:
    payment = authorised(user)
    services.request_capture(payment_id=payment.pk, splits=seventy_thirty(payment))
    provider.fault(kind="drop", method="POST", path="/v1/payment_intents/*/capture", times=2)
    with pytest.raises(GatewayUnavailable):
        services.perform_capture(payment_id=payment.pk)
    assert Payment.objects.get().state == State.CAPTURING
    services.perform_capture(payment_id=payment.pk)
    services.perform_capture(payment_id=payment.pk)
    assert Payment.objects.get().state == State.CAPTURED
    assert Entry.objects.filter(kind="capture").count() == 1
    assert provider.executed("/v1/payment_intents/*/capture") == 1


@pytest.mark.parametrize("operation", ["capture", "cancel"])
def test_a_500_that_the_provider_keeps_under_the_key_is_overcome(
    user: User, provider: Provider, operation: str
) -> None:
    payment = authorised(user)
    perform: Callable[..., None] = services.perform_release
    if operation == "capture":
        services.request_capture(payment_id=payment.pk, splits=seventy_thirty(payment))
        perform = services.perform_capture
    else:
        services.request_release(payment_id=payment.pk)
    provider.fault(kind="error", stage="during", method="POST", path=f"/v1/payment_intents/*/{operation}")
    with pytest.raises(GatewayUnavailable):
        perform(payment_id=payment.pk)
    perform(payment_id=payment.pk)
    payment.refresh_from_db()
    assert payment.state in {State.CAPTURED, State.RELEASED}
    keys = GatewayCall.objects.filter(operation=operation).values_list("number", flat=True)
    assert sorted(keys) == [1, 2]


def test_an_authorisation_that_lapsed_is_found_out_at_capture(user: User, provider: Provider) -> None:
    payment = authorised(user)
    services.request_capture(payment_id=payment.pk, splits=seventy_thirty(payment))
    provider.advance(8 * 24 * 3600)
    services.perform_capture(payment_id=payment.pk)
    payment.refresh_from_db()
    assert payment.state == State.LAPSED
    assert topics()[-1] == "payment.lapsed"
    assert not Entry.objects.exists()


def test_two_captures_at_once_are_one(user: User, provider: Provider) -> None:
    payment = authorised(user)
    services.request_capture(payment_id=payment.pk, splits=seventy_thirty(payment))
    start = Barrier(4)

    def run() -> None:
        start.wait()
        try:
            services.perform_capture(payment_id=payment.pk)
        except GatewayUnavailable:
            pass  # the other's call is under way: the outbox would ask again
        finally:
            connection.close()

    threads = [Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    services.perform_capture(payment_id=payment.pk)
    assert ledger.balance("stripe:balance", "eur") == 2500 - 103
    assert Entry.objects.filter(kind="capture").count() == 1
    assert provider.executed("/v1/payment_intents/*/capture") == 1


def test_a_release_before_anything_was_asked_needs_no_provider(user: User, provider: Provider) -> None:
    payment = make_payment(user)
    services.request_release(payment_id=payment.pk)
    services.perform_release(payment_id=payment.pk)
    payment.refresh_from_db()
    assert payment.state == State.RELEASED
    assert provider.intents() == []


def test_a_release_finds_the_intent_whose_making_was_never_answered(user: User, provider: Provider) -> None:
    payment = make_payment(user)
    provider.fault(kind="drop", method="POST", path="/v1/payment_intents", times=2)
    with pytest.raises(GatewayUnavailable):
        services.authorise(payment_id=payment.pk)
    services.request_release(payment_id=payment.pk)
    services.perform_release(payment_id=payment.pk)
    assert Payment.objects.get().state == State.RELEASED
    assert [intent["status"] for intent in provider.intents()] == ["canceled"]


def test_an_intent_still_on_its_way_at_the_release_is_cancelled_when_it_comes(
    user: User, provider: Provider, settle: Callable[[], None]
) -> None:
    payment = make_payment(user)
    provider.fault(kind="delay", stage="during", seconds=2, method="POST", path="/v1/payment_intents")

    def ask() -> None:
        services.authorise(payment_id=payment.pk)
        connection.close()

    late = Thread(target=ask)
    late.start()
    while not payment.calls.exists():
        sleep(0.02)
    services.request_release(payment_id=payment.pk)
    services.perform_release(payment_id=payment.pk)
    assert Payment.objects.get().state == State.RELEASED
    late.join()
    settle()
    assert Payment.objects.get().state == State.RELEASED
    assert [intent["status"] for intent in provider.intents()] == ["canceled"]


def test_a_card_entered_after_the_release_was_asked_for_is_let_go(
    user: User, provider: Provider, settle: Callable[[], None]
) -> None:
    payment = services.authorise(payment_id=make_payment(user).pk)
    services.request_release(payment_id=payment.pk)
    provider.confirm(payment)
    assert services.refresh(payment_id=payment.pk).state == State.RELEASING
    settle()
    assert Payment.objects.get().state == State.RELEASED
    assert provider.intent(payment)["status"] == "canceled"
    assert "payment.authorised" not in topics()


def test_what_was_captured_outside_waits_for_a_person(user: User, provider: Provider) -> None:
    payment = authorised(user)
    provider.http.post(f"/v1/payment_intents/{payment.intent_id}/capture")
    services.refresh(payment_id=payment.pk)
    assert ledger.balance(ledger.UNASSIGNED, "eur") == -2500


def test_parts_that_are_not_the_whole_are_refused(user: User, provider: Provider) -> None:
    payment = authorised(user)
    with pytest.raises(ValueError, match="are not 2500"):
        services.request_capture(payment_id=payment.pk, splits=[services.Split(None, 2499)])
    payment.refresh_from_db()
    assert payment.state == State.AUTHORISED


def test_what_is_not_held_cannot_be_captured_and_what_is_taken_cannot_be_released(
    user: User, provider: Provider
) -> None:
    payment = make_payment(user)
    with pytest.raises(PaymentStateConflict):
        services.request_capture(payment_id=payment.pk, splits=seventy_thirty(payment))
    payment = capture(authorised(user))
    with pytest.raises(PaymentStateConflict):
        services.request_release(payment_id=payment.pk)


def test_a_call_is_never_made_inside_a_transaction(user: User, provider: Provider) -> None:
    payment = make_payment(user)
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        services.authorise(payment_id=payment.pk)
    assert provider.intents() == []
