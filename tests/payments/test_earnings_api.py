"""What payees read of their earnings, over HTTP."""

import csv
import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from marketplace.accounts.models import User
from payments import selectors, services
from payments.models import PayoutAccount, Share
from tests.payments.payees import captured, fill_in, onboarded, take_back, weeks_later
from tests.payments.provider import Provider
from tests.payments.test_papers import text_of

pytestmark = pytest.mark.django_db(transaction=True)
API = "/api/v1"


@pytest.fixture
def artist(make_user: Callable[..., User], provider: Provider) -> User:
    person = make_user()
    onboarded(person)
    return person


def send(payee: User) -> None:
    for transfer in services.request_transfers(payee_id=payee.pk, currency="eur"):
        services.perform_transfer(transfer_id=transfer.pk)


def test_where_the_money_is_by_currency(user: User, artist: User, client_of: Callable[[User], APIClient]) -> None:
    sent, due = captured(user, {artist: 1000}), captured(user, {artist: 500})
    captured(user, {artist: 250}), captured(user, {artist: 70}, currency="usd")
    weeks_later(sent)
    send(artist)
    take_back(sent, {artist: 100}, "refund:1")
    weeks_later(due)
    services.request_transfers(payee_id=artist.pk, currency="eur")
    euros, dollars = client_of(artist).get(f"{API}/earnings/").json()
    waits = euros.pop("next_release")
    assert euros == {
        "currency": "eur", "on_hold": 250, "due": 100, "disputed": 0, "on_its_way": 400,
        "transferred": 900, "owed_by_you": 0,
    }  # fmt: skip
    assert waits is not None
    assert (dollars["currency"], dollars["on_hold"]) == ("usd", 70)
    assert client_of(user).get(f"{API}/earnings/").json() == []


def test_shares_transfers_and_who_else_sees_them(
    user: User, artist: User, client_of: Callable[[User], APIClient]
) -> None:
    payment = captured(user, {artist: 1000})
    weeks_later(payment)
    send(artist)
    (share,) = client_of(artist).get(f"{API}/earnings/shares/").json()["results"]
    assert (share["reference"], share["amount"], share["transferred"], share["owed"]) == (
        payment.reference, 1000, 1000, 0,
    )  # fmt: skip
    (transfer,) = client_of(artist).get(f"{API}/earnings/transfers/").json()["results"]
    assert (transfer["share"], transfer["amount"], transfer["state"]) == (share["id"], 1000, "made")
    for path in ("earnings/shares", "earnings/transfers", "payouts"):
        assert client_of(user).get(f"{API}/{path}/").json()["results"] == []
    assert APIClient().get(f"{API}/earnings/").status_code == 401


def rows(answer: Any) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(answer.content.decode())))


def test_a_statement_adds_up_from_line_to_line(
    user: User, artist: User, client_of: Callable[[User], APIClient]
) -> None:
    payment = captured(user, {artist: 1000})
    weeks_later(payment)
    send(artist)
    answer = client_of(artist).get(f"{API}/earnings/statement/")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    lines = [(row["what"], row["for"], row["amount"], row["balance with the house"]) for row in rows(answer)]
    assert lines == [
        ("earned", payment.reference, "10.00", "10.00"),
        ("sent to your account", payment.reference, "-10.00", "0.00"),
    ]
    text = text_of(client_of(artist).get(f"{API}/earnings/statement/pdf/").content)
    for part in (artist.name, "earned", "€10.00", "sent to your account", "-€10.00", "The house owes you"):
        assert part in text


def test_a_statement_begins_with_what_was_before(
    user: User, artist: User, client_of: Callable[[User], APIClient]
) -> None:
    captured(user, {artist: 1000})
    tomorrow = (timezone.now() + timedelta(days=1)).date().isoformat()
    assert rows(client_of(artist).get(f"{API}/earnings/statement/", {"since": tomorrow, "until": tomorrow})) == []
    refused = client_of(artist).get(f"{API}/earnings/statement/", {"since": "2026-02-01", "until": "2026-01-01"})
    assert (refused.status_code, list(refused.json()["errors"])) == (422, ["since"])


def test_an_account_is_opened_and_looked_at(
    user: User, provider: Provider, client_of: Callable[[User], APIClient]
) -> None:
    client = client_of(user)
    assert client.get(f"{API}/payout-account/").status_code == 404
    refused = client.post(f"{API}/payout-account/onboarding/", {"country": "KP"}, format="json")
    assert (refused.status_code, refused.json()["code"]) == (422, "payout-country-not-served")
    assert client.post(f"{API}/payout-account/dashboard/").status_code == 409
    link = client.post(f"{API}/payout-account/onboarding/", {"country": "de"}, format="json").json()["url"]
    assert fill_in(link).headers["Location"].endswith("/earnings/returned/")
    services.refresh_payout_account(account_id=PayoutAccount.objects.get().pk)
    seen = client.get(f"{API}/payout-account/").json()
    assert (seen["country"], seen["is_payable"], seen["requirements"]) == ("DE", True, [])
    assert "/express/" in client.post(f"{API}/payout-account/dashboard/").json()["url"]
    moved = client.post(f"{API}/payout-account/onboarding/", {"country": "FR"}, format="json")
    assert (moved.status_code, moved.json()["code"]) == (409, "payout-country-fixed")


def test_the_books_of_payees_agree_and_differences_are_said(user: User, artist: User, provider: Provider) -> None:
    first, second = captured(user, {artist: 1000}), captured(user, {artist: 700})
    weeks_later(first)
    send(artist)
    weeks_later(second)
    services.request_transfers(payee_id=artist.pk, currency="eur")
    assert list(selectors.differences_of_payees()) == []
    Share.objects.filter(payment=second).update(transferred=600)
    PayoutAccount.objects.update(payouts_enabled=False)
    found = "\n".join(selectors.differences_of_payees())
    assert "the ledger owes them €7.00, their shares €8.00" in found
    assert "600 counted as sent, its transfers make 700" in found
    assert "we say payouts_enabled False, the provider says True" in found


def test_what_somebody_did_at_the_provider_by_hand_is_said(user: User, artist: User, provider: Provider) -> None:
    payment = captured(user, {artist: 600}, house=400)
    weeks_later(payment)
    send(artist)
    account = PayoutAccount.objects.get()
    given = {"amount": 100, "currency": "eur", "destination": account.stripe_id}
    provider.http.post("/v1/transfers", data=given | {"source_transaction": payment.charge_id}).raise_for_status()
    (ours, _) = sorted(provider.http.get("/v1/transfers").json()["data"], key=lambda made: -made["amount"])
    provider.http.post(f"/v1/transfers/{ours['id']}/reversals", data={"amount": 50}).raise_for_status()
    found = "\n".join(selectors.differences_of_payees())
    assert "(€1.00 to" in found
    assert "is none of ours" in found
    assert "we took back 0, the provider says 50" in found
