"""Owners sell on, and take offers: an accepted offer becomes an order at its price, or both hear why not."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from marketplace.accounts.models import Artist, Notification, User
from marketplace.core.errors import InvalidInput
from marketplace.core.money import Money
from marketplace.listings import services as listings
from marketplace.listings.errors import AlreadyOnOffer, SaleEnded
from marketplace.listings.models import Edition, Offer, Sale
from marketplace.listings.services import AskedPrice, Bid
from marketplace.orders import services
from marketplace.orders.errors import NotYourEdition
from marketplace.orders.models import Order, Ownership
from tests.marketplace.orders.market import Settle, again, buy, order, put_on_sale
from tests.payments.provider import VISA

EUROS = [AskedPrice("personal", "eur", 20_000)]
BID = Bid(15_000, "usd", "personal")


@pytest.fixture
def owned(sale: Sale, user: User, settle: Settle) -> Edition:
    """The first edition, bought by `user`."""
    bought = buy(sale, user)
    settle()
    assert again(bought).state == "owned"
    return again(bought).edition


def test_an_owner_sells_on_and_the_next_one_has_it(
    owned: Edition, user: User, make_user: Callable[..., User], settle: Settle
) -> None:
    sale = services.offer_for_resale(owner=user, edition_id=owned.pk, prices=EUROS)
    assert (sale.state, sale.is_resale) == ("open", True)
    with pytest.raises(AlreadyOnOffer):
        services.offer_for_resale(owner=user, edition_id=owned.pk, prices=EUROS)
    buyer = make_user()
    buy(sale, buyer)
    settle()
    assert Ownership.objects.get(edition=owned).owner == buyer
    assert Sale.objects.get(pk=sale.pk).state == "ended"
    with pytest.raises(NotYourEdition):
        services.offer_for_resale(owner=user, edition_id=owned.pk, prices=EUROS)


def test_nobody_sells_what_is_not_theirs_nor_with_another_licence(owned: Edition, sale: Sale, user: User) -> None:
    free = sale.issued.editions.get(number=2)
    for owner, edition in [(sale.seller, owned), (user, free)]:
        with pytest.raises(NotYourEdition):
            services.offer_for_resale(owner=owner, edition_id=edition.pk, prices=EUROS)
    with pytest.raises(InvalidInput, match="licence"):
        services.offer_for_resale(owner=user, edition_id=owned.pk, prices=[AskedPrice("print", "eur", 20_000)])
    assert Sale.objects.count() == 1


def test_an_accepted_offer_is_an_order_at_its_price(
    owned: Edition, user: User, make_user: Callable[..., User], settle: Settle
) -> None:
    buyer = make_user()
    offer = services.offer_for_edition(buyer=buyer, edition_id=owned.pk, bid=BID)
    assert offer.seller == user
    listings.accept_offer(by=user, offer_id=offer.pk)
    settle()
    placed = Order.objects.get(buyer=buyer)
    assert (placed.price, placed.edition, placed.state) == (Money(15_000, "usd"), owned, "reserved")
    assert placed.reserved_until > timezone.now() + timedelta(days=2)
    assert services.order_accepted(offer_id=offer.pk) == placed
    services.pay(order=placed, payment_method=VISA)
    settle()
    assert Ownership.objects.get(edition=owned).owner == buyer


def test_an_accepted_offer_on_a_sale_is_an_order_of_any_edition(
    sale: Sale, user: User, settle: Settle
) -> None:  # fmt: skip
    Sale.objects.update(takes_offers=True)
    offer = listings.offer_on_sale(buyer=user, sale_id=sale.pk, bid=Bid(8_000, "eur", "personal"))
    listings.accept_offer(by=sale.seller, offer_id=offer.pk)
    settle()
    placed = Order.objects.get(buyer=user)
    assert (placed.price, placed.edition.number) == (Money(8_000, "eur"), 1)


def test_what_was_bought_meanwhile_ends_the_offer_with_notice(
    artist: Artist, user: User, make_user: Callable[..., User], settle: Settle
) -> None:
    sale = put_on_sale(artist, size=1, takes_offers=True)
    offer = listings.offer_on_sale(buyer=user, sale_id=sale.pk, bid=Bid(8_000, "eur", "personal"))
    order(sale, make_user())
    listings.accept_offer(by=sale.seller, offer_id=offer.pk)
    settle()
    assert Offer.objects.get().state == "expired"
    assert not Order.objects.filter(buyer=user).exists()
    told = Notification.objects.filter(kind="offer.lapsed").values_list("person", flat=True)
    assert set(told) == {user.pk, sale.seller_id}


def test_the_last_edition_ends_its_sale(artist: Artist, user: User, settle: Settle) -> None:
    sale = put_on_sale(artist, size=1)
    buy(sale, user)
    settle()
    assert Sale.objects.get(pk=sale.pk).state == "ended"
    with pytest.raises(SaleEnded):
        order(sale, user)
