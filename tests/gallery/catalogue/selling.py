"""Works for sale, as rows."""

from typing import Any

from generation.models import Artwork
from marketplace.listings.models import Sale
from marketplace.listings.services import AskedPrice
from tests.marketplace.listings import selling


def at(artwork: Artwork, amount: int, *, licence: str = "personal", currency: str = "eur", **more: Any) -> Sale:
    """An open sale of five editions of a work, at one price."""
    return selling.on_sale(artwork, AskedPrice(licence, currency, amount), **({"size": 5} | more))


def priced(artwork: Artwork, *prices: AskedPrice) -> Sale:
    """The same at several prices."""
    return selling.on_sale(artwork, *prices, size=5)
