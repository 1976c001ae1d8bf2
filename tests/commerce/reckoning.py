"""When everything has settled: who has what, to the cent, by the provider's own lists and by the house's books."""

from collections import Counter
from contextlib import suppress
from io import StringIO
from typing import Any
from uuid import UUID

from django.core.management import call_command
from django.core.management.base import CommandError
from django.db.models import F, Q, Sum

from marketplace.commissions.models import Brief
from marketplace.commissions.services import briefs
from marketplace.core.errors import Conflict
from marketplace.core.models import OutboxEvent
from marketplace.orders.models import Order
from payments import ledger, selectors, services
from payments.models import Dispute, Entry, Payment, PayoutAccount, Refund, Reversal, Share, Transfer, WebhookEvent
from tests.commerce.faults import Faults
from tests.commerce.money import DAY
from tests.commerce.people import People

PATIENCE = 14  # rounds of eight days: everything that waits for a time has met it by then


class Reckoning(People, Faults):
    """Let everything come to its end, and count."""

    def settle_everything(self) -> None:
        self.dies_after = None
        self.provider.forget_faults()
        for round_ in range(PATIENCE):
            self.hear(shuffled=bool(round_ % 2))
            self._tell_all()
            self.run_chores()
            if round_ > 2 and self._is_quiet():
                break
            self.let_pass(8 * DAY)
            earners = set(Share.objects.values_list("payee", flat=True))
            self.pay_everybody_late([one for one in self.people if one.pk in earners])
            self._staff_decide_everything()
        self._tell_all()

    def _staff_decide_everything(self) -> None:
        """What waits for staff waits for ever: here they come."""
        for brief_id in Brief.objects.filter(state="disputed").values_list("pk", flat=True):
            briefs.decide_dispute(
                staff=self.staff, brief_id=brief_id, refund_bps=5_000, is_delivered=False, text="Half."
            )
        for refund_id in Refund.objects.filter(state="failed").values_list("pk", flat=True):
            with suppress(Conflict):  # it was seen to before, its bank has the money, or it went back meanwhile
                services.settle_refund_otherwise(refund_id=refund_id, by=self.staff, how="By bank transfer.")

    def _tell_all(self) -> None:
        for _ in range(40):
            if not self.tell():
                return
        waiting = list(OutboxEvent.objects.filter(done_at=None).values_list("topic", "last_error"))
        raise AssertionError(f"the house does not come to rest: {waiting}")

    def _is_quiet(self) -> bool:
        moving = (
            Order.objects.filter(state__in=["reserved", "paid", "making"]),
            Payment.objects.filter(state__in=["capturing", "releasing"]),
            Refund.objects.filter(state__in=["requested", "pending"]),
            Dispute.objects.filter(closed_at=None),
            Transfer.objects.filter(state="requested"),
            Reversal.objects.filter(state="requested"),
            Share.objects.filter(release_at=None, amount__gt=F("refunded")),
            OutboxEvent.objects.filter(done_at=None),
        )
        return not any(rows.exists() for rows in moving) and not selectors.payees_due() and not self._on_hold()

    def _on_hold(self) -> bool:
        return any(share.owed > 0 for share in Share.objects.all() if self._can_be_paid(share))

    def _can_be_paid(self, share: Share) -> bool:
        debts = Share.objects.filter(payee=share.payee_id, payment__currency=share.payment.currency)
        return sum(one.owed for one in debts) > 0

    def reckon(self) -> None:
        """Raises AssertionError, with what is wrong."""
        self._nothing_is_half_done()
        self._books_agree()
        charges = self._everything("/v1/charges")
        self._every_charge_has_its_thing(charges)
        self._every_payee_has_what_is_theirs()
        self._refunds_are_in_proportion()

    def _nothing_is_half_done(self) -> None:
        assert not WebhookEvent.objects.filter(processed_at=None).exists()
        for order in Order.objects.filter(state__in=["reserved", "paid", "making", "refunding"]):
            refunds = set(order.payment.refunds.values_list("state", flat=True))
            raise AssertionError(f"{order.pk} is left {order.state}: {refunds}")

    def _books_agree(self) -> None:
        said = StringIO()
        try:
            call_command("reconcile", stdout=said)
        except CommandError as error:
            raise AssertionError(said.getvalue()) from error
        for currency in ("eur", "usd"):
            assert ledger.balance(ledger.STRIPE_BALANCE, currency) == self.provider.balance(currency)
            assert ledger.balance(ledger.DISPUTED, currency) == 0

    def _every_charge_has_its_thing(self, charges: list[dict[str, Any]]) -> None:
        taken = [charge for charge in charges if charge["status"] == "succeeded" and charge["captured"]]
        once = Counter(charge["payment_intent"] for charge in taken)
        assert set(once.values()) <= {1}, "somebody was charged twice for one thing"
        known = {payment.charge_id: payment for payment in Payment.objects.filter(state="captured")}
        for charge in taken:
            payment = known[charge["id"]]
            assert self._is_earned(payment) or self._went_back(payment), f"{payment.reference} was paid for nothing"

    def _is_earned(self, payment: Payment) -> bool:
        owned = Order.objects.filter(payment=payment, state="owned")
        # Of a commission that ended, the part that does not go back is the artist's, by the rules that both agreed to.
        commissioned = Q(instalment__settled_at__isnull=False) | Q(instalment__kind="tip")
        return owned.exists() or Payment.objects.filter(commissioned, pk=payment.pk).exists()

    def _went_back(self, payment: Payment) -> bool:
        back = payment.refunds.filter(state__in=["succeeded", "settled"]).aggregate(total=Sum("amount"))["total"] or 0
        lost = payment.disputes.filter(state="lost").exists()
        return back == payment.amount or lost

    def _every_payee_has_what_is_theirs(self) -> None:
        sent: Counter[tuple[str, str]] = Counter()
        for transfer in self._everything("/v1/transfers"):
            sent[transfer["destination"], transfer["currency"]] += transfer["amount"] - transfer["amount_reversed"]
        shares = Share.objects.values_list("payee", "payment__currency").order_by()
        theirs = shares.annotate(
            due=Sum(F("amount") - F("refunded")), left=Sum(F("amount") - F("refunded") - F("transferred"))
        )
        for payee, currency, due, left in theirs:
            account = str(PayoutAccount.objects.get(user=payee).stripe_id)
            assert sent.pop((account, currency), 0) == due - left
            owes = Reversal.objects.filter(transfer__share__payee=payee, state="refused").exists()
            assert left == 0 or (left < 0 and owes), f"{payee} is owed {left} {currency}: {_unsettled(payee)}"
        assert not +sent, f"sent to nobody knows whom: {sent}"

    def _refunds_are_in_proportion(self) -> None:
        """Without named parts, everybody gives back in proportion, to a cent a refund."""
        for payment in Payment.objects.filter(state="captured", disputes=None):
            given = payment.refunds.exclude(state="failed").aggregate(total=Sum("amount"))["total"] or 0
            rounds = payment.refunds.count()
            for share in payment.shares.all():
                assert abs(share.refunded - share.amount * given / payment.amount) <= rounds, payment.reference

    def _everything(self, path: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        query: dict[str, Any] = {"limit": 100}
        while True:
            page = self.provider.http.get(path, params=query).json()
            found += page["data"]
            if not page["has_more"]:
                return found
            query["starting_after"] = found[-1]["id"]

    def teardown(self) -> None:
        """When all is well again, everybody has what is theirs, and the books agree."""
        try:
            if hasattr(self, "staff"):
                self.settle_everything()
                self.reckon()
                self._count()
        finally:
            super().teardown()

    def _count(self) -> None:
        self.counts["payments taken"] += Payment.objects.filter(state="captured").count()
        for state, orders in Counter(Order.objects.values_list("state", flat=True)).items():
            self.counts[f"orders in the end: {state}"] += orders
        for state, disputes in Counter(Dispute.objects.values_list("state", flat=True)).items():
            self.counts[f"disputes {state}"] += disputes
        for state, refunds in Counter(Refund.objects.values_list("state", flat=True)).items():
            self.counts[f"refunds {state}"] += refunds
        for state, transfers in Counter(Transfer.objects.values_list("state", flat=True)).items():
            self.counts[f"transfers {state}"] += transfers
        self.counts["ledger entries"] += Entry.objects.count()


def _unsettled(payee: UUID) -> list[tuple[Any, ...]]:
    """Of which payments something is left, for who has to find out why."""
    shares = Share.objects.filter(payee=payee).exclude(amount=F("refunded") + F("transferred"))
    return list(shares.values_list("payment__reference", "amount", "refunded", "transferred", "release_at"))
