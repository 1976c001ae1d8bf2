"""Preparing auctions; published, paused and cancelled they are as every sale is."""

from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext

from marketplace.accounts.models import User
from marketplace.core.errors import InvalidInput, NotFound
from marketplace.listings.models import Auction, Edition, Falling, Licence, Release, Sale, SaleKind
from marketplace.listings.services.selling import Schedule, check_amount, write_schedule

MOST_STEPS = 200


@dataclass(frozen=True, slots=True)
class EnglishTerms:
    """What is bid for: amounts in minor units of `currency`; with a reserve, nothing is sold below it."""

    licence: str
    currency: str
    start_amount: int
    reserve_amount: int | None = None
    extension_seconds: int | None = None  # none: the house's


@dataclass(frozen=True, slots=True)
class DutchTerms:
    """A price that falls from `start_amount` to `floor_amount`, minor units, in equal steps of `step_seconds`."""

    licence: str
    currency: str
    start_amount: int
    floor_amount: int
    steps: int
    step_seconds: int
    rebates: bool = True


@transaction.atomic
def draft_auction(*, artist_user: User, release_id: UUID, number: int, terms: EnglishTerms, schedule: Schedule) -> Sale:
    """Prepare an English auction of one edition of one's own release. Raises NotFound, InvalidInput."""
    edition = Edition.objects.select_related("release__artist").filter(
        release=release_id, number=number, release__artist__user=artist_user
    ).first()  # fmt: skip
    if edition is None:
        raise NotFound(gettext("You have no such edition to sell."))
    return draft_auction_of_edition(seller=artist_user, edition=edition, terms=terms, schedule=schedule)


@transaction.atomic
def draft_auction_of_edition(*, seller: User, edition: Edition, terms: EnglishTerms, schedule: Schedule) -> Sale:
    """Prepare an English auction of an edition that the caller knows to be the seller's. Raises InvalidInput."""
    licence = _licence(terms.licence)
    check_amount(terms.start_amount, terms.currency, "start_amount")
    if terms.reserve_amount is not None:
        check_amount(terms.reserve_amount, terms.currency, "reserve_amount")
        if terms.reserve_amount < terms.start_amount:
            raise InvalidInput(
                gettext("The reserve is too low."), errors={"reserve_amount": [gettext("Not below the start.")]}
            )
    if schedule.closes_at is None:
        raise InvalidInput(gettext("Say when it closes."), errors={"closes_at": [gettext("This is required.")]})
    sale = Sale(kind=SaleKind.ENGLISH, seller=seller, edition=edition)
    write_schedule(sale, replace(schedule, per_buyer=None, takes_offers=False))
    usual = settings.ATELIER.extension_minutes * 60
    Auction.objects.create(
        sale=sale,
        licence=licence,
        currency=terms.currency,
        start_amount=terms.start_amount,
        reserve_amount=terms.reserve_amount,
        extension_seconds=usual if terms.extension_seconds is None else terms.extension_seconds,
    )
    return sale


@transaction.atomic
def draft_dutch_auction(*, artist_user: User, release_id: UUID, terms: DutchTerms, schedule: Schedule) -> Sale:
    """Prepare a Dutch auction of the editions of one's own release. Raises NotFound, InvalidInput."""
    release = Release.objects.filter(pk=release_id, artist__user=artist_user).first()
    if release is None:
        raise NotFound(gettext("You have no such release."))
    if schedule.opens_at is None:
        raise InvalidInput(
            gettext("Say when it opens."), errors={"opens_at": [gettext("From then on the price falls.")]}
        )
    licence, amounts = _licence(terms.licence), falling_amounts(terms)
    over = schedule.opens_at + timedelta(seconds=terms.step_seconds * len(amounts))
    if schedule.closes_at is not None and schedule.closes_at < over:
        raise InvalidInput(
            gettext("It closes too early."), errors={"closes_at": [gettext("Not before the price is at its floor.")]}
        )
    sale = Sale(kind=SaleKind.DUTCH, seller=artist_user, release=release)
    write_schedule(sale, replace(schedule, takes_offers=False))
    Falling.objects.create(
        sale=sale,
        licence=licence,
        currency=terms.currency,
        amounts=amounts,
        step_seconds=terms.step_seconds,
        rebates=terms.rebates,
    )
    return sale


def falling_amounts(terms: DutchTerms) -> list[int]:
    """The price of every step, from the first to the floor, in whole minor units. Raises InvalidInput."""
    for name in ("start_amount", "floor_amount"):
        check_amount(getattr(terms, name), terms.currency, name)
    problems = {}
    if terms.floor_amount >= terms.start_amount:
        problems["floor_amount"] = [gettext("It must lie below the first price.")]
    if not 1 <= terms.steps <= MOST_STEPS:
        problems["steps"] = [gettext("From 1 to %(most_steps)s.") % {"most_steps": MOST_STEPS}]
    if terms.step_seconds < 10:
        problems["step_seconds"] = [gettext("Ten seconds at least.")]
    if problems:
        raise InvalidInput(gettext("The price cannot fall like this."), errors=problems)
    drop = terms.start_amount - terms.floor_amount
    return [terms.start_amount - drop * step // terms.steps for step in range(terms.steps + 1)]


def _licence(code: str) -> Licence:
    licence = Licence.objects.filter(pk=code, is_offered=True).first()
    if licence is None:
        raise InvalidInput(
            gettext("There is no such licence."),
            errors={"licence": [gettext("There is no licence “%(code)s”.") % {"code": code}]},
        )
    return licence
