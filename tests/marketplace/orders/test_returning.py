"""Sales undone: by a curator, who gives the money back, or by the buyer's bank, which takes it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from generation import selectors as generation
from marketplace.accounts.models import User
from marketplace.core.errors import PermissionRefused
from marketplace.core.machine import NotNow
from marketplace.core.models import OutboxEvent
from marketplace.listings.models import Sale
from marketplace.listings.services import EnglishTerms, Schedule
from marketplace.orders import services
from marketplace.orders.errors import NotYours
from marketplace.orders.models import Acquisition, Order, Ownership
from payments import ledger
from payments.models import Dispute, Refund
from tests.marketplace.accounts.people import curator
from tests.marketplace.orders.market import Settle, again, buy, order, put_on_sale, resell
from tests.payments.provider import Provider
from tests.payments.test_disputes import answer, hear


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
    services.hear_the_bank(dispute_id=lost(first).pk)
    assert again(first).state == "reversed"
    assert Ownership.objects.get().owner == third


def test_a_lost_dispute_takes_the_edition_back(sale: Sale, user: User, settle: Settle) -> None:
    bought = buy(sale, user)
    dispute = lost(bought)
    services.hear_the_bank(dispute_id=dispute.pk)
    services.hear_the_bank(dispute_id=dispute.pk)
    assert (again(bought).state, again(bought).edition.state) == ("reversed", "free")
    assert not Ownership.objects.exists()


def test_who_buys_what_its_seller_loses_meanwhile_gets_their_money_back(
    sale: Sale, user: User, make_user: Callable[..., User], settle: Settle, provider: Provider
) -> None:
    first = buy(sale, user)
    second = order(resell(first.edition, user), make_user())
    services.hear_the_bank(dispute_id=lost(first).pk)
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


def test_what_its_former_owner_offered_of_an_edition_is_over_when_it_is_taken_back(
    sale: Sale, user: User, make_user: Callable[..., User], settle: Settle
) -> None:
    bought = buy(sale, user)
    terms = EnglishTerms("personal", "eur", 10_000)
    auction = services.auction_owned(
        owner=user, edition_id=bought.edition_id, terms=terms,
        schedule=Schedule(closes_at=timezone.now() + timedelta(hours=1)),
    )  # fmt: skip
    services.refund(order_id=bought.pk, by=curator(), reason="A mistake.")
    auction.refresh_from_db()
    assert auction.state == "ended"


@pytest.mark.parametrize(("words", "state"), [("winning_evidence", "refunded"), ("losing_evidence", "reversed")])
def test_money_that_a_bank_withholds_goes_back_when_the_bank_has_decided(
    sale: Sale, user: User, make_user: Callable[..., User], settle: Settle, provider: Provider, words: str, state: str
) -> None:
    """It came too late, for an edition that was sold; who heard of both must not ask for ever."""
    late = order(sale, user)
    sale.issued.editions.exclude(pk=late.edition_id).update(state="void")
    services.pay(order=late)
    provider.confirm(again(late).payment, "pm_card_createDispute")
    Order.objects.filter(pk=late.pk).update(state="cancelled")
    sale.issued.editions.filter(pk=late.edition_id).update(state="free")
    buy(sale, make_user())
    hear(provider, settle)
    assert again(late).state == "refunding"
    assert not OutboxEvent.objects.filter(done_at=None).exists()
    answer(Dispute.objects.get(), words, curator())
    provider.advance(2)
    hear(provider, settle)
    assert again(late).state == state
    call_command("reconcile")
