"""Transfers to payees' accounts, and their reversals."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from marketplace.core.money import Money
from payments.gateway.client import api, faults, since_moment, under


@dataclass(frozen=True, slots=True)
class TransferSnapshot:
    """A transfer as it is at the provider now."""

    id: str
    amount: int
    reversed: int
    currency: str
    destination: str
    row_id: str  # which of our rows it was made for, as its metadata says

    @property
    def status(self) -> str:
        return "made"


@dataclass(frozen=True, slots=True)
class ReversalSnapshot:
    """Money taken back from a transfer."""

    id: str
    amount: int
    currency: str
    transfer_id: str
    row_id: str

    @property
    def status(self) -> str:
        return "made"


def make_transfer(
    *, key: str, amount: Money, destination: str, charge: str, group: str, row_id: str
) -> TransferSnapshot:
    """Send a part of what `charge` brought to a payee's account. Raises GatewayRefused."""
    params = {
        "amount": amount.amount,
        "currency": amount.currency,
        "destination": destination,
        # From this charge: it is on its way at once, and available to the payee when the charge's money is.
        "source_transaction": charge,
        "transfer_group": group,
        "description": group,
        "metadata": {"transfer": row_id},
    }
    with faults():
        return _transfer(api().v1.transfers.create(params, under(key)))  # type: ignore[arg-type]  # built from parts


def find_transfer(*, row_id: str, group: str) -> TransferSnapshot | None:
    """Look for a transfer among those of its payment; for when the answer to its making never came."""
    with faults():
        page = api().v1.transfers.list({"transfer_group": group, "limit": 100})
        made = (_transfer(transfer) for transfer in page.auto_paging_iter())
        return next((seen for seen in made if seen.row_id == row_id), None)


def transfers_since(since: datetime) -> Iterator[TransferSnapshot]:
    """Every transfer that was made since, newest first, a page at a time."""
    with faults():
        page = api().v1.transfers.list({"created": {"gte": since_moment(since)}, "limit": 100})
        for transfer in page.auto_paging_iter():
            yield _transfer(transfer)


def reverse_transfer(*, key: str, transfer_id: str, amount: Money, row_id: str) -> ReversalSnapshot:
    """Take a part of a transfer back from the payee's account. Raises GatewayRefused where that has too little."""
    given = {"amount": amount.amount, "metadata": {"reversal": row_id}}
    with faults():
        reversal = api().v1.transfers.reversals.create(transfer_id, given, under(key))  # type: ignore[arg-type]
        return _reversal(reversal)


def reversals_of(transfer_id: str) -> Iterator[ReversalSnapshot]:
    """Everything that was taken back from a transfer, newest first."""
    with faults():
        for reversal in api().v1.transfers.reversals.list(transfer_id, {"limit": 100}).auto_paging_iter():
            yield _reversal(reversal)


def _transfer(transfer: Any) -> TransferSnapshot:
    seen: dict[str, Any] = transfer.to_dict()
    return TransferSnapshot(
        id=seen["id"],
        amount=seen["amount"],
        reversed=seen.get("amount_reversed") or 0,
        currency=seen["currency"],
        destination=str(seen["destination"]),
        row_id=(seen.get("metadata") or {}).get("transfer") or "",
    )


def _reversal(reversal: Any) -> ReversalSnapshot:
    seen: dict[str, Any] = reversal.to_dict()
    return ReversalSnapshot(
        id=seen["id"],
        amount=seen["amount"],
        currency=seen["currency"],
        transfer_id=str(seen["transfer"]),
        row_id=(seen.get("metadata") or {}).get("reversal") or "",
    )
