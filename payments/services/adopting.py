"""What the provider did without our asking, or of which we have not heard: written down as it shows it."""

from uuid import UUID

from django.db import transaction

from marketplace.core.languages import kept
from payments.gateway import DisputeSnapshot, RefundSnapshot
from payments.models import Refund
from payments.selectors.parts import parts_left, written
from payments.services import dividing
from payments.services.applying import locked
from payments.services.disputing import apply_dispute
from payments.services.reading import as_uuid
from payments.services.refunding import apply_refund
from payments.services.reversing import request_reversals


def apply_return(*, payment_id: UUID, seen: RefundSnapshot | DisputeSnapshot) -> None:
    """Bring a refund or a dispute to what the provider shows; for reconcile, and only when it is asked to.

    A refund that somebody made at the provider is taken from everybody in proportion. Raises RefundTooLarge.
    """
    if isinstance(seen, DisputeSnapshot):
        apply_dispute(payment_id, seen)
        return
    with transaction.atomic():
        payment = locked(payment_id)
        known = Refund.objects.filter(payment=payment, stripe_id=seen.id).first()
        if known is None and (named := as_uuid(seen.refund_id)) is not None:
            known = Refund.objects.filter(payment=payment, pk=named).first()
        if known is None:
            divided = dividing.divide(parts_left(payment), seen.amount)
            known = Refund.objects.create(
                payment=payment,
                reference=f"provider:{seen.id}",
                amount=seen.amount,
                parts=written(divided),
                reason=kept("Given back at the payment provider."),
            )
            amounts = dividing.withhold(payment, divided)
            request_reversals(payment=payment, amounts=amounts, reference=f"refund:{known.pk}")
        apply_refund(known.pk, seen)
