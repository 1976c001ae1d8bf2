"""A payment's whole life against the real provider stand-in, with lost answers, faults and late news at every step."""

from contextlib import suppress
from itertools import count
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from marketplace.accounts.models import User
from marketplace.core.models import OutboxEvent
from payments import ledger, selectors, services
from payments.errors import GatewayUnavailable, PaymentDeclined, PaymentStateConflict
from payments.models import Payment, Posting
from tests.payments.provider import DECLINED, VISA, Provider, make_payment, seventy_thirty

State = Payment.State
OVER = {State.CAPTURED, State.RELEASED, State.LAPSED}
RANK: dict[str, int] = {
    State.CREATED: 0, State.REQUIRES_PAYMENT: 1, State.AUTHORISED: 2, State.CAPTURING: 3, State.RELEASING: 3,
    State.CAPTURED: 4, State.RELEASED: 4, State.LAPSED: 4,
}  # fmt: skip
CALLS = ["/v1/payment_intents", *(f"/v1/payment_intents/*/{done}" for done in ("confirm", "capture", "cancel"))]
FAULTS: list[dict[str, Any]] = [
    {"kind": "drop", "stage": "before", "times": 2},  # the SDK itself asks twice
    {"kind": "drop", "stage": "after", "times": 2},
    {"kind": "error", "stage": "during"},
    {"kind": "rate_limit", "times": 2},
]
_numbers = count(1)


class Life(RuleBasedStateMachine):
    """One payment; the rules are what payer, house, provider and network may do to it."""

    def __init__(self) -> None:
        super().__init__()
        self.provider = Provider()
        self.seen: Payment | None = None

    @initialize(start=st.sampled_from(["held", "held", "shown", "ordered"]))
    def order(self, start: str) -> None:
        payer = User.objects.create_user(email=f"machine{next(_numbers)}@example.com", display_name="M")
        self.payment_id = make_payment(payer).pk
        if start != "ordered":
            services.authorise(payment_id=self.payment_id, payment_method=VISA if start == "held" else None)

    @property
    def payment(self) -> Payment:
        return Payment.objects.get(pk=self.payment_id)

    @rule(method=st.sampled_from([None, VISA, DECLINED]))
    def pay(self, method: str | None) -> None:
        with suppress(PaymentDeclined, GatewayUnavailable):
            services.authorise(payment_id=self.payment_id, payment_method=method)

    @precondition(lambda self: self.seen is not None and self.seen.intent_id is not None)
    @rule(method=st.sampled_from([VISA, DECLINED]))
    def pay_in_the_browser(self, method: str) -> None:
        with suppress(httpx.TransportError):  # the payer's line may fail like ours
            self.provider.confirm(self.payment, method)

    @rule(what=st.sampled_from(["capture", "capture", "release"]))
    def ask_for(self, what: str) -> None:
        with suppress(PaymentStateConflict):
            if what == "capture":
                services.request_capture(payment_id=self.payment_id, splits=seventy_thirty(self.payment))
            else:
                services.request_release(payment_id=self.payment_id)

    @rule()
    def handle(self) -> None:
        with suppress(GatewayUnavailable):
            services.perform_capture(payment_id=self.payment_id)
            services.perform_release(payment_id=self.payment_id)

    @rule(path=st.sampled_from(CALLS), fault=st.sampled_from(FAULTS))
    def trouble_comes(self, path: str, fault: dict[str, Any]) -> None:
        self.provider.fault(method="POST", path=path, **fault)

    @rule()
    def hear_news(self) -> None:
        with suppress(GatewayUnavailable):
            services.refresh(payment_id=self.payment_id)

    @precondition(lambda self: self.seen is not None and self.seen.state == State.AUTHORISED)
    @rule()
    def a_week_passes(self) -> None:
        self.provider.advance(8 * 24 * 3600)

    @invariant()
    def nothing_goes_backwards(self) -> None:
        before, now = self.seen, self.payment
        if before is not None:
            intent_came_late = before.state == State.RELEASED and before.intent_id is None and now.intent_id
            assert RANK[now.state] >= RANK[before.state] or (intent_came_late and now.state == State.RELEASING)
            assert before.state not in OVER or now.state == before.state or intent_came_late
            assert before.intent_id in {None, now.intent_id}
        self.seen = now

    @invariant()
    def there_is_one_intent_and_one_posting(self) -> None:
        mine = [i for i in self.provider.intents() if i["metadata"].get("payment") == str(self.payment_id)]
        assert len(mine) <= 1
        posted = Posting.objects.filter(
            entry__payment=self.payment_id, account__code=ledger.STRIPE_BALANCE, entry__kind="capture"
        )
        assert [line.amount for line in posted] == ([2500] if self.payment.state == State.CAPTURED else [])

    def teardown(self) -> None:
        """When the network is well again, all agree, and each thing was told once."""
        if not hasattr(self, "payment_id"):
            return
        self.provider.forget_faults()
        for _ in range(2):  # the first may still meet a 500 that the provider kept under the key
            self.handle()
        assert self.payment.state not in {State.CAPTURING, State.RELEASING}
        payment = services.refresh(payment_id=self.payment_id)
        self.nothing_goes_backwards()
        assert list(selectors.differences_of(payment)) == []
        told = list(OutboxEvent.objects.filter(subject_id=str(payment.pk)).values_list("topic", flat=True))
        for topic in ("payment.authorised", "payment.captured", "payment.lapsed"):
            assert told.count(topic) <= 1
        self.provider.http.close()


@pytest.mark.django_db(transaction=True)
def test_a_payments_life_under_faults(provider: Provider) -> None:
    run_state_machine_as_test(
        Life,
        settings=settings(
            max_examples=30, stateful_step_count=20, deadline=None, suppress_health_check=[HealthCheck.too_slow]
        ),
    )
