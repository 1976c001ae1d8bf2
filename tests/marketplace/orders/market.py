"""An artist with a release on sale, as the orders' tests start from it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.utils import timezone

from generation.models import Artwork
from marketplace.accounts import services as accounts
from marketplace.accounts.models import Artist, User
from marketplace.listings.models import Edition, Price, Release, Sale
from marketplace.orders import services
from marketplace.orders.models import Order
from tests.gallery import hanging
from tests.payments.provider import VISA

Settle = Callable[[], None]


def make_artist(user: User, name: str = "Vera Molnár") -> Artist:
    return accounts.become_artist(user=user, name=name, bio="")


def make_work(artist: Artist, title: str = "Ink") -> Artwork:
    """A finished work of an artist's as rows: nothing is painted."""
    return hanging.work(artist.user, artist=artist, title=title)


def put_on_sale(
    artist: Artist, *, size: int | None = 3, amount: int = 10_001, release: Release | None = None, **sale: Any
) -> Sale:
    """A release of the artist's in `size` editions, open at a fixed price under the personal licence."""
    release = release or Release.objects.create(artist=artist, artwork=make_work(artist), title="Ink", size=size)
    fields: dict[str, Any] = {"kind": "fixed", "seller": artist.user, "release": release, "state": "open"} | sale
    return _priced(Sale.objects.create(**fields), amount)


def resell(edition: Edition, seller: User, amount: int = 20_000) -> Sale:
    """One edition, offered by its owner."""
    return _priced(Sale.objects.create(kind="fixed", seller=seller, edition=edition, state="open"), amount)


def _priced(sale: Sale, amount: int) -> Sale:
    Price.objects.create(sale=sale, licence_id="personal", currency="eur", amount=amount)
    return sale


def order(sale: Sale, buyer: User, **more: Any) -> Order:
    details: dict[str, Any] = {"buyer": buyer, "sale_id": sale.pk, "licence": "personal", "currency": "eur"}
    return services.place_order(**(details | more))


def buy(sale: Sale, buyer: User, method: str = VISA) -> Order:
    """Reserve and pay."""
    placed = order(sale, buyer)
    services.pay(order=placed, payment_method=method)
    return again(placed)


def again(order: Order) -> Order:
    return Order.objects.select_related("payment", "edition", "job", "sale").get(pk=order.pk)


def too_late(order: Order) -> None:
    """Its time to pay is over."""
    Order.objects.filter(pk=order.pk).update(reserved_until=timezone.now() - timedelta(seconds=1))
