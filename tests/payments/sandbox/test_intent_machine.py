"""No sequence of calls takes more than was authorised, or leaves a payment intent in a state that cannot be."""

import urllib.request
from collections.abc import Callable
from typing import Any

import pytest
import stripe
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from payments.sandbox.intents.states import STATUSES
from tests.payments.sandbox.running import RunningSandbox

CARDS = (
    "pm_card_visa",
    "pm_card_chargeDeclined",
    "pm_card_authenticationRequired",
    "pm_card_authenticationRequiredChargeDeclinedInsufficientFunds",
)
FINAL = ("succeeded", "canceled")
# Where each status may lead; a status may always stay.
LEADS_TO = {
    "requires_payment_method": set(STATUSES) - {"processing"},
    "requires_confirmation": set(STATUSES) - {"processing"},
    "requires_action": set(STATUSES) - {"processing"},
    "requires_capture": {"requires_capture", *FINAL},
    "succeeded": {"succeeded"},
    "canceled": {"canceled"},
}


class IntentMachine(RuleBasedStateMachine):
    """Random calls on one intent, and what must hold after each."""

    sandbox: RunningSandbox

    @initialize(amount=st.integers(50, 5000), manual=st.booleans())
    def create(self, amount: int, manual: bool) -> None:
        """A new intent."""
        self.client = self.sandbox.client()
        self.intent = self.client.v1.payment_intents.create(
            {
                "amount": amount,
                "currency": "eur",
                "capture_method": "manual" if manual else "automatic",
                "payment_method_types": ["card"],
            }
        )
        self.seen = str(self.intent.status)
        self.refunded = 0

    def attempt(self, call: Callable[[], Any]) -> Any:
        """Make a call; a refusal must be one of those that Stripe knows."""
        try:
            return call()
        except (stripe.CardError, stripe.InvalidRequestError):
            return None

    @rule(card=st.sampled_from(CARDS))
    def give_card(self, card: str) -> None:
        """Attach a card."""
        self.attempt(lambda: self.client.v1.payment_intents.update(self.intent.id, {"payment_method": card}))

    @rule(amount=st.integers(50, 5000))
    def change_amount(self, amount: int) -> None:
        """Another price."""
        self.attempt(lambda: self.client.v1.payment_intents.update(self.intent.id, {"amount": amount}))

    @rule(card=st.sampled_from((*CARDS, None)), present=st.booleans())
    def confirm(self, card: str | None, present: bool) -> None:
        """Try to pay."""
        given: dict[str, Any] = {"return_url": "https://shop.test/", "off_session": not present}
        if card:
            given["payment_method"] = card
        self.attempt(lambda: self.client.v1.payment_intents.confirm(self.intent.id, given))  # type: ignore[arg-type]

    @rule(passes=st.booleans())
    def authenticate(self, passes: bool) -> None:
        """Answer the bank, if it asked."""
        action = self.client.v1.payment_intents.retrieve(self.intent.id).next_action
        if action is None or action.redirect_to_url is None:
            return
        path = str(action.redirect_to_url.url).partition(f":{self.sandbox.port}")[2]
        body = b"outcome=complete" if passes else b"outcome=fail"
        with urllib.request.urlopen(f"{self.sandbox.url}{path}?embedded=1", data=body) as page:
            assert page.status == 200

    @rule(amount=st.one_of(st.none(), st.integers(1, 6000)))
    def capture(self, amount: int | None) -> None:
        """Take the money."""
        given: dict[str, Any] = {} if amount is None else {"amount_to_capture": amount}
        self.attempt(lambda: self.client.v1.payment_intents.capture(self.intent.id, given))  # type: ignore[arg-type]

    @rule(amount=st.one_of(st.none(), st.integers(1, 6000)))
    def refund(self, amount: int | None) -> None:
        """Give money back."""
        given: dict[str, Any] = {"payment_intent": self.intent.id} | ({} if amount is None else {"amount": amount})
        refund = self.attempt(lambda: self.client.v1.refunds.create(given))  # type: ignore[arg-type]
        self.refunded += refund.amount if refund else 0

    @rule()
    def cancel(self) -> None:
        """Give up."""
        self.attempt(lambda: self.client.v1.payment_intents.cancel(self.intent.id))

    @invariant()
    def adds_up(self) -> None:
        """The intent, its charges and its refunds tell one story."""
        if not hasattr(self, "intent"):
            return
        intent = self.client.v1.payment_intents.retrieve(self.intent.id)
        charges = self.client.v1.charges.list({"payment_intent": intent.id, "limit": 100}).data
        status = str(intent.status)
        assert status in LEADS_TO[self.seen]
        self.seen = status
        succeeded = [charge for charge in charges if charge.status == "succeeded"]
        assert len(succeeded) <= 1
        captured = sum(charge.amount_captured for charge in charges)
        assert captured == intent.amount_received <= intent.amount
        assert (status == "succeeded") == (captured > 0)
        assert intent.amount_capturable == (intent.amount if status == "requires_capture" else 0)
        assert (status == "requires_action") == (intent.next_action is not None)
        for charge in succeeded:
            held = captured if captured else charge.amount
            assert 0 <= charge.amount_refunded <= held
            assert charge.amount_refunded == (charge.amount if status == "canceled" else self.refunded)
        if status == "requires_confirmation":
            assert intent.payment_method is not None
        assert self.refunded <= captured


def test_no_sequence_of_calls_breaks_a_payment_intent(sandbox: RunningSandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(IntentMachine, "sandbox", sandbox, raising=False)
    run_state_machine_as_test(
        IntentMachine,
        settings=settings(
            max_examples=25,
            stateful_step_count=20,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
