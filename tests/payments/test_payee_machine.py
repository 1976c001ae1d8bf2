"""Whatever sequence of sales, transfers, refunds, lost answers and late news: no cent is lost, nobody gets too much."""

from contextlib import suppress
from itertools import count
from typing import Any

import pytest
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test

from marketplace.accounts.models import User
from payments import ledger, selectors, services
from payments.errors import GatewayUnavailable
from payments.ledger import Line
from payments.models import Dispute, Payment, PayoutAccount, Reversal, Share, Transfer
from tests.payments.payees import captured, onboarded, take_back, transfers_at, weeks_later
from tests.payments.provider import Provider

_numbers = count(1)
REQUESTED = Transfer.State.REQUESTED
PATHS = ["/v1/transfers", "/v1/transfers/*/reversals"]
FAULTS: list[dict[str, Any]] = [
    {"kind": "drop", "stage": "before", "times": 2},  # the SDK itself asks twice
    {"kind": "drop", "stage": "after", "times": 2},
    {"kind": "error", "stage": "during"},
    {"kind": "rate_limit", "times": 2},
]
picks = st.integers(0, 999)
fractions = st.integers(1, 100)


class Earning(RuleBasedStateMachine):
    """Two payees in two currencies; the rules are what buyers, the house, the provider and the network may do."""

    def __init__(self) -> None:
        super().__init__()
        self.provider = Provider()
        self.payments: list[Payment] = []

    @initialize()
    def open_accounts(self) -> None:
        self.payer, *self.payees = (
            User.objects.create_user(email=f"earning{next(_numbers)}@example.com", display_name="E") for _ in range(3)
        )
        for payee in self.payees:
            onboarded(payee)

    @rule(
        first=st.integers(50, 5000),
        second=st.integers(0, 5000),
        house=st.integers(0, 500),
        currency=st.sampled_from(["eur", "eur", "usd"]),
    )
    def sell(self, first: int, second: int, house: int, currency: str) -> None:
        parts = {self.payees[0]: first} | ({self.payees[1]: second} if second else {})
        self.payments.append(captured(self.payer, parts, house=house, currency=currency))

    @precondition(lambda self: self.payments)
    @rule(which=picks)
    def its_time_comes(self, which: int) -> None:
        weeks_later(self._one(which))

    @rule(who=st.sampled_from([0, 1]), currency=st.sampled_from(["eur", "eur", "usd"]))
    def send(self, who: int, currency: str) -> None:
        payee = self.payees[who]
        if not services.request_transfers(payee_id=payee.pk, currency=currency):
            return
        shares = Share.objects.filter(payee=payee, payment__currency=currency)
        in_doubt = Reversal.objects.filter(state=REQUESTED, transfer__share__in=shares).aggregate(s=Sum("amount"))["s"]
        assert sum(share.owed for share in shares) >= (in_doubt or 0)

    @rule()
    def work(self) -> None:
        for transfer in Transfer.objects.filter(state=REQUESTED):
            with suppress(GatewayUnavailable):
                services.perform_transfer(transfer_id=transfer.pk)
        for reversal in Reversal.objects.filter(state=REQUESTED):
            with suppress(GatewayUnavailable):
                services.perform_reversal(reversal_id=reversal.pk)

    @precondition(lambda self: self.payments)
    @rule(which=picks, percent=fractions)
    def refund(self, which: int, percent: int) -> None:
        payment = self._one(which)
        left = {share.payee: (share.amount - share.refunded) * percent // 100 for share in payment.shares.all()}
        left = {payee: amount for payee, amount in left.items() if amount}
        if not left:
            return
        reference = f"refund:{next(_numbers)}"
        with transaction.atomic():
            take_back(payment, left, reference)
            self._post("refund", reference, payment, left)

    @precondition(lambda self: self.payments)
    @rule(which=picks, percent=fractions)
    def a_refund_fails(self, which: int, percent: int) -> None:
        payment = self._one(which)
        again = {share: share.refunded * percent // 100 for share in payment.shares.all()}
        given = {share.payee: -amount for share, amount in again.items() if amount}
        if not given:
            return
        for share, amount in again.items():
            Share.objects.filter(pk=share.pk).update(refunded=share.refunded - amount)
        with transaction.atomic():
            self._post("refund_failed", f"refund:{next(_numbers)}", payment, given)

    @precondition(lambda self: self.payments)
    @rule(which=picks)
    def a_bank_asks(self, which: int) -> None:
        Dispute.objects.create(
            payment=self._one(which), stripe_id=f"du_{next(_numbers)}", state="inquiry", reason="general", amount=1,
            status="warning_needs_response",
        )  # fmt: skip

    @rule()
    def banks_are_content(self) -> None:
        Dispute.objects.filter(closed_at=None).update(state="won", closed_at=timezone.now())

    @rule(who=st.sampled_from([0, 1]), can=st.booleans(), is_heard=st.booleans())
    def the_provider_changes_its_mind(self, who: int, can: bool, is_heard: bool) -> None:
        account = PayoutAccount.objects.get(user=self.payees[who])
        path = f"/v1/accounts/{account.stripe_id}/capabilities/transfers"
        self.provider.http.post(path, data={"requested": str(can).lower()}).raise_for_status()
        if is_heard:
            services.refresh_payout_account(account_id=account.pk)

    @rule(path=st.sampled_from(PATHS), fault=st.sampled_from(FAULTS))
    def trouble_comes(self, path: str, fault: dict[str, Any]) -> None:
        self.provider.fault(method="POST", path=path, **fault)

    def teardown(self) -> None:
        """When all is well again, everybody has what is theirs, and the books agree."""
        if not hasattr(self, "payees"):
            return
        try:
            self._all_is_well_again()
        finally:
            self.provider.http.close()

    def _all_is_well_again(self) -> None:
        self.provider.forget_faults()
        self.banks_are_content()
        for who in (0, 1):
            self.the_provider_changes_its_mind(who, True, True)
        Transfer.objects.filter(state=Transfer.State.REFUSED).update(
            updated_at=timezone.now() - selectors.owing.RETRY_AFTER
        )
        weeks_later(*self.payments)
        for _ in range(3):  # the first may still meet a 500 that the provider kept, then what is back is sent
            self.work()
            for payee_id, currency in selectors.payees_due():
                services.request_transfers(payee_id=payee_id, currency=currency)
        self.work()
        assert not Transfer.objects.filter(state=REQUESTED).exists()
        assert not Reversal.objects.filter(state=REQUESTED).exists()
        assert list(selectors.differences_of_payees()) == []
        assert list(selectors.differences_in_ledger()) == []
        self._everybody_has_what_is_theirs()

    def _everybody_has_what_is_theirs(self) -> None:
        held: dict[tuple[str, str], int] = {}
        for payee in self.payees:
            account = str(PayoutAccount.objects.get(user=payee).stripe_id)
            for made in transfers_at(self.provider, account):
                key = account, made["currency"]
                held[key] = held.get(key, 0) + made["amount"] - made["amount_reversed"]
            for currency in ("eur", "usd"):
                shares = Share.objects.filter(payee=payee, payment__currency=currency)
                theirs = sum(share.amount - share.refunded for share in shares)
                assert held.get((account, currency), 0) == theirs
                assert ledger.balance(ledger.payee(payee.pk), currency) == 0

    def _one(self, which: int) -> Payment:
        return self.payments[which % len(self.payments)]

    def _post(self, kind: str, reference: str, payment: Payment, amounts: dict[User, int]) -> None:
        lines = [Line(ledger.payee(payee.pk), amount) for payee, amount in amounts.items()]
        lines.append(Line(ledger.STRIPE_BALANCE, -sum(amounts.values())))
        ledger.post_entry(kind=kind, reference=reference, currency=payment.currency, payment=payment, lines=lines)


@pytest.mark.django_db(transaction=True)
def test_no_cent_is_lost_and_nobody_is_sent_too_much(provider: Provider) -> None:
    run_state_machine_as_test(
        Earning,
        settings=settings(
            max_examples=12, stateful_step_count=25, deadline=None, suppress_health_check=[HealthCheck.too_slow]
        ),
    )
