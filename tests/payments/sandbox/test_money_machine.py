"""No sequence of calls makes or loses a cent: what payers paid is with us, with artists, in banks, back, or a fee."""

from collections.abc import Callable
from itertools import count
from typing import Any

import pytest
import stripe
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from tests.payments.sandbox.running import RunningSandbox
from tests.payments.sandbox.sellers import DAY, funds, make_artist, take

CARDS = (
    "pm_card_visa",
    "pm_card_bypassPending",
    "pm_card_createDispute",
    "pm_card_createDisputeInquiry",
    "pm_card_pendingRefund",
    "pm_card_refundFail",
)
WORDS = ("winning_evidence", "losing_evidence", "escalate_inquiry_evidence", "it was delivered")
Call = Callable[[stripe.RequestOptions], Any]


class MoneyMachine(RuleBasedStateMachine):
    """Random payments, transfers, refunds, disputes and payouts among a platform and two artists."""

    sandbox: RunningSandbox
    keys = count(1)

    @initialize()
    def begin(self) -> None:
        """An empty platform and two artists, one of whom has a bank that takes nothing."""
        self.sandbox.control("POST", "reset")
        self.client = self.sandbox.client()
        bad = {"object": "bank_account", "country": "DE", "currency": "eur", "account_number": "DE62370400440532013001"}
        daily = {"payouts": {"schedule": {"interval": "daily"}}}
        self.artists = [make_artist(self.client, settings=daily).id, make_artist(self.client, external_account=bad).id]

    def once(self, call: Call, account: str | None = None) -> None:
        """Make a call, and again under its key; it is refused or done, the second time like the first."""
        options: stripe.RequestOptions = {"idempotency_key": f"money-{next(self.keys)}"}
        if account:
            options["stripe_account"] = account
        first, second = self.outcome(call, options), self.outcome(call, options)
        assert first == second

    def outcome(self, call: Call, options: stripe.RequestOptions) -> str:
        """What became of a call."""
        try:
            return str(call(options).id)
        except (stripe.CardError, stripe.InvalidRequestError) as refusal:
            return f"{refusal.code}: {refusal.user_message}"

    def one_of(self, found: list[Any], number: int) -> Any:
        """Any of some, or None of none."""
        return found[number % len(found)] if found else None

    @rule(amount=st.integers(50, 20_000), card=st.sampled_from(CARDS), artist=st.none() | st.integers(0, 1))
    def pay(self, amount: int, card: str, artist: int | None) -> None:
        """Somebody pays, the platform or straight through to an artist."""
        more: dict[str, Any] = {}
        if artist is not None:
            more["transfer_data"] = {"destination": self.artists[artist], "amount": max(1, amount * 7 // 10)}
        take(self.client, amount, card=card, **more)

    @rule(amount=st.integers(1, 15_000), artist=st.integers(0, 1), source=st.none() | st.integers(0, 9))
    def transfer(self, amount: int, artist: int, source: int | None) -> None:
        """An artist's share, from what is available or from one charge."""
        sent: dict[str, Any] = {"amount": amount, "currency": "eur", "destination": self.artists[artist]}
        charge = self.one_of(self.client.v1.charges.list().data, source) if source is not None else None
        if charge:
            sent["source_transaction"] = charge.id
        self.once(lambda options: self.client.v1.transfers.create(sent, options))  # type: ignore[arg-type]

    @rule(number=st.integers(0, 9), amount=st.none() | st.integers(1, 9_000))
    def reverse(self, number: int, amount: int | None) -> None:
        """A share comes back."""
        transfer = self.one_of(self.client.v1.transfers.list().data, number)
        sent: Any = {"amount": amount} if amount else {}
        if transfer:
            self.once(lambda options: self.client.v1.transfers.reversals.create(transfer.id, sent, options))

    @rule(number=st.integers(0, 9), amount=st.none() | st.integers(1, 9_000), share=st.booleans())
    def refund(self, number: int, amount: int | None, share: bool) -> None:
        """A payer gets money back."""
        charge = self.one_of(self.client.v1.charges.list().data, number)
        sent: Any = ({"amount": amount} if amount else {}) | ({"reverse_transfer": True} if share else {})
        if charge:
            sent["charge"] = charge.id
            self.once(lambda options: self.client.v1.refunds.create(sent, options))

    @rule(number=st.integers(0, 9), words=st.sampled_from(WORDS))
    def answer(self, number: int, words: str) -> None:
        """A dispute gets its evidence."""
        dispute = self.one_of(self.client.v1.disputes.list().data, number)
        evidence: Any = {"evidence": {"uncategorized_text": words}}
        if dispute:
            self.once(lambda options: self.client.v1.disputes.update(dispute.id, evidence, options))

    @rule(whose=st.sampled_from((None, 0, 1)), amount=st.integers(1, 9_000))
    def pay_out(self, whose: int | None, amount: int) -> None:
        """Money goes to a bank."""
        sent: Any = {"amount": amount, "currency": "eur"}
        account = None if whose is None else self.artists[whose]
        self.once(lambda options: self.client.v1.payouts.create(sent, options), account)

    @rule(days=st.sampled_from((0.001, 1, 3, 70)))
    def wait(self, days: float) -> None:
        """Time passes."""
        self.sandbox.control("POST", "clock", {"advance": int(days * DAY)})

    def teardown(self) -> None:
        """Everything is accounted for, in every account and among them."""
        if not hasattr(self, "artists"):
            return
        # What falls due within a second or a minute is done now, not between two of the questions below.
        self.sandbox.control("POST", "clock", {"advance": 120})
        ours, theirs, arrived, fees = 0, 0, 0, 0
        for account in (None, *self.artists):
            options: stripe.RequestOptions = {"stripe_account": account} if account else {}
            entries = list(self.client.v1.balance_transactions.list({"limit": 100}, options).auto_paging_iter())
            available, pending = funds(self.client, account)
            assert pending == sum(entry.net for entry in entries if entry.status == "pending")
            assert available == sum(entry.net for entry in entries if entry.status == "available")
            fees += sum(entry.fee for entry in entries)
            payouts = self.client.v1.payouts.list({"limit": 100}, options).auto_paging_iter()
            arrived += sum(payout.amount for payout in payouts if payout.status not in ("failed", "canceled"))
            ours, theirs = (available + pending, theirs) if account is None else (ours, theirs + available + pending)
        assert ours + theirs + arrived + fees == self.taken()
        for transfer in self.client.v1.transfers.list({"limit": 100}).auto_paging_iter():
            assert transfer.amount_reversed == sum(reversal.amount for reversal in transfer.reversals.data)

    def taken(self) -> int:
        """What payers paid and did not get back."""
        charges = self.client.v1.charges.list({"limit": 100}).auto_paging_iter()
        refunds = self.client.v1.refunds.list({"limit": 100}).auto_paging_iter()
        disputes = self.client.v1.disputes.list({"limit": 100}).auto_paging_iter()
        disputed = sum(entry.amount for dispute in disputes for entry in dispute.balance_transactions)
        refunded = sum(refund.amount for refund in refunds if refund.status != "failed")
        return sum(charge.amount_captured for charge in charges) - refunded + disputed


def test_no_sequence_of_calls_makes_or_loses_a_cent(sandbox: RunningSandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(MoneyMachine, "sandbox", sandbox, raising=False)
    run_state_machine_as_test(
        MoneyMachine,
        settings=settings(
            max_examples=12,
            stateful_step_count=16,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
