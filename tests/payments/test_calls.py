"""What is asked of the provider is written down first, and asked again in a way that cannot do it twice."""

from contextlib import suppress
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.conf import LazySettings
from django.db import connection
from django.utils import timezone
from pydantic import SecretStr

from marketplace.accounts.models import User
from marketplace.core.money import Money
from payments import gateway, ledger, services
from payments.errors import GatewayRefused, GatewayUnavailable, PaymentDeclined
from payments.models import GatewayCall, Payment
from payments.services.calling import call_provider
from tests.payments.provider import VISA, Provider, make_payment

pytestmark = pytest.mark.django_db(transaction=True)
State = Payment.State


def test_a_call_is_kept_with_its_key_its_parameters_and_its_answer(user: User, provider: Provider) -> None:
    payment = services.authorise(payment_id=make_payment(user).pk)
    call = GatewayCall.objects.get()
    assert (call.operation, call.key, call.state, call.tries) == ("create", f"{payment.pk}:create:1", "done", 1)
    assert call.parameters == {
        "payment_id": str(payment.pk), "reference": payment.reference, "amount": 2500, "currency": "eur",
        "is_held": True,
    }  # fmt: skip
    assert call.answer == f"{payment.intent_id} requires_payment_method"


def test_a_call_that_never_arrived_is_made_again_under_the_same_key(user: User, provider: Provider) -> None:
    payment = make_payment(user)
    provider.fault(kind="drop", stage="before", method="POST", path="/v1/payment_intents", times=2)
    with pytest.raises(GatewayUnavailable):
        services.authorise(payment_id=payment.pk)
    assert GatewayCall.objects.get().state == "pending"
    services.authorise(payment_id=payment.pk)
    call = GatewayCall.objects.get()
    assert (call.number, call.tries, call.state, call.error) == (1, 2, "done", "")
    assert len(provider.intents()) == 1


def test_after_a_day_the_provider_forgot_the_key_and_the_intent_is_looked_for(user: User, provider: Provider) -> None:
    payment = make_payment(user)
    provider.fault(kind="drop", method="POST", path="/v1/payment_intents", times=2)
    with pytest.raises(GatewayUnavailable):
        services.authorise(payment_id=payment.pk)
    a_day_passes(provider)
    assert services.authorise(payment_id=payment.pk, payment_method=VISA).state == State.AUTHORISED
    assert len(provider.intents()) == 1
    assert provider.executed("/v1/payment_intents") == 1


def test_after_a_day_a_call_that_never_arrived_gets_a_new_key(user: User, provider: Provider) -> None:
    payment = make_payment(user)
    provider.fault(kind="drop", stage="before", method="POST", path="/v1/payment_intents", times=2)
    with pytest.raises(GatewayUnavailable):
        services.authorise(payment_id=payment.pk)
    a_day_passes(provider)
    services.authorise(payment_id=payment.pk)
    assert list(GatewayCall.objects.order_by("number").values_list("number", "state")) == [(1, "pending"), (2, "done")]
    assert len(provider.intents()) == 1


def test_who_comes_when_the_others_call_is_just_done_gets_the_same_answer(user: User, provider: Provider) -> None:
    payment = make_payment(user)
    first, second = (
        call_provider(
            payment, "create", gateway.create_intent,
            amount=payment.price, payment_id=str(payment.pk), reference=payment.reference, is_held=True,
        )
        for _ in range(2)
    )  # fmt: skip
    assert first.id == second.id
    assert len(provider.intents()) == 1
    assert GatewayCall.objects.get().tries == 2


def test_asking_for_the_same_payment_at_once_makes_one_intent(user: User, provider: Provider) -> None:
    payment = make_payment(user)
    provider.fault(kind="delay", stage="during", seconds=0.4, method="POST", path="/v1/payment_intents")
    start = Barrier(3)

    def ask() -> None:
        start.wait()
        with suppress(GatewayUnavailable):  # the first call is still running: the payer would ask again
            services.authorise(payment_id=payment.pk)
        connection.close()

    threads = [Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(provider.intents()) == 1
    assert Payment.objects.get().intent_id == provider.intents()[0]["id"]
    assert {call.state for call in GatewayCall.objects.all()} == {"done"}


def test_a_payment_method_that_does_not_exist_is_the_payers_to_change(user: User, provider: Provider) -> None:
    payment = make_payment(user)
    with pytest.raises(PaymentDeclined, match="cannot be used") as caught:
        services.authorise(payment_id=payment.pk, payment_method="pm_unknown")
    assert caught.value.data == {"decline_code": "resource_missing"}
    assert services.authorise(payment_id=payment.pk, payment_method=VISA).state == State.AUTHORISED


def test_a_payer_who_was_quicker_in_the_browser_has_paid(user: User, provider: Provider) -> None:
    payment = services.authorise(payment_id=make_payment(user).pk)
    provider.confirm(payment)
    assert services.authorise(payment_id=payment.pk, payment_method=VISA).state == State.AUTHORISED
    assert [intent["status"] for intent in provider.intents()] == ["requires_capture"]


def test_a_second_intent_of_a_payment_is_not_mistaken_for_the_first(user: User, provider: Provider) -> None:
    payment = services.authorise(payment_id=make_payment(user).pk)
    second = gateway.create_intent(
        key="another", amount=payment.price, payment_id=str(payment.pk), reference=payment.reference, is_held=True
    )
    seen = gateway.confirm_intent(key="more", intent_id=second.id, payment_method=VISA, return_url="http://localhost/")
    after = services.applying.apply_snapshot(payment.pk, seen)
    assert (after.state, after.intent_id) == (State.REQUIRES_PAYMENT, payment.intent_id)


def a_day_passes(provider: Provider) -> None:
    provider.advance(25 * 3600)
    GatewayCall.objects.update(created_at=timezone.now() - timedelta(hours=25))


def test_a_release_that_comes_too_late_finds_the_amount_taken(user: User, provider: Provider) -> None:
    payment = services.authorise(payment_id=make_payment(user).pk, payment_method=VISA)
    services.request_release(payment_id=payment.pk)
    provider.http.post(f"/v1/payment_intents/{payment.intent_id}/capture")
    services.perform_release(payment_id=payment.pk)
    assert Payment.objects.get().state == State.CAPTURED
    assert GatewayCall.objects.get(operation="cancel").state == "refused"
    assert ledger.balance(ledger.UNASSIGNED, "eur") == -2500


def test_a_key_that_comes_back_with_another_request_is_refused_for_good(provider: Provider) -> None:
    gateway.create_intent(key="one", amount=Money(2500, "eur"), payment_id="p", reference="r", is_held=True)
    with pytest.raises(GatewayRefused) as caught:
        gateway.create_intent(key="one", amount=Money(2600, "eur"), payment_id="p", reference="r", is_held=True)
    assert (caught.value.transient, caught.value.data) == (False, {"provider_code": "idempotency"})


def test_a_wrong_key_of_ours_is_our_fault_and_not_the_payers(provider: Provider, settings: LazySettings) -> None:
    settings.ATELIER = settings.ATELIER.model_copy(update={"stripe_api_key": SecretStr("sk_test_wrong")})
    with pytest.raises(GatewayRefused, match="does not accept our key") as caught:
        gateway.create_intent(key="one", amount=Money(2500, "eur"), payment_id="p", reference="r", is_held=True)
    assert (caught.value.transient, caught.value.status) == (False, 502)
