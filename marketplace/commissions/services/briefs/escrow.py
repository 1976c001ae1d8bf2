"""The money of a commission by brief: who gets what part of it, kept in escrow until it is earned or goes back."""

from contextlib import suppress
from datetime import timedelta
from uuid import UUID, uuid4

from django.conf import settings
from django.utils import timezone

from marketplace.commissions.models import Brief, Instalment, InstalmentKind, Revision
from marketplace.core.money import Money, split
from marketplace.listings import selectors as listings
from payments import services as payments
from payments.errors import PaymentDisputed, PaymentStateConflict
from payments.models import Payment
from payments.services import Hold, Split

Kind = InstalmentKind


def parts_of(brief: Brief, amount: int, *, with_fees: bool) -> list[Split]:
    """Who gets what of `amount`: the house, those whose styles or models are used, and the artist; to the cent.

    Fees are for the commission as a whole: `with_fees` only for its whole price.
    """
    share = settings.ATELIER.artist_share_bps
    left, house = split(amount, [share, 10_000 - share])
    parts = [Split(payee=None, amount=house)]
    for consent in brief.consents if with_fees else ():
        fee = min(consent["fee_amount"], left)
        parts.append(Split(payee=UUID(consent["payee"]), amount=fee, role=consent["role"]))
        left -= fee
    shares = [(UUID(one["payee"]), one["share_bps"], one["role"]) for one in brief.consents if one["share_bps"]]
    shares = listings.of_others(shares, brief.artist.user_id)
    lent = [bps for _, bps, _ in shares]
    *amounts, own = split(left, [*lent, 10_000 - sum(lent)])
    parts += [
        Split(payee=payee, amount=part, role=role) for (payee, _, role), part in zip(shares, amounts, strict=True)
    ]
    return [*parts, Split(payee=brief.artist.user_id, amount=own, role="artist")]


def prepare_deposit(brief: Brief) -> Instalment:
    """Write down the deposit of the quote that was accepted."""
    assert brief.quote is not None
    return _prepare(brief, Kind.DEPOSIT, brief.quote.deposit, _deposit_and_balance(brief)[0])


def prepare_balance(brief: Brief) -> Instalment:
    """Write down the balance."""
    assert brief.quote is not None
    return _prepare(brief, Kind.BALANCE, brief.quote.balance, _deposit_and_balance(brief)[1])


def prepare_revision(brief: Brief, revision: Revision) -> Instalment:
    """Write down what an extra revision costs."""
    assert brief.quote is not None
    assert brief.quote.revision_price is not None
    price = brief.quote.revision_price
    parts = parts_of(brief, price.amount, with_fees=False)
    return _prepare(brief, Kind.REVISION, price, parts, revision=revision)


def prepare_tip(brief: Brief, amount: int) -> Instalment:
    """Write down a tip: all of it is the artist's, and it waits in no escrow."""
    parts = [Split(payee=brief.artist.user_id, amount=amount, role="tip")]
    return _prepare(brief, Kind.TIP, Money(amount, brief.currency), parts, hold=Hold.USUAL)


def release_unpaid(brief: Brief) -> None:
    """Let go of everything that was prepared and not paid; what was paid at this very moment is heard of later."""
    for instalment in brief.instalments.select_related("payment").exclude(kind=Kind.TIP):
        if instalment.payment.state != Payment.State.CAPTURED:
            with suppress(PaymentStateConflict):
                payments.request_release(payment_id=instalment.payment_id)


def in_escrow(brief: Brief) -> list[Instalment]:
    """What was paid, and is neither earned nor given back yet."""
    paid = brief.instalments.select_related("payment").exclude(kind=Kind.TIP)
    return list(paid.filter(payment__state=Payment.State.CAPTURED, settled_at=None).order_by("pk"))


def settle_escrow(brief: Brief, *, refund_bps: int, why: str, reason: str) -> int:
    """Send a part of all that is in escrow back to the collector and release the rest; return what goes back.

    `why` names the end, so that asked twice it is done once.
    """
    return sum(settle_instalment(one, refund_bps=refund_bps, why=why, reason=reason) for one in in_escrow(brief))


def settle_instalment(instalment: Instalment, *, refund_bps: int, why: str, reason: str) -> int:
    """The same of one instalment. What a bank withholds just now waits until the bank has decided."""
    payment = instalment.payment
    back, _ = split(payment.amount, [refund_bps, 10_000 - refund_bps])
    instalment.refunded_bps = refund_bps
    try:
        if back:
            payments.request_refund(
                payment_id=payment.pk, amount=back, reason=reason[:300], reference=f"{payment.reference}:{why}"
            )
    except PaymentDisputed:
        instalment.save(update_fields=["refunded_bps", "updated_at"])
        return 0
    if back < payment.amount:
        payments.release_shares(payment_id=payment.pk, after=timedelta(days=settings.ATELIER.holding_days))
    instalment.settled_at = timezone.now()
    instalment.save(update_fields=["refunded_bps", "settled_at", "updated_at"])
    return back


def _deposit_and_balance(brief: Brief) -> tuple[list[Split], list[Split]]:
    """Everybody's part of the price, parted again: in the deposit in proportion, in the balance what is left of it."""
    assert brief.quote is not None
    whole = parts_of(brief, brief.quote.price_amount, with_fees=True)
    first = split(brief.quote.deposit.amount, [part.amount for part in whole])
    deposit = [Split(part.payee, amount, part.role) for part, amount in zip(whole, first, strict=True)]
    balance = [Split(part.payee, part.amount - amount, part.role) for part, amount in zip(whole, first, strict=True)]
    return deposit, balance


def _prepare(
    brief: Brief, kind: InstalmentKind, amount: Money, parts: list[Split], *, revision: Revision | None = None,
    hold: Hold = Hold.UNTIL_RELEASED,
) -> Instalment:  # fmt: skip
    number = f":{revision.number}" if revision else f":{uuid4()}" if kind == Kind.TIP else ""
    payment = payments.create_payment(
        payer=brief.collector,
        amount=amount,
        reference=f"brief:{brief.pk}:{kind}{number}",
        splits=parts,
        hold=hold,
        is_taxable=kind != Kind.TIP,  # given freely, for nothing in return
    )
    return Instalment.objects.create(brief=brief, kind=kind, payment=payment, revision=revision)
