"""Whether this person may buy in this sale at this moment, by the database's clock; nothing is changed."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models.functions import Now
from django.utils.translation import gettext

from marketplace.accounts.models import User
from marketplace.core.errors import NotFound
from marketplace.core.money import Money
from marketplace.listings import selectors as listings
from marketplace.listings.errors import NotForSale, OwnWork
from marketplace.listings.models import Falling, Price, Sale, SaleKind, SaleState
from marketplace.orders.errors import PriceUnknown


def sale_and_time(sale_id: UUID) -> tuple[Sale, datetime]:
    """The sale with what is sold, and the database's present time. Raises NotFound, also for a draft."""
    known = Sale.objects.with_what_is_sold().exclude(state=SaleState.DRAFT).filter(pk=sale_id)
    sale: Any = known.annotate(asked_at=Now()).first()
    if sale is None:
        raise NotFound(gettext("There is no such sale."))
    return sale, sale.asked_at


def admit(sale: Sale, buyer: User, now: datetime) -> None:
    """Raises NotForSale, SaleEnded, NotOpenYet, NotOnTheList; how many a buyer may have is counted later."""
    if sale.kind == SaleKind.ENGLISH:
        raise NotForSale(gettext("This is sold by auction."))
    listings.buyable(sale, buyer, now)


def refuse_own(sale: Sale, buyer: User) -> None:
    """Raises OwnWork."""
    if sale.seller_id == buyer.pk:
        raise OwnWork(gettext("What you sell you cannot buy."))


def price_in(sale: Sale, now: datetime, *, licence: str, currency: str) -> Money:
    """What the sale asks at this moment. Raises PriceUnknown."""
    if sale.kind == SaleKind.DUTCH:
        falling = Falling.objects.filter(sale=sale, licence=licence, currency=currency.lower()).first()
        if falling is not None:
            falling.sale = sale
            return falling.price_at(now)
    price = Price.objects.filter(
        sale=sale, sale__kind=SaleKind.FIXED, licence=licence, currency=currency.lower()
    ).first()
    if price is None:
        told = gettext("It is not sold in %(currency)s under the licence “%(licence)s”.") % {
            "currency": currency.upper(),
            "licence": licence,
        }
        raise PriceUnknown(told, errors={"currency": [told]})
    return price.money
