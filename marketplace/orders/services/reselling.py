"""Selling on what one owns, and offers for it: listings know sales and offers, orders know whose an edition is."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

import structlog
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from marketplace.accounts.models import User
from marketplace.core.errors import AtelierError, InvalidInput, NotFound
from marketplace.listings import services as listings
from marketplace.listings.models import Edition, Offer, OfferState, Sale
from marketplace.listings.services import AskedPrice, Bid, EnglishTerms, Schedule
from marketplace.orders.errors import NotYourEdition
from marketplace.orders.models import Order, Ownership
from marketplace.orders.services.placing import place_order

log = structlog.get_logger(__name__)


@transaction.atomic
def offer_for_resale(
    *, owner: User, edition_id: UUID, prices: Sequence[AskedPrice], schedule: Schedule | None = None
) -> Sale:
    """Put an edition that one owns on sale, under the licence that one has; a royalty goes to its artist.

    Raises NotFound, NotYourEdition, InvalidInput, and what `listings.publish_sale` raises.
    """
    edition, ownership = _owned(owner, edition_id)
    if any(price.licence != ownership.licence_id for price in prices):
        told = gettext("You own it under the licence “%(ownership_licence_id)s”, and can give no other.") % {
            "ownership_licence_id": ownership.licence_id
        }
        raise InvalidInput(gettext("Not with this licence."), errors={"prices": [told]})
    sale = listings.draft_sale_of_edition(seller=owner, edition=edition, prices=prices, schedule=schedule or Schedule())
    return listings.publish_sale(seller=owner, sale_id=sale.pk)


@transaction.atomic
def auction_owned(*, owner: User, edition_id: UUID, terms: EnglishTerms, schedule: Schedule) -> Sale:
    """Have an edition that one owns bid for, under the licence that one has; a royalty goes to its artist.

    Raises NotFound, NotYourEdition, InvalidInput, and what `listings.publish_sale` raises.
    """
    edition, ownership = _owned(owner, edition_id)
    if terms.licence != ownership.licence_id:
        told = gettext("You own it under the licence “%(ownership_licence_id)s”, and can give no other.") % {
            "ownership_licence_id": ownership.licence_id
        }
        raise InvalidInput(gettext("Not with this licence."), errors={"licence": [told]})
    sale = listings.draft_auction_of_edition(seller=owner, edition=edition, terms=terms, schedule=schedule)
    return listings.publish_sale(seller=owner, sale_id=sale.pk)


@transaction.atomic
def offer_for_edition(*, buyer: User, edition_id: UUID, bid: Bid, request_key: str | None = None) -> Offer:
    """Offer its owner, or while nobody owns it its artist, a price for an edition that is not on sale.

    The same `request_key` gives the same offer. Raises NotFound, OwnWork, AlreadyOnOffer, OfferPending, InvalidInput.
    """
    edition = _locked(edition_id)
    ownership = Ownership.objects.select_related("owner").filter(edition=edition).first()
    if ownership is not None and bid.licence != ownership.licence_id:
        told = gettext("Its owner has it under the licence “%(ownership_licence_id)s”, and can give no other.") % {
            "ownership_licence_id": ownership.licence_id
        }
        raise InvalidInput(gettext("Not with this licence."), errors={"licence": [told]})
    return listings.offer_on_edition(
        buyer=buyer,
        owner=ownership.owner if ownership is not None else edition.release.artist.user,
        edition=edition,
        bid=bid,
        request_key=request_key,
    )


def order_accepted(*, offer_id: UUID) -> Order | None:
    """Reserve an edition for the buyer of an accepted offer, at its price; where that cannot be, both are told.

    The same offer gives the same order.
    """
    offer = Offer.objects.select_related("buyer", "sale", "edition").get(pk=offer_id)
    if offer.state != OfferState.ACCEPTED or offer.sale is None:
        return None
    try:
        return place_order(
            buyer=offer.buyer, sale_id=offer.sale.pk, licence=offer.licence_id, currency=offer.currency,
            price=offer.money, edition=offer.edition, request_key=f"offer:{offer.pk}", time_to_pay=_time_to_pay(offer),
        )  # fmt: skip
    except AtelierError as error:
        if error.transient:
            raise  # the event comes again
        log.info("offer.failed", offer=str(offer.pk), code=error.code)
        listings.fail_offer(offer_id=offer.pk, reason=error.detail)
        return None


def _time_to_pay(offer: Offer) -> timedelta:
    """Whoever agreed last may be asleep: an accepted offer is reserved for days, not minutes."""
    assert offer.sale is not None
    whole = timedelta(days=settings.ATELIER.offer_days)
    left = offer.sale.closes_at - timezone.now() if offer.sale.is_private and offer.sale.closes_at else whole
    return min(whole, left)


def _owned(owner: User, edition_id: UUID) -> tuple[Edition, Ownership]:
    """The edition, locked, and by what right it is this owner's. Raises NotFound, NotYourEdition."""
    edition = _locked(edition_id)
    ownership = Ownership.objects.filter(edition=edition).first()
    if ownership is None or ownership.owner_id != owner.pk:
        raise NotYourEdition(gettext("Only its owner may sell an edition on."))
    return edition, ownership


def _locked(edition_id: UUID) -> Edition:
    """Raises NotFound."""
    editions = Edition.objects.select_for_update(of=("self",), no_key=True).select_related("release__artist__user")
    edition = editions.filter(pk=edition_id).first()
    if edition is None:
        raise NotFound(gettext("There is no such edition."))
    return edition
