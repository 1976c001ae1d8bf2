"""Sales undone: by a curator, who gives the money back, or by the buyer's bank, which takes it."""

from collections.abc import Callable

import pytest
from django.utils import timezone

from generation import selectors as generation
from marketplace.accounts.models import User
from marketplace.core.errors import PermissionRefused
from marketplace.core.machine import NotNow
from marketplace.listings.models import Sale
from marketplace.orders import services
from marketplace.orders.errors import NotYours
from marketplace.orders.models import Acquisition, Order, Ownership
from payments import ledger
from payments.models import Dispute, Refund
from tests.marketplace.accounts.people import curator
from tests.marketplace.orders.market import Settle, again, buy, order, put_on_sale, resell
from tests.payments.provider import Provider


def lost(bought: Order) -> Dispute:
    """The buyer's bank decided for the buyer."""
    return Dispute.objects.create(
        payment=bought.payment, stripe_id=f"dp_{bought.pk}", state="lost", status="lost", reason="fraudulent",
        amount=bought.payment.amount, closed_at=timezone.now(),
    )  # fmt: skip


def test_a_curator_gives_the_money_back_and_the_edition_is_free_again(
    sale: Sale, user: User, make_user: Callable[..., User], settle: Settle
) -> None:
    bought = buy(sale, user)
    with pytest.raises(PermissionRefused):
        services.refund(order_id=bought.pk, by=user, reason="I want to.")
    services.refund(order_id=bought.pk, by=curator(), reason="Sold by mistake.")
    settle()
    services.refund(order_id=bought.pk, by=curator(), reason="Again.")
    assert (again(bought).state, again(bought).reason, again(bought).edition.state) == (
        "refunded", "Sold by mistake.", "free",
    )  # fmt: skip
    assert not Ownership.objects.exists()
    assert [(one.giver, one.owner) for one in Acquisition.objects.all()] == [(None, user), (user, None)]
    assert not generation.may_download(user, bought.edition.artwork)  # type: ignore[arg-type]  # it is made
    assert (Refund.objects.get().amount, ledger.balance(ledger.payee(sale.seller_id), "eur")) == (10_001, 0)
    assert buy(sale, make_user()).edition == bought.edition


def test_a_resale_undone_gives_the_edition_back_to_its_seller(
    sale: Sale, user: User, make_user: Callable[..., User], settle: Settle
) -> None:
    first = buy(sale, user)
    resold = buy(resell(first.edition, user), make_user())
    services.refund(order_id=resold.pk, by=curator(), reason="A forgery, says the seller.")
    settle()
    owned = Ownership.objects.get()
    assert (owned.owner, owned.licence_id, owned.edition.state) == (user, "personal", "sold")
    assert generation.may_download(user, owned.artwork)
    assert again(first).state == "owned"


def test_what_was_sold_on_is_not_taken_from_its_new_owner(
    sale: Sale, user: User, make_user: Callable[..., User], settle: Settle
) -> None:
    first, third = buy(sale, user), make_user()
    buy(resell(first.edition, user), third)
    with pytest.raises(NotYours):
        services.refund(order_id=first.pk, by=curator(), reason="Too late.")
    services.reverse(dispute_id=lost(first).pk)
    assert again(first).state == "reversed"
    assert Ownership.objects.get().owner == third


def test_a_lost_dispute_takes_the_edition_back(sale: Sale, user: User, settle: Settle) -> None:
    bought = buy(sale, user)
    dispute = lost(bought)
    services.reverse(dispute_id=dispute.pk)
    services.reverse(dispute_id=dispute.pk)
    assert (again(bought).state, again(bought).edition.state) == ("reversed", "free")
    assert not Ownership.objects.exists()


def test_who_buys_what_its_seller_loses_meanwhile_gets_their_money_back(
    sale: Sale, user: User, make_user: Callable[..., User], settle: Settle, provider: Provider
) -> None:
    first = buy(sale, user)
    second = order(resell(first.edition, user), make_user())
    services.reverse(dispute_id=lost(first).pk)
    services.pay(order=second, payment_method="pm_card_visa")
    settle()
    assert (again(second).state, again(second).edition.state) == ("refunded", "free")
    assert not Ownership.objects.exists()


def test_what_is_paid_too_late_and_sold_out_is_given_back(
    user: User, make_user: Callable[..., User], settle: Settle, provider: Provider, sale: Sale
) -> None:
    one = put_on_sale(sale.issued.artist, size=1)
    late = order(one, user)
    late.payment = services.pay(order=late)
    services.cancel(order_id=late.pk, buyer=user)
    winner = buy(one, make_user())
    provider.confirm(late.payment)
    settle()
    assert (again(late).state, again(winner).state) == ("refunded", "owned")
    assert Refund.objects.get().amount == 10_001
    with pytest.raises(NotNow):
        services.refund(order_id=order(sale, user).pk, by=curator(), reason="It is not even paid.")
