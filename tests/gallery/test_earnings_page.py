"""The earnings page: what a payee sees of their money, and the way to the payment provider and back."""

from collections.abc import Callable

import pytest
from django.test import Client

from marketplace.accounts.models import User
from payments import services
from payments.models import Payout, PayoutAccount
from tests.payments.conftest import provider  # noqa: F401  # the fixture
from tests.payments.payees import captured, fill_in, onboarded, weeks_later
from tests.payments.provider import Provider

pytestmark = pytest.mark.django_db(transaction=True)


def page(client: Client) -> str:
    answer = client.get("/earnings/")
    assert (answer.status_code, answer["Cache-Control"]) == (200, "no-store")
    return answer.content.decode()


def test_who_is_not_signed_in_is_asked_to(client: Client) -> None:
    assert client.get("/earnings/").status_code == 302


def test_who_earned_nothing_yet_can_set_up_payouts(user: User, client: Client, provider: Provider) -> None:  # noqa: F811
    client.force_login(user)
    seen = page(client)
    assert "Nothing earned yet" in seen
    assert '<option value="DE" >Germany</option>' in seen
    sent = client.post("/earnings/account/", {"country": "DE"})
    assert sent.status_code == 302
    seen = page(client)
    assert "a bank account" in seen
    assert "your date of birth" in seen
    back = fill_in(sent["Location"]).headers["Location"]
    assert back.endswith("/earnings/returned/")
    seen = client.get("/earnings/returned/", follow=True).content.decode()
    assert "You can be paid." in seen
    assert "Open your payment dashboard" in seen
    assert "/express/" in client.post("/earnings/dashboard/")["Location"]


def test_an_old_link_leads_to_a_fresh_one(user: User, client: Client, provider: Provider) -> None:  # noqa: F811
    client.force_login(user)
    assert client.get("/earnings/account/")["Location"] == "/earnings/"
    client.post("/earnings/account/", {"country": "DE"})
    assert "/setup/" in client.get("/earnings/account/")["Location"]
    assert PayoutAccount.objects.count() == 1


def test_a_country_without_the_provider_is_refused_in_words(
    user: User,
    client: Client,
    provider: Provider,  # noqa: F811
) -> None:
    client.force_login(user)
    seen = client.post("/earnings/account/", {"country": "KP"}, follow=True).content.decode()
    assert "Nobody can be paid there yet." in seen


def test_what_was_earned_sent_and_paid_out_is_shown(
    user: User,
    make_user: Callable[..., User],
    client: Client,
    provider: Provider,  # noqa: F811
) -> None:
    artist = make_user()
    account = onboarded(artist)
    sent = captured(user, {artist: 1234})
    captured(user, {artist: 700}, hold=services.Hold.UNTIL_RELEASED)
    weeks_later(sent)
    for transfer in services.request_transfers(payee_id=artist.pk, currency="eur"):
        services.perform_transfer(transfer_id=transfer.pk)
    Payout.objects.create(
        account=account, stripe_id="po_1", amount=1234, currency="eur", status="failed", failure_code="account_closed"
    )
    client.force_login(artist)
    seen = page(client)
    for words in (sent.reference, "€12.34", "€7.00", "Until it is delivered", "Your bank account was closed."):
        assert words in seen
    statement = client.get("/earnings/statement/", {"since": "", "until": ""})
    assert "earned" in statement.content.decode()
    refused = client.get("/earnings/statement/", {"since": "2026-02-01", "until": "2026-01-01"}, follow=True)
    assert "Choose a first day" in refused.content.decode()
