"""Payouts as the provider tells them: from a payee's account to their bank. They are the payee's money already."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.functional import lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from marketplace.accounts import services as accounts
from marketplace.core import outbox
from marketplace.core.money import Money
from payments import gateway
from payments.gateway import PayoutSnapshot
from payments.models import Payout, PayoutAccount
from payments.selectors.payout_failures import what_to_do
from payments.services.onboarding import PAGE

MISSED = timedelta(days=40)
"""How far back payouts are looked for whose webhooks were lost: longer than the provider repeats them."""


def refresh_payout(*, account_id: UUID, payout_id: str) -> Payout:
    """Bring a payout, by its id at the provider, up to date.

    Raises AccountUnknown, GatewayUnavailable, GatewayRefused.
    """
    account = PayoutAccount.objects.get(pk=account_id)
    asked_at = timezone.now()
    seen = gateway.retrieve_payout(payout_id, account=str(account.stripe_id))
    return apply_payout(account.pk, seen, asked_at)


def refresh_payouts(*, account_id: UUID) -> None:
    """Bring an account's recent payouts up to date. Raises AccountUnknown, GatewayUnavailable, GatewayRefused."""
    account = PayoutAccount.objects.get(pk=account_id)
    if account.stripe_id is None:
        return
    asked_at = timezone.now()
    for seen in gateway.payouts_since(asked_at - MISSED, account=account.stripe_id):
        apply_payout(account.pk, seen, asked_at)


@transaction.atomic
def apply_payout(account_id: UUID, seen: PayoutSnapshot, asked_at: datetime) -> Payout:
    """Bring the row to what was seen, unless something asked for later was seen already."""
    known = {"account_id": account_id, "amount": seen.amount, "currency": seen.currency, "status": ""}
    Payout.objects.get_or_create(stripe_id=seen.id, defaults=known)
    payout = (
        Payout.objects.select_for_update(of=("self",), no_key=True)
        .select_related("account__user")
        .get(stripe_id=seen.id)
    )
    if payout.seen_at is not None and payout.seen_at > asked_at:
        return payout
    before = payout.status
    payout.status, payout.arrives_at, payout.seen_at = seen.status, seen.arrives_at, asked_at
    payout.failure_code, payout.failure = seen.failure_code[:60], seen.failure_message[:200]
    payout.save()
    if payout.status != before:
        outbox.emit("payout.changed", payout.pk)
        _tell(payout)
    return payout


def _tell(payout: Payout) -> None:
    """The payee, when it has arrived or failed."""
    amount, person = Money(payout.amount, payout.currency), payout.account.user
    if payout.status == "paid" and payout.amount > 0:
        accounts.notify(
            person=person,
            kind="payout.paid",
            key=str(payout.pk),
            title=format_lazy(_("{amount} paid out"), amount=amount),
            link=PAGE,
            body=_("Your bank may take some days to show it."),
        )
    elif payout.status == "failed":
        accounts.notify(
            person=person,
            kind="payout.failed",
            key=str(payout.pk),
            title=format_lazy(_("A payout of {amount} failed"), amount=amount),
            link=PAGE,
            body=lazy(what_to_do, str)(payout.failure_code),
        )
