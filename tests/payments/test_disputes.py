"""A bank takes a payment back: nobody is sent it meanwhile, and the decision is everybody's, to the cent."""

import random
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from marketplace.accounts.models import Notification, User
from marketplace.core.errors import InvalidInput
from marketplace.core.models import OutboxEvent
from payments import ledger, selectors, services
from payments.errors import DisputeClosed, GatewayUnavailable, PaymentDisputed
from payments.models import Dispute, Payment, Share, WebhookEvent
from payments.tasks import look_at_open_disputes, look_for_disputes
from tests.payments.provider import Provider, bought
from tests.payments.test_refunds import refund
from tests.payments.test_webhooks import send

pytestmark = pytest.mark.django_db(transaction=True)
State = Dispute.State
DISPUTED, INQUIRY = "pm_card_createDispute", "pm_card_createDisputeInquiry"
Settle = Callable[[], None]


def hear(provider: Provider, settle: Settle, chance: random.Random | None = None) -> None:
    """All news so far, in any order and number where chance is given."""
    events = [event for event in provider.events() for _ in range(chance.randint(1, 2) if chance else 1)]
    if chance:
        chance.shuffle(events)
    for event in events:
        send(event)
    settle()


def disputed(user: User, provider: Provider, settle: Settle, method: str = DISPUTED) -> Dispute:
    bought(user, 3333, method=method)
    hear(provider, settle)
    return Dispute.objects.get()


def answer(dispute: Dispute, words: str, by: User) -> None:
    services.keep_evidence(dispute_id=dispute.pk, texts={"uncategorized_text": words}, by=by, hand_in=True)
    services.perform_evidence(dispute_id=dispute.pk)


def topics(dispute: Dispute) -> list[str]:
    events = OutboxEvent.objects.filter(subject_id=str(dispute.pk)).exclude(topic="evidence.asked")
    return list(events.order_by("pk").values_list("topic", flat=True))


def agree(provider: Provider) -> None:
    assert [found for payment in Payment.objects.all() for found in selectors.differences_of(payment)] == []
    assert ledger.balance("stripe:balance", "eur") == provider.balance("eur")


def test_what_a_bank_withholds_is_nobodys_meanwhile(
    user: User, make_user: Callable[..., User], provider: Provider, settle: Settle
) -> None:
    staff = make_user(is_staff=True, is_superuser=True)
    dispute = disputed(user, provider, settle)
    assert (dispute.state, dispute.amount, dispute.fee, dispute.reason) == (State.OPEN, 3333, 1500, "fraudulent")
    assert dispute.evidence_due_at is not None
    assert Share.objects.get().owed == 0
    assert ledger.balance(ledger.DISPUTED, "eur") == 3333
    assert ledger.balance(ledger.FEES, "eur") == 127 + 1500
    assert topics(dispute) == ["payment.disputed"]
    assert Notification.objects.get(kind="payment.disputed").person == staff
    agree(provider)
    with pytest.raises(PaymentDisputed):
        refund(dispute.payment)


def test_one_that_no_webhook_told_of_is_found(user: User, provider: Provider, settle: Settle) -> None:
    bought(user, 3333, method=DISPUTED)
    look_for_disputes()
    settle()
    assert Dispute.objects.get().state == State.OPEN
    agree(provider)


def test_what_is_won_is_theirs_again(user: User, provider: Provider, settle: Settle) -> None:
    dispute = disputed(user, provider, settle)
    answer(dispute, "winning_evidence", user)
    provider.advance(2)
    hear(provider, settle)
    dispute.refresh_from_db()
    assert (dispute.state, topics(dispute)) == (State.WON, ["payment.disputed", "dispute.closed"])
    assert dispute.submitted_at is not None
    assert Share.objects.get().owed == 2333
    assert ledger.balance(ledger.DISPUTED, "eur") == 0
    agree(provider)
    refund(dispute.payment)
    agree(provider)


def test_what_is_lost_is_taken_from_everybody(user: User, provider: Provider, settle: Settle) -> None:
    dispute = disputed(user, provider, settle)
    provider.advance(10 * 86_400)  # nobody answers
    hear(provider, settle)
    dispute.refresh_from_db()
    assert (dispute.state, topics(dispute)) == (State.LOST, ["payment.disputed", "dispute.closed"])
    share = Share.objects.get()
    assert (share.refunded, share.owed) == (2333, 0)
    for account in (ledger.DISPUTED, ledger.PLATFORM_REVENUE, ledger.payee(user.pk)):
        assert ledger.balance(account, "eur") == 0
    agree(provider)
    with pytest.raises(PaymentDisputed):
        refund(dispute.payment)


