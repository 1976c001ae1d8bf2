"""What goes back, what banks decide, and time."""

from itertools import count

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from marketplace.orders import services as orders
from marketplace.orders.models import Order
from payments import services
from payments.models import Dispute, Payment, Refund
from tests.commerce.world import World, picks

MINUTE, HOUR, DAY = 60, 3_600, 86_400
WORDS = ("winning_evidence", "losing_evidence", "escalate_inquiry_evidence")
_numbers = count(1)


class Money(World):
    """Refunds, disputes, and holding periods that end."""

    @precondition(lambda self: Order.objects.filter(state="owned").exists())
    @rule(which=picks)
    def a_curator_undoes_a_sale(self, which: int) -> None:
        order = self.one_of(Order.objects.filter(state="owned"), which)
        if order is not None:
            self.do("refunds in full", orders.refund, order_id=order.pk, by=self.staff, reason="A mistake.")

    @precondition(lambda self: Payment.objects.filter(state="captured", order__state="owned").exists())
    @rule(which=picks, percent=st.integers(1, 60))
    def staff_give_some_back(self, which: int, percent: int) -> None:
        payment = self.one_of(Payment.objects.filter(state="captured", order__state="owned"), which)
        if payment is not None:
            self.do(
                "refunds in part", services.request_refund, payment_id=payment.pk,
                amount=max(1, payment.amount * percent // 100), reason="Goodwill.",
                reference=f"goodwill:{next(_numbers)}", asked_by=self.staff,
            )  # fmt: skip

    @precondition(lambda self: Refund.objects.filter(state="failed").exists())
    @rule(which=picks, again=st.booleans())
    def staff_see_to_a_failed_refund(self, which: int, again: bool) -> None:
        refund = self.one_of(Refund.objects.filter(state="failed"), which)
        if refund is None:
            return
        if again:
            self.do("refunds tried again", services.refund_again, refund_id=refund.pk, by=self.staff)
        else:
            self.do(
                "refunds given otherwise", services.settle_refund_otherwise, refund_id=refund.pk, by=self.staff,
                how="By bank transfer.",
            )  # fmt: skip

    @precondition(lambda self: Dispute.objects.filter(closed_at=None).exists())
    @rule(which=picks, words=st.sampled_from(WORDS))
    def staff_answer_a_bank(self, which: int, words: str) -> None:
        dispute = self.one_of(Dispute.objects.filter(closed_at=None), which)
        if dispute is not None:
            self.do(
                "evidence", services.keep_evidence, dispute_id=dispute.pk, texts={"uncategorized_text": words},
                by=self.staff, hand_in=True,
            )  # fmt: skip

    @rule(seconds=st.sampled_from([20 * MINUTE, 3 * HOUR, 30 * HOUR, 3 * DAY, 8 * DAY]))
    def time_passes(self, seconds: int) -> None:
        self.let_pass(seconds)
        self.counts["time passed"] += 1

    @rule(percent=st.integers(10, 100), currency=st.sampled_from(["eur", "usd"]))
    def the_house_pays_itself(self, percent: int, currency: str) -> None:
        """By hand, in the provider's dashboard: the house hears of it by webhook alone."""
        held = self.provider.http.get("/v1/balance").json()["available"]
        available = next((one["amount"] for one in held if one["currency"] == currency), 0)
        if available * percent // 100 > 0:
            sent = {"amount": available * percent // 100, "currency": currency}
            if self.provider.http.post("/v1/payouts", data=sent).is_success:
                self.counts["own payouts"] += 1
