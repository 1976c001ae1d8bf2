"""What a refund or a lost dispute takes back from payees: what was not sent first, then from what was."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from marketplace.accounts.models import User
from marketplace.core.models import OutboxEvent
from payments import ledger, services, tasks
from payments.errors import GatewayUnavailable
from payments.models import Entry, PayoutAccount, Reversal, Share, Transfer
from tests.payments.payees import captured, onboarded, take_back, transfers_at, weeks_later
from tests.payments.provider import Provider

pytestmark = pytest.mark.django_db(transaction=True)
State = Reversal.State


@pytest.fixture
def artist(make_user: Callable[..., User], provider: Provider) -> User:
    """Somebody who may be paid."""
    person = make_user()
    onboarded(person)
    return person


def send(payee: User) -> None:
    for transfer in services.request_transfers(payee_id=payee.pk, currency="eur"):
        services.perform_transfer(transfer_id=transfer.pk)


def perform() -> None:
    for reversal in Reversal.objects.filter(state=State.REQUESTED):
        services.perform_reversal(reversal_id=reversal.pk)


def empty_account(provider: Provider, payee: User) -> None:
    """The payee was paid out, and closed their account at the provider."""
    account = PayoutAccount.objects.get(user=payee)
    for _ in range(5):
        provider.advance(86_400)
    provider.http.delete(f"/v1/accounts/{account.stripe_id}").raise_for_status()


def test_what_was_not_sent_is_simply_no_longer_owed(user: User, artist: User, provider: Provider) -> None:
    payment = captured(user, {artist: 1750})
    take_back(payment, {artist: 700}, "refund:1")
    assert not Reversal.objects.exists()
    weeks_later(payment)
    send(artist)
    assert [made["amount"] for made in transfers_at(provider)] == [1050]


def test_what_was_sent_is_taken_back_and_posted(user: User, artist: User, provider: Provider) -> None:
    payment = captured(user, {artist: 1750})
    weeks_later(payment)
    send(artist)
    take_back(payment, {artist: 700}, "refund:1")
    perform()
    reversal = Reversal.objects.get()
    (made,) = transfers_at(provider)
    assert made["reversals"]["data"][0]["id"] == reversal.stripe_id
    assert (made["amount_reversed"], reversal.state) == (700, State.MADE)
    assert (Transfer.objects.get().reversed, Share.objects.get().owed) == (700, 0)
    assert ledger.balance(ledger.payee(artist.pk), "eur") == -700  # until the refund itself is posted
    assert OutboxEvent.objects.filter(topic="reversal.made").count() == 1


def test_the_part_that_was_not_sent_is_used_first(user: User, artist: User, provider: Provider) -> None:
    payment = captured(user, {artist: 1000})
    weeks_later(payment)
    Share.objects.update(refunded=400)
    send(artist)
    Share.objects.update(refunded=0)  # the refund of 400 failed: it is owed again
    take_back(payment, {artist: 500}, "refund:2")
    assert [reversal.amount for reversal in Reversal.objects.all()] == [100]


def test_the_newest_transfers_are_taken_back_first(user: User, artist: User, provider: Provider) -> None:
    payment = captured(user, {artist: 1000})
    weeks_later(payment)
    Share.objects.update(refunded=400)
    send(artist)
    Share.objects.update(refunded=0)
    send(artist)
    take_back(payment, {artist: 700}, "refund:3")
    perform()
    assert [(made["amount"], made["amount_reversed"]) for made in transfers_at(provider)] == [(600, 300), (400, 400)]


def test_the_same_reference_takes_nothing_twice(user: User, artist: User, provider: Provider) -> None:
    payment = captured(user, {artist: 1000})
    weeks_later(payment)
    send(artist)
    take_back(payment, {artist: 400}, "refund:1")
    share = Share.objects.get()
    with transaction.atomic():
        again = services.request_reversals(payment=payment, amounts={share.pk: 400}, reference="refund:1")
    assert again == []
    assert (Reversal.objects.get().amount, Transfer.objects.get().reversed) == (400, 400)


def test_a_lost_answer_takes_nothing_back_twice(user: User, artist: User, provider: Provider) -> None:
    payment = captured(user, {artist: 1000})
    weeks_later(payment)
    send(artist)
    take_back(payment, {artist: 400}, "refund:1")
    provider.fault(kind="drop", stage="after", method="POST", path="/v1/transfers/*/reversals", times=2)
    with pytest.raises(GatewayUnavailable):
        perform()
    Reversal.objects.update(updated_at=timezone.now() - timedelta(minutes=5))
    tasks.carry_on_with_transfers()
    assert [made["amount_reversed"] for made in transfers_at(provider)] == [400]
    assert Entry.objects.filter(kind="reversal").count() == 1


def test_of_a_transfer_on_its_way_it_is_taken_when_that_is_made(
    user: User, artist: User, provider: Provider, settle: Callable[[], None]
) -> None:
    payment = captured(user, {artist: 1000})
    weeks_later(payment)
    (transfer,) = services.request_transfers(payee_id=artist.pk, currency="eur")
    take_back(payment, {artist: 1000}, "refund:1")
    perform()
    assert Reversal.objects.get().state == State.REQUESTED
    services.perform_transfer(transfer_id=transfer.pk)
    settle()
    assert Reversal.objects.get().state == State.MADE
    assert [made["reversed"] for made in transfers_at(provider)] == [True]


def test_of_a_transfer_that_is_refused_there_is_nothing_to_take(user: User, artist: User, provider: Provider) -> None:
    payment = captured(user, {artist: 1000})
    weeks_later(payment)
    account = PayoutAccount.objects.get(user=artist)
    path = f"/v1/accounts/{account.stripe_id}/capabilities/transfers"
    (transfer,) = services.request_transfers(payee_id=artist.pk, currency="eur")
    take_back(payment, {artist: 300}, "refund:1")
    provider.http.post(path, data={"requested": "false"}).raise_for_status()
    services.perform_transfer(transfer_id=transfer.pk)
    transfer.refresh_from_db()
    share = Share.objects.get()
    assert (transfer.state, transfer.reversed, Reversal.objects.get().state) == (Transfer.State.REFUSED, 0, "refused")
    assert (share.transferred, share.owed) == (0, 700)


def test_what_cannot_be_taken_back_is_owed_and_set_off_later(user: User, artist: User, provider: Provider) -> None:
    payment = captured(user, {artist: 1000})
    weeks_later(payment)
    send(artist)
    empty_account(provider, artist)
    take_back(payment, {artist: 600}, "refund:1")
    perform()
    reversal, share = Reversal.objects.get(), Share.objects.get()
    assert (reversal.state, share.owed) == (State.REFUSED, -600)
    assert "insufficient" in reversal.failure
    assert Transfer.objects.get().reversed == 0
    assert not Entry.objects.filter(kind="reversal").exists()
    PayoutAccount.objects.filter(user=artist).update(disabled_reason=PayoutAccount.CLOSED)
    onboarded(artist)
    weeks_later(captured(user, {artist: 1500}))
    send(artist)
    assert transfers_at(provider)[-1]["amount"] == 900


def test_what_is_being_taken_back_is_not_sent_meanwhile(user: User, artist: User, provider: Provider) -> None:
    first, second = captured(user, {artist: 1000}), captured(user, {artist: 500})
    weeks_later(first)
    send(artist)
    take_back(first, {artist: 400}, "refund:1")
    weeks_later(second)
    assert [made.amount for made in services.request_transfers(payee_id=artist.pk, currency="eur")] == [100]
    perform()
    assert [made.amount for made in services.request_transfers(payee_id=artist.pk, currency="eur")] == [400]


def test_reversals_are_asked_for_in_a_transaction(user: User, artist: User) -> None:
    payment = captured(user, {artist: 1000})
    with pytest.raises(RuntimeError, match="transaction"):
        services.request_reversals(payment=payment, amounts={}, reference="refund:1")
