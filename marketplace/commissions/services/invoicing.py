"""Invoices for commissions: an instant one and each paid re-roll of it, each instalment of one by brief."""

from collections.abc import Callable
from uuid import UUID

from marketplace.commissions.models import Commission, Instalment, InstalmentKind, Reroll
from marketplace.core.languages import kept
from payments import services as payments
from payments.models import Payment

_TITLES: dict[InstalmentKind, Callable[[str], str]] = {
    InstalmentKind.DEPOSIT: lambda title: kept(f"Deposit: {title}"),
    InstalmentKind.BALANCE: lambda title: kept(f"Balance: {title}"),
    InstalmentKind.REVISION: lambda title: kept(f"Revision: {title}"),
    InstalmentKind.TIP: lambda title: kept(f"Tip: {title}"),
}


def invoice_commission(*, payment_id: UUID) -> None:
    """Issue the invoice for a commission that is delivered; once."""
    found = Commission.objects.select_related("listing__artist", "trained_model")
    commission = found.filter(payment=payment_id, state=Commission.State.DELIVERED).first()
    if commission is None:
        return
    artist = commission.listing.artist.name
    payments.issue_invoice(
        payment_id=payment_id, title=commission.title, detail=kept("Commissioned picture"), seller=artist
    )


def invoice_reroll(*, payment_id: UUID) -> None:
    """Issue the invoice for another picture that was paid for with a work; once."""
    found = Reroll.objects.select_related("commission__listing__artist", "commission__trained_model")
    reroll = found.filter(payment=payment_id, payment__state=Payment.State.CAPTURED).first()
    if reroll is None:
        return
    payments.issue_invoice(
        payment_id=payment_id,
        title=kept(f"Another picture: {reroll.commission.title}"),
        detail=kept(f"Candidate {reroll.number} of a commission"),
        seller=reroll.commission.listing.artist.name,
    )


def invoice_instalment(*, payment_id: UUID) -> None:
    """Issue the invoice for a deposit, a balance, a revision or a tip that was paid; once."""
    found = Instalment.objects.select_related("brief__artist")
    instalment = found.filter(payment=payment_id, payment__state=Payment.State.CAPTURED).first()
    if instalment is None:
        return
    is_tip = instalment.kind == InstalmentKind.TIP
    payments.issue_invoice(
        payment_id=payment_id,
        title=_TITLES[InstalmentKind(instalment.kind)](instalment.brief.title),
        detail=kept("A gift of thanks") if is_tip else kept("Commissioned picture, by brief"),
        seller=instalment.brief.artist.name,
    )
