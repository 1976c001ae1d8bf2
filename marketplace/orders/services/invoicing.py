"""The invoice for an order: what its edition is, in words that stay."""

from uuid import UUID

from marketplace.orders.models import Order, OrderState
from payments import services as payments

GIVEN = {OrderState.PAID, OrderState.MAKING, OrderState.OWNED}


def invoice_order(*, payment_id: UUID) -> None:
    """Issue the invoice for an order that is paid; once. What was paid too late, and goes back, gets none."""
    orders = Order.objects.select_related("edition__release__artist", "sale", "licence")
    order = orders.filter(payment=payment_id, state__in=GIVEN).first()
    if order is None:
        return
    artist = order.edition.release.artist.name
    payments.issue_invoice(
        payment_id=payment_id,
        title=str(order.edition),
        detail=f"Digital picture by {artist}, under the licence “{order.licence.title}”",
        seller="a collector" if order.sale.is_resale else artist,
    )
