"""Whether somebody may buy from a sale just now, and at which price."""

from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext

from generation.models import Artwork, ModelState
from marketplace.accounts.models import User
from marketplace.core.errors import InvalidInput
from marketplace.core.moments import moment_words
from marketplace.listings.errors import (
    LimitReached,
    NotForSale,
    NotOnTheList,
    NotOpenYet,
    OwnWork,
    SaleEnded,
)
from marketplace.listings.models import Price, Sale, SaleState

UNSELLABLE = (Artwork.Visibility.HELD, Artwork.Visibility.HIDDEN)


def buyable(sale: Sale, buyer: User, now: datetime, *, bought: int = 0) -> None:
    """Return if `buyer`, who has `bought` of it so far, may buy one edition at `now`; whether one is left is not asked.

    The sale should come with what is sold of it (`Sale.objects.with_what_is_sold()`): then, except while there is a
    list, no query is made. Raises NotForSale, SaleEnded, NotOpenYet, OwnWork, NotOnTheList, LimitReached.
    """
    require_open(sale, now)
    if sale.seller_id == buyer.pk:
        raise OwnWork()
    if sale.allowlist_until is not None and now < sale.allowlist_until and not is_allowed(sale, buyer):
        until = sale.allowlist_until.isoformat()
        told = gettext("It is meant for somebody else.") if sale.is_private else gettext("Others can buy later.")
        raise NotOnTheList(gettext("At present only those on its list can buy. %(told)s") % {"told": told}, until=until)
    if sale.per_buyer is not None and bought >= sale.per_buyer:
        raise LimitReached(
            gettext("One buyer gets %(per_buyer)s of these.") % {"per_buyer": sale.per_buyer}, per_buyer=sale.per_buyer
        )


def require_open(sale: Sale, now: datetime) -> None:
    """Raises NotForSale, SaleEnded, NotOpenYet."""
    if sale.state == SaleState.ENDED or (sale.state != SaleState.DRAFT and sale.is_past(now)):
        raise SaleEnded()
    if sale.state != SaleState.OPEN or not is_sellable(sale):
        raise NotForSale()
    if sale.opens_at is not None and now < sale.opens_at:
        raise NotOpenYet(
            gettext("It opens on %(opens_at)s UTC.") % {"opens_at": moment_words(sale.opens_at)},
            opens_at=sale.opens_at.isoformat(),
        )


def is_sellable(sale: Sale) -> bool:
    """Whether what is sold may be: it is neither held nor taken down, nor is its model withdrawn or held.

    Nor is its artist suspended, where it is the artist who sells.
    """
    edition, issued = sale.edition, sale.issued
    if issued.artist.is_suspended and not sale.is_resale:
        return False
    shown = (edition.made if edition else None) or issued.artwork
    if shown is not None:
        return shown.visibility not in UNSELLABLE
    model = issued.trained_model
    return model is not None and not model.is_held and model.state in {ModelState.PUBLISHED, ModelState.DEPRECATED}


def is_allowed(sale: Sale, buyer: User) -> bool:
    """Whether somebody is on the list of a drop."""
    return sale.allowed.filter(Q(user=buyer) | Q(email=buyer.email)).exists()


def price_of(sale: Sale, *, licence: str, currency: str) -> Price:
    """What an edition costs. Raises InvalidInput, whose `errors` name `licence` or `currency`."""
    prices = list(sale.prices.filter(licence=licence).select_related("licence"))
    if not prices:
        raise InvalidInput(
            gettext("It is not sold with this licence."),
            errors={"licence": [gettext("Choose one of those that the sale has.")]},
        )
    found = next((price for price in prices if price.currency == currency), None)
    if found is None:
        known = ", ".join(sorted(price.currency for price in prices))
        raise InvalidInput(gettext("It has no price in this currency."), errors={"currency": [f"Known: {known}."]})
    return found
