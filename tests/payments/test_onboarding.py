"""A payee's account: opened once, in one country, ready when the provider knows enough; news in any order."""

import random
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from threading import Barrier, Thread
from typing import Any

import httpx
import pytest
from django.db import connection
from django.utils import timezone

from marketplace.accounts.models import Notification, User
from marketplace.core.models import OutboxEvent
from payments import gateway, services, tasks
from payments.errors import AccountNotReady, AccountUnknown, CountryFixed, CountryNotServed, GatewayUnavailable
from payments.models import GatewayCall, PayoutAccount, WebhookEvent
from payments.services.onboarding import apply_account
from tests.payments.payees import AGAIN, BACK, deliver, events_of_account, fill_in, link_for, onboarded
from tests.payments.provider import Provider

pytestmark = pytest.mark.django_db(transaction=True)


def accounts_at(provider: Provider) -> list[dict[str, Any]]:
    return list(provider.http.get("/v1/accounts", params={"limit": 100}).json()["data"])


def told(user: User) -> list[str]:
    return list(Notification.objects.filter(person=user).order_by("created_at").values_list("kind", flat=True))


def test_a_person_tells_the_provider_who_they_are_and_can_be_paid(user: User, provider: Provider) -> None:
    answer = fill_in(link_for(user))
    assert answer.headers["Location"] == BACK
    account = PayoutAccount.objects.get()
    assert (account.country, account.is_payable, account.details_submitted) == ("DE", False, False)
    assert "external_account" in account.requirements
    account = services.refresh_payout_account(account_id=account.pk)
    assert (account.is_payable, account.details_submitted, account.requirements) == (True, True, [])
    assert told(user) == ["account.ready"]
    (seen,) = accounts_at(provider)
    assert (seen["type"], seen["email"], seen["metadata"]["payout_account"]) == ("express", user.email, str(account.pk))
    assert list(seen["capabilities"]) == ["transfers"]


def test_a_person_has_one_account_however_often_they_begin(user: User, provider: Provider) -> None:
    first, second = link_for(user), link_for(user)
    assert first != second
    assert len(accounts_at(provider)) == 1
    assert GatewayCall.objects.filter(operation="open").count() == 1


def test_an_old_link_leads_back_for_a_new_one(user: User, provider: Provider) -> None:
    link = link_for(user)
    provider.advance(600)
    assert fill_in(link).status_code == 404  # nothing was opened, so nothing can be told
    assert httpx.get(link).headers["Location"] == AGAIN


