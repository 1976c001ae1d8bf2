"""Private offers: made, answered with another price, accepted, declined, withdrawn; see OFFER for the arrows.

An accepted offer is told by the event `offer.accepted`; whoever places orders reserves the edition at its price then.
"""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from marketplace.accounts import services as accounts
from marketplace.accounts.models import User
from marketplace.core import outbox
from marketplace.core.errors import InvalidInput, NotFound
from marketplace.core.languages import Text, kept
from marketplace.core.machine import NotNow
from marketplace.listings.errors import AlreadyOnOffer, NotForSale, OfferPending, OwnWork, WorkHasOwner
from marketplace.listings.models import (
    OFFER,
    Allowed,
    Edition,
    EditionState,
    Licence,
    Offer,
    OfferState,
    Price,
    Sale,
    SaleKind,
    SaleState,
)
from marketplace.listings.selectors.buying import buyable, require_open
from marketplace.listings.services.lapsing import SHOWN, lapse
from marketplace.listings.services.selling import RUNNING, check_amount, close, locked_sale

MOST_DAYS = 30
ACCEPTED = "offer.accepted"
INBOX = "/offers/"


@dataclass(frozen=True, slots=True)
class Bid:
    """What somebody would pay, in minor units, with which licence, and for how many days that stands."""

    amount: int
    currency: str
    licence: str
    message: str = ""
    days: int | None = None


@transaction.atomic
def offer_on_sale(*, buyer: User, sale_id: UUID, bid: Bid, request_key: str | None = None) -> Offer:
    """Offer another price than a sale asks; the same `request_key` gives the same offer.

    Raises NotFound, NotForSale and what else `buyable` raises, OfferPending, InvalidInput.
    """
    if known := _known(request_key):
        return known
    sale = Sale.objects.with_what_is_sold().filter(pk=sale_id, is_private=False).exclude(state="draft").first()
    if sale is None:
        raise NotFound(gettext("There is no such sale."))
    buyable(sale, buyer, timezone.now())
    if not sale.takes_offers or sale.kind != SaleKind.FIXED:
        raise NotForSale(gettext("No offers are taken here."))
    if not sale.prices.filter(licence=bid.licence).exists():
        raise InvalidInput(
            gettext("Not with this licence."), errors={"licence": [gettext("Choose one of those that the sale has.")]}
        )
    return _make(Offer(sale=sale, buyer=buyer, seller=sale.seller, request_key=request_key), bid)


@transaction.atomic
def offer_on_edition(
    *, buyer: User, owner: User, edition: Edition, bid: Bid, request_key: str | None = None
) -> Offer:  # fmt: skip
    """Offer a price for an edition that is not on sale. Whoever calls knows that it is `owner`'s (orders alone know).

    The same `request_key` gives the same offer. Raises OwnWork, AlreadyOnOffer, OfferPending, InvalidInput.
    """
    if known := _known(request_key):
        return known
    if buyer.pk == owner.pk:
        raise OwnWork()
    if Sale.objects.filter(edition=edition, state__in=RUNNING, is_private=False).exists():
        raise AlreadyOnOffer(gettext("It is on sale: buy it there, or make your offer on the sale."))
    return _make(Offer(edition=edition, buyer=buyer, seller=owner, request_key=request_key), bid)


@transaction.atomic
def accept_offer(*, by: User, offer_id: UUID) -> Offer:
    """Take an offer: an order is then reserved for its buyer at its price. Accepting twice is accepting once.

    Raises NotFound, NotNow, NotForSale, SaleEnded, WorkHasOwner, AlreadyOnOffer.
    """
    offer = _locked(offer_id, by)
    if offer.recipient.pk != by.pk:
        raise NotNow(gettext("Yours is the offer: the other side answers."), state=offer.state)
    if offer.state == OfferState.ACCEPTED:
        return offer
    _answer(offer, "accept")
    if offer.edition is not None:
        offer.sale = _sale_for(offer, offer.edition)
    else:
        assert offer.sale is not None  # a constraint in the database
        require_open(offer.sale, timezone.now())
    offer.save(update_fields=["state", "answered_at", "sale", "updated_at"])
    outbox.emit(ACCEPTED, offer.pk)
    _tell(
        offer.maker,
        "offer.answered",
        offer,
        format_lazy(_("Your offer for {what} was accepted: {money}"), what=offer.what, money=offer.money),
    )
    return offer


