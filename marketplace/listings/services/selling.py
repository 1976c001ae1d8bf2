"""Selling at a price: a sale is drafted, published, paused, and ends; see SALE for its arrows.

Whoever needs several rows locks them in this order: edition, release, sale, offer.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext

from marketplace.accounts import selectors as accounts
from marketplace.accounts.models import User
from marketplace.core import outbox
from marketplace.core.errors import InvalidInput, NotFound
from marketplace.core.languages import kept
from marketplace.listings.errors import AlreadyOnOffer, BidsStand, NotForSale, NotYourSale, SaleEnded, WorkHasOwner
from marketplace.listings.models import (
    SALE,
    Auction,
    Edition,
    EditionState,
    Licence,
    Price,
    Release,
    Sale,
    SaleKind,
    SaleState,
)
from marketplace.listings.selectors.buying import is_sellable
from marketplace.listings.selectors.sales import left_of, usual_prices_of
from marketplace.listings.services.lapsing import lapse_offers_on_edition, lapse_offers_on_sale

log = structlog.get_logger(__name__)
RUNNING = (SaleState.OPEN, SaleState.PAUSED)


@dataclass(frozen=True, slots=True)
class AskedPrice:
    """What an edition shall cost with a licence, in minor units of a currency."""

    licence: str
    currency: str
    amount: int


@dataclass(frozen=True, slots=True)
class Schedule:
    """When and to whom: `opens_at` None is at once, `closes_at` None until everything is sold."""

    opens_at: datetime | None = None
    closes_at: datetime | None = None
    allowlist_until: datetime | None = None
    per_buyer: int | None = None
    takes_offers: bool = False


@transaction.atomic
def draft_sale(
    *, seller: User, release_id: UUID, prices: Sequence[AskedPrice] | None = None, schedule: Schedule = Schedule()
) -> Sale:
    """Prepare to sell the editions of one's own release at a price: without `prices`, at what its artist usually asks.

    Raises NotFound, InvalidInput.
    """
    release = Release.objects.filter(pk=release_id, artist__user=seller).first()
    if release is None:
        raise NotFound(gettext("You have no such release."))
    if prices is None:
        usual = usual_prices_of(seller)
        prices = [AskedPrice(price.licence_id, price.currency, price.amount) for price in usual]
    return _write(Sale(kind=SaleKind.FIXED, seller=seller, release=release), prices, schedule)


@transaction.atomic
def draft_sale_of_edition(
    *, seller: User, edition: Edition, prices: Sequence[AskedPrice], schedule: Schedule = Schedule()
) -> Sale:
    """Prepare to sell one edition. The caller has locked it and knows that it is the seller's (orders alone know).

    Raises InvalidInput.
    """
    return _write(Sale(kind=SaleKind.FIXED, seller=seller, edition=edition), prices, replace(schedule, per_buyer=None))


@transaction.atomic
def change_sale(
    *, seller: User, sale_id: UUID, prices: Sequence[AskedPrice] | None = None, changes: dict[str, Any] | None = None
) -> Sale:
    """Reprice or reschedule a draft or a paused sale; orders that were placed keep their price.

    `changes` has fields of Schedule. Raises NotFound, NotYourSale, NotForSale, InvalidInput.
    """
    sale = locked_sale(sale_id, seller)
    if sale.state not in {SaleState.DRAFT, SaleState.PAUSED} or sale.kind != SaleKind.FIXED:
        raise NotForSale(gettext("Pause it first: what is on offer is not changed under its buyers' eyes."))
    kept = {name: getattr(sale, name) for name in Schedule.__dataclass_fields__}
    return _write(sale, prices, Schedule(**kept | (changes or {})))


@transaction.atomic
def publish_sale(*, seller: User, sale_id: UUID) -> Sale:
    """Open a sale, or go on with a paused one.

    Raises NotFound, NotYourSale, ArtistSuspended, NotNow, NotForSale, SaleEnded, WorkHasOwner, AlreadyOnOffer,
    InvalidInput.
    """
    sale = locked_sale(sale_id, seller)
    if not sale.is_resale:  # owners sell on what is theirs, whoever they are
        accounts.approved_artist(seller)
    SALE.move(sale, "publish")
    if not is_sellable(sale):
        raise NotForSale(gettext("What is held back, taken down or withdrawn cannot be sold."))
    if sale.kind == SaleKind.FIXED and not sale.prices.exists():
        raise InvalidInput(gettext("Say what it costs first."), errors={"prices": [gettext("This is required.")]})
    if sale.is_past(timezone.now()):
        raise SaleEnded(gettext("Its time is over: set another one."))
    _require_something_left(sale)
    _require_offered_once(sale)
    if sale.kind == SaleKind.DUTCH:  # its price begins to fall when it opens, not before it can be bought
        sale.opens_at = max(sale.opens_at or timezone.now(), timezone.now())
    sale.save(update_fields=["state", "opens_at", "updated_at"])
    log.info("sale.published", sale=str(sale.pk))
    return sale


@transaction.atomic
def publish_drafted(*, seller: User, draft: Callable[[], Sale]) -> Sale:
    """Draft a sale and open it, both or neither; one that its drafting has opened already is left as it is."""
    sale = draft()
    return sale if sale.state == SaleState.OPEN else publish_sale(seller=seller, sale_id=sale.pk)


@transaction.atomic
def pause_sale(*, seller: User, sale_id: UUID) -> Sale:
    """Let nobody buy for a while; what is reserved can still be paid.

    Raises NotFound, NotYourSale, NotNow, BidsStand.
    """
    sale = locked_sale(sale_id, seller)
    _require_no_bids(sale)
    SALE.move(sale, "pause")
    sale.save(update_fields=["state", "updated_at"])
    return sale


@transaction.atomic
def cancel_sale(*, by: User, sale_id: UUID) -> Sale:
    """End a sale for good, by whoever sells, or a curator; once somebody has bid, by a curator alone.

    Raises NotFound, NotYourSale, NotNow, BidsStand.
    """
    sale = locked_sale(sale_id, None if by.is_curator else by)
    if sale.state == SaleState.DRAFT and sale.seller_id != by.pk:
        raise NotFound(gettext("There is no such sale."))  # nor for curators: it has not been shown to anybody
    if not by.is_curator:
        _require_no_bids(sale)
    close(sale, "cancel", kept("It is not for sale any more."))
    return sale


@transaction.atomic
def end_sale(*, sale_id: UUID) -> None:
    """End a sale whose time is over, or of which nothing is left; one that has ended stays so."""
    sale = locked_sale(sale_id, None)
    if sale.state in RUNNING:
        close(sale, "end", kept("The sale has ended."))


def close(sale: Sale, move: str, reason: str) -> None:
    """Move a locked sale to its end, with the offers on it."""
    SALE.move(sale, move)
    sale.ended_at = timezone.now()
    sale.save(update_fields=["state", "ended_at", "updated_at"])
    lapse_offers_on_sale(sale, reason)
    outbox.emit("sale.closed", sale.pk)
    log.info("sale.closed", sale=str(sale.pk), state=sale.state)


def close_edition(*, edition_id: UUID, reason: str = kept("It has another owner now.")) -> None:
    """End every sale of this one edition, and the offers on it.

    In the transaction in which it changes hands, with the edition locked.
    """
    sales = Sale.objects.select_for_update(of=("self",)).filter(
        edition=edition_id, state__in=[SaleState.DRAFT, *RUNNING]
    )
    for sale in sales.order_by("pk"):
        close(sale, "cancel" if sale.state == SaleState.DRAFT else "end", reason)
    lapse_offers_on_edition(edition_id, reason)


def locked_sale(sale_id: UUID, seller: User | None) -> Sale:
    """The sale with what is sold of it, its release and edition locked before it; of `seller`, if one is given.

    Raises NotFound, also for others' drafts; NotYourSale.
    """
    found = Sale.objects.filter(pk=sale_id).values_list("edition_id", "release_id", "edition__release_id").first()
    if found is None:
        raise NotFound(gettext("There is no such sale."))
    edition_id, release_id, release_of_edition = found
    if edition_id:
        Edition.objects.select_for_update(no_key=True).get(pk=edition_id)
    Release.objects.select_for_update(no_key=True).get(pk=release_id or release_of_edition)
    sale = Sale.objects.with_what_is_sold().select_for_update(of=("self",)).get(pk=sale_id)
    if seller is not None and sale.seller_id != seller.pk:
        raise NotFound(gettext("There is no such sale.")) if sale.state == SaleState.DRAFT else NotYourSale()
    return sale


def check_prices(prices: Iterable[AskedPrice]) -> list[Price]:
    """The prices as rows that have no sale yet. Raises InvalidInput, whose `errors` name `prices`."""
    offered = set(Licence.objects.filter(is_offered=True).values_list("pk", flat=True))
    rows: dict[tuple[str, str], Price] = {}
    for asked in prices:
        currency = asked.currency.lower()
        if asked.licence not in offered:
            raise _bad_price(
                gettext("There is no licence “%(asked_licence)s”; there are: %(value)s.")
                % {"asked_licence": asked.licence, "value": ", ".join(sorted(offered))}
            )
        check_amount(asked.amount, currency, "prices")
        if (asked.licence, currency) in rows:
            raise _bad_price(
                gettext("There are two prices in %(currency)s with the licence “%(asked_licence)s”.")
                % {"currency": currency.upper(), "asked_licence": asked.licence}
            )
        rows[asked.licence, currency] = Price(licence_id=asked.licence, currency=currency, amount=asked.amount)
    return list(rows.values())


def check_amount(amount: int, currency: str, name: str) -> None:
    """Raises InvalidInput where the house does not sell in this currency, or not at such a price."""
    bounds = settings.ATELIER.currencies.get(currency)
    if bounds is None:
        known = ", ".join(settings.ATELIER.currencies)
        raise InvalidInput(
            gettext("Not in this currency."),
            errors={
                name: [
                    gettext("Not in %(currency)s; there are: %(known)s.")
                    % {"currency": f"{currency!r}", "known": known}
                ]
            },
        )
    if not bounds[0] <= amount <= bounds[1]:
        told = gettext("From %(value)s to %(value_2)s in %(currency)s, in minor units such as cents.") % {
            "value": bounds[0],
            "value_2": bounds[1],
            "currency": currency.upper(),
        }
        raise InvalidInput(gettext("The price is out of range."), errors={name: [told]})


def write_schedule(sale: Sale, schedule: Schedule) -> None:
    """The sale as a row, with its times. Raises InvalidInput."""
    if problems := _problems(sale, schedule):
        raise InvalidInput(gettext("The sale is not possible like this."), errors=problems)
    for name in Schedule.__dataclass_fields__:
        setattr(sale, name, getattr(schedule, name))
    sale.save()


def _write(sale: Sale, prices: Sequence[AskedPrice] | None, schedule: Schedule) -> Sale:
    """The sale and its prices as rows. Raises InvalidInput."""
    write_schedule(sale, schedule)
    if prices is not None:
        if not prices:
            raise _bad_price(gettext("This is required."))
        rows = check_prices(prices)
        sale.prices.all().delete()
        for row in rows:
            row.sale = sale
        Price.objects.bulk_create(rows)
    return sale


def _problems(sale: Sale, schedule: Schedule) -> dict[str, list[str]]:
    opens, closes, early = schedule.opens_at, schedule.closes_at, schedule.allowlist_until
    begins = max(opens or timezone.now(), timezone.now())
    problems: dict[str, list[str]] = {}
    if closes is not None and closes <= begins:
        problems["closes_at"] = [gettext("It must close later than it opens, and than now.")]
    if closes is None and sale.release is not None and sale.release.size is None:
        problems["closes_at"] = [
            gettext("Of an edition without a size, as many are sold as are bought until it closes.")
        ]
    if early is not None and (early <= begins or (closes is not None and early > closes)):
        problems["allowlist_until"] = [gettext("It must lie after the opening, and not after the close.")]
    if schedule.per_buyer is not None and schedule.per_buyer < 1:
        problems["per_buyer"] = [gettext("One at least.")]
    return problems


def _require_no_bids(sale: Sale) -> None:
    """Raises BidsStand."""
    if sale.kind == SaleKind.ENGLISH and Auction.objects.filter(sale=sale, leader__isnull=False).exists():
        raise BidsStand()


def _require_something_left(sale: Sale) -> None:
    """Raises SaleEnded, WorkHasOwner."""
    if sale.edition is not None:
        # Of a resale, that the edition is still its seller's: else `close_edition` would have ended this sale.
        wanted = EditionState.SOLD if sale.is_resale else EditionState.FREE
        if sale.edition.state != wanted:
            raise WorkHasOwner(gettext("It is being bought, or somebody else's already."))
    elif left_of(sale) == 0:
        raise SaleEnded(gettext("Every edition has its owner."))


def _require_offered_once(sale: Sale) -> None:
    """One edition is sold in one place, and not beside the others of its release. Raises AlreadyOnOffer."""
    others = Sale.objects.filter(state__in=RUNNING).exclude(pk=sale.pk)
    if sale.release_id is not None:
        clashes = [
            Q(release=sale.release_id),
            Q(
                edition__release=sale.release_id, edition__state__in=[EditionState.FREE, EditionState.RESERVED],
                seller=sale.seller_id,
            ),
        ]  # fmt: skip
    else:
        clashes = [Q(edition=sale.edition_id)]
        if not sale.is_resale:
            clashes.append(Q(release=sale.issued.pk))
    # One after the other: together they would be looked for in all sales that there are.
    if any(others.filter(clash).exists() for clash in clashes):
        raise AlreadyOnOffer()


def _bad_price(told: str) -> InvalidInput:
    return InvalidInput(gettext("The prices are not possible like this."), errors={"prices": [told]})
