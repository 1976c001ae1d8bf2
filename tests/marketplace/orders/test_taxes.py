"""The tax of an order: asked where its buyer is, apart from everybody's part, given back with the rest, invoiced."""

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import LazySettings
from rest_framework.test import APIClient

from marketplace.accounts.models import User
from marketplace.listings.models import Price, Sale
from marketplace.orders import services
from marketplace.orders.models import Order
from payments import ledger, selectors
from payments.models import Paper, Payment, Share, TaxReversal
from tests.marketplace.orders.market import Settle
from tests.payments.provider import VISA, Provider
from tests.payments.test_reconcile_and_api import reconcile

pytestmark = pytest.mark.django_db(transaction=True)
GERMANY, TEXAS = {"country": "DE"}, {"country": "US", "region": "TX", "postal_code": "75001"}


@pytest.fixture(autouse=True)
def taxed(settings: LazySettings) -> None:
    settings.ATELIER = settings.ATELIER.model_copy(update={"taxes": "stripe"})


def place(api: APIClient, sale: Sale, currency: str = "eur", **more: Any) -> Any:
    asked = {"sale": str(sale.pk), "licence": "personal", "currency": currency, "payment_method": VISA, **more}
    return api.post("/api/v1/orders/", asked, format="json")


def test_nothing_is_reserved_before_it_is_known_where_the_buyer_is_taxed(
    api: APIClient, sale: Sale, provider: Provider
) -> None:
    refused = place(api, sale)
    assert (refused.status_code, refused.json()["code"]) == (422, "tax-place-needed")
    assert (Order.objects.count(), provider.intents()) == (0, [])
    assert place(api, sale, billing=GERMANY).status_code == 201
    assert place(api, sale).status_code == 201  # it is remembered
    assert api.get("/api/v1/billing/").json()["country"] == "DE"


def test_a_price_with_tax_in_it_is_divided_without_and_invoiced_with(
    api: APIClient, user: User, sale: Sale, provider: Provider, settle: Settle
) -> None:
    placed = place(api, sale, billing=GERMANY).json()
    settle()
    assert (placed["price_amount"], placed["tax_amount"], placed["price"]) == (10_001, 1_597, "€100.01")
    assert Share.objects.get().amount == 5_883  # seventy per cent of 84.04
    assert ledger.balance("platform:revenue", "eur") == -2_521
    [paper] = selectors.papers_of(user)
    assert (paper.said["net"], paper.said["tax"], paper.said["total"]) == (8_404, 1_597, 10_001)
    assert (paper.said["tax_label"], paper.said["seller"]) == ("VAT 19 % (Germany)", "Vera Molnár")
    assert reconcile() == "1 payments, 0 differ\n"


def test_a_refund_gives_the_tax_back_too_and_is_credited_however_early_it_comes(
    api: APIClient, sale: Sale, make_user: Callable[..., User], provider: Provider, settle: Settle
) -> None:
    Price.objects.create(sale=sale, licence_id="personal", currency="usd", amount=10_001)
    placed = place(api, sale, "usd", billing=TEXAS).json()
    assert (placed["price_amount"], placed["tax_amount"], placed["price"]) == (10_001, 625, "$106.26")
    services.refund(order_id=placed["id"], by=make_user(is_staff=True), reason="It was the wrong one.")
    settle()
    assert ledger.balance("tax:collected", "usd") == ledger.balance("platform:revenue", "usd") == 0
    assert [str(paper.total) for paper in Paper.objects.order_by("pk")] == ["$106.26", "-$106.26"]
    assert TaxReversal.objects.get().state == "made"
    assert Payment.objects.get().refunds.get().amount == 10_626
    assert reconcile() == "1 payments, 0 differ\n"