@pytest.mark.parametrize("seed", range(4))
def test_news_in_any_order_and_number_end_the_same(user: User, provider: Provider, settle: Settle, seed: int) -> None:
    chance = random.Random(seed)
    payment = services.authorise(payment_id=bought(user, 3333, method=DISPUTED).pk)
    if chance.random() < 0.5:
        hear(provider, settle, chance)
    provider.advance(10 * 86_400)
    hear(provider, settle, chance)
    WebhookEvent.objects.update(processed_at=None)
    for event in WebhookEvent.objects.order_by("?"):
        services.process_webhook(event_id=event.pk)
    dispute = Dispute.objects.get()
    assert (dispute.payment, dispute.state) == (payment, State.LOST)
    assert topics(dispute) == ["payment.disputed", "dispute.closed"]
    agree(provider)


def test_an_inquiry_takes_nothing_until_it_becomes_more(user: User, provider: Provider, settle: Settle) -> None:
    dispute = disputed(user, provider, settle, INQUIRY)
    assert (dispute.state, Share.objects.get().owed) == (State.INQUIRY, 2333)
    refund(dispute.payment, 333)  # what is only asked about can be given back
    answer(dispute, "escalate_inquiry_evidence", user)
    provider.advance(2)
    hear(provider, settle)
    dispute.refresh_from_db()
    assert (dispute.state, topics(dispute)) == (State.OPEN, ["payment.disputed", "payment.disputed"])
    # The bank withholds all of it: what had gone back already is the house's loss, or won back.
    assert Share.objects.get().owed == 0
    assert ledger.balance(ledger.DISPUTED, "eur") == 3333
    agree(provider)


def test_an_inquiry_that_is_closed_took_nothing(user: User, provider: Provider, settle: Settle) -> None:
    dispute = disputed(user, provider, settle, INQUIRY)
    answer(dispute, "winning_evidence", user)
    provider.advance(2)
    hear(provider, settle)
    dispute.refresh_from_db()
    assert (dispute.state, dispute.fee, Share.objects.get().owed) == (State.WON, 0, 2333)
    agree(provider)


def test_evidence_is_kept_until_it_is_handed_in_and_refused_when_it_is_nonsense(
    user: User, provider: Provider, settle: Settle
) -> None:
    dispute = disputed(user, provider, settle)
    services.keep_evidence(dispute_id=dispute.pk, texts={"customer_name": " Ada "}, by=user, hand_in=False)
    services.perform_evidence(dispute_id=dispute.pk)
    dispute.refresh_from_db()
    assert (dispute.evidence, dispute.submitted_at) == ({"customer_name": "Ada"}, None)
    assert provider.executed("/v1/disputes/*") == 0
    with pytest.raises(InvalidInput):
        services.keep_evidence(dispute_id=dispute.pk, texts={"alibi": "none"}, by=user, hand_in=True)
    with pytest.raises(InvalidInput):
        services.keep_evidence(dispute_id=dispute.pk, texts={"customer_name": ""}, by=user, hand_in=True)
    services.keep_evidence(dispute_id=dispute.pk, texts={"service_date": "today"}, by=user, hand_in=True)
    provider.fault(kind="drop", method="POST", path="/v1/disputes/*", times=2)
    with pytest.raises(GatewayUnavailable):
        services.perform_evidence(dispute_id=dispute.pk)
    Dispute.objects.update(updated_at=timezone.now() - timedelta(minutes=3), asked_at=timezone.now() - timedelta(1))
    look_at_open_disputes()
    dispute.refresh_from_db()
    assert (dispute.submitted_at is not None, provider.executed("/v1/disputes/*")) == (True, 1)


def test_after_the_decision_nothing_can_be_said(user: User, provider: Provider, settle: Settle) -> None:
    dispute = disputed(user, provider, settle)
    provider.advance(10 * 86_400)
    answer(dispute, "too late", user)  # we have not heard yet
    dispute.refresh_from_db()
    assert (dispute.submitted_at, "already closed" in dispute.failure) == (None, True)
    Dispute.objects.update(updated_at=timezone.now() - timedelta(hours=7))
    look_at_open_disputes()
    dispute.refresh_from_db()
    assert dispute.state == State.LOST
    with pytest.raises(DisputeClosed):
        services.keep_evidence(dispute_id=dispute.pk, texts={"customer_name": "Ada"}, by=user, hand_in=True)
