"""Sending payees what they are owed: asked for under the locks of their shares, done by a handler after the commit.

A share counts what is sent from the request on (`Share.transferred`), so that nothing is asked for twice; what the
provider refuses goes back to it. Rows are locked in this order everywhere: payment, shares by their keys, transfers by
theirs, reversals by theirs.
"""

from uuid import UUID

import structlog
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from marketplace.core import outbox
from marketplace.core.languages import kept
from marketplace.core.money import Money
from payments import gateway, ledger
from payments.errors import GatewayRefused, KeyRefused
from payments.gateway import TransferSnapshot
from payments.ledger import Line
from payments.models import PayoutAccount, Reversal, Share, Transfer
from payments.selectors.owing import transferable, unsettled
from payments.services.applying import locked
from payments.services.calling import call_provider, was_tried

log = structlog.get_logger(__name__)
State = Transfer.State


@transaction.atomic
def request_transfers(*, payee_id: UUID, currency: str) -> list[Transfer]:
    """Ask for everything that one payee may be sent in one currency now, debts set off first; maybe nothing.

    What is due: captured, past its waiting time, undisputed, for an account that takes transfers. What the payee owes
    on other shares, and what is just being taken back from them, is kept back from it.
    """
    account = PayoutAccount.objects.filter(user=payee_id, transfers_active=True).first()
    if account is None:
        return []
    shares = list(_open_shares(payee_id, currency))
    due = set(transferable().filter(pk__in=[share.pk for share in shares]).values_list("pk", flat=True))
    available = sum(share.owed for share in shares if share.owed < 0 or share.pk in due)
    available -= _being_taken_back(payee_id, currency)
    made = []
    for share in shares:
        amount = min(share.owed, available)
        if share.pk not in due or amount <= 0:
            continue
        available -= amount
        share.transferred += amount
        share.save(update_fields=["transferred", "updated_at"])
        made.append(Transfer.objects.create(share=share, amount=amount))
    if made:
        outbox.emit("transfer.requested", *(transfer.pk for transfer in made))
    return made


def perform_transfer(*, transfer_id: UUID) -> None:
    """Make a requested transfer at the provider; made already is found out, and refused gives back to the share.

    Raises GatewayUnavailable and KeyRefused, so that it is tried again.
    """
    transfer = Transfer.objects.select_related("share__payment", "share__payee").get(pk=transfer_id)
    if transfer.state != State.REQUESTED:
        return
    payment = transfer.share.payment
    if was_tried(transfer, "transfer"):
        # The answer may have been lost, and its key forgotten since: look before sending it again.
        seen = gateway.find_transfer(row_id=str(transfer.pk), group=payment.reference)
        if seen is not None:
            settle_transfer(transfer.pk, seen)
            return
    account = PayoutAccount.objects.filter(user=transfer.share.payee_id, stripe_id__isnull=False).first()
    if account is None:
        _refuse(transfer.pk, kept("The payee has no account."))
        return
    try:
        seen = call_provider(
            transfer,
            "transfer",
            gateway.make_transfer,
            amount=Money(transfer.amount, payment.currency),
            destination=account.stripe_id,
            charge=payment.charge_id,
            group=payment.reference,
            row_id=str(transfer.pk),
        )
    except KeyRefused:
        raise
    except GatewayRefused as error:
        _refuse(transfer.pk, error.detail)
        return
    settle_transfer(transfer.pk, seen)


@transaction.atomic
def settle_transfer(transfer_id: UUID, seen: TransferSnapshot) -> None:
    """The money is on the payee's account: post it, once."""
    known = Transfer.objects.values_list("share__payment", flat=True).get(pk=transfer_id)
    payment = locked(known)
    transfer = Transfer.objects.select_for_update(of=("self",), no_key=True).select_related("share").get(pk=transfer_id)
    if transfer.state != State.REQUESTED:
        return
    transfer.state, transfer.stripe_id, transfer.failure = State.MADE, seen.id, ""
    transfer.save(update_fields=["state", "stripe_id", "failure", "updated_at"])
    ledger.post_entry(
        kind="transfer",
        reference=str(transfer.pk),
        currency=payment.currency,
        payment=payment,
        lines=[
            Line(ledger.payee(transfer.share.payee_id), transfer.amount),
            Line(ledger.STRIPE_BALANCE, -transfer.amount),
        ],
    )
    outbox.emit("transfer.made", transfer.pk)


@transaction.atomic
def _refuse(transfer_id: UUID, why: str) -> None:
    """Nothing was sent: the share is owed it again, less what was to be taken back from it, which needs no taking."""
    share_id = Transfer.objects.values_list("share", flat=True).get(pk=transfer_id)
    share = Share.objects.select_for_update(of=("self",), no_key=True).get(pk=share_id)
    transfer = Transfer.objects.select_for_update(of=("self",), no_key=True).get(pk=transfer_id)
    if transfer.state != State.REQUESTED:
        return
    needless = transfer.reversals.filter(state=State.REQUESTED)
    share.transferred -= transfer.amount - transfer.reversed
    share.save(update_fields=["transferred", "updated_at"])
    needless.update(state=State.REFUSED, failure=kept("Nothing had been sent."), updated_at=timezone.now())
    transfer.state, transfer.failure, transfer.reversed = State.REFUSED, why[:200], 0
    transfer.save(update_fields=["state", "failure", "reversed", "updated_at"])
    log.warning("transfer.refused", transfer=str(transfer.pk), why=why)


def _open_shares(payee_id: UUID, currency: str) -> list[Share]:
    """Everything that is owed to a payee or by them, locked until the transaction ends."""
    shares = unsettled().filter(payee=payee_id, payment__currency=currency)
    return list(shares.select_for_update(of=("self",), no_key=True).order_by("pk"))


def _being_taken_back(payee_id: UUID, currency: str) -> int:
    """What reversals on their way may fail to bring: until it is here, it is not there to be sent again."""
    open_ = Reversal.objects.filter(
        state=State.REQUESTED, transfer__share__payee=payee_id, transfer__share__payment__currency=currency
    )
    return int(open_.aggregate(total=Sum("amount"))["total"] or 0)
