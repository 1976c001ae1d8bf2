"""What commissions hear from below: of payments, disputes, jobs, works held and cleared, models withdrawn."""

from uuid import UUID

from marketplace.commissions import selectors, services
from marketplace.commissions.services import briefs
from marketplace.commissions.services.briefs.steps import BALANCE_DUE, PLACE_FREE
from marketplace.core.outbox import subscribe


@subscribe("payment.authorised", among=selectors.paid_for)
def on_payment_authorised(payment_id: str) -> None:
    services.start_painting(payment_id=UUID(payment_id))


@subscribe("payment.captured", among=selectors.paid_for)
def on_payment_captured(payment_id: str) -> None:
    services.deliver(payment_id=UUID(payment_id))
    services.invoice_commission(payment_id=UUID(payment_id))
    services.invoice_reroll(payment_id=UUID(payment_id))


@subscribe("payment.lapsed", among=selectors.paid_for)
def on_payment_lapsed(payment_id: str) -> None:
    services.lapse(payment_id=UUID(payment_id))


@subscribe("job.succeeded", among=selectors.painted_by)
def on_job_succeeded(job_id: str) -> None:
    services.show_proof(job_id=UUID(job_id))


@subscribe("job.failed", among=selectors.painted_by)
def on_job_failed(job_id: str) -> None:
    services.stop_painting(job_id=UUID(job_id))


@subscribe("job.cancelled", among=selectors.painted_by)
def on_job_cancelled(job_id: str) -> None:
    services.stop_painting(job_id=UUID(job_id))


@subscribe("artwork.cleared")
def on_artwork_cleared(artwork_id: str) -> None:
    services.show_cleared_proof(artwork_id=UUID(artwork_id))


@subscribe("artwork.held")
def on_artwork_held(artwork_id: str) -> None:
    services.take_proof_back(artwork_id=UUID(artwork_id))


@subscribe("artwork.refused")
def on_artwork_refused(artwork_id: str) -> None:
    services.withdraw_proof(artwork_id=UUID(artwork_id))


@subscribe("model.withdrawn")
def on_model_withdrawn(model_id: str) -> None:
    services.end_orders_from(model_id=UUID(model_id))


@subscribe("payment.authorised")
def on_reroll_paid(payment_id: str) -> None:
    services.begin_reroll(payment_id=UUID(payment_id))


@subscribe("payment.lapsed")
def on_reroll_hold_lapsed(payment_id: str) -> None:
    services.forget_hold(payment_id=UUID(payment_id))


@subscribe("job.succeeded", among=selectors.rerolled_by)
def on_reroll_painted(job_id: str) -> None:
    services.show_reroll(job_id=UUID(job_id))


@subscribe("job.failed", among=selectors.rerolled_by)
@subscribe("job.cancelled", among=selectors.rerolled_by)
def on_reroll_stopped(job_id: str) -> None:
    services.stop_reroll(job_id=UUID(job_id))


@subscribe("artwork.cleared")
def on_reroll_cleared(artwork_id: str) -> None:
    services.show_cleared_reroll(artwork_id=UUID(artwork_id))


@subscribe("artwork.held")
def on_reroll_held(artwork_id: str) -> None:
    services.take_reroll_back(artwork_id=UUID(artwork_id))


@subscribe("artwork.refused")
def on_reroll_refused(artwork_id: str) -> None:
    services.withdraw_reroll(artwork_id=UUID(artwork_id))


@subscribe("payment.captured", among=selectors.paid_for_briefs)
def on_instalment_paid(payment_id: str) -> None:
    briefs.take_note_of_payment(payment_id=UUID(payment_id))
    services.invoice_instalment(payment_id=UUID(payment_id))


@subscribe("dispute.closed")
def on_dispute_closed(dispute_id: str) -> None:
    briefs.hear_the_bank(dispute_id=UUID(dispute_id))


@subscribe("job.succeeded", among=selectors.made_for_briefs)
@subscribe("job.failed", among=selectors.made_for_briefs)
@subscribe("job.cancelled", among=selectors.made_for_briefs)
def on_candidate_done(job_id: str) -> None:
    briefs.watch_candidate(job_id=UUID(job_id))


@subscribe("artwork.held")
@subscribe("artwork.refused")
def on_candidate_taken_back(artwork_id: str) -> None:
    briefs.take_proof_back(artwork_id=UUID(artwork_id))


@subscribe(BALANCE_DUE)
def on_balance_due(brief_id: str) -> None:
    briefs.charge_balance(brief_id=UUID(brief_id))


@subscribe(PLACE_FREE)
def on_place_free(artist_id: str) -> None:
    briefs.admit_waiting(artist_id=UUID(artist_id))
