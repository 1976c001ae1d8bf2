"""From a wish to a reservation: an edition, an order and a payment, together or not at all."""

from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext

from marketplace.accounts.models import User
from marketplace.core.ids import uuid7
from marketplace.core.money import Money
from marketplace.listings.errors import LimitReached
from marketplace.listings.models import Edition, Sale
from marketplace.orders.errors import SoldOut
from marketplace.orders.models import Order
from marketplace.orders.models.orders import TAKES_PLACE
from marketplace.orders.services.admitting import admit, price_in, refuse_own, sale_and_time
from marketplace.orders.services.reserving import prepare_editions, reserve_for
from marketplace.orders.services.sharing import hold_of, splits_of
from marketplace.orders.services.throttling import refuse_too_many
from payments import services as payments

MOST_CLICKS = 5  # orders that one buyer may place in one sale at the same moment


def place_order(
    *,
    buyer: User,
    sale_id: UUID,
    licence: str,
    currency: str,
    request_key: str | None = None,
    price: Money | None = None,
    edition: Edition | None = None,
    time_to_pay: timedelta | None = None,
) -> Order:
    """Reserve an edition for `buyer` until `reserved_until`; the same `request_key` gives the same order.

    With `price` an auction or an accepted offer has decided who buys at what price, and answers for the sale's rules
    of time and list; `edition` names one of several, and `time_to_pay` is longer than usual. Raises NotFound,
    NotForSale, NotOpenYet, NotOnTheList, OwnWork, PriceUnknown, LimitReached, SoldOut, TooBusy; then nothing was
    reserved.
    """
    if known := _known(request_key):
        return known
    sale, now = sale_and_time(sale_id)
    refuse_own(sale, buyer)
    if price is None:
        admit(sale, buyer, now)
        price = price_in(sale, now, licence=licence, currency=currency)
        if not sale.is_resale:
            refuse_too_many(sale.issued)
    if sale.edition is None and edition is None:
        prepare_editions(sale.issued)
    order = Order(
        pk=uuid7(),
        buyer=buyer,
        seller=sale.seller,
        sale=sale,
        licence_id=licence,
        price_amount=price.amount,
        currency=price.currency,
        reserved_until=now + (time_to_pay or timedelta(minutes=settings.ATELIER.reservation_minutes)),
        request_key=request_key,
    )
    return _write(order, edition)


def _write(order: Order, edition: Edition | None) -> Order:
    """The reservation as rows; of two that cannot both be, the database says which came first."""
    for _ in range(MOST_CLICKS):
        try:
            with transaction.atomic():
                order.place = next_place(order.sale, order.buyer)
                order.payment = payments.create_payment(
                    payer=order.buyer,
                    amount=order.price,
                    reference=f"order:{order.pk}",
                    splits=splits_of(order.sale, order.price),
                    hold=hold_of(order.sale),
                )
                # Last, since others wait for what is taken here.
                order.edition_id = reserve_for(order.sale, edition)
                order.save(force_insert=True)
                return order
        except IntegrityError as error:
            if known := _known(order.request_key):
                return known
            if broken(error) in {"orders_edition_once", "orders_edition_once_a_sale"}:
                raise SoldOut(gettext("This edition is being bought by somebody else.")) from error
            if broken(error) != "orders_place_once":
                raise
    raise LimitReached(gettext("You are buying here at the same moment elsewhere."))


def next_place(sale: Sale, buyer: User) -> int | None:
    """Which of the buyer's this would be, where the sale has a limit a buyer. Raises LimitReached."""
    if sale.per_buyer is None:
        return None
    orders = Order.objects.filter(sale=sale, buyer=buyer, place__isnull=False, state__in=TAKES_PLACE)
    taken = set(orders.values_list("place", flat=True))
    free = next((place for place in range(1, sale.per_buyer + 1) if place not in taken), None)
    if free is None:
        raise LimitReached(
            gettext("One buyer may have %(per_buyer)s of these.") % {"per_buyer": sale.per_buyer},
            per_buyer=sale.per_buyer,
        )
    return free


def _known(request_key: str | None) -> Order | None:
    """What was ordered with this key before."""
    orders = Order.objects.select_related("payment", "sale", "edition__release")
    return orders.filter(request_key=request_key).first() if request_key else None


def broken(error: IntegrityError) -> str:
    """The name of the constraint that the database held against us."""
    return str(getattr(getattr(error.__cause__, "diag", None), "constraint_name", ""))
