"""Giving captured money back: asked for in the caller's transaction, done by a handler after it.

Rows are locked in one order: the payment, then the refund, then shares by their keys.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import structlog
from django.db import transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.models import User
from marketplace.core import outbox
from marketplace.core.money import Money
from payments import gateway, ledger
from payments.errors import GatewayRefused, KeyRefused, PaymentDisputed, PaymentStateConflict
from payments.gateway import RefundSnapshot
from payments.ledger import Line
from payments.models import Dispute, Entry, Payment, Refund
from payments.selectors.parts import Key, debits, parts_left, read, written
from payments.services import dividing
from payments.services.applying import locked
from payments.services.calling import call_provider, was_tried
from payments.services.reversing import request_reversals
from payments.services.telling import tell_staff

log = structlog.get_logger(__name__)
State = Refund.State
_LOST = {"failed", "canceled"}  # as the provider calls it


@transaction.atomic
def request_refund(
    *,
    payment_id: UUID,
    amount: int | None,
    reason: str,
    reference: str,
    parts: Mapping[UUID | str | None, int] | None = None,
    asked_by: User | None = None,
) -> Refund:
    """Have `amount` minor units given back to the payer, or with None all that is left; to be called in the
    transaction of what it is for.

    `parts` says whose it is, by share (its id), with None for the house and "tax" for the tax; without, everybody gives
    in proportion to what is left of theirs, to the last cent. The same `reference` is the same refund, also one that
    failed: to try again takes a new one. Shares owe it from now on; the ledger knows when the provider has done it, and
    then `payment.refunded` is told, or `refund.failed` (even after it had seemed to succeed).
    Raises PaymentStateConflict, PaymentDisputed, RefundTooLarge; ValueError when the parts are not the amount.
    """
    payment = locked(payment_id)
    known = Refund.objects.filter(reference=reference).first()
    if known is not None:
        if known.payment_id != payment.pk:
            raise ValueError(f"{reference} names a refund of another payment")
        return known
    require_refundable(payment)
    left = parts_left(payment)
    if parts is not None:
        divided = dividing.chosen(left, parts)
        if amount is not None and sum(divided.values()) != amount:
            raise ValueError(f"the parts {parts} are not {amount}")
    else:
        divided = dividing.divide(left, sum(left.values()) if amount is None else amount)
    refund = withheld_refund(payment=payment, divided=divided, reason=reason, reference=reference, asked_by=asked_by)
    outbox.emit("refund.requested", refund.pk)
    return refund


def withheld_refund(
    *, payment: Payment, divided: Mapping[Key, int], reason: str, reference: str, asked_by: User | None,
    state: str = State.REQUESTED,
) -> Refund:  # fmt: skip
    """The row of a refund of a locked payment; from now on shares count it as gone, and what was sent is taken back.

    Raises RefundTooLarge for nothing.
    """
    if not divided:
        raise dividing.too_large(0, sum(parts_left(payment).values()))
    refund = Refund.objects.create(
        payment=payment, reference=reference, amount=sum(divided.values()), parts=written(divided), reason=reason,
        asked_by=asked_by, state=state,
    )  # fmt: skip
    amounts = dividing.withhold(payment, divided)
    request_reversals(payment=payment, amounts=amounts, reference=f"refund:{refund.pk}")
    return refund


def perform_refund(*, refund_id: UUID) -> None:
    """Give it back at the provider; done already is found out, and what it refuses has failed.

    Raises GatewayUnavailable and KeyRefused, so that it is tried again.
    """
    refund = Refund.objects.select_related("payment").get(pk=refund_id)
    intent_id = refund.payment.intent_id
    if refund.state != State.REQUESTED or intent_id is None:
        return
    if was_tried(refund, "refund") and _find(refund, intent_id):
        return
    try:
        seen = call_provider(
            refund,
            "refund",
            gateway.create_refund,
            intent_id=intent_id,
            amount=Money(refund.amount, refund.payment.currency),
            refund_id=str(refund.pk),
        )
    except KeyRefused:
        raise
    except GatewayRefused as error:
        if not _find(refund, intent_id):
            _refuse(refund.pk, error.detail)
        return
    apply_refund(refund.pk, seen)


def refresh_refund(*, refund_id: UUID) -> None:
    """Bring a refund up to date with the provider. Raises GatewayUnavailable, GatewayRefused."""
    refund = Refund.objects.get(pk=refund_id)
    if refund.stripe_id is not None:
        apply_refund(refund.pk, gateway.retrieve_refund(refund.stripe_id))
    else:
        perform_refund(refund_id=refund.pk)


@transaction.atomic
def apply_refund(refund_id: UUID, seen: RefundSnapshot) -> Refund:
    """Bring the refund to what the provider shows; never backwards, whatever old picture of it comes late."""
    payment = locked(Refund.objects.values_list("payment", flat=True).get(pk=refund_id))
    refund = _locked(refund_id)
    if refund.stripe_id not in {None, seen.id}:
        log.error("refund.second", refund=str(refund.pk), known=refund.stripe_id, second=seen.id)
        return refund
    refund.stripe_id = seen.id
    _post(payment, refund, seen)
    if seen.status in _LOST and refund.state != State.FAILED:
        _fail(payment, refund, seen.failure or seen.status)
    elif seen.status == "succeeded" and refund.state in {State.REQUESTED, State.PENDING}:
        refund.state = State.SUCCEEDED
        outbox.emit("payment.refunded", refund.pk)
    elif refund.state == State.REQUESTED:
        refund.state = State.PENDING
    refund.save()
    return refund


def require_refundable(payment: Payment) -> None:
    """Raises PaymentStateConflict, PaymentDisputed."""
    if payment.state != Payment.State.CAPTURED:
        raise PaymentStateConflict(gettext("The payment is %(state)s.") % {"state": payment.state}, state=payment.state)
    if payment.disputes.filter(state__in=[Dispute.State.OPEN, Dispute.State.LOST]).exists():
        raise PaymentDisputed(gettext("The payer's bank has taken this payment back."))


def _locked(refund_id: UUID) -> Refund:
    return Refund.objects.select_for_update(of=("self",), no_key=True).get(pk=refund_id)


def _find(refund: Refund, intent_id: str) -> bool:
    """Whether it was made after all, though no answer told so; then it is applied."""
    made = (seen for seen in gateway.refunds_of(intent_id) if seen.refund_id == str(refund.pk))
    found = next(made, None)
    if found is not None:
        apply_refund(refund.pk, found)
    return found is not None


def _post(payment: Payment, refund: Refund, seen: RefundSnapshot) -> None:
    """Post what has moved at the provider, each once."""
    taken = debits(payment, read(refund.parts))
    lines = [*taken, Line(ledger.STRIPE_BALANCE, -refund.amount)]
    facts: dict[str, Any] = {"reference": str(refund.pk), "currency": payment.currency, "payment": payment}
    if seen.is_booked or seen.status == "succeeded":
        ledger.post_entry(kind="refund", lines=lines, **facts)
    posted = Entry.objects.filter(kind="refund", reference=str(refund.pk)).exists()
    if posted and (seen.came_back or seen.status in _LOST):
        ledger.post_entry(kind="refund_failed", lines=[Line(line.account, -line.amount) for line in lines], **facts)


@transaction.atomic
def _refuse(refund_id: UUID, why: str) -> None:
    payment = locked(Refund.objects.values_list("payment", flat=True).get(pk=refund_id))
    refund = _locked(refund_id)
    if refund.state == State.REQUESTED:
        _fail(payment, refund, why)
        refund.save()


def _fail(payment: Payment, refund: Refund, why: str) -> None:
    """Everybody has their part again, and a person decides what becomes of the payer's."""
    dividing.withhold(payment, read(refund.parts), -1)
    Refund.objects.filter(pk=refund.pk).update(state=State.FAILED)
    for dispute in payment.disputes.filter(state=Dispute.State.OPEN, is_withheld=True):
        amounts = dividing.withhold_disputed(payment, dispute)
        request_reversals(payment=payment, amounts=amounts, reference=f"dispute:{dispute.pk}:refund:{refund.pk}")
        dispute.save(update_fields=["parts", "updated_at"])
    refund.state, refund.failure = State.FAILED, why[:200]
    outbox.emit("refund.failed", refund.pk)
    tell_staff(
        kind="refund.failed",
        key=str(refund.pk),
        title=format_lazy(_("A refund of {money} failed"), money=Money(refund.amount, payment.currency)),
        body=format_lazy(
            _("{reference}: {why}. The payer has not got their money back; somebody has to see to it."),
            reference=payment.reference,
            why=why,
        ),
        link=f"/admin/payments/refund/{refund.pk}/change/",
    )
