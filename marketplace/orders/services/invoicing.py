"""The invoice for an order: what its edition is, in words that stay."""

from uuid import UUID

from marketplace.core.languages import kept, speaking
from marketplace.orders.models import Acquisition, Order, OrderState
from payments import services as payments

GIVEN = {OrderState.PAID, OrderState.MAKING, OrderState.OWNED}


def invoice_order(*, payment_id: UUID) -> None:
    """Issue the invoice for an order that is paid; once. What was paid too late, and goes back, gets none.

    What was given, and taken back before this is called, has its invoice too, and the credit note with it.
    """
    orders = Order.objects.select_related("edition__release__artist", "sale", "licence", "buyer")
    order = orders.filter(payment=payment_id).first()
    if order is None or not (order.state in GIVEN or _was_given(order)):
        return
    artist = order.edition.release.artist.name
    with speaking(order.buyer.language):
        title = str(order.edition)
    payments.issue_invoice(
        payment_id=payment_id,
        title=title,
        detail=kept(f"Digital picture by {artist}, under the licence “{order.licence.title}”"),
        seller=kept("a collector") if order.sale.is_resale else artist,
    )


def _was_given(order: Order) -> bool:
    return Acquisition.objects.filter(edition=order.edition_id, source=f"order:{order.pk}").exists()
