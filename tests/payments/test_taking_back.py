"""What was sent to a payee already comes back when the payer gets their money back, and goes again when we win."""

from collections.abc import Callable

import pytest

from marketplace.accounts.models import User
from payments import ledger, services
from payments.models import Dispute, Payment, Reversal, Share, Transfer
from tests.payments.payees import onboarded, weeks_later
from tests.payments.provider import VISA, Provider, bought
from tests.payments.test_disputes import DISPUTED, agree, answer, hear

pytestmark = pytest.mark.django_db(transaction=True)
Settle = Callable[[], None]


@pytest.fixture
def payee(make_user: Callable[..., User], provider: Provider) -> User:
    person = make_user()
    onboarded(person)
    return person


def send(payee: User) -> None:
    services.request_transfers(payee_id=payee.pk, currency="eur")


def sent(user: User, payee: User, settle: Settle, method: str = VISA) -> Payment:
    payment = bought(user, 1000, method=method, payee=payee)
    weeks_later(payment)
    send(payee)
    settle()
    assert Share.objects.get().transferred == 700
    return payment


def test_a_refund_takes_back_what_was_sent(user: User, payee: User, provider: Provider, settle: Settle) -> None:
    payment = sent(user, payee, settle)
    services.request_refund(payment_id=payment.pk, amount=500, reason="half", reference="half")
    settle()
    share = Share.objects.get()
    assert (share.refunded, share.transferred, share.owed) == (350, 350, 0)
    assert Reversal.objects.get().state == Reversal.State.MADE
    assert ledger.balance(ledger.payee(payee.pk), "eur") == 0
    agree(provider)


def test_a_refund_that_fails_sends_it_again(user: User, payee: User, provider: Provider, settle: Settle) -> None:
    payment = sent(user, payee, settle, "pm_card_refundFail")
    services.request_refund(payment_id=payment.pk, amount=None, reason="all", reference="all")
    settle()
    assert Share.objects.get().transferred == 0
    provider.advance(61)
    hear(provider, settle)
    send(payee)
    settle()
    assert (Share.objects.get().transferred, Transfer.objects.count()) == (700, 2)
    agree(provider)


@pytest.mark.parametrize("words", ["winning_evidence", "losing_evidence"])
def test_a_dispute_takes_it_back_at_once_and_a_won_one_sends_it_again(
    user: User, payee: User, provider: Provider, settle: Settle, words: str
) -> None:
    sent(user, payee, settle, DISPUTED)
    hear(provider, settle)
    assert Share.objects.get().transferred == 0
    send(payee)
    settle()
    agree(provider)
    answer(Dispute.objects.get(), words, user)
    provider.advance(2)
    hear(provider, settle)
    send(payee)
    settle()
    won = words == "winning_evidence"
    assert (Share.objects.get().transferred, Transfer.objects.count()) == ((700, 2) if won else (0, 1))
    assert ledger.balance(ledger.payee(payee.pk), "eur") == 0
    agree(provider)
