"""Payees are sent what they are owed: when it is due, once, and never more."""

from collections.abc import Callable
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.conf import LazySettings
from django.db import connection
from django.utils import timezone
from pydantic import SecretStr

from marketplace.accounts.models import User
from marketplace.core.models import AuditEntry, OutboxEvent
from payments import ledger, selectors, services, tasks
from payments.errors import GatewayUnavailable, KeyRefused
from payments.models import Dispute, Entry, GatewayCall, PayoutAccount, Share, Transfer
from tests.payments.payees import captured, onboarded, transfers_at, weeks_later
from tests.payments.provider import Provider

pytestmark = pytest.mark.django_db(transaction=True)
State = Transfer.State


@pytest.fixture
def artist(make_user: Callable[..., User], provider: Provider) -> User:
    """Somebody who may be paid."""
    person = make_user()
    onboarded(person)
    return person


def send(payee: User, currency: str = "eur") -> list[Transfer]:
    made = services.request_transfers(payee_id=payee.pk, currency=currency)
    for transfer in made:
        services.perform_transfer(transfer_id=transfer.pk)
        transfer.refresh_from_db()
    return made


def test_what_is_due_is_sent_from_its_charge_and_posted(user: User, artist: User, provider: Provider) -> None:
    payment = captured(user, {artist: 1750}, house=750)
    weeks_later(payment)
    (transfer,) = send(artist)
    (made,) = transfers_at(provider)
    assert (made["id"], made["amount"], made["currency"]) == (transfer.stripe_id, 1750, "eur")
    assert made["source_transaction"] == payment.charge_id
    assert made["transfer_group"] == payment.reference
    assert made["destination"] == PayoutAccount.objects.get(user=artist).stripe_id
    assert (transfer.state, Share.objects.get().transferred) == (State.MADE, 1750)
    assert ledger.balance(ledger.payee(artist.pk), "eur") == 0
    assert OutboxEvent.objects.filter(topic="transfer.made", subject_id=str(transfer.pk)).count() == 1
    assert [entry.operation for entry in AuditEntry.objects.of(transfer)] == ["insert", "update"]


def test_the_sweeper_finds_what_is_due(
    user: User, artist: User, provider: Provider, settle: Callable[[], None]
) -> None:
    payment = captured(user, {artist: 1750}, house=750)
    tasks.send_what_is_due()
    assert not Transfer.objects.exists()
    weeks_later(payment)
    tasks.send_what_is_due()
    settle()
    tasks.send_what_is_due()
    assert [made["amount"] for made in transfers_at(provider)] == [1750]


def test_nothing_is_sent_before_its_time(user: User, artist: User) -> None:
    captured(user, {artist: 1750})
    assert send(artist) == []


def test_escrow_ends_when_it_is_released_and_only_then(
    user: User, artist: User, provider: Provider, settle: Callable[[], None]
) -> None:
    payment = captured(user, {artist: 1750}, hold=services.Hold.UNTIL_RELEASED)
    weeks_later(payment)
    assert send(artist) == []
    services.release_shares(payment_id=payment.pk, after=timedelta(0))
    settle()
    assert [made["amount"] for made in transfers_at(provider)] == [1750]
    released = Share.objects.get().release_at
    services.release_shares(payment_id=payment.pk, after=timedelta(days=3))
    assert Share.objects.get().release_at == released


def test_without_a_number_of_days_escrow_ends_after_the_usual_wait(user: User, artist: User) -> None:
    payment = captured(user, {artist: 1750}, hold=services.Hold.UNTIL_RELEASED)
    services.release_shares(payment_id=payment.pk)
    waits = Share.objects.get().release_at - timezone.now()  # type: ignore[operator]  # released
    assert timedelta(days=6, hours=23) < waits <= timedelta(days=7)


def test_nothing_is_sent_while_a_payment_is_disputed(user: User, artist: User) -> None:
    payment = captured(user, {artist: 1750})
    weeks_later(payment)
    dispute = Dispute.objects.create(
        payment=payment, stripe_id="du_1", state="open", status="needs_response", reason="fraudulent", amount=1750
    )
    assert send(artist) == []
    Dispute.objects.filter(pk=dispute.pk).update(state="won", closed_at=timezone.now())
    assert [transfer.amount for transfer in send(artist)] == [1750]


