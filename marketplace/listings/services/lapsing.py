"""Offers that end without an answer: by time, or because what they were made for is not to be had any more.

Each function runs in its caller's transaction.
"""

from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from marketplace.accounts import services as accounts
from marketplace.core.languages import translated_lazily
from marketplace.listings.models import OFFER, Offer, OfferState, Sale


def lapse(offer: Offer, reason: str, move: str = "expire") -> None:
    """End a locked offer, and tell whoever made it."""
    OFFER.move(offer, move)
    offer.reason, offer.answered_at = reason, timezone.now()
    offer.save(update_fields=["state", "reason", "answered_at", "updated_at"])
    people = [offer.buyer_id, offer.seller_id] if move == "fail" else [offer.maker.pk]
    accounts.notify_all(
        people=people,
        kind="offer.lapsed",
        key=str(offer.pk),
        title=format_lazy(_("The offer of {money} for {what} has lapsed"), money=offer.money, what=offer.what),
        body=translated_lazily(reason),
        link="/offers/",
    )


def lapse_offers_on_sale(sale: Sale, reason: str) -> None:
    """End the offers on a sale that is over; it is locked."""
    _lapse_all(Offer.objects.filter(sale=sale), reason)


def lapse_offers_on_edition(edition_id: UUID, reason: str) -> None:
    """End the offers on an edition that has another owner now, or is being bought."""
    _lapse_all(Offer.objects.filter(edition=edition_id), reason)


def _lapse_all(offers: QuerySet[Offer], reason: str) -> None:
    pending = offers.filter(state=OfferState.PENDING).select_for_update(of=("self",))
    for offer in pending.select_related(*SHOWN).order_by("pk"):
        lapse(offer, reason)


SHOWN = (
    "buyer", "seller", "licence", "sale__release__artist", "sale__edition__release__artist",
    "edition__release__artist",
)  # fmt: skip
