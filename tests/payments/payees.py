"""Payees for the tests: people with accounts at the provider, and what they are owed."""

import hashlib
import hmac
import json
import time
from collections.abc import Callable, Mapping
from datetime import timedelta
from itertools import count
from typing import Any

import httpx
from django.conf import settings
from django.db import transaction
from django.test import Client
from django.utils import timezone

from marketplace.accounts.models import User
from marketplace.core.money import Money
from payments import services
from payments.models import Payment, PayoutAccount, Share
from tests.payments.provider import VISA, Provider

_numbers = count(1)
ANSWERS = {
    "first_name": "Ada",
    "last_name": "Painter",
    "born": "1990-03-02",
    "line1": "Hauptstrasse 1",
    "postal_code": "10115",
    "city": "Berlin",
    "account_number": "DE89370400440532013000",
}
BACK, AGAIN = "https://atelier.test/back", "https://atelier.test/again"


def link_for(user: User, country: str = "DE") -> str:
    return services.open_payout_account(user=user, country=country, return_url=BACK, refresh_url=AGAIN)


def fill_in(link: str, **changes: str) -> httpx.Response:
    """What a person does on the provider's page."""
    with httpx.Client(verify=False) as browser:  # plain HTTP: no certificate is looked at
        browser.get(link)
        return browser.post(link, data=ANSWERS | changes)


def onboarded(user: User, **changes: str) -> PayoutAccount:
    """An account that may be paid, as far as the provider and we know."""
    fill_in(link_for(user), **changes)
    return services.refresh_payout_account(account_id=PayoutAccount.objects.get(user=user).pk)


def captured(
    payer: User, parts: Mapping[User, int], *, house: int = 0, currency: str = "eur", hold: services.Hold | None = None
) -> Payment:
    """A payment that was taken at once, with everybody's part."""
    splits = [services.Split(payee.pk, amount) for payee, amount in parts.items()]
    splits += [services.Split(None, house)] if house else []
    amount = Money(sum(split.amount for split in splits), currency)
    with transaction.atomic():
        payment = services.create_payment(
            payer=payer, amount=amount, reference=f"sale:{next(_numbers)}", splits=splits,
            hold=hold or services.Hold.USUAL,
        )  # fmt: skip
    payment = services.authorise(payment_id=payment.pk, payment_method=VISA)
    assert payment.state == Payment.State.CAPTURED
    return payment


def weeks_later(*payments: Payment) -> None:
    """The waiting time of these payments is over."""
    shares = Share.objects.filter(payment__in=payments, release_at__isnull=False)
    shares.update(release_at=timezone.now() - timedelta(minutes=1))


def take_back(payment: Payment, amounts: Mapping[User, int], reference: str) -> None:
    """What a refund does to shares: the payees no longer have a claim to these amounts."""
    with transaction.atomic():
        shares = {share.payee: share for share in Share.objects.filter(payment=payment).select_related("payee")}
        for payee, amount in amounts.items():
            share = shares[payee]
            share.refunded += amount
            share.save(update_fields=["refunded"])
        services.request_reversals(
            payment=payment,
            amounts={shares[payee].pk: amount for payee, amount in amounts.items()},
            reference=reference,
        )


def transfers_at(provider: Provider, account: str = "") -> list[dict[str, Any]]:
    """Every transfer at the provider, or to one account, oldest first."""
    params = {"limit": "100"} | ({"destination": account} if account else {})
    return list(reversed(provider.http.get("/v1/transfers", params=params).json()["data"]))


def deliver(event: dict[str, Any]) -> None:
    """Send one event as the provider does."""
    body, moment = json.dumps(event), int(time.time())
    key = settings.ATELIER.stripe_webhook_secret.get_secret_value().encode()
    signature = hmac.new(key, f"{moment}.{body}".encode(), hashlib.sha256).hexdigest()
    answer = Client().post(
        "/api/v1/webhooks/stripe/", body, content_type="application/json",
        headers={"Stripe-Signature": f"t={moment},v1={signature}"},
    )  # fmt: skip
    assert answer.status_code == 200


def events_of_account(provider: Provider, account: PayoutAccount) -> list[dict[str, Any]]:
    """Its events, oldest first."""
    headers = {"Stripe-Account": str(account.stripe_id)}
    events = provider.http.get("/v1/events", params={"limit": 100}, headers=headers).json()["data"]
    return list(reversed(events))


Settle = Callable[[], None]