def test_who_has_no_account_is_owed_it_until_they_have_one(
    user: User, make_user: Callable[..., User], provider: Provider, settle: Callable[[], None]
) -> None:
    seller = make_user()
    weeks_later(captured(user, {seller: 1750}))
    assert send(seller) == []
    assert selectors.payees_due() == []
    onboarded(seller)
    settle()
    assert [made["amount"] for made in transfers_at(provider)] == [1750]


def test_debts_are_set_off_and_nothing_is_lost(user: User, artist: User, provider: Provider) -> None:
    first, second = captured(user, {artist: 1000}), captured(user, {artist: 800})
    weeks_later(first)
    send(artist)
    Share.objects.filter(payment=first).update(refunded=300)  # what a reversal that was refused leaves behind
    weeks_later(second)
    assert [transfer.amount for transfer in send(artist)] == [500]
    assert send(artist) == []
    assert selectors.payees_due() == []
    third = captured(user, {artist: 100})
    weeks_later(third)
    assert sum(transfer.amount for transfer in send(artist)) == 100
    assert sum(share.owed for share in Share.objects.all()) == 0


def test_what_still_waits_does_not_pay_debts(user: User, artist: User) -> None:
    first, second, third = (captured(user, {artist: amount}) for amount in (1000, 800, 5000))
    weeks_later(first)
    send(artist)
    Share.objects.filter(payment=first).update(refunded=900)
    weeks_later(second)
    assert send(artist) == []  # the third may yet be refunded
    weeks_later(third)
    assert sum(transfer.amount for transfer in send(artist)) == 4900


def test_currencies_are_kept_apart(user: User, artist: User, provider: Provider) -> None:
    euros, dollars = captured(user, {artist: 1000}), captured(user, {artist: 700}, currency="usd")
    weeks_later(euros, dollars)
    Share.objects.filter(payment=euros).update(refunded=1000, transferred=400)  # they owe 4 euros
    assert send(artist) == []
    send(artist, "usd")
    assert [(made["amount"], made["currency"]) for made in transfers_at(provider)] == [(700, "usd")]


def test_a_lost_answer_sends_nothing_twice(user: User, artist: User, provider: Provider) -> None:
    weeks_later(captured(user, {artist: 1750}))
    (transfer,) = services.request_transfers(payee_id=artist.pk, currency="eur")
    provider.fault(kind="drop", stage="after", method="POST", path="/v1/transfers", times=2)
    with pytest.raises(GatewayUnavailable):
        services.perform_transfer(transfer_id=transfer.pk)
    assert services.request_transfers(payee_id=artist.pk, currency="eur") == []
    services.perform_transfer(transfer_id=transfer.pk)
    transfer.refresh_from_db()
    assert transfer.state == State.MADE
    assert len(transfers_at(provider)) == 1
    assert Entry.objects.filter(kind="transfer").count() == 1


def test_a_day_after_the_answer_was_lost_the_transfer_is_found(user: User, artist: User, provider: Provider) -> None:
    weeks_later(captured(user, {artist: 1750}))
    (transfer,) = services.request_transfers(payee_id=artist.pk, currency="eur")
    provider.fault(kind="drop", stage="after", method="POST", path="/v1/transfers", times=2)
    with pytest.raises(GatewayUnavailable):
        services.perform_transfer(transfer_id=transfer.pk)
    provider.advance(25 * 3600)
    GatewayCall.objects.update(created_at=timezone.now() - timedelta(hours=25))
    services.perform_transfer(transfer_id=transfer.pk)
    assert [made["id"] for made in transfers_at(provider)] == [Transfer.objects.get().stripe_id]


