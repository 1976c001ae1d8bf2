"""Taking back from payees what was sent for a payment that is refunded or lost."""

from collections.abc import Mapping
from uuid import UUID

import structlog
from django.db import connection, transaction
from django.db.models import F

from marketplace.core import outbox
from marketplace.core.money import Money
from payments import gateway, ledger
from payments.errors import GatewayRefused, KeyRefused
from payments.gateway import ReversalSnapshot
from payments.ledger import Line
from payments.models import Payment, Reversal, Share, Transfer
from payments.services.applying import locked
from payments.services.calling import call_provider, was_tried

log = structlog.get_logger(__name__)
State = Reversal.State


def request_reversals(*, payment: Payment, amounts: Mapping[UUID, int], reference: str) -> list[Reversal]:
    """Take back of each share (by its id) as much of an amount as was sent beyond what its payee is still owed.

    To be called with the payment locked, in the transaction that raised `Share.refunded` by these amounts: what was
    not sent yet is simply no longer owed, the rest is taken from the newest transfers, one reversal each.
    Asking again with the same `reference` asks for nothing new. What the provider refuses later, the payee owes.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("reversals belong to the transaction that asks for them")
    asked: list[Reversal] = []
    shares = Share.objects.filter(payment=payment, pk__in=list(amounts)).order_by("pk")
    for share in shares.select_for_update(of=("self",), no_key=True):
        asked += _take_back(share, min(amounts[share.pk], -share.owed), reference)
    if asked:
        outbox.emit("reversal.requested", *(reversal.pk for reversal in asked))
    return asked


def _take_back(share: Share, amount: int, reference: str) -> list[Reversal]:
    asked: list[Reversal] = []
    left = share.transfers.exclude(state=State.REFUSED).filter(reversed__lt=F("amount"))
    locked_ones = {transfer.pk: transfer for transfer in left.select_for_update(no_key=True).order_by("pk")}
    known = Reversal.objects.filter(transfer__in=locked_ones, reference=reference)
    for pk in known.values_list("transfer", flat=True):
        del locked_ones[pk]
    for transfer in reversed(locked_ones.values()):
        taken = min(amount, transfer.amount - transfer.reversed)
        if taken <= 0:
            break
        amount -= taken
        _count(share, transfer, taken)
        asked.append(Reversal.objects.create(transfer=transfer, reference=reference, amount=taken))
    return asked


def _count(share: Share, transfer: Transfer, taken: int) -> None:
    """From the request on it counts as taken back; with a negative amount, as sent after all."""
    transfer.reversed += taken
    share.transferred -= taken
    transfer.save(update_fields=["reversed", "updated_at"])
    share.save(update_fields=["transferred", "updated_at"])


def perform_reversal(*, reversal_id: UUID) -> None:
    """Take it back at the provider; of a transfer that is still on its way, when that is made (by its own handler).

    Raises GatewayUnavailable and KeyRefused, so that it is tried again.
    """
    reversal = Reversal.objects.select_related("transfer__share__payment").get(pk=reversal_id)
    transfer = reversal.transfer
    if reversal.state != State.REQUESTED or transfer.stripe_id is None:
        return
    if was_tried(reversal, "reverse"):
        made = gateway.reversals_of(transfer.stripe_id)
        found = next((seen for seen in made if seen.row_id == str(reversal.pk)), None)
        if found is not None:
            _settle(reversal.pk, found)
            return
    try:
        seen = call_provider(
            reversal,
            "reverse",
            gateway.reverse_transfer,
            transfer_id=transfer.stripe_id,
            amount=Money(reversal.amount, transfer.share.payment.currency),
            row_id=str(reversal.pk),
        )
    except KeyRefused:
        raise
    except GatewayRefused as error:
        _refuse(reversal.pk, error.detail)
        return
    _settle(reversal.pk, seen)


@transaction.atomic
def _settle(reversal_id: UUID, seen: ReversalSnapshot) -> None:
    """The money is back with the house: post it, once."""
    payment_id, payee_id = Reversal.objects.values_list("transfer__share__payment", "transfer__share__payee").get(
        pk=reversal_id
    )
    payment = locked(payment_id)
    reversal = Reversal.objects.select_for_update(of=("self",), no_key=True).get(pk=reversal_id)
    if reversal.state != State.REQUESTED:
        return
    reversal.state, reversal.stripe_id = State.MADE, seen.id
    reversal.save(update_fields=["state", "stripe_id", "updated_at"])
    ledger.post_entry(
        kind="reversal",
        reference=str(reversal.pk),
        currency=payment.currency,
        payment=payment,
        lines=[Line(ledger.STRIPE_BALANCE, reversal.amount), Line(ledger.payee(payee_id), -reversal.amount)],
    )
    outbox.emit("reversal.made", reversal.pk)


@transaction.atomic
def _refuse(reversal_id: UUID, why: str) -> None:
    """The payee keeps it, and owes it: what they earn later is sent less that."""
    transfer_id, share_id = Reversal.objects.values_list("transfer", "transfer__share").get(pk=reversal_id)
    share = Share.objects.select_for_update(of=("self",), no_key=True).get(pk=share_id)
    transfer = Transfer.objects.select_for_update(of=("self",), no_key=True).get(pk=transfer_id)
    reversal = Reversal.objects.select_for_update(of=("self",), no_key=True).get(pk=reversal_id)
    if reversal.state != State.REQUESTED:
        return
    _count(share, transfer, -reversal.amount)
    reversal.state, reversal.failure = State.REFUSED, why[:200]
    reversal.save(update_fields=["state", "failure", "updated_at"])
    log.warning("reversal.refused", reversal=str(reversal.pk), why=why)
    outbox.emit("reversal.refused", reversal.pk)
