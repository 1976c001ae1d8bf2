"""Paying a reservation, giving it up, and its end where nobody pays."""

from contextlib import suppress
from uuid import UUID

from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext

from marketplace.accounts.models import User
from marketplace.core.errors import NotFound
from marketplace.core.languages import kept
from marketplace.core.machine import NotNow
from marketplace.orders.errors import NotPaidInTime
from marketplace.orders.models import ORDER, Order, OrderState
from marketplace.orders.services.reserving import give_back
from marketplace.orders.services.settling import settle
from marketplace.orders.services.steps import locked, move
from payments import services as payments
from payments.errors import IntentUnknown
from payments.models import Payment


def pay(*, order: Order, payment_method: str | None = None, saved_card: bool = False) -> Payment:
    """Prepare the payment with the provider, or make it with a payment method or the preferred saved card.

    The edition is owned once the money is taken. Not inside a transaction. Raises NotPaidInTime, PaymentDeclined,
    GatewayRefused, GatewayUnavailable (nothing is lost: asking again continues).
    """
    if order.state != OrderState.RESERVED:
        return order.payment
    if _overdue(order.pk):
        lapse(order_id=order.pk)
        order.refresh_from_db()
        if order.state == OrderState.LAPSED:
            raise NotPaidInTime(
                gettext("The reservation has ended, because it was not paid in time. Nothing was charged.")
            )
        return order.payment
    payment = payments.authorise(payment_id=order.payment_id, payment_method=payment_method, saved_card=saved_card)
    if payment.state == Payment.State.CAPTURED:
        settle(payment_id=payment.pk)  # its event would do the same a moment later
    return payment


def check_payment(*, order: Order) -> None:
    """Ask the provider how an order's payment stands, as when its buyer comes back from the form.

    Raises GatewayUnavailable, GatewayRefused.
    """
    if order.state == OrderState.RESERVED and payments.refresh(payment_id=order.payment_id).captured_at:
        settle(payment_id=order.payment_id)


@transaction.atomic
def cancel(*, order_id: UUID, buyer: User) -> Order:
    """Give a reservation up before it is paid; giving it up twice is once. Raises NotFound, NotNow."""
    order = locked(pk=order_id, buyer=buyer)
    if order is None:
        raise NotFound(gettext("You have no such order."))
    if order.state == OrderState.CANCELLED:
        return order
    if order.state == OrderState.RESERVED and order.payment.state == Payment.State.CAPTURED:
        raise NotNow(gettext("It is paid already."), state=OrderState.PAID)
    return _end(order, "cancel", kept("You cancelled it."))


def lapse(*, order_id: UUID) -> None:
    """End a reservation whose time is over, unless the provider says that it was paid after all.

    Raises GatewayUnavailable, GatewayRefused.
    """
    order = Order.objects.filter(pk=order_id, state=OrderState.RESERVED).first()
    if order is None:
        return
    with suppress(IntentUnknown):  # what the provider does not know, nobody pays
        payments.refresh(payment_id=order.payment_id)
    settle(payment_id=order.payment_id)
    with transaction.atomic():
        _lapse(locked(pk=order_id))


def give_up(*, payment_id: UUID) -> None:
    """The provider ended the payment, so nothing will come any more: its reservation ends before its time."""
    with transaction.atomic():
        _lapse(locked(payment_id=payment_id))


def _lapse(order: Order | None) -> None:
    if order is None or not ORDER.allows("lapse", order.state) or order.payment.state == Payment.State.CAPTURED:
        return
    if order.payment.is_payable and not _overdue(order.pk):
        return
    _end(order, "lapse", kept("It was not paid in time."))


def _end(order: Order, name: str, reason: str) -> Order:
    """Finish without the edition; should the money come after all, `settle` decides what becomes of it."""
    order.reason = reason
    move(order, name)
    give_back(order.edition_id)
    payments.request_release(payment_id=order.payment_id)
    return order


def _overdue(order_id: UUID) -> bool:
    """By the database's clock."""
    return Order.objects.filter(pk=order_id, reserved_until__lte=Now()).exists()
