"""What the sandbox answers has every member of the objects that Stripe publishes as examples."""

from typing import Any

import pytest
import stripe

from tests.payments.sandbox.published import MEMBERS
from tests.payments.sandbox.running import RunningSandbox
from tests.payments.sandbox.sellers import make_artist, take

# Members of Stripe's examples that its current API shows on demand only, or for methods other than cards.
LEFT_OUT = {"charge": {"refunds"}, "customer": {"sources", "subscriptions"}}


@pytest.fixture(scope="module")
def shown(sandbox: RunningSandbox) -> dict[str, dict[str, Any]]:
    """One object of each kind, as the API answers it."""
    client = sandbox.client()
    customer = client.v1.customers.create({"name": "Collector"})
    artist = make_artist(client)
    sale = take(client, 10_000, customer=customer.id, setup_future_usage="off_session")
    disputed = take(client, 5_000, card="pm_card_createDispute")
    take(client, 5_000, card="pm_card_createIssuerFraudRecord")
    transfer = client.v1.transfers.create({"amount": 500, "currency": "eur", "destination": artist.id})
    calculation = client.v1.tax.calculations.create(
        {
            "currency": "eur",
            "customer_details": {"address": {"country": "DE"}, "address_source": "billing"},
            "line_items": [{"amount": 100}],
        }
    )
    sold = client.v1.tax.transactions.create_from_calculation({"calculation": str(calculation.id), "reference": "1"})
    found: list[Any] = [
        artist,
        client.v1.account_links.create(
            {
                "account": artist.id,
                "type": "account_onboarding",
                "return_url": "https://a.test",
                "refresh_url": "https://a.test",
            }
        ),
        client.v1.balance.retrieve(),
        client.v1.balance_transactions.list().data[0],
        client.v1.accounts.external_accounts.list(artist.id).data[0],
        client.v1.accounts.capabilities.retrieve(artist.id, "transfers"),
        client.v1.charges.list({"customer": customer.id}).data[0],
        client.v1.country_specs.retrieve("DE"),
        customer,
        client.v1.disputes.list({"payment_intent": disputed.id}).data[0],
        client.v1.events.list().data[0],
        sale,
        client.v1.payment_methods.list({"customer": customer.id}).data[0],
        client.v1.payouts.create({"amount": 500, "currency": "eur"}, {"stripe_account": artist.id}),
        client.v1.radar.early_fraud_warnings.list().data[0],
        client.v1.refunds.create({"payment_intent": sale.id, "amount": 100}),
        client.v1.setup_intents.create({}),
        calculation,
        client.v1.tax.calculations.line_items.list(str(calculation.id)).data[0],
        sold,
        client.v1.tax.transactions.line_items.list(sold.id).data[0],
        transfer,
        client.v1.transfers.reversals.create(transfer.id),
    ]
    return {str(document["object"]): document.to_dict() for document in found}


@pytest.mark.parametrize("kind", [kind for kind in MEMBERS if kind != "login_link"])
def test_an_object_has_every_member_of_stripes_example(shown: dict[str, dict[str, Any]], kind: str) -> None:
    assert set(MEMBERS[kind].split()) - shown[kind].keys() - LEFT_OUT.get(kind, set()) == set()


def test_nothing_of_the_sandboxs_own_is_shown(shown: dict[str, dict[str, Any]]) -> None:
    assert [name for document in shown.values() for name in document if name.startswith("_")] == []
    assert isinstance(stripe.Account.construct_from(shown["account"], "sk_test_x").controller, stripe.StripeObject)
