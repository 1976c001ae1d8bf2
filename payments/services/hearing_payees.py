"""Webhooks about payees: their accounts and payouts (and the house's own), and transfers to them.

Each asks how things stand now.
"""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from payments.models import PayoutAccount, Transfer, WebhookEvent
from payments.services.onboarding import close_payout_account, refresh_payout_account
from payments.services.own_payouts import refresh_own_payout
from payments.services.paying_out import refresh_payout
from payments.services.reading import as_uuid
from payments.services.transferring import perform_transfer

NOT_OURS = "not about a payee of ours"


def hear_of_payee(row: WebhookEvent) -> str | None:
    """Work on an event that is about payees, and say why where nothing comes of it; none: it is about something else.

    Raises GatewayUnavailable, GatewayRefused.
    """
    hear = _HEARERS.get(row.type)
    return hear(row.payload) if hear is not None else None


def _account_updated(payload: dict[str, Any]) -> str:
    account_id = _account(payload, named=_thing(payload).get("metadata", {}).get("payout_account"))
    if account_id is None:
        return NOT_OURS
    refresh_payout_account(account_id=account_id)
    return ""


def _deauthorised(payload: dict[str, Any]) -> str:
    account_id = _account(payload)
    if account_id is None:
        return NOT_OURS
    return "" if close_payout_account(account_id=account_id).is_closed else "the account is still ours to act for"


def _payout(payload: dict[str, Any]) -> str:
    if not payload.get("account"):
        refresh_own_payout(payout_id=_thing(payload)["id"])
        return ""
    account_id = _account(payload)
    if account_id is None:
        return NOT_OURS
    refresh_payout(account_id=account_id, payout_id=_thing(payload)["id"])
    return ""


def _transfer(payload: dict[str, Any]) -> str:
    transfer_id = as_uuid((_thing(payload).get("metadata") or {}).get("transfer"))
    if transfer_id is None or not Transfer.objects.filter(pk=transfer_id).exists():
        return NOT_OURS
    perform_transfer(transfer_id=transfer_id)  # finds that it is made, should the answer have been lost
    return ""


_HEARERS: dict[str, Callable[[dict[str, Any]], str]] = {
    "account.updated": _account_updated,
    "account.external_account.updated": _account_updated,
    "account.application.deauthorized": _deauthorised,
    "capability.updated": _account_updated,
    **dict.fromkeys(
        [f"payout.{what}" for what in ("created", "updated", "paid", "failed", "canceled", "reconciliation_completed")],
        _payout,
    ),
    "transfer.created": _transfer,
}


def _thing(payload: dict[str, Any]) -> dict[str, Any]:
    thing: dict[str, Any] = payload.get("data", {}).get("object", {})
    return thing


def _account(payload: dict[str, Any], named: object = None) -> UUID | None:
    """Our row of the account that an event came from; one that overtook the answer to our call names it itself."""
    known = PayoutAccount.objects.filter(stripe_id=payload.get("account") or "").values_list("pk", flat=True).first()
    if known is None and (row_id := as_uuid(named)):
        known = PayoutAccount.objects.filter(pk=row_id, stripe_id=None).values_list("pk", flat=True).first()
    return known
