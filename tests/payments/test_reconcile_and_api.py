"""The books are compared with the provider's; payers see their own payments and nobody else's."""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.utils import timezone
from rest_framework.test import APIClient

from marketplace.accounts.models import User
from marketplace.core.money import Money
from payments import gateway, ledger, selectors, services
from payments.errors import GatewayUnavailable
from payments.models import Payment
from payments.tasks import look_at_stale_payments
from tests.payments.provider import Provider, authorised, make_payment, seventy_thirty

pytestmark = pytest.mark.django_db(transaction=True)


def reconcile(*options: str) -> str:
    out = StringIO()
    with suppress(CommandError):
        call_command("reconcile", *options, stdout=out)
    return out.getvalue()


def test_books_that_agree_are_said_to(user: User, provider: Provider) -> None:
    payment = authorised(user)
    services.request_capture(payment_id=payment.pk, splits=seventy_thirty(payment))
    services.perform_capture(payment_id=payment.pk)
    authorised(user)
    make_payment(user)
    assert reconcile() == "3 payments, 0 differ\n"


def test_a_difference_is_found_and_fixed(user: User, provider: Provider) -> None:
    payment = authorised(user)
    services.request_capture(payment_id=payment.pk, splits=seventy_thirty(payment))
    provider.http.post(f"/v1/payment_intents/{payment.intent_id}/capture")
    found = reconcile()
    assert "we say capturing, the provider says succeeded" in found
    assert "the provider took 2500, the ledger says 0" in found
    assert "1 payments, 1 differ" in found
    with pytest.raises(CommandError, match="the books differ"):
        call_command("reconcile", stdout=StringIO())
    fixed = reconcile("--fix")
    assert "we say capturing, the provider says succeeded; asked the provider again, put right" in fixed
    assert fixed.endswith("1 payments, 0 differ\n")
    assert reconcile() == "1 payments, 0 differ\n"
    assert selectors.earnings_of(user) == [Money(1750, "eur")]


def test_an_intent_that_the_provider_does_not_know_is_said(user: User, provider: Provider) -> None:
    payment = authorised(user)
    provider.reset()
    said = f"{payment.pk} {payment.reference}: we say authorised, the provider does not know {payment.intent_id}\n"
    assert reconcile() == f"{said}1 payments, 1 differ\n"
    assert reconcile("--fix") == f"{said}1 payments, 1 differ\n"


def test_an_entry_that_was_planted_is_found(user: User, provider: Provider) -> None:
    payment = authorised(user)
    lines = [ledger.Line("stripe:balance", 1), ledger.Line("payee:thief", -1)]
    with transaction.atomic():
        ledger.post_entry(kind="planted", reference="1", currency="eur", payment=payment, lines=lines)
    found = reconcile("--fix")
    assert "the ledger holds 1, it should hold 0" in found
    assert "the ledger says {'payee:thief': -1}, it should say {}" in found


def test_credit_that_went_to_the_wrong_person_is_found(user: User, provider: Provider) -> None:
    payment = authorised(user)
    services.request_capture(payment_id=payment.pk, splits=seventy_thirty(payment))
    services.perform_capture(payment_id=payment.pk)
    Payment.objects.update(splits=[["somebody-else", "seller", 1750], ["platform", "seller", 750]])
    assert f"'payee:{user.pk}': -1750" in reconcile()


def test_what_was_taken_unasked_and_a_second_intent_are_said(user: User, provider: Provider) -> None:
    payment = authorised(user)
    provider.http.post(f"/v1/payment_intents/{payment.intent_id}/capture")
    services.refresh(payment_id=payment.pk)
    second = gateway.create_intent(
        key="second", amount=payment.price, payment_id=str(payment.pk), reference=payment.reference, is_held=True
    )
    assert reconcile() == (
        "€25.00 waits in suspense:unassigned\n"
        f"{second.id} (requires_payment_method) says it is for payment {payment.pk}, which does not know it\n"
        "1 payments, 0 differ\n"
    )
    with pytest.raises(CommandError, match="the books differ"):
        call_command("reconcile", stdout=StringIO())


def test_a_payer_sees_what_the_form_needs_until_it_is_paid(user: User, api: APIClient, provider: Provider) -> None:
    payment = services.authorise(payment_id=make_payment(user).pk)
    shown = api.get(f"/api/v1/payments/{payment.pk}/").json()
    assert shown["client_secret"] == payment.client_secret
    assert shown["publishable_key"].startswith("pk_test_")
    provider.confirm(payment)
    shown = api.post(f"/api/v1/payments/{payment.pk}/refresh/").json()
    assert (shown["state"], shown["client_secret"]) == ("authorised", "")


def test_nobody_sees_another_persons_payment(
    user: User, make_user: Callable[..., User], client_of: Callable[[User], APIClient]
) -> None:
    payment = make_payment(user)
    stranger = client_of(make_user())
    assert stranger.get(f"/api/v1/payments/{payment.pk}/").status_code == 404
    assert stranger.post(f"/api/v1/payments/{payment.pk}/refresh/").status_code == 404
    assert APIClient().get(f"/api/v1/payments/{payment.pk}/").status_code == 401


def test_a_lost_webhook_is_made_up_for_by_the_sweeper(user: User, provider: Provider) -> None:
    payment = services.authorise(payment_id=make_payment(user).pk)
    provider.confirm(payment)
    look_at_stale_payments()
    assert Payment.objects.get().state == Payment.State.REQUIRES_PAYMENT  # it moved just now
    Payment.objects.update(updated_at=timezone.now() - timedelta(minutes=3))
    look_at_stale_payments()
    assert Payment.objects.get().state == Payment.State.AUTHORISED


@pytest.mark.parametrize("asked", ["capture", "release"])
def test_the_sweeper_carries_on_with_what_hung(user: User, provider: Provider, asked: str) -> None:
    payment = authorised(user)
    if asked == "capture":
        services.request_capture(payment_id=payment.pk, splits=seventy_thirty(payment))
    else:
        services.request_release(payment_id=payment.pk)
    Payment.objects.update(updated_at=timezone.now() - timedelta(minutes=3))
    look_at_stale_payments()
    assert Payment.objects.get().state == {"capture": "captured", "release": "released"}[asked]


def test_the_sweeper_finds_an_intent_whose_making_was_never_answered(user: User, provider: Provider) -> None:
    payment = make_payment(user)
    provider.fault(kind="drop", method="POST", path="/v1/payment_intents", times=2)
    with pytest.raises(GatewayUnavailable):
        services.authorise(payment_id=payment.pk)
    Payment.objects.update(updated_at=timezone.now() - timedelta(minutes=3))
    look_at_stale_payments()
    assert Payment.objects.get().intent_id == provider.intents()[0]["id"]


def test_a_payment_that_always_fails_keeps_no_other_waiting(user: User, provider: Provider) -> None:
    authorised(user)
    provider.reset()  # the provider forgets the first
    second = services.authorise(payment_id=make_payment(user).pk)
    provider.confirm(second)
    Payment.objects.update(updated_at=timezone.now() - timedelta(hours=7))
    look_at_stale_payments()
    second.refresh_from_db()
    assert second.state == Payment.State.AUTHORISED


def test_the_house_is_not_ready_without_its_payment_provider(api: APIClient, provider: Provider) -> None:
    assert api.get("/readyz").json()["parts"]["payments"]["status"] == "ok"
    from django.core.cache import cache

    cache.clear()
    provider.fault(kind="error", method="GET", path="/v1/payment_intents", times=4)
    answer = api.get("/readyz")
    assert (answer.status_code, answer.json()["parts"]["payments"]["status"]) == (503, "unavailable")
