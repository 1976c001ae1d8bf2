"""Reserving an edition: who may, when, at what price, and never more than there are."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection
from django.utils import timezone

from marketplace.accounts.models import Artist, User
from marketplace.core.errors import AtelierError, NotFound
from marketplace.core.money import Money
from marketplace.listings.errors import LimitReached, NotForSale, NotOnTheList, NotOpenYet, OwnWork
from marketplace.listings.models import Allowed, Edition, Release, Sale
from marketplace.orders import services
from marketplace.orders.errors import PriceUnknown, SoldOut
from marketplace.orders.models import Order
from payments.models import Payment
from tests.marketplace.orders.market import buy, order, put_on_sale, resell


def reserved(release: Release) -> list[int]:
    return list(release.editions.filter(state="reserved").order_by("number").values_list("number", flat=True))


def at_once(buyers: list[User], act: Callable[[User], object]) -> list[object]:
    """What comes of it when all act in the same moment."""
    start, ends = Barrier(len(buyers)), list[object]()

    def run(buyer: User) -> None:
        start.wait()
        try:
            ends.append(act(buyer))
        except AtelierError as error:
            ends.append(error)
        finally:
            connection.close()

    threads = [Thread(target=run, args=(buyer,)) for buyer in buyers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return ends


def test_the_lowest_free_number_is_reserved_with_a_payment_for_everybody_in_it(sale: Sale, user: User) -> None:
    placed = order(sale, user)
    assert (placed.state, placed.edition.number, placed.price) == ("reserved", 1, Money(10_001, "eur"))
    assert placed.reserved_until > timezone.now() + timedelta(minutes=9)
    payment = placed.payment
    assert (payment.amount, payment.capture_method, payment.reference) == (10_001, "automatic", f"order:{placed.pk}")
    assert payment.splits == [["platform", "house", 3000], [str(sale.seller_id), "artist", 7001]]
    assert reserved(sale.issued) == [1]


def test_the_same_key_is_the_same_order(sale: Sale, user: User) -> None:
    assert order(sale, user, request_key="k") == order(sale, user, request_key="k")
    assert (Order.objects.count(), Payment.objects.count()) == (1, 1)
    assert order(sale, user, request_key="l").edition.number == 2


def test_what_is_sold_out_costs_nobody_anything(artist: Artist, make_user: Callable[..., User]) -> None:
    sale = put_on_sale(artist, size=1)
    order(sale, make_user())
    with pytest.raises(SoldOut):
        order(sale, make_user())
    assert (Order.objects.count(), Payment.objects.count(), Edition.objects.count()) == (1, 1, 1)


def test_twenty_buyers_for_three_editions_get_three(sale: Sale, make_user: Callable[..., User]) -> None:
    ends = at_once([make_user() for _ in range(20)], lambda buyer: order(sale, buyer))
    assert Counter(type(end).__name__ for end in ends) == {"Order": 3, "SoldOut": 17}
    assert reserved(sale.issued) == [1, 2, 3]
    assert Payment.objects.count() == 3


def test_an_open_edition_is_numbered_without_gaps(artist: Artist, make_user: Callable[..., User]) -> None:
    sale = put_on_sale(artist, size=None)
    ends = at_once([make_user() for _ in range(12)], lambda buyer: order(sale, buyer))
    assert {type(end) for end in ends} == {Order}
    assert reserved(sale.issued) == list(range(1, 13))


def test_ten_clicks_of_one_buyer_stay_within_the_limit(artist: Artist, user: User) -> None:
    sale = put_on_sale(artist, size=20, per_buyer=2)
    ends = at_once([user] * 10, lambda buyer: order(sale, buyer))
    assert Counter(type(end).__name__ for end in ends) == {"Order": 2, "LimitReached": 8}
    assert set(Order.objects.values_list("place", flat=True)) == {1, 2}
    assert len(reserved(sale.issued)) == 2


def test_who_gives_one_back_may_have_another(artist: Artist, user: User) -> None:
    sale = put_on_sale(artist, per_buyer=1)
    first = order(sale, user)
    with pytest.raises(LimitReached):
        order(sale, user)
    services.cancel(order_id=first.pk, buyer=user)
    assert order(sale, user).edition.number == 1


def test_before_it_opens_and_after_it_closed_nobody_buys(artist: Artist, user: User) -> None:
    now, hour = timezone.now(), timedelta(hours=1)
    sale = put_on_sale(artist, opens_at=now + hour, closes_at=now + 2 * hour)
    with pytest.raises(NotOpenYet):
        order(sale, user)
    Sale.objects.filter(pk=sale.pk).update(opens_at=now - 2 * hour, closes_at=now - hour)
    with pytest.raises(NotForSale):
        order(sale, user)
    Sale.objects.filter(pk=sale.pk).update(closes_at=now + hour)
    assert order(sale, user)


@pytest.mark.parametrize("state", ["paused", "ended", "cancelled"])
def test_only_what_is_open_is_sold(artist: Artist, user: User, state: str) -> None:
    with pytest.raises(NotForSale):
        order(put_on_sale(artist, state=state), user)


def test_a_draft_is_not_there(artist: Artist, user: User) -> None:
    with pytest.raises(NotFound):
        order(put_on_sale(artist, state="draft"), user)


def test_a_list_goes_first(artist: Artist, user: User, make_user: Callable[..., User]) -> None:
    sale = put_on_sale(artist, allowlist_until=timezone.now() + timedelta(hours=1))
    Allowed.objects.create(sale=sale, user=user)
    with pytest.raises(NotOnTheList):
        order(sale, make_user())
    assert order(sale, user)
    Sale.objects.filter(pk=sale.pk).update(allowlist_until=timezone.now() - timedelta(seconds=1))
    assert order(sale, make_user())


def test_nobody_buys_from_themselves_or_at_a_price_that_is_not_there(sale: Sale, artist: Artist, user: User) -> None:
    with pytest.raises(OwnWork):
        order(sale, artist.user)
    with pytest.raises(PriceUnknown):
        order(sale, user, currency="usd")
    with pytest.raises(PriceUnknown):
        order(sale, user, licence="print")
    assert not Order.objects.exists()


def test_an_auction_says_who_buys_at_what_price(artist: Artist, user: User) -> None:
    sale = put_on_sale(artist, kind="dutch")
    with pytest.raises(PriceUnknown):
        order(sale, user)
    assert order(sale, user, price=Money(4200, "eur")).payment.amount == 4200


def test_an_edition_is_resold_once_and_by_its_owner_alone(
    sale: Sale, user: User, make_user: Callable[..., User]
) -> None:
    owned = buy(sale, user)
    resale = resell(owned.edition, user)
    ends = at_once([make_user() for _ in range(5)], lambda buyer: order(resale, buyer))
    assert Counter(type(end).__name__ for end in ends) == {"Order": 1, "SoldOut": 4}
    placed = Order.objects.get(sale=resale)
    assert placed.payment.splits == [
        ["platform", "house", 1000], [str(user.pk), "seller", 17_000], [str(sale.seller_id), "royalty", 2000],
    ]  # fmt: skip
    services.cancel(order_id=placed.pk, buyer=placed.buyer)
    resale.edition.ownership.delete()  # type: ignore[union-attr]  # it is a sale of an edition
    with pytest.raises(SoldOut):
        order(resale, make_user())
