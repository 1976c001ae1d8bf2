"""The end of a Dutch auction: everybody pays what the last buyer paid, and what the others paid more goes back.

Until then their payments are in escrow, so nothing that goes back has left the house.
"""

from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.services import notify
from marketplace.core.languages import kept
from marketplace.core.money import Money, split
from marketplace.listings.models import Falling, Sale, SaleState
from marketplace.orders.models import Order, OrderState
from marketplace.orders.services.returning import REBATE
from marketplace.orders.services.steps import locked
from payments import services as payments
from payments.errors import RefundTooLarge

PAID = (OrderState.PAID, OrderState.MAKING, OrderState.OWNED)


def settle_falling(*, sale_id: UUID) -> None:
    """Find a Dutch auction's last price once it is over and nobody may still pay, and settle every order by it.

    Done half, it goes on where it stopped; done again, nothing changes.
    """
    if not _find_last_price(sale_id):
        return
    for order_id in Order.objects.filter(sale=sale_id, state__in=PAID).order_by("pk").values_list("pk", flat=True):
        settle_order(order_id=order_id)


@transaction.atomic
def settle_order(*, order_id: UUID) -> None:
    """Give one buyer back what they paid above the last price, and end the escrow of the rest."""
    order = locked(pk=order_id)
    falling = Falling.objects.filter(sale=order.sale_id).first() if order else None
    if order is None or falling is None or falling.settled_at is None or order.state not in PAID:
        return
    last = falling.settled_amount
    if falling.rebates and last is not None and last < order.price_amount:
        _give_back(order, Money(last, order.currency))
    payments.release_shares(payment_id=order.payment_id)


@transaction.atomic
def _find_last_price(sale_id: UUID) -> bool:
    """Write the last price down once it is known; and whether it is."""
    sale = Sale.objects.select_for_update(no_key=True).get(pk=sale_id)
    falling = Falling.objects.get(sale=sale)
    if falling.settled_at is not None:
        return True
    orders = Order.objects.filter(sale=sale)
    if sale.state not in {SaleState.ENDED, SaleState.CANCELLED} or orders.filter(state=OrderState.RESERVED).exists():
        return False
    paid = orders.filter(state__in=PAID).order_by("price_amount").values_list("price_amount", flat=True)
    falling.settled_amount, falling.settled_at = paid.first(), timezone.now()
    falling.save(update_fields=["settled_amount", "settled_at", "updated_at"])
    return True


def _give_back(order: Order, last: Money) -> None:
    """The difference with its tax, from everybody with a share in proportion, to the last cent."""
    back = split(order.payment.amount, [last.amount, order.price_amount - last.amount])[1]
    try:
        _refund(order, back, last)
    except RefundTooLarge as error:  # so much went back before that this is more than is left
        back = error.data["left"]
        if not back:
            return
        _refund(order, back, last)
    notify(
        person=order.buyer,
        kind="auction.settled",
        key=str(order.pk),
        link=f"/orders/{order.pk}/",
        title=format_lazy(_("{money} goes back to you"), money=Money(back, order.currency)),
        body=format_lazy(
            _("The auction of {what} ended at {last}, and everybody pays the last price."),
            what=order.sale.what,
            last=last,
        ),
    )


def _refund(order: Order, amount: int, last: Money) -> None:
    """Raises RefundTooLarge, PaymentDisputed."""
    payments.request_refund(
        payment_id=order.payment_id,
        amount=amount,
        reason=kept(f"The auction ended at {last}: you pay what the last buyer paid."),
        reference=f"order:{order.pk}:{REBATE}",
    )
