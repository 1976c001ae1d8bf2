"""What an auction's close comes to: the winner's order, paid by a saved card or by hand, or else the next one's."""

from datetime import timedelta
from uuid import UUID

import structlog
from django.conf import settings
from django.db import transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.services import notify
from marketplace.core.moments import moment_words_lazily
from marketplace.listings import services as listings
from marketplace.listings.models import Award
from marketplace.orders.models import Order, OrderState
from marketplace.orders.models.orders import AWARDED
from marketplace.orders.services.placing import place_order
from payments import services as payments
from payments.errors import AuthenticationNeeded, GatewayRefused, PaymentDeclined, TaxPlaceNeeded

log = structlog.get_logger(__name__)


@transaction.atomic
def close_auction(*, sale_id: UUID) -> Order | None:
    """End an auction whose time is over, and reserve its edition for the winner in the same moment."""
    award = listings.close_auction(sale_id=sale_id)
    return _place(award) if award else None


def charge_award(*, award_id: UUID) -> None:
    """Charge the winner's saved card; where the bank refuses or wants them, they are told to pay by themselves.

    Raises GatewayUnavailable, so that it is tried again.
    """
    order = _order_of(award_id)
    if order is None or order.state != OrderState.RESERVED:
        return
    try:
        payments.authorise(payment_id=order.payment_id, saved_card=True, off_session=True)
    except (AuthenticationNeeded, PaymentDeclined, TaxPlaceNeeded, GatewayRefused) as error:
        log.info("award.not_charged", award=str(award_id), error=error.detail)
        _ask_winner(Award.objects.select_related("auction__sale", "bid__bidder").get(pk=award_id), order)


@transaction.atomic
def settle_award(*, order_id: UUID) -> None:
    """The order of an award has come to its end: the award is bought, or the next bidder is asked."""
    order = Order.objects.get(pk=order_id)
    award_id = _award_of(order)
    if award_id is None:
        return
    if order.state == OrderState.OWNED:
        listings.award_bought(award_id=award_id)
    elif order.state in {OrderState.LAPSED, OrderState.CANCELLED}:
        following = listings.award_next(award_id=award_id)
        if following is not None:
            _place(following)


def _place(award: Award) -> Order:
    """The order of an award, reserved until it must be paid; its key makes it one."""
    sale = award.auction.sale
    order = place_order(
        buyer=award.bid.bidder,
        sale_id=sale.pk,
        licence=award.auction.licence_id,
        currency=award.auction.currency,
        price=award.price,
        edition=sale.edition,
        time_to_pay=timedelta(hours=settings.ATELIER.award_hours),
        request_key=f"{AWARDED}{award.pk}",
    )
    notify(
        person=award.bid.bidder,
        kind="auction.won",
        key=str(award.pk),
        title=format_lazy(_("You won {what}"), what=sale.what),
        body=format_lazy(_("For {price}. Your saved card is charged now."), price=award.price),
        link=f"/orders/{order.pk}/",
    )
    notify(
        person=sale.seller,
        kind="auction.ended",
        key=str(award.pk),
        title=format_lazy(_("{what} was won"), what=sale.what),
        body=format_lazy(_("For {price}; it is sold once that is paid."), price=award.price),
        link=f"/sales/{sale.pk}/",
    )
    return order


@transaction.atomic
def _ask_winner(award: Award, order: Order) -> None:
    notify(
        person=award.bid.bidder,
        kind="auction.won",
        key=f"{award.pk}:pay",
        link=f"/orders/{order.pk}/",
        title=format_lazy(_("Please pay for {what}"), what=award.auction.sale.what),
        body=format_lazy(
            _("Your saved card could not be charged. Pay {price} by {pay_by} UTC, or the next bidder is asked."),
            price=award.price,
            pay_by=moment_words_lazily(award.pay_by),
        ),
    )


def _order_of(award_id: UUID) -> Order | None:
    return Order.objects.filter(request_key=f"{AWARDED}{award_id}").first()


def _award_of(order: Order) -> UUID | None:
    return UUID((order.request_key or "").removeprefix(AWARDED)) if order.is_awarded else None
