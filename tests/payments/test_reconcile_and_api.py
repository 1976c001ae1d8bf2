"""The books are compared with the provider's; payers see their own payments and nobody else's."""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from rest_framework.test import APIClient

from marketplace.accounts.models import User
from marketplace.core.money import Money
from payments import selectors, services
from payments.models import Payment
from payments.tasks import look_at_stale_payments
from tests.payments.provider import VISA, Provider, authorised, make_payment, seventy_thirty

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
    assert "the provider took 2500, the ledger holds 0" in found
    assert "1 payments, 1 differ" in found
    with pytest.raises(CommandError, match="the books differ"):
        call_command("reconcile", stdout=StringIO())
    assert reconcile("--fix") == "1 payments, 0 differ\n"
    assert selectors.earnings_of("a") == [Money(1750, "eur")]  # type: ignore[arg-type]


def test_a_payer_sees_what_the_form_needs_until_it_is_paid(user: User, api: APIClient, provider: Provider) -> None:
    payment = services.authorise(payment_id=make_payment(user).pk)
    shown = api.get(f"/api/v1/payments/{payment.pk}/").json()
    assert shown["client_secret"] == payment.client_secret
    assert shown["publishable_key"].startswith("pk_test_")
    provider.http.post(f"/v1/payment_intents/{payment.intent_id}/confirm", data={"payment_method": VISA})
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
    provider.http.post(f"/v1/payment_intents/{payment.intent_id}/confirm", data={"payment_method": VISA})
    look_at_stale_payments()
    assert Payment.objects.get().state == Payment.State.REQUIRES_PAYMENT  # it moved just now
    Payment.objects.update(updated_at=timezone.now() - timedelta(minutes=3))
    look_at_stale_payments()
    assert Payment.objects.get().state == Payment.State.AUTHORISED


def test_the_house_is_not_ready_without_its_payment_provider(api: APIClient, provider: Provider) -> None:
    assert api.get("/readyz").json()["parts"]["payments"]["status"] == "ok"
    from django.core.cache import cache

    cache.clear()
    provider.fault(kind="error", method="GET", path="/v1/payment_intents", times=4)
    answer = api.get("/readyz")
    assert (answer.status_code, answer.json()["parts"]["payments"]["status"]) == (503, "unavailable")
