"""Payouts: by hand and by schedule, by the sandbox's clock; what fails comes back."""

from typing import Any

import pytest
import stripe

from tests.payments.sandbox.running import RunningSandbox
from tests.payments.sandbox.sellers import DAY, bank, funds, kinds, make_artist, take


@pytest.fixture(autouse=True)
def empty(sandbox: RunningSandbox) -> None:
    """Balances begin at nothing."""
    sandbox.control("POST", "reset")


def paid_artist(client: stripe.StripeClient, amount: int = 5_000, **changes: Any) -> stripe.Account:
    """An artist with money."""
    artist = make_artist(client, **changes)
    take(client, 2 * amount)
    client.v1.transfers.create({"amount": amount, "currency": "eur", "destination": artist.id})
    return artist


def daily(**more: Any) -> dict[str, Any]:
    """A schedule that pays out by itself."""
    return {"payouts": {"schedule": {"interval": "daily", **more}}}


def test_a_payout_is_made_by_hand_and_arrives(client: stripe.StripeClient, sandbox: RunningSandbox) -> None:
    artist = paid_artist(client)
    as_artist: Any = {"stripe_account": artist.id}
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        client.v1.payouts.create({"amount": 5_001, "currency": "eur"}, as_artist)
    assert refusal.value.code == "balance_insufficient"
    payout = client.v1.payouts.create({"amount": 5_000, "currency": "eur"}, as_artist)
    assert (payout.status, payout.automatic, funds(client, artist.id)) == ("pending", False, (0, 0))
    assert payout.arrival_date % DAY == 0
    sandbox.control("POST", "clock", {"advance": DAY})
    assert client.v1.payouts.retrieve(payout.id, {}, as_artist).status == "in_transit"
    with pytest.raises(stripe.InvalidRequestError, match="can only be canceled while they are pending"):
        client.v1.payouts.cancel(payout.id, {}, as_artist)
    sandbox.control("POST", "clock", {"advance": DAY})
    assert client.v1.payouts.retrieve(payout.id, {}, as_artist).status == "paid"
    told = [kind for kind in kinds(client, artist.id) if kind.startswith("payout")]
    assert told == ["payout.created", "payout.updated", "payout.paid"]
    assert client.v1.payouts.list().data == []  # it is not the platform's


def test_a_cancelled_payout_comes_back(client: stripe.StripeClient) -> None:
    artist = paid_artist(client)
    as_artist: Any = {"stripe_account": artist.id}
    payout = client.v1.payouts.create({"amount": 3_000, "currency": "eur"}, as_artist)
    assert client.v1.payouts.cancel(payout.id, {}, as_artist).status == "canceled"
    assert funds(client, artist.id) == (5_000, 0)
    assert kinds(client, artist.id)[-1] == "payout.canceled"


@pytest.mark.parametrize(
    ("number", "code"), [("DE62370400440532013001", "no_account"), ("DE89370400440532013002", "account_closed")]
)
def test_a_bank_that_takes_nothing_sends_the_money_back(
    client: stripe.StripeClient, sandbox: RunningSandbox, number: str, code: str
) -> None:
    artist = paid_artist(client, external_account=bank(number))
    as_artist: Any = {"stripe_account": artist.id}
    payout = client.v1.payouts.create({"amount": 5_000, "currency": "eur"}, as_artist)
    sandbox.control("POST", "clock", {"advance": 2 * DAY})
    failed = client.v1.payouts.retrieve(payout.id, {"expand": ["failure_balance_transaction"]}, as_artist)
    assert (failed.status, failed.failure_code) == ("failed", code)
    assert isinstance(failed.failure_balance_transaction, stripe.BalanceTransaction)
    assert failed.failure_balance_transaction.amount == 5_000
    assert funds(client, artist.id) == (5_000, 0)
    account = client.v1.accounts.retrieve(artist.id)
    assert account.requirements is not None
    assert (account.payouts_enabled, account.requirements.currently_due) == (False, ["external_account"])
    assert "payout.failed" in kinds(client, artist.id)
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        client.v1.payouts.create({"amount": 1, "currency": "eur"}, as_artist)
    assert refusal.value.code == "payouts_not_allowed"


def test_a_schedule_pays_out_what_is_available(client: stripe.StripeClient, sandbox: RunningSandbox) -> None:
    artist = paid_artist(client, settings=daily())
    sandbox.control("POST", "clock", {"advance": DAY})
    as_artist: Any = {"stripe_account": artist.id}
    (payout,) = client.v1.payouts.list({}, as_artist).data
    assert (payout.amount, payout.automatic, payout.status) == (5_000, True, "pending")
    sandbox.control("POST", "clock", {"advance": 2 * DAY})
    assert [entry.status for entry in client.v1.payouts.list({}, as_artist).data] == ["paid"]
    assert funds(client, artist.id) == (0, 0)


def test_a_weekly_schedule_waits_for_its_day(client: stripe.StripeClient, sandbox: RunningSandbox) -> None:
    artist = paid_artist(client, settings=daily(interval="weekly", weekly_anchor="friday"))
    as_artist: Any = {"stripe_account": artist.id}
    days = 0
    while not (made := client.v1.payouts.list({}, as_artist).data):
        sandbox.control("POST", "clock", {"advance": DAY})
        days += 1
        assert days <= 7
    assert (made[0].created // DAY + 3) % 7 in (4, 5)  # the epoch was a Thursday; a day's advance may end on Saturday


def test_the_platform_pays_itself_out_by_hand(client: stripe.StripeClient, sandbox: RunningSandbox) -> None:
    take(client, 10_000)
    sandbox.control("POST", "clock", {"advance": 30 * DAY})
    assert funds(client) == (9_680, 0)
    payout = client.v1.payouts.create({"amount": 9_680, "currency": "eur"})
    sandbox.control("POST", "clock", {"advance": 2 * DAY})
    assert (client.v1.payouts.retrieve(payout.id).status, funds(client)) == ("paid", (0, 0))
