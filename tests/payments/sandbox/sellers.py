"""Connected accounts and money for the tests: an artist who may be paid, and a platform that has something to pay."""

from typing import Any

import stripe

IBAN = "DE89370400440532013000"
VISA, AT_ONCE = "pm_card_visa", "pm_card_bypassPending"
DAY = 86_400


def person(**changes: Any) -> dict[str, Any]:
    """A person of whom everything is known."""
    return {
        "first_name": "Ada",
        "last_name": "Painter",
        "dob": {"day": 2, "month": 3, "year": 1990},
        "address": {"line1": "Hauptstrasse 1", "city": "Berlin", "postal_code": "10115"},
        **changes,
    }


def bank(number: str = IBAN, *, country: str = "DE", currency: str = "eur", **more: str) -> dict[str, str]:
    """A bank account's details."""
    return {"object": "bank_account", "country": country, "currency": currency, "account_number": number, **more}


def application(**changes: Any) -> dict[str, Any]:
    """All that an account needs whose information the platform collects; payouts by hand."""
    kind = {} if "controller" in changes else {"type": "custom"}
    return {
        **kind,
        "country": "DE",
        "capabilities": {"transfers": {"requested": True}, "card_payments": {"requested": True}},
        "business_type": "individual",
        "individual": person(),
        "tos_acceptance": {"date": 1_700_000_000, "ip": "127.0.0.1"},
        "external_account": bank(),
        "settings": {"payouts": {"schedule": {"interval": "manual"}}},
        **changes,
    }


def make_artist(client: stripe.StripeClient, **changes: Any) -> stripe.Account:
    """An account that may be paid."""
    return client.v1.accounts.create(application(**changes))  # type: ignore[arg-type]  # built from parts


def take(client: stripe.StripeClient, amount: int, *, card: str = AT_ONCE, **more: Any) -> stripe.PaymentIntent:
    """A payment taken at once, its money available at once unless the card says otherwise."""
    given: dict[str, Any] = {
        "amount": amount,
        "currency": "eur",
        "payment_method_types": ["card"],
        "payment_method": card,
        "confirm": True,
        **more,
    }
    return client.v1.payment_intents.create(given)  # type: ignore[arg-type]  # built from parts


def funds(client: stripe.StripeClient, account: str | None = None, currency: str = "eur") -> tuple[int, int]:
    """What an account has in a currency: available, pending."""
    balance = client.v1.balance.retrieve({}, {"stripe_account": account} if account else {})
    shown = [
        sum(entry.amount for entry in entries if entry.currency == currency)
        for entries in (balance.available, balance.pending)
    ]
    return shown[0], shown[1]


def kinds(client: stripe.StripeClient, account: str | None = None) -> list[str]:
    """The types of an account's events, oldest first."""
    listed = client.v1.events.list({"limit": 100}, {"stripe_account": account} if account else {})
    return [event.type for event in reversed(listed.data)]
