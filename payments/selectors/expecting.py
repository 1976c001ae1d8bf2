"""What the ledger should hold of a payment, told by our records alone: the payment, and what went back and out."""

from collections import Counter
from collections.abc import Iterable

from payments import ledger
from payments.ledger import Line
from payments.models import Dispute, Payment, Refund, Reversal, Transfer
from payments.selectors.parts import debits, read


def expected_of(payment: Payment) -> Counter[str]:
    """Debits less credits by account, in minor units; accounts that hold nothing are left out."""
    held: Counter[str] = Counter()
    if payment.state == Payment.State.CAPTURED:
        _add(held, _captured(payment))
        for refund in payment.refunds.filter(state__in=[Refund.State.PENDING, Refund.State.SUCCEEDED]):
            _add(held, [*debits(payment, read(refund.parts)), Line(ledger.STRIPE_BALANCE, -refund.amount)])
        for refund in payment.refunds.filter(state=Refund.State.SETTLED):
            _add(held, [*debits(payment, read(refund.parts)), Line(ledger.BANK, -refund.amount)])
        for dispute in payment.disputes.all():
            _add(held, _disputed(payment, dispute))
        _add(held, _sent(payment))
    return Counter({account: amount for account, amount in held.items() if amount})


def _captured(payment: Payment) -> Iterable[Line]:
    yield Line(ledger.STRIPE_BALANCE, payment.amount)
    yield from ledger.credit_lines(payment.splits, payment.tax_amount, payment.amount)
    if payment.fee:
        yield from ledger.fee_lines(payment.fee)


def _disputed(payment: Payment, dispute: Dispute) -> Iterable[Line]:
    if dispute.fee:
        yield from ledger.fee_lines(dispute.fee)
    if dispute.state in {Dispute.State.OPEN, Dispute.State.LOST}:
        yield Line(ledger.STRIPE_BALANCE, -dispute.amount)
    if dispute.state == Dispute.State.OPEN:
        yield Line(ledger.DISPUTED, dispute.amount)
    elif dispute.state == Dispute.State.LOST:
        yield from debits(payment, read(dispute.parts))


def _sent(payment: Payment) -> Iterable[Line]:
    made = Transfer.objects.filter(share__payment=payment, state=Transfer.State.MADE)
    for payee_id, amount in made.values_list("share__payee", "amount"):
        yield from (Line(ledger.payee(payee_id), amount), Line(ledger.STRIPE_BALANCE, -amount))
    back = Reversal.objects.filter(transfer__share__payment=payment, state=Reversal.State.MADE)
    for payee_id, amount in back.values_list("transfer__share__payee", "amount"):
        yield from (Line(ledger.payee(payee_id), -amount), Line(ledger.STRIPE_BALANCE, amount))


def _add(held: Counter[str], lines: Iterable[Line]) -> None:
    for line in lines:
        held[line.account] += line.amount
