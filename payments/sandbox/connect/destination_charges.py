"""Destination charges: a payment that names whom its money goes to (`transfer_data`), and their share of a refund."""

from typing import Any

from payments.sandbox.connect import transfers
from payments.sandbox.connect.reversals import reverse
from payments.sandbox.problems import InvalidRequest, ResourceMissing
from payments.sandbox.session import Session
from payments.sandbox.store import Document


def check(session: Session, sent: dict[str, Any]) -> None:
    """Refuse a destination that is not there, a share beyond the payment, a merchant that may not take cards."""
    wanted = sent.get("transfer_data")
    merchant = sent.get("on_behalf_of")
    with session.tx.acting_for(""):
        if wanted and session.tx.find("account", wanted["destination"]) is None:
            raise ResourceMissing(f"No such destination: '{wanted['destination']}'", param="transfer_data[destination]")
        account = session.tx.find("account", merchant) if merchant else None
    if wanted and wanted.get("amount", 0) > sent["amount"]:
        raise InvalidRequest("transfer_data[amount] must not exceed the amount.", param="transfer_data[amount]")
    if merchant and account is None:
        raise ResourceMissing(f"No such on_behalf_of: '{merchant}'", param="on_behalf_of")
    if account and account["capabilities"].get("card_payments") != "active":
        raise InvalidRequest(
            f"Your account does not have the card_payments capability enabled: on_behalf_of needs it on {merchant}.",
            param="on_behalf_of",
        )


def pass_on(session: Session, charge: Document) -> None:
    """Move a captured charge's share to its destination."""
    wanted = charge["transfer_data"]
    if not wanted:
        return
    share = wanted.get("amount") or charge["amount_captured"]
    sent = {
        "amount": min(share, charge["amount_captured"]),
        "currency": charge["currency"],
        "destination": wanted["destination"],
        "source_transaction": charge["id"],
    }
    charge["transfer"] = transfers.make(session, sent)["id"]
    session.tx.save(charge)


def reverse_share(session: Session, charge: Document, refund: Document) -> str | None:
    """Take a refund's share back from the destination: in proportion, so that whole refunds reverse it whole.

    None where that share is less than a cent, or has come back already.
    """
    if "transfer" not in charge:
        raise InvalidRequest(
            f"Cannot reverse transfer: the charge {charge['id']} does not have an associated transfer.",
            param="reverse_transfer",
        )
    transfer = session.tx.get("transfer", charge["transfer"])
    refunded = charge["amount_refunded"] + refund["amount"]
    due = transfer["amount"] * refunded // charge["amount_captured"] - transfer["amount_reversed"]
    left = transfer["amount"] - transfer["amount_reversed"]
    if min(due, left) <= 0:
        return None
    return str(reverse(session, transfer, min(due, left), refund=refund["id"])["id"])
