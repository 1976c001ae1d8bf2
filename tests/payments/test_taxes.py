"""Tax is calculated before a payer is asked for anything, kept to the cent, recorded once, and given back in part."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from marketplace.accounts.models import User
from marketplace.core.errors import InvalidInput
from payments import gateway, ledger, services
from payments.errors import GatewayUnavailable, TaxPlaceNeeded
from payments.models import BillingDetails, GatewayCall, Payment, SaleTax, Share, TaxReversal
from payments.services.splitting import without_tax
from payments.tasks import carry_on_with_taxes
from tests.payments.provider import VISA, Provider, authorised, bought, make_purchase, seventy_thirty
from tests.payments.test_reconcile_and_api import reconcile
from tests.payments.test_refunds import refund

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def taxed(settings: LazySettings) -> None:
    """Stripe Tax is chosen."""
    settings.ATELIER = settings.ATELIER.model_copy(update={"taxes": "stripe"})


@pytest.fixture
def german(user: User) -> User:
    services.keep_billing(user=user, country="DE", postal_code="10115")
    return user


def taken(payer: User, amount: int, currency: str = "eur", payee: User | None = None) -> Payment:
    """Paid, and on the tax record."""
    payment = bought(payer, amount, currency=currency, payee=payee)
    services.perform_tax_record(tax_id=payment.sale_tax.pk)
    return payment


def test_tax_in_the_price_comes_out_of_everybodys_part(
    german: User, make_user: Callable[..., User], provider: Provider, settle: Callable[[], None]
) -> None:
    payee = make_user()
    payment = bought(german, 11_900, payee=payee)
    settle()  # what follows from the capture
    assert (payment.amount, payment.tax_amount, payment.net) == (11_900, 1_900, 10_000)
    assert Share.objects.get().amount == 7_000
    assert ledger.balance("tax:collected", "eur") == -1_900
    assert ledger.balance("platform:revenue", "eur") == -3_000
    assert str(payment.sale_tax) == "€19.00 VAT 19 % in DE"
    tax = SaleTax.objects.get()
    record = gateway.retrieve_tax(str(tax.transaction_id))
    assert (record.tax_amount, record.line) == (1_900, tax.line_id)
    assert reconcile() == "1 payments, 0 differ\n"


def test_tax_on_top_makes_the_amount_larger_and_nobodys_part_less(
    user: User, make_user: Callable[..., User], provider: Provider
) -> None:
    services.keep_billing(user=user, country="us", region="tx", postal_code="75001")
    payment = taken(user, 10_000, "usd", make_user())
    assert (payment.amount, payment.tax_amount, payment.asked) == (10_625, 625, 10_000)
    assert provider.intent(payment)["amount_received"] == 10_625
    assert Share.objects.get().amount == 7_000
    back = refund(payment, 5_000)
    services.reverse_tax_of(back)
    assert TaxReversal.objects.get().tax_amount == dict(back.parts)["tax"] == 294
    assert reconcile() == "1 payments, 0 differ\n"


def test_what_is_held_first_is_credited_without_the_tax_at_capture(german: User, provider: Provider) -> None:
    payment = authorised(german, 11_900)
    assert payment.tax_amount == 1_900
    services.request_capture(payment_id=payment.pk, splits=seventy_thirty(payment))
    services.perform_capture(payment_id=payment.pk)
    payment.refresh_from_db()
    assert payment.splits == [[str(german.pk), "seller", 7_000], ["platform", "seller", 3_000]]


def test_refunds_give_the_tax_back_to_the_cent_and_off_the_record(german: User, provider: Provider) -> None:
    payment = taken(german, 9_999)
    for amount in (3_333, 3_333, None):
        services.reverse_tax_of(refund(payment, amount))
    parts = [dict(given.parts)["tax"] for given in payment.refunds.order_by("pk")]
    assert (sum(parts), payment.tax_amount) == (1_596, 1_596)
    back = list(TaxReversal.objects.order_by("pk").values_list("state", "amount", "tax_amount"))
    assert back == [("made", 3_333, parts[0]), ("made", 3_333, parts[1]), ("made", 3_333, parts[2])]
    assert ledger.balance("tax:collected", "eur") == 0
    assert reconcile() == "1 payments, 0 differ\n"


def test_asking_twice_reverses_once(german: User, provider: Provider) -> None:
    payment = taken(german, 2_500)
    back = refund(payment)
    services.reverse_tax_of(back)
    services.reverse_tax_of(back)
    assert provider.executed("/v1/tax/transactions/create_reversal") == 1


def test_a_lost_answer_calculates_and_records_nothing_twice(german: User, provider: Provider) -> None:
    payment = make_purchase(german, 2_500)
    provider.fault(kind="drop", path="/v1/tax/calculations", stage="after", times=2)
    with pytest.raises(GatewayUnavailable):
        services.authorise(payment_id=payment.pk, payment_method=VISA)
    payment = services.authorise(payment_id=payment.pk, payment_method=VISA)
    provider.fault(kind="drop", path="/v1/tax/transactions/create_from_calculation", stage="after", times=2)
    with pytest.raises(GatewayUnavailable):
        services.perform_tax_record(tax_id=payment.sale_tax.pk)
    assert "€3.99 of tax are not on the tax record" in reconcile()
    SaleTax.objects.update(updated_at=timezone.now() - timedelta(minutes=3))
    carry_on_with_taxes()
    assert provider.executed("/v1/tax/*") == 2
    assert sorted(GatewayCall.objects.filter(operation__contains="tax").values_list("operation", "state")) == [
        ("record_tax", "done"), ("tax", "done"),
    ]  # fmt: skip
    assert reconcile() == "1 payments, 0 differ\n"


def test_a_reversal_that_the_record_has_not_is_told(german: User, provider: Provider) -> None:
    payment = taken(german, 2_500)
    refund(payment, 1_000)
    assert "€3.99 of tax" not in reconcile()
    TaxReversal.objects.create(tax=payment.sale_tax, reference="refund:made up", amount=1_000, tax_amount=160)
    assert "€1.60 of tax went back with refund:made up, not on record (requested)" in reconcile()


def test_nobody_is_asked_for_money_before_it_is_known_where_they_are_taxed(user: User, provider: Provider) -> None:
    payment = make_purchase(user)
    with pytest.raises(TaxPlaceNeeded):
        services.authorise(payment_id=payment.pk, payment_method=VISA)
    assert provider.intents() == []
    services.keep_billing(user=user, country="FR")
    assert services.authorise(payment_id=payment.pk, payment_method=VISA).tax_amount == 417


def test_a_tip_has_no_tax(user: User, provider: Provider) -> None:
    payment = make_purchase(user)
    Payment.objects.update(is_taxable=False)
    payment = services.authorise(payment_id=payment.pk, payment_method=VISA)
    assert (payment.state, payment.tax_amount, SaleTax.objects.count()) == ("captured", 0, 0)


def test_where_none_is_collected_nobody_is_asked(user: User, provider: Provider, settings: LazySettings) -> None:
    settings.ATELIER = settings.ATELIER.model_copy(update={"taxes": "none"})
    payment = bought(user)
    assert (payment.tax_amount, provider.executed("/v1/tax/*")) == (0, 0)


def test_businesses_elsewhere_in_the_union_pay_their_own(user: User, provider: Provider) -> None:
    services.keep_billing(user=user, country="FR", vat_id="FR 12 345 678 901")
    payment = taken(user, 10_000)
    assert (payment.tax_amount, payment.sale_tax.reason, payment.sale_tax.vat_id) == (
        0, "reverse_charge", "FR12345678901",
    )  # fmt: skip
    assert payment.sale_tax.label.startswith("Reverse charge")


@pytest.mark.parametrize(
    ("told", "wrong"),
    [
        ({"country": ""}, {"country"}),
        ({"country": "XX"}, {"tax_country"}),
        ({"country": "US"}, {"region", "postal_code"}),
        ({"country": "CA", "region": "Ontario", "postal_code": "K1A"}, {"region"}),
        ({"country": "FR", "vat_id": "DE123456789"}, {"vat_id"}),
        ({"country": "BR", "vat_id": "BR123456789"}, {"vat_id"}),
        ({"country": "FR", "city": "x" * 101}, {"city"}),
    ],
)
def test_places_that_make_no_sense_are_refused(user: User, told: dict[str, Any], wrong: set[str]) -> None:
    with pytest.raises(InvalidInput) as refused:
        services.keep_billing(user=user, **told)
    assert set(refused.value.data["errors"]) == wrong
    user.refresh_from_db()
    assert (user.tax_country, BillingDetails.objects.count()) == ("", 0)


@given(st.lists(st.integers(1, 10**7), min_size=1, max_size=6), st.data())
def test_parts_without_the_tax_are_what_is_left_to_the_cent(amounts: list[int], data: st.DataObject) -> None:
    net = data.draw(st.integers(1, sum(amounts)))
    splits: list[list[Any]] = [[f"payee-{number}", "seller", amount] for number, amount in enumerate(amounts)]
    parts = [amount for *_, amount in without_tax(splits, net)]
    assert sum(parts) == net
