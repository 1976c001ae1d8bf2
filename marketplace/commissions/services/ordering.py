"""From a choice to an order that is paid, or was not in time."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any
from uuid import UUID

import structlog
from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext

from generation import selectors as reading
from generation.engines.style.declarations import MASK_TOLERANCE
from generation.models import Upload
from marketplace.accounts.models import User
from marketplace.commissions.errors import NotPaidInTime, PhotographNotReady, SeedTaken
from marketplace.commissions.models import ClaimedSeed, Commission
from marketplace.commissions.services.asking import choose_seed
from marketplace.commissions.services.chain import consents_of
from marketplace.commissions.services.steps import end, locked
from marketplace.commissions.ways import choose_way
from marketplace.core.errors import AtelierError, InvalidInput, NotFound
from marketplace.core.languages import kept
from marketplace.core.money import Money, split
from marketplace.listings import selectors as listings
from marketplace.listings.models import Listing
from marketplace.listings.services import LEAST_PRICE
from payments import services as payments
from payments.errors import IntentUnknown
from payments.models import Payment

log = structlog.get_logger(__name__)
State = Commission.State


def order_commission(
    *,
    collector: User,
    listing_id: UUID,
    parameters: Mapping[str, Any],
    photograph_id: UUID | None = None,
    mask_id: UUID | None = None,
    engine: str | None = None,
    seed: int | None = None,
    request_key: str | None = None,
) -> Commission:
    """Write the order and its payment down; nothing is charged or painted before the payment is authorised.

    A model's listing takes a seed, or draws one, and an engine, by default the first that goes with what is brought.
    The same `request_key` gives the same commission. Raises NotFound, PhotographNotReady, SeedTaken, InvalidInput
    (`engine`, `seed`, `photograph`, `mask`, `parameters.<name>`), StorageUnavailable where a mask cannot be read now.
    """
    if known := _known(request_key):
        return known
    listing = listings.listing_by_id(listing_id)
    way = choose_way(listing, engine, with_photograph=photograph_id is not None)
    commission = Commission(
        collector=collector,
        listing=listing,
        trained_model=listing.trained_model,
        engine=way.engine.name,
        seed=choose_seed(listing, seed),
        photograph=ready_photograph(collector, photograph_id) if photograph_id else None,
        mask=ready_photograph(collector, mask_id, "mask") if mask_id else None,
        parameters=way.check(listing, parameters, with_mask=mask_id is not None),
        included_rerolls=listing.included_rerolls,
        most_rerolls=listing.most_rerolls,
        currency=listing.currency,
        request_key=request_key,
    )
    _check_mask(commission.mask, commission.photograph)
    commission.price_amount = way.price(listing, commission.parameters).amount
    commission.reroll_amount = reroll_price(listing, commission.price_amount).amount
    commission.consents = consents_of(listing)
    commission.artist_amount, commission.platform_amount = split(
        commission.price_amount, [settings.ATELIER.artist_share_bps, 10_000 - settings.ATELIER.artist_share_bps]
    )
    _free_seed(commission)
    return _write(commission)


def pay(*, commission: Commission, payment_method: str | None = None) -> Payment:
    """Prepare the authorisation with the payment provider, or make it with a given payment method.

    Not inside a transaction. Raises NotPaidInTime, PaymentDeclined, GatewayRefused, GatewayUnavailable (nothing is
    lost: asking again continues).
    """
    if commission.state != State.AWAITING_PAYMENT:
        return commission.payment
    if commission.pay_by < timezone.now():
        return _paid_in_time(commission)
    return payments.authorise(payment_id=commission.payment_id, payment_method=payment_method)


def expire(*, commission_id: UUID) -> None:
    """End an order that nobody paid in time, unless the provider says that somebody has after all.

    An authorisation that comes later still is released as soon as it is heard of. Raises GatewayUnavailable,
    GatewayRefused.
    """
    commission = Commission.objects.filter(pk=commission_id, state=State.AWAITING_PAYMENT).first()
    if commission is None:
        return
    with suppress(IntentUnknown):  # what the provider does not know, nobody pays
        payments.refresh(payment_id=commission.payment_id)
    with transaction.atomic():
        commission = locked(pk=commission_id)
        if commission is not None and commission.state == State.AWAITING_PAYMENT and commission.payment.is_payable:
            end(commission, State.EXPIRED, kept("It was not paid in time."))


def _paid_in_time(commission: Commission) -> Payment:
    """The payment of an order that is overdue. Raises NotPaidInTime where it was not paid after all."""
    expire(commission_id=commission.pk)
    commission = Commission.objects.select_related("payment").get(pk=commission.pk)
    if commission.state == State.EXPIRED:
        raise NotPaidInTime(
            gettext("The order has ended, because it was not paid in time. Nothing was charged; order again.")
        )
    return commission.payment


def _known(request_key: str | None) -> Commission | None:
    return Commission.objects.filter(request_key=request_key).first() if request_key else None


def _write(commission: Commission) -> Commission:
    """The order and its payment as rows; of two that cannot both be, the database says which came first.

    Raises SeedTaken.
    """
    try:
        with transaction.atomic():
            commission.payment = payments.create_payment(
                payer=commission.collector, amount=commission.price, reference=f"commission:{commission.pk}"
            )
            commission.save()
            ClaimedSeed.claim(commission, commission.seed)
    except IntegrityError as error:
        if known := _known(commission.request_key):
            return known
        if _broken(error) not in {"commissions_seed_once", "commissions_claimed_once"}:
            raise
        told = gettext("Seed %(commission_seed)s of %(listing_title)s is taken; each is sold once.") % {
            "commission_seed": commission.seed,
            "listing_title": commission.listing.title,
        }
        raise SeedTaken(told, errors={"seed": [gettext("It is taken: choose another seed.")]}) from error
    return commission


def _free_seed(commission: Commission) -> None:
    """Whoever ordered this seed and did not pay in time has it no longer, though no chore has come by yet."""
    held = Commission.objects.overdue().filter(
        trained_model=commission.trained_model_id, engine=commission.engine, seed=commission.seed, photograph=None
    )
    holder = held.first() if commission.trained_model_id and not commission.photograph_id else None
    if holder is None:
        return
    try:
        expire(commission_id=holder.pk)
    except AtelierError as error:  # then it counts as taken: whether it was paid for cannot be told just now
        log.warning("seed.not_freed", commission=str(holder.pk), error=error.detail)


def reroll_price(listing: Listing, price_amount: int) -> Money:
    """What each picture beyond the included ones costs, of a commission at that price."""
    return Money(max(LEAST_PRICE, -(-price_amount * listing.reroll_bps // 10_000)), listing.currency)


def ready_photograph(collector: User, upload_id: UUID, name: str = "photograph") -> Upload:
    """A picture of the collector's that may be painted, or lies over one. Raises NotFound, PhotographNotReady."""
    photograph = Upload.objects.filter(pk=upload_id, owner=collector).first()
    if photograph is None:
        raise NotFound(gettext("You have no such upload."), errors={name: [gettext("You have no such upload.")]})
    if photograph.state == Upload.State.HELD:
        raise PhotographNotReady(errors={name: [gettext("A curator looks at this %(name)s first.") % {"name": name}]})
    if photograph.state != Upload.State.READY:
        raise PhotographNotReady(errors={name: [gettext("The upload is %(state)s.") % {"state": photograph.state}]})
    return photograph


def _check_mask(mask: Upload | None, photograph: Upload | None) -> None:
    """Better said before the card is asked than by the engine afterwards. Raises InvalidInput, StorageUnavailable."""
    if mask is None or photograph is None:
        return
    # What is ready was looked at, and has a size.
    one = (mask.width or 0) * (photograph.height or 0)
    other = (mask.height or 0) * (photograph.width or 0)
    if abs(one - other) > MASK_TOLERANCE * max(one, other):
        raise InvalidInput(
            gettext("The mask does not fit."), errors={"mask": [gettext("It has another shape than the photograph.")]}
        )
    if reading.marks_nothing(mask):
        raise InvalidInput(
            gettext("The mask marks nothing."), errors={"mask": [gettext("It is all black: nothing would be painted.")]}
        )


def _broken(error: IntegrityError) -> str:
    """The name of the constraint that the database held against us."""
    return str(getattr(getattr(error.__cause__, "diag", None), "constraint_name", ""))
