"""Disputes, brought to what the provider shows: money that a bank withholds, and gives back or keeps.

What is withheld counts at once as gone from everybody's share, so that it is sent to nobody, and what was sent is taken
back; where we win it is theirs again. Rows are locked in one order: the payment, the dispute, shares by their keys.
"""

from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from marketplace.core import outbox
from marketplace.core.languages import Text
from marketplace.core.moments import day_words_lazily
from marketplace.core.money import Money
from payments import gateway, ledger
from payments.gateway import DisputeSnapshot
from payments.ledger import Line
from payments.models import Dispute, Payment
from payments.selectors.parts import debits, read
from payments.services import dividing
from payments.services.applying import locked
from payments.services.reversing import request_reversals
from payments.services.telling import tell_staff

State = Dispute.State
STATES = {
    "warning_needs_response": State.INQUIRY,
    "warning_under_review": State.INQUIRY,
    "needs_response": State.OPEN,
    "under_review": State.OPEN,
    "warning_closed": State.WON,
    "prevented": State.WON,
    "won": State.WON,
    "lost": State.LOST,
}
_RANK = {State.INQUIRY: 0, State.OPEN: 1, State.WON: 2, State.LOST: 2}


def refresh_dispute(*, dispute_id: UUID) -> Dispute:
    """Bring a dispute up to date with the provider. Raises GatewayUnavailable, GatewayRefused."""
    dispute = Dispute.objects.get(pk=dispute_id)
    return apply_dispute(dispute.payment_id, gateway.retrieve_dispute(dispute.stripe_id))


@transaction.atomic
def apply_dispute(payment_id: UUID, seen: DisputeSnapshot) -> Dispute:
    """Bring the dispute of a captured payment to what the provider shows; never backwards."""
    payment = locked(payment_id)
    dispute = payment.disputes.select_for_update(of=("self",), no_key=True).filter(stripe_id=seen.id).first()
    is_new = dispute is None
    if dispute is None:
        dispute = Dispute(payment=payment, stripe_id=seen.id, state=State.INQUIRY)
    before, after = State(dispute.state), STATES[seen.status]
    if _RANK[after] >= _RANK[before] and before not in {State.WON, State.LOST}:
        dispute.state = after
        dispute.status, dispute.reason = seen.status, seen.reason
        dispute.amount, dispute.fee, dispute.evidence_due_at = seen.amount, seen.fee, seen.due_at
        dispute.closed_at = timezone.now() if after in {State.WON, State.LOST} else None
    dispute.save(force_insert=is_new)
    _withhold(payment, dispute, seen)
    _post(payment, dispute, seen)
    _tell(payment, dispute, before, is_new)
    return dispute


def _withhold(payment: Payment, dispute: Dispute, seen: DisputeSnapshot) -> None:
    """Count it as gone from those whose it is, from when the money is withheld until it is won back."""
    moved = dispute.state in {State.OPEN, State.LOST} or seen.withdrawn
    if moved and not dispute.parts:
        amounts = dividing.withhold_disputed(payment, dispute)
        request_reversals(payment=payment, amounts=amounts, reference=f"dispute:{dispute.pk}")
        dispute.is_withheld = True
    if dispute.state == State.WON and dispute.is_withheld:
        dividing.withhold(payment, read(dispute.parts), -1)
        dispute.is_withheld = False
    dispute.save(update_fields=["parts", "is_withheld", "updated_at"])


def _post(payment: Payment, dispute: Dispute, seen: DisputeSnapshot) -> None:
    """Post what has moved at the provider, each once."""

    def post(kind: str, lines: list[Line], reference: str = seen.id) -> None:
        ledger.post_entry(kind=kind, reference=reference, currency=payment.currency, payment=payment, lines=lines)

    withdrawn = Line(ledger.DISPUTED, seen.withdrawn), Line(ledger.STRIPE_BALANCE, -seen.withdrawn)
    if seen.withdrawn:
        post("dispute_withdrawn", list(withdrawn))
    if seen.fee:
        post("fee", ledger.fee_lines(seen.fee), f"dispute:{seen.id}")
    if seen.reinstated:
        back = Line(ledger.STRIPE_BALANCE, seen.reinstated), Line(ledger.DISPUTED, -seen.reinstated)
        post("dispute_reinstated", list(back))
    if dispute.state == State.LOST and seen.withdrawn:
        post("dispute_lost", [*debits(payment, read(dispute.parts)), Line(ledger.DISPUTED, -dispute.amount)])


def _tell(payment: Payment, dispute: Dispute, before: str, is_new: bool) -> None:
    told = {"key": f"{dispute.pk}:{dispute.state}", "link": f"/admin/payments/dispute/{dispute.pk}/change/"}
    amount = Money(dispute.amount, payment.currency)
    if is_new or (before == State.INQUIRY and dispute.state == State.OPEN):
        outbox.emit("payment.disputed", dispute.pk)
        title = format_lazy(_("{amount} disputed: {reason}"), amount=amount, reason=dispute.reason.replace("_", " "))
        body: Text = payment.reference
        if dispute.evidence_due_at:
            due = day_words_lazily(dispute.evidence_due_at)
            body = format_lazy(_("{reference}. The bank wants an answer by {due}."), reference=body, due=due)
        tell_staff(kind="payment.disputed", title=title, body=body, **told)
    if dispute.closed_at is not None and (is_new or before not in {State.WON, State.LOST}):
        outbox.emit("dispute.closed", dispute.pk)
        ended = (
            _("A dispute about {amount} is won")
            if dispute.state == State.WON
            else _("A dispute about {amount} is over: {state}")
        )
        title = format_lazy(ended, amount=amount, state=Dispute.State(dispute.state).label)
        tell_staff(kind="dispute.closed", title=title, body=payment.reference, **told)