def test_a_crash_between_request_and_call_is_made_good_by_the_sweeper(
    user: User, artist: User, provider: Provider
) -> None:
    weeks_later(captured(user, {artist: 1750}))
    services.request_transfers(payee_id=artist.pk, currency="eur")
    Transfer.objects.update(updated_at=timezone.now() - timedelta(minutes=5))
    tasks.carry_on_with_transfers()
    assert [made["amount"] for made in transfers_at(provider)] == [1750]
    assert Transfer.objects.get().state == State.MADE


def test_two_workers_on_one_transfer_send_it_once(user: User, artist: User, provider: Provider) -> None:
    weeks_later(captured(user, {artist: 1750}))
    (transfer,) = services.request_transfers(payee_id=artist.pk, currency="eur")
    provider.fault(kind="delay", stage="during", seconds=0.3, method="POST", path="/v1/transfers")
    start = Barrier(2)

    def work() -> None:
        start.wait()
        try:
            services.perform_transfer(transfer_id=transfer.pk)
        except GatewayUnavailable:  # the other's call is still running: the outbox would ask again
            pass
        finally:
            connection.close()

    run_both(work)
    assert len(transfers_at(provider)) == 1
    assert Entry.objects.filter(kind="transfer").count() == 1
    assert Transfer.objects.get().state == State.MADE


def test_two_sweepers_ask_for_one_transfer(user: User, artist: User) -> None:
    weeks_later(*(captured(user, {artist: 500}) for _ in range(3)))
    start = Barrier(2)

    def work() -> None:
        start.wait()
        services.request_transfers(payee_id=artist.pk, currency="eur")
        connection.close()

    run_both(work)
    assert [transfer.amount for transfer in Transfer.objects.all()] == [500, 500, 500]


def run_both(work: Callable[[], None]) -> None:
    threads = [Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_a_refused_transfer_gives_back_and_is_tried_again_when_the_account_may_be_paid(
    user: User, artist: User, provider: Provider, settle: Callable[[], None]
) -> None:
    account = PayoutAccount.objects.get(user=artist)
    weeks_later(captured(user, {artist: 1750}))
    may_be_paid(provider, account, False)
    (transfer,) = send(artist)  # we have not heard yet that it may not
    assert (transfer.state, Share.objects.get().owed) == (State.REFUSED, 1750)
    assert "capabilities" in transfer.failure
    assert send(artist) == []  # not every minute
    services.refresh_payout_account(account_id=account.pk)
    settle()
    assert transfers_at(provider) == []
    may_be_paid(provider, account, True)
    services.refresh_payout_account(account_id=account.pk)
    settle()
    assert [made["amount"] for made in transfers_at(provider)] == [1750]
    assert ledger.balance(ledger.payee(artist.pk), "eur") == 0


def may_be_paid(provider: Provider, account: PayoutAccount, can: bool) -> None:
    asked = {"requested": "true" if can else "false"}
    path = f"/v1/accounts/{account.stripe_id}/capabilities/transfers"
    provider.http.post(path, data=asked).raise_for_status()


def test_a_refused_transfer_is_tried_again_after_some_hours(user: User, artist: User, provider: Provider) -> None:
    account = PayoutAccount.objects.get(user=artist)
    weeks_later(captured(user, {artist: 1750}))
    may_be_paid(provider, account, False)
    send(artist)
    may_be_paid(provider, account, True)
    assert send(artist) == []
    Transfer.objects.update(updated_at=timezone.now() - timedelta(hours=7))
    assert [transfer.state for transfer in send(artist)] == [State.MADE]


def test_a_key_of_ours_that_is_not_accepted_refuses_nobody(
    user: User, artist: User, provider: Provider, settings: LazySettings
) -> None:
    weeks_later(captured(user, {artist: 1750}))
    (transfer,) = services.request_transfers(payee_id=artist.pk, currency="eur")
    ours = settings.ATELIER
    settings.ATELIER = ours.model_copy(update={"stripe_api_key": SecretStr("sk_test_wrong")})
    with pytest.raises(KeyRefused):
        services.perform_transfer(transfer_id=transfer.pk)
    settings.ATELIER = ours
    services.perform_transfer(transfer_id=transfer.pk)
    assert [made["amount"] for made in transfers_at(provider)] == [1750]