@transaction.atomic
def decline_offer(*, by: User, offer_id: UUID) -> Offer:
    """Say no. Raises NotFound, NotNow."""
    offer = _locked(offer_id, by)
    if offer.recipient.pk != by.pk:
        raise NotNow(gettext("Yours is the offer: withdraw it."), state=offer.state)
    _answer(offer, "decline")
    offer.save(update_fields=["state", "answered_at", "updated_at"])
    _tell(
        offer.maker,
        "offer.answered",
        offer,
        format_lazy(_("Your offer of {money} for {what} was declined"), money=offer.money, what=offer.what),
    )
    return offer


@transaction.atomic
def withdraw_offer(*, by: User, offer_id: UUID) -> Offer:
    """Take one's own offer back before it is answered. Raises NotFound, NotNow."""
    offer = _locked(offer_id, by)
    if offer.maker.pk != by.pk:
        raise NotNow(gettext("It is the other side's: decline it."), state=offer.state)
    _answer(offer, "withdraw")
    offer.save(update_fields=["state", "answered_at", "updated_at"])
    return offer


@transaction.atomic
def counter_offer(*, by: User, offer_id: UUID, amount: int, message: str = "", days: int | None = None) -> Offer:
    """Answer an offer with another price in its currency and licence; returns the new offer.

    Raises NotFound, NotNow, InvalidInput.
    """
    offer = _locked(offer_id, by)
    if offer.recipient.pk != by.pk:
        raise NotNow(gettext("Yours is the offer: the other side answers."), state=offer.state)
    if amount == offer.amount:
        raise InvalidInput(
            gettext("That is what was offered."), errors={"amount": [gettext("Accept it, or say another price.")]}
        )
    _answer(offer, "counter")
    offer.save(update_fields=["state", "answered_at", "updated_at"])
    answer = Offer(
        sale=offer.sale, edition=offer.edition, buyer=offer.buyer, seller=offer.seller,
        by_seller=not offer.by_seller, answers=offer,
    )  # fmt: skip
    return _make(answer, Bid(amount, offer.currency, offer.licence_id, message, days))


@transaction.atomic
def fail_offer(*, offer_id: UUID, reason: str) -> None:
    """No order could be reserved for an accepted offer: both sides are told. Failing twice is failing once."""
    offer = _locked(offer_id, None)
    if offer.state != OfferState.ACCEPTED:
        return
    if offer.sale is not None and offer.sale.is_private and offer.sale.state in RUNNING:
        close(offer.sale, "end", reason)
    lapse(offer, reason, "fail")


@transaction.atomic
def expire_offers(*, limit: int = 200) -> int:
    """End the offers whose time is over; returns how many."""
    overdue = Offer.objects.filter(state=OfferState.PENDING, expires_at__lte=timezone.now())
    offers = overdue.select_for_update(of=("self",), skip_locked=True).select_related(*SHOWN).order_by("expires_at")
    found = list(offers[:limit])
    for offer in found:
        lapse(offer, kept("It was not answered in time."))
    return len(found)