def test_two_clicks_at_once_open_one_account(user: User, provider: Provider) -> None:
    start = Barrier(3)

    def click() -> None:
        start.wait()
        with suppress(GatewayUnavailable):  # the other click's call is still running
            link_for(user)
        connection.close()

    threads = [Thread(target=click) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(accounts_at(provider)) == 1
    assert PayoutAccount.objects.get().stripe_id == accounts_at(provider)[0]["id"]


@pytest.mark.parametrize("stage", ["before", "after"])
def test_after_a_lost_answer_the_account_is_opened_once(user: User, provider: Provider, stage: str) -> None:
    provider.fault(kind="drop", stage=stage, method="POST", path="/v1/accounts", times=2)
    with pytest.raises(GatewayUnavailable):
        link_for(user)
    assert PayoutAccount.objects.get().stripe_id is None
    link_for(user)
    assert [seen["id"] for seen in accounts_at(provider)] == [PayoutAccount.objects.get().stripe_id]


def test_the_sweeper_finds_an_account_whose_making_was_not_answered(user: User, provider: Provider) -> None:
    provider.fault(kind="drop", stage="after", method="POST", path="/v1/accounts", times=2)
    with pytest.raises(GatewayUnavailable):
        link_for(user)
    tasks.look_at_payout_accounts()
    assert PayoutAccount.objects.get().stripe_id == accounts_at(provider)[0]["id"]


def test_the_country_is_fixed_once_the_account_is_open(user: User, provider: Provider) -> None:
    link_for(user)
    with pytest.raises(CountryFixed) as caught:
        link_for(user, "FR")
    assert caught.value.data == {"country": "DE"}
    assert len(accounts_at(provider)) == 1


def test_the_country_may_be_chosen_anew_while_nothing_is_open(user: User, provider: Provider) -> None:
    provider.fault(kind="drop", stage="before", method="POST", path="/v1/accounts", times=2)
    with pytest.raises(GatewayUnavailable):
        link_for(user)
    link_for(user, "FR")
    assert [seen["country"] for seen in accounts_at(provider)] == ["FR"]
    assert PayoutAccount.objects.get().country == "FR"


def test_only_where_the_provider_is(user: User, provider: Provider) -> None:
    with pytest.raises(CountryNotServed):
        link_for(user, "KP")
    assert not PayoutAccount.objects.exists()
    assert accounts_at(provider) == []
    assert {"DE", "US", "JP"} <= gateway.countries_served()


def test_what_the_provider_still_wants_is_said(user: User, provider: Provider) -> None:
    account = onboarded(user, line1="address_no_match")
    assert (account.is_payable, account.details_submitted) == (False, True)
    assert account.requirements == ["individual.address.line1"]
    assert told(user) == []
    assert fill_in(link_for(user)).headers["Location"] == BACK
    assert services.refresh_payout_account(account_id=account.pk).is_payable


def test_the_dashboard_opens_for_who_has_told_enough(user: User, provider: Provider) -> None:
    with pytest.raises(AccountNotReady):
        services.payout_dashboard_url(user=user)
    link_for(user)
    with pytest.raises(AccountNotReady):
        services.payout_dashboard_url(user=user)
    onboarded(user)
    assert "/express/" in services.payout_dashboard_url(user=user)


@pytest.mark.parametrize("seed", range(3))
def test_news_in_any_order_and_number_give_the_same_account(
    user: User, provider: Provider, settle: Callable[[], None], seed: int
) -> None:
    chance = random.Random(seed)
    fill_in(link_for(user), line1="address_no_match")
    account = PayoutAccount.objects.get()
    fill_in(link_for(user))
    news = [event for event in events_of_account(provider, account) for _ in range(chance.randint(1, 3))]
    chance.shuffle(news)
    for event in news:
        deliver(event)
    settle()
    account.refresh_from_db()
    assert account.is_payable
    assert told(user) == ["account.ready"]
    assert not WebhookEvent.objects.filter(processed_at=None).exists()


def test_an_old_picture_that_comes_late_changes_nothing(user: User, provider: Provider) -> None:
    link_for(user)
    account = PayoutAccount.objects.get()
    old, asked_at = gateway.retrieve_account(str(account.stripe_id)), timezone.now()
    onboarded(user)
    assert apply_account(account.pk, old, asked_at).is_payable


def test_who_is_restricted_is_told_and_gets_nothing(user: User, provider: Provider) -> None:
    account = onboarded(user)
    path = f"/v1/accounts/{account.stripe_id}/capabilities/transfers"
    provider.http.post(path, data={"requested": "false"}).raise_for_status()
    account = services.refresh_payout_account(account_id=account.pk)
    assert not account.transfers_active
    assert told(user) == ["account.ready", "account.restricted"]
    changes = OutboxEvent.objects.filter(topic="payout_account.changed").count()
    services.refresh_payout_account(account_id=account.pk)
    assert OutboxEvent.objects.filter(topic="payout_account.changed").count() == changes


def deauthorised(account: PayoutAccount) -> dict[str, Any]:
    return {
        "id": "evt_gone", "object": "event", "type": "account.application.deauthorized",
        "account": account.stripe_id, "data": {"object": {"id": "ca_1", "object": "application"}},
    }  # fmt: skip


def test_an_account_that_is_no_longer_ours_is_closed_and_another_can_be_opened(
    user: User, provider: Provider, settle: Callable[[], None]
) -> None:
    account = onboarded(user)
    provider.http.delete(f"/v1/accounts/{account.stripe_id}").raise_for_status()
    with pytest.raises(AccountUnknown):  # not enough to close it: it might be our key
        services.refresh_payout_account(account_id=account.pk)
    deliver(deauthorised(account))
    settle()
    closed = PayoutAccount.objects.get()
    assert (closed.is_closed, closed.is_payable) == (True, False)
    with pytest.raises(AccountNotReady):
        services.payout_dashboard_url(user=user)
    link_for(user, "FR")
    opened = onboarded_again(user, "FR")
    assert (opened.country, opened.is_payable, opened.is_closed) == ("FR", True, False)
    assert opened.stripe_id != account.stripe_id


def onboarded_again(user: User, country: str) -> PayoutAccount:
    fill_in(link_for(user, country), account_number="FR1420041010050500013M02606")
    return services.refresh_payout_account(account_id=PayoutAccount.objects.get(user=user).pk)


def test_who_says_an_account_is_gone_is_not_believed(
    user: User, provider: Provider, settle: Callable[[], None]
) -> None:
    account = onboarded(user)
    deliver(deauthorised(account))
    settle()
    assert PayoutAccount.objects.get().is_payable
    assert WebhookEvent.objects.get().note == "the account is still ours to act for"


def test_accounts_are_read_again_now_and_then(user: User, provider: Provider) -> None:
    link = link_for(user)
    PayoutAccount.objects.update(seen_at=timezone.now() - timedelta(hours=7))
    fill_in(link)
    tasks.look_at_payout_accounts()
    assert PayoutAccount.objects.get().is_payable
