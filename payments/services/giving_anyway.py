"""What becomes of a refund that failed: staff have it tried again, or give the money by another way and say so."""

from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext

from marketplace.accounts.models import User
from marketplace.core import outbox
from marketplace.core.errors import InvalidInput
from marketplace.core.machine import NotNow
from payments import ledger
from payments.ledger import Line
from payments.models import Refund
from payments.selectors.parts import debits, parts_left, read
from payments.services import dividing
from payments.services.applying import locked
from payments.services.refunding import request_refund, require_refundable, withheld_refund

State = Refund.State
AGAIN = ":again:"
LONGEST = 300  # characters of a reason


@transaction.atomic
def refund_again(*, refund_id: UUID, by: User) -> Refund:
    """Ask for a failed refund once more, from those whose it was; it is another row.

    Raises NotNow where it has not failed or another try has not, PaymentDisputed, RefundTooLarge.
    """
    failed = _failed(refund_id)
    return request_refund(
        payment_id=failed.payment_id, amount=failed.amount, reason=failed.reason, reference=_next_reference(failed),
        parts=_parts_of(failed), asked_by=by,
    )  # fmt: skip


@transaction.atomic
def settle_refund_otherwise(*, refund_id: UUID, by: User, how: str) -> Refund:
    """The payer has a failed refund's money from the house's own bank: everybody gives their part of it all the same.

    Told as `payment.refunded`. Raises InvalidInput, NotNow, PaymentDisputed, RefundTooLarge.
    """
    if not how.strip():
        raise InvalidInput(gettext("Say how."), errors={"how": [gettext("How did the payer get their money?")]})
    failed = _failed(refund_id)
    require_refundable(failed.payment)
    refund = withheld_refund(
        payment=failed.payment,
        divided=dividing.chosen(parts_left(failed.payment), _parts_of(failed)),
        reason=f"{failed.reason} {how.strip()}"[:LONGEST],
        reference=_next_reference(failed),
        asked_by=by,
        state=State.SETTLED,
    )
    lines = [*debits(failed.payment, read(refund.parts)), Line(ledger.BANK, -refund.amount)]
    ledger.post_entry(
        kind="refund", reference=str(refund.pk), currency=failed.payment.currency, payment=failed.payment, lines=lines
    )
    outbox.emit("payment.refunded", refund.pk)
    return refund


def _parts_of(refund: Refund) -> dict[UUID | str | None, int]:
    """Whose the money was."""
    return {key: amount for key, amount in read(refund.parts).items()}  # noqa: C416 dict() keeps the narrower keys


def _failed(refund_id: UUID) -> Refund:
    """The refund, its payment locked. Raises NotNow."""
    payment = locked(Refund.objects.values_list("payment", flat=True).get(pk=refund_id))
    refund = Refund.objects.get(pk=refund_id)
    refund.payment = payment
    if refund.state != State.FAILED:
        raise NotNow(
            gettext("The refund is %(get_state_display)s.") % {"get_state_display": refund.get_state_display().lower()},
            state=refund.state,
        )
    if _tries(refund).exclude(state=State.FAILED).exists():
        raise NotNow(gettext("Another try has done it, or is on its way."), state=refund.state)
    return refund


def _tries(refund: Refund) -> QuerySet[Refund]:
    """All that give the same money back: the first, and every one after it."""
    first = refund.reference.partition(AGAIN)[0]
    return refund.payment.refunds.filter(Q(reference=first) | Q(reference__startswith=first + AGAIN))


def _next_reference(refund: Refund) -> str:
    return f"{refund.reference.partition(AGAIN)[0]}{AGAIN}{_tries(refund).count()}"
