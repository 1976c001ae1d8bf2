"""Accounts: what is due, what is found wrong, what they may do meanwhile."""

from typing import Any

import pytest
import stripe

from tests.payments.sandbox.running import RunningSandbox
from tests.payments.sandbox.sellers import application, bank, kinds, make_artist, person


def test_an_account_says_what_it_lacks_and_works_once_it_was_told(client: stripe.StripeClient) -> None:
    account = client.v1.accounts.create(
        {"type": "custom", "country": "DE", "capabilities": {"transfers": {"requested": True}}}
    )
    assert account.requirements is not None
    assert "external_account" in (account.requirements.currently_due or [])
    assert account.requirements.disabled_reason == "requirements.past_due"
    assert account.capabilities is not None
    assert (account.capabilities.transfers, account.payouts_enabled, account.default_currency) == (
        "inactive", False, "eur",
    )  # fmt: skip

    told = {name: value for name, value in application().items() if name not in ("type", "country", "capabilities")}
    known = client.v1.accounts.update(account.id, told)  # type: ignore[arg-type]  # built from parts

    assert known.requirements is not None
    assert (known.requirements.currently_due, known.requirements.disabled_reason) == ([], None)
    assert (known.payouts_enabled, known.charges_enabled, known.details_submitted) == (True, False, True)
    assert known.external_accounts is not None
    assert [entry["last4"] for entry in known.external_accounts.data] == ["3000"]
    assert kinds(client, account.id) == ["capability.updated", "account.updated"]
    (event,) = client.v1.events.list({"type": "account.updated"}, {"stripe_account": account.id}).data
    assert event.account == account.id
    assert event.data.previous_attributes is not None
    assert event.data.previous_attributes["payouts_enabled"] is False
    assert "account.updated" not in kinds(client)


@pytest.mark.parametrize(
    ("wrong", "field", "code"),
    [
        ({"id_number": "111111111"}, "individual.id_number", "verification_failed_keyed_identity"),
        (
            {"address": {"line1": "address_no_match", "city": "Berlin", "postal_code": "10115"}},
            "individual.address.line1",
            "verification_failed_address_match",
        ),
    ],
)
def test_a_person_who_cannot_be_verified_must_tell_again(
    client: stripe.StripeClient, wrong: dict[str, Any], field: str, code: str
) -> None:
    account = make_artist(client, individual=person(**wrong))
    assert account.requirements is not None
    assert account.requirements.currently_due == [field]
    assert [(error.requirement, error.code) for error in account.requirements.errors or []] == [(field, code)]
    assert (account.payouts_enabled, account.charges_enabled) == (False, False)
    shown = account.to_dict()["individual"]
    assert ("id_number" in shown, shown["id_number_provided"]) == (False, "id_number" in wrong)
    right = person(id_number="000000000")
    assert client.v1.accounts.update(account.id, {"individual": right}).payouts_enabled  # type: ignore[arg-type]


def test_a_verification_may_take_its_time(client: stripe.StripeClient, sandbox: RunningSandbox) -> None:
    account = make_artist(client, individual=person(dob={"day": 1, "month": 1, "year": 1901}))
    assert account.requirements is not None
    assert account.capabilities is not None
    assert account.requirements.disabled_reason == "requirements.pending_verification"
    assert (account.capabilities.transfers, account.payouts_enabled) == ("pending", False)
    sandbox.control("POST", "clock", {"advance": 60})
    assert client.v1.accounts.retrieve(account.id).payouts_enabled
    assert kinds(client, account.id)[-1] == "account.updated"


def test_whose_information_stripe_collects_accepts_the_terms_there(client: stripe.StripeClient) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        make_artist(client, type="express")
    assert refusal.value.param == "tos_acceptance"
    account = client.v1.accounts.create(
        {
            "controller": {
                "fees": {"payer": "application"},
                "losses": {"payments": "application"},
                "stripe_dashboard": {"type": "express"},
            }
        }
    )
    assert account.type == "express"
    with pytest.raises(stripe.InvalidRequestError, match="has not completed onboarding"):
        client.v1.accounts.login_links.create(account.id)


@pytest.mark.parametrize(
    ("sent", "param"),
    [
        ({"country": "XX"}, "country"),
        ({"type": "express", "controller": {"losses": {"payments": "application"}}}, "type"),
        ({"type": "casual"}, "type"),
        ({"external_account": bank("DE1")}, "external_account[account_number]"),
        ({"external_account": bank("0001", country="US", currency="usd")}, "external_account[routing_number]"),
        ({"external_account": "btok_nobody"}, "external_account"),
        ({"individual": {"dob": {"day": 1, "month": 2}}}, "individual[dob][year]"),
    ],
)
def test_an_account_that_makes_no_sense_is_refused(
    client: stripe.StripeClient, sent: dict[str, Any], param: str
) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        client.v1.accounts.create(sent)  # type: ignore[arg-type]  # wrong on purpose
    assert refusal.value.param == param


def test_banks_come_and_go_and_one_is_the_default(client: stripe.StripeClient) -> None:
    account = make_artist(client)
    second = client.v1.accounts.external_accounts.create(
        account.id,
        {"external_account": bank("DE62370400440532013001"), "default_for_currency": True},  # type: ignore[typeddict-item]
    )
    listed = client.v1.accounts.external_accounts.list(account.id).data
    assert [entry["default_for_currency"] for entry in listed] == [True, False]
    with pytest.raises(stripe.InvalidRequestError, match="cannot delete the default"):
        client.v1.accounts.external_accounts.delete(account.id, second.id)
    first = listed[1].id
    client.v1.accounts.external_accounts.update(account.id, first, {"default_for_currency": True})
    client.v1.accounts.external_accounts.delete(account.id, second.id)
    client.v1.accounts.external_accounts.delete(account.id, first)
    assert not client.v1.accounts.retrieve(account.id).payouts_enabled


def test_a_deleted_account_is_nobodys(client: stripe.StripeClient) -> None:
    account = make_artist(client)
    assert client.v1.accounts.delete(account.id).deleted
    for attempt in (
        lambda: client.v1.accounts.retrieve(account.id),
        lambda: client.v1.balance.retrieve({}, {"stripe_account": account.id}),
    ):
        with pytest.raises(stripe.PermissionError) as refusal:
            attempt()
        assert refusal.value.error is not None
        assert (refusal.value.http_status, refusal.value.error.code) == (403, "account_invalid")


def test_a_capability_is_asked_for_and_given_up(client: stripe.StripeClient) -> None:
    account = make_artist(client, capabilities={"transfers": {"requested": True}})
    asked = client.v1.accounts.capabilities.update(account.id, "card_payments", {"requested": True})
    assert (asked.status, asked.account) == ("active", account.id)
    client.v1.accounts.capabilities.update(account.id, "card_payments", {"requested": False})
    listed = client.v1.accounts.capabilities.list(account.id).data
    assert [(entry.id, entry.status) for entry in listed] == [("card_payments", "unrequested"), ("transfers", "active")]