def _make(offer: Offer, bid: Bid) -> Offer:
    """The offer as a row; whoever may answer it is told. Raises OfferPending, InvalidInput."""
    currency, days = bid.currency.lower(), settings.ATELIER.offer_days if bid.days is None else bid.days
    check_amount(bid.amount, currency, "amount")
    if not 1 <= days <= MOST_DAYS:
        raise InvalidInput(
            gettext("It cannot stand so long."),
            errors={"days": [gettext("From 1 to %(most_days)s days.") % {"most_days": MOST_DAYS}]},
        )
    if len(bid.message) > 500:
        raise InvalidInput(
            gettext("The message is too long."), errors={"message": [gettext("At most 500 characters.")]}
        )
    licence = Licence.objects.filter(pk=bid.licence).first()
    if licence is None:
        raise InvalidInput(
            gettext("There is no such licence."), errors={"licence": [gettext("There is no such licence.")]}
        )
    offer.amount, offer.currency, offer.licence, offer.message = bid.amount, currency, licence, bid.message.strip()
    offer.expires_at = timezone.now() + timedelta(days=days)
    try:
        with transaction.atomic():
            offer.save(force_insert=True)
    except IntegrityError as error:
        if known := _known(offer.request_key):
            return known
        if "listings_offer_once" in str(error):
            raise OfferPending() from error
        raise
    _tell(
        offer.recipient,
        "offer.answered" if offer.answers_id else "offer.received",
        offer,
        format_lazy(
            _("{maker} would take {money} for {what}")
            if offer.by_seller
            else _("{maker} would pay {money} for {what}"),
            maker=offer.maker.name,
            money=offer.money,
            what=offer.what,
        ),
    )
    return offer


def _known(request_key: str | None) -> Offer | None:
    return Offer.objects.filter(request_key=request_key).first() if request_key else None


def _locked(offer_id: UUID, party: User | None) -> Offer:
    """The offer, locked after what it is made for, if it is `party`'s to see. Raises NotFound."""
    found = Offer.objects.filter(pk=offer_id).values_list("sale_id", "edition_id").first()
    if found is None:
        raise NotFound(gettext("There is no such offer."))
    sale_id, edition_id = found
    if edition_id:
        Edition.objects.select_for_update(no_key=True).get(pk=edition_id)
    if sale_id:
        locked_sale(sale_id, None)
    offer = Offer.objects.select_for_update(of=("self",)).select_related(*SHOWN).get(pk=offer_id)
    if party is not None and party.pk not in {offer.buyer_id, offer.seller_id}:
        raise NotFound(gettext("There is no such offer."))
    return offer


def _answer(offer: Offer, move: str) -> None:
    """Raises NotNow, also where its time is over and no chore has come by yet."""
    now = timezone.now()
    if offer.state == OfferState.PENDING and offer.expires_at <= now:
        raise NotNow(gettext("Its time is over."), state=OfferState.EXPIRED.value)
    OFFER.move(offer, move)
    offer.answered_at = now


def _sale_for(offer: Offer, edition: Edition) -> Sale:
    """A sale of the edition to this buyer alone, at this price. Raises WorkHasOwner, AlreadyOnOffer."""
    artist = edition.release.artist
    wanted = EditionState.FREE if artist.user_id == offer.seller_id else EditionState.SOLD
    if edition.state != wanted:
        raise WorkHasOwner(gettext("It is being bought, or somebody else's already."))
    if Sale.objects.filter(edition=edition, state__in=RUNNING).exists():
        raise AlreadyOnOffer(gettext("It is on sale: end that first."))
    until = timezone.now() + timedelta(days=settings.ATELIER.offer_days)
    sale = Sale.objects.create(
        kind=SaleKind.FIXED, seller=offer.seller, edition=edition, state=SaleState.OPEN, is_private=True,
        closes_at=until, allowlist_until=until,
    )  # fmt: skip
    Price.objects.create(sale=sale, licence=offer.licence, currency=offer.currency, amount=offer.amount)
    Allowed.objects.create(sale=sale, user=offer.buyer)
    return sale


def _tell(person: User, kind: str, offer: Offer, title: Text) -> None:
    accounts.notify(person=person, kind=kind, key=str(offer.pk), title=title, body=offer.message, link=INBOX)
