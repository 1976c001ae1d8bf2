"""The payment sandbox as tests handle it: its control surface, and a payer."""

from collections.abc import Sequence
from itertools import count
from typing import Any

import httpx
from django.conf import settings
from django.db import transaction

from marketplace.accounts.models import User
from marketplace.core.money import Money
from payments import services
from payments.models import Payment

_numbers = count(1)
VISA, DECLINED = "pm_card_visa", "pm_card_chargeDeclined"


class Provider:
    """The other side: what it holds, what it was asked, and the faults it is told to have."""

    def __init__(self) -> None:
        key = settings.ATELIER.stripe_api_key.get_secret_value()
        # Plain HTTP on loopback: to read the world's certificates would take longer than a call.
        self.http = httpx.Client(
            base_url=settings.ATELIER.stripe_api_base,
            headers={"Authorization": f"Bearer {key}"},
            timeout=10,
            verify=False,
        )

    def reset(self) -> None:
        self.http.post("/_sandbox/reset").raise_for_status()

    def fault(self, **fault: Any) -> None:
        self.http.post("/_sandbox/faults", json=fault).raise_for_status()

    def advance(self, seconds: int) -> None:
        self.http.post("/_sandbox/clock", json={"advance": seconds}).raise_for_status()

    def intents(self) -> list[dict[str, Any]]:
        return list(self.http.get("/v1/payment_intents", params={"limit": 100}).json()["data"])

    def intent(self, payment: Payment) -> dict[str, Any]:
        seen: dict[str, Any] = self.http.get(f"/v1/payment_intents/{payment.intent_id}").json()
        return seen

    def events(self) -> list[dict[str, Any]]:
        """All events so far, oldest first."""
        return list(reversed(self.http.get("/v1/events", params={"limit": 100}).json()["data"]))

    def confirm(self, payment: Payment, method: str = VISA) -> None:
        """What the payer does in the browser: confirm with a card, whatever comes of it."""
        chosen = {"payment_method": method, "return_url": "http://localhost/"}
        self.http.post(f"/v1/payment_intents/{payment.intent_id}/confirm", data=chosen)

    def events_of(self, payment: Payment) -> list[dict[str, Any]]:
        """The events about one payment's intent and charges, oldest first."""
        things = [(event, event["data"]["object"]) for event in self.events()]
        return [event for event, thing in things if payment.intent_id in {thing["id"], thing.get("payment_intent")}]

    def balance(self, currency: str) -> int:
        """What the house has there, pending and available."""
        seen = self.http.get("/v1/balance").json()
        amounts = [*seen["pending"], *seen["available"]]
        return sum(amount["amount"] for amount in amounts if amount["currency"] == currency)

    def authenticate(self, url: str, outcome: str = "complete") -> httpx.URL:
        """What the payer does on their bank's page; where it sends them afterwards."""
        return httpx.URL(self.http.post(url, data={"outcome": outcome}).headers["location"])

    def forget_faults(self) -> None:
        self.http.delete("/_sandbox/faults").raise_for_status()

    def executed(self, path: str) -> int:
        """How often a call to `path` (a shell pattern) did something."""
        query = {"method": "POST", "path": path, "outcome": "executed"}
        return len(self.http.get("/_sandbox/calls", params=query).json()["calls"])

    def asked(self, path: str) -> int:
        """How often something at `path` (a shell pattern) was looked at."""
        return len(self.http.get("/_sandbox/calls", params={"method": "GET", "path": path}).json()["calls"])


def make_payment(payer: User, amount: int = 2500) -> Payment:
    """A payment that nothing was done about yet."""
    with transaction.atomic():
        return services.create_payment(payer=payer, amount=Money(amount, "eur"), reference=f"test:{next(_numbers)}")


def make_purchase(payer: User, amount: int = 2500, currency: str = "eur", *, payee: User | None = None) -> Payment:
    """A payment that is taken at once, seventy to thirty, and that nothing was done about yet."""
    share = amount * 7 // 10
    splits = [services.Split((payee or payer).pk, share), services.Split(None, amount - share)]
    with transaction.atomic():
        return services.create_payment(
            payer=payer, amount=Money(amount, currency), reference=f"test:{next(_numbers)}", splits=splits
        )


def bought(
    payer: User, amount: int = 2500, method: str = VISA, currency: str = "eur", *, payee: User | None = None
) -> Payment:
    """A payment that was taken at once."""
    payment = make_purchase(payer, amount, currency, payee=payee)
    payment = services.authorise(payment_id=payment.pk, payment_method=method)
    assert payment.state == Payment.State.CAPTURED
    return payment


def authorised(payer: User, amount: int = 2500) -> Payment:
    """A payment whose amount is held on a card."""
    payment = services.authorise(payment_id=make_payment(payer, amount).pk, payment_method=VISA)
    assert payment.state == Payment.State.AUTHORISED
    return payment


def seventy_thirty(payment: Payment) -> Sequence[services.Split]:
    """Seventy to thirty, as for an artist's commission; the payer is the payee too."""
    share = payment.amount * 7 // 10
    return [services.Split(payment.payer_id, share), services.Split(None, payment.amount - share)]
