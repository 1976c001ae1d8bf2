"""Payouts to payees' banks, as the provider tells them, in any order."""

import random
from collections.abc import Callable

import pytest

from marketplace.accounts.models import Notification, User
from marketplace.core.models import OutboxEvent
from payments import ledger, selectors, services
from payments.models import Payout, PayoutAccount, WebhookEvent
from payments.tasks import look_at_own_payouts
from tests.payments.payees import captured, deliver, events_of_account, onboarded, weeks_later
from tests.payments.provider import Provider

pytestmark = pytest.mark.django_db(transaction=True)
DAY = 86_400


def paid_out(payer: User, payee: User, provider: Provider, **answers: str) -> PayoutAccount:
    """What the payee earned has gone to their bank, as far as that takes it."""
    account = onboarded(payee, **answers)
    weeks_later(captured(payer, {payee: 1750}))
    for transfer in services.request_transfers(payee_id=payee.pk, currency="eur"):
        services.perform_transfer(transfer_id=transfer.pk)
    for _ in range(6):
        provider.advance(DAY)
    return account


@pytest.mark.parametrize("seed", range(2))
def test_a_payout_is_followed_to_the_bank_whatever_order_the_news_have(
    user: User, make_user: Callable[..., User], provider: Provider, settle: Callable[[], None], seed: int
) -> None:
    artist, chance = make_user(), random.Random(seed)
    account = paid_out(user, artist, provider)
    news = [event for event in events_of_account(provider, account) for _ in range(chance.randint(1, 2))]
    chance.shuffle(news)
    for event in news:
        deliver(event)
    settle()
    payout = Payout.objects.get()
    assert (payout.amount, payout.currency, payout.status, payout.account) == (1750, "eur", "paid", account)
    assert payout.arrives_at is not None
    assert Notification.objects.filter(person=artist, kind="payout.paid").count() == 1
    assert OutboxEvent.objects.filter(topic="payout.changed").count() == 1
    assert not WebhookEvent.objects.filter(processed_at=None).exists()


def test_a_failed_payout_says_what_to_do(
    user: User, make_user: Callable[..., User], provider: Provider, settle: Callable[[], None]
) -> None:
    artist = make_user()
    account = paid_out(user, artist, provider, account_number="DE89370400440532013002")
    for event in events_of_account(provider, account):
        deliver(event)
    settle()
    payout = Payout.objects.get()
    assert (payout.status, payout.failure_code) == ("failed", "account_closed")
    told = Notification.objects.get(person=artist, kind="payout.failed")
    assert told.title == "A payout of €17.50 failed"
    assert "another bank account" in told.body
    account.refresh_from_db()
    assert account.requirements == ["external_account"]


def test_payouts_whose_news_were_lost_are_found(user: User, make_user: Callable[..., User], provider: Provider) -> None:
    account = paid_out(user, make_user(), provider)
    services.refresh_payouts(account_id=account.pk)
    services.refresh_payouts(account_id=account.pk)
    assert [payout.status for payout in Payout.objects.all()] == ["paid"]


def test_payouts_of_others_are_left_alone(
    user: User, make_user: Callable[..., User], provider: Provider, settle: Callable[[], None]
) -> None:
    account = paid_out(user, make_user(), provider)
    event = next(event for event in events_of_account(provider, account) if event["type"] == "payout.paid")
    deliver(event | {"id": "evt_of_nobody", "account": "acct_of_nobody"})
    settle()
    assert not Payout.objects.exists()
    assert WebhookEvent.objects.get().note == "not about a payee of ours"


@pytest.mark.parametrize(("is_called_off", "moved"), [(False, 500), (True, 0)])
def test_what_the_house_sends_to_its_own_bank_is_in_the_ledger(
    user: User,
    make_user: Callable[..., User],
    provider: Provider,
    settle: Callable[[], None],
    is_called_off: bool,
    moved: int,
) -> None:
    staff = make_user(is_staff=True, is_superuser=True)
    captured(user, {make_user(): 1750}, house=750)
    provider.advance(3 * DAY)
    made = provider.http.post("/v1/payouts", data={"amount": 500, "currency": "eur"}).raise_for_status().json()
    if is_called_off:
        provider.http.post(f"/v1/payouts/{made['id']}/cancel").raise_for_status()
    look_at_own_payouts()
    for event in [*provider.events(), *reversed(provider.events())]:
        deliver(event)
    settle()
    assert ledger.balance(ledger.BANK, "eur") == moved
    assert ledger.balance(ledger.STRIPE_BALANCE, "eur") == provider.balance("eur")
    assert list(selectors.differences_in_balance()) == []
    told = Notification.objects.filter(person=staff, kind="payout.failed").count()
    assert told == (0 if moved else 1)
