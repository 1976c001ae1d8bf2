"""Chores of payments: what hung between us and the provider is looked at again."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import structlog
from django.db.models import Q, QuerySet
from django.utils import timezone

from marketplace.core.errors import AtelierError
from marketplace.core.periodic import periodic
from payments import selectors, services
from payments.models import Dispute, Payment, PayoutAccount, Refund, Reversal, SaleTax, TaxReversal, Transfer

log = structlog.get_logger(__name__)
State = Payment.State
SOON, LATER = timedelta(minutes=2), timedelta(hours=6)
CHORES = {
    State.CREATED: (services.refresh, SOON),  # its intent may have been made though nobody heard the answer
    State.REQUIRES_PAYMENT: (services.refresh, SOON),  # its webhook may have been lost
    State.AUTHORISED: (services.refresh, LATER),  # the provider may have let it go
    State.CAPTURING: (services.perform_capture, SOON),
    State.RELEASING: (services.perform_release, SOON),
}
GIVEN_UP = timedelta(days=8)  # who has not paid by then will not
AT_ONCE = 50
REFUND_CHORES = {Refund.State.REQUESTED: SOON, Refund.State.PENDING: LATER}


@periodic(seconds=60)
def look_at_stale_payments() -> None:
    """Carry on with payments that have not moved for a while, those first that were not looked at for longest."""
    now = timezone.now()
    for state, (carry_on, patience) in CHORES.items():
        stale = Payment.objects.filter(state=state, updated_at__lt=now - patience)
        stale = stale.exclude(state__in=[State.CREATED, State.REQUIRES_PAYMENT], created_at__lt=now - GIVEN_UP)
        for payment_id in list(stale.order_by("updated_at").values_list("pk", flat=True)[:AT_ONCE]):
            # Looked at, whatever comes of it: one that always fails must not keep the others waiting.
            Payment.objects.filter(pk=payment_id).update(updated_at=now)
            try:
                carry_on(payment_id=payment_id)
            except AtelierError as error:
                log.warning("payment.carry_on_failed", payment=str(payment_id), state=state, error=error.detail)
                if error.transient:
                    return


@periodic(seconds=60)
def look_at_stale_refunds() -> None:
    """Carry on with refunds whose answer did not come, and ask after those that banks have not settled."""
    now = timezone.now()
    for state, patience in REFUND_CHORES.items():
        stale = Refund.objects.filter(state=state, updated_at__lt=now - patience)
        if not _carry_on(stale, lambda refund_id: services.refresh_refund(refund_id=refund_id)):
            return


@periodic(seconds=60)
def look_at_open_disputes() -> None:
    """Hand in what somebody asked to, and ask after what banks have not decided: their news may have been lost."""
    now = timezone.now()
    waiting = Dispute.objects.filter(closed_at=None, asked_at__lt=now - SOON, updated_at__lt=now - SOON)
    if _carry_on(waiting, lambda dispute_id: services.perform_evidence(dispute_id=dispute_id)):
        undecided = Dispute.objects.filter(closed_at=None, updated_at__lt=now - LATER)
        _carry_on(undecided, lambda dispute_id: services.refresh_dispute(dispute_id=dispute_id))


@periodic(seconds=3600)
def look_for_disputes() -> None:
    """Disputes whose webhooks were lost are heard of all the same, before the bank's answer is due."""
    services.look_for_disputes()


@periodic(seconds=300)
def look_for_fees() -> None:
    """What the provider kept may be known only some time after the payment was taken."""
    now = timezone.now()
    unknown = Payment.objects.filter(state=State.CAPTURED, fee=None, captured_at__gt=now - GIVEN_UP)
    stale = unknown.filter(updated_at__lt=now - SOON)
    _carry_on(stale, lambda payment_id: services.refresh(payment_id=payment_id))


@periodic(seconds=60)
def send_what_is_due() -> None:
    """Ask for the transfers of everything whose waiting time is over."""
    for payee_id, currency in selectors.payees_due():
        services.request_transfers(payee_id=payee_id, currency=currency)


@periodic(seconds=60)
def carry_on_with_transfers() -> None:
    """Make the transfers and reversals again whose answers did not come."""
    stale = Q(state=Transfer.State.REQUESTED, updated_at__lt=timezone.now() - SOON)
    transfers = Transfer.objects.filter(stale)
    reversals = Reversal.objects.filter(stale, transfer__stripe_id__isnull=False)
    if _carry_on(transfers, lambda transfer_id: services.perform_transfer(transfer_id=transfer_id)):
        _carry_on(reversals, lambda reversal_id: services.perform_reversal(reversal_id=reversal_id))


@periodic(seconds=60)
def carry_on_with_taxes() -> None:
    """Put sales and what went back on the tax record whose answers did not come."""
    stale = timezone.now() - SOON
    sales = SaleTax.objects.filter(transaction_id=None, failure="", updated_at__lt=stale, payment__state=State.CAPTURED)
    reversals = TaxReversal.objects.filter(state=TaxReversal.State.REQUESTED, updated_at__lt=stale)
    if _carry_on(sales, lambda tax_id: services.perform_tax_record(tax_id=tax_id)):
        _carry_on(reversals, lambda reversal_id: services.perform_tax_reversal(reversal_id=reversal_id))


@periodic(seconds=300)
def look_at_payout_accounts() -> None:
    """Read again the accounts that were not read for long, and their payouts: webhooks may have been lost."""
    now = timezone.now()
    unread = Q(seen_at__lt=now - LATER) | Q(seen_at=None)
    accounts = PayoutAccount.objects.filter(unread).exclude(disabled_reason=PayoutAccount.CLOSED)
    for account_id in list(accounts.order_by("seen_at").values_list("pk", flat=True)[:AT_ONCE]):
        try:
            services.refresh_payout_account(account_id=account_id)
            services.refresh_payouts(account_id=account_id)
        except AtelierError as error:
            log.warning("payout_account.carry_on_failed", account=str(account_id), error=error.detail)
            if error.transient:
                return


@periodic(seconds=3600)
def look_at_own_payouts() -> None:
    """What the house sent to its own bank is posted, should its webhook have been lost."""
    services.refresh_own_payouts()


def _carry_on(rows: QuerySet[Any], carry_on: Callable[[UUID], object]) -> bool:
    """Carry on with those first that were not looked at for longest; whether the provider was there for all."""
    for row_id in list(rows.order_by("updated_at").values_list("pk", flat=True)[:AT_ONCE]):
        # Looked at, whatever comes of it: one that always fails must not keep the others waiting.
        rows.model._default_manager.filter(pk=row_id).update(updated_at=timezone.now())
        try:
            carry_on(row_id)
        except AtelierError as error:
            log.warning("payments.carry_on_failed", row=str(row_id), of=rows.model.__name__, error=error.detail)
            if error.transient:
                return False
    return True
