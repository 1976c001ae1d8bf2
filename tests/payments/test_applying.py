"""Pictures of an intent may come late, twice and in any order: the payment ends the same, and says so once."""

from collections import Counter
from itertools import count

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from marketplace.accounts.models import User
from marketplace.core.models import OutboxEvent
from payments import services
from payments.gateway import IntentSnapshot
from payments.models import Entry, Payment
from payments.services.applying import apply_snapshot
from tests.payments.provider import make_payment, seventy_thirty

State = Payment.State
WAITING = ["requires_payment_method", "requires_confirmation", "requires_action", "processing"]
HELD = [*WAITING, "requires_capture"]
_numbers = count(1)


def picture(payment: Payment, status: str) -> IntentSnapshot:
    received = payment.amount if status == "succeeded" else 0
    return IntentSnapshot(
        id=f"pi_{payment.pk}", status=status, amount=payment.amount, amount_received=received,
        currency=payment.currency, client_secret="secret", charge_id="", capture_before=None, error_code="",
        error_message="", payment_id=str(payment.pk),
    )  # fmt: skip


def pictures(statuses: list[str], must: str) -> st.SearchStrategy[list[str]]:
    """Any pictures in any order, `must` among them."""
    some = st.lists(st.sampled_from([*statuses, must]), max_size=6)
    return st.tuples(some, some).map(lambda halves: [*halves[0], must, *halves[1]])


class AnyOrder(TestCase):
    """Each example is a payment of its own."""

    def start(self) -> Payment:
        return make_payment(User.objects.create_user(email=f"payer{next(_numbers)}@example.com", display_name="P"))

    def show(self, payment: Payment, statuses: list[str]) -> str:
        for status in statuses:
            payment = apply_snapshot(payment.pk, picture(payment, status))
        return payment.state

    def told(self, payment: Payment) -> Counter[str]:
        topics = OutboxEvent.objects.filter(subject_id=str(payment.pk)).values_list("topic", flat=True)
        return Counter(topic.removeprefix("payment.") for topic in topics)

    def held(self) -> Payment:
        payment = self.start()
        self.show(payment, ["requires_capture"])
        return payment

    @settings(deadline=None)
    @given(pictures(HELD, "requires_capture"))
    def test_a_held_amount_is_told_of_once(self, statuses: list[str]) -> None:
        payment = self.start()
        assert self.show(payment, statuses) == State.AUTHORISED
        assert self.told(payment) == {"authorised": 1}

    @settings(deadline=None)
    @given(pictures(HELD, "succeeded"))
    def test_a_taken_amount_is_posted_and_told_of_once(self, statuses: list[str]) -> None:
        payment = self.held()
        services.request_capture(payment_id=payment.pk, splits=seventy_thirty(payment))
        assert self.show(payment, statuses) == State.CAPTURED
        assert self.told(payment) == {"authorised": 1, "capture_requested": 1, "captured": 1}
        assert sorted(Entry.objects.get(payment=payment).postings.values_list("amount", flat=True)) == [
            -1750,
            -750,
            2500,
        ]

    @settings(deadline=None)
    @given(pictures(HELD, "canceled"))
    def test_a_released_amount_stays_released(self, statuses: list[str]) -> None:
        payment = self.held()
        services.request_release(payment_id=payment.pk)
        assert self.show(payment, statuses) == State.RELEASED
        assert self.told(payment) == {"authorised": 1, "release_requested": 1, "released": 1}

    @settings(deadline=None)
    @given(pictures(HELD, "canceled"), st.booleans())
    def test_an_amount_that_the_bank_let_go_has_lapsed(self, statuses: list[str], capturing: bool) -> None:
        payment = self.held()
        if capturing:
            services.request_capture(payment_id=payment.pk, splits=seventy_thirty(payment))
        assert self.show(payment, statuses) == State.LAPSED
        assert self.told(payment)["lapsed"] == 1
        assert not Entry.objects.filter(payment=payment).exists()
