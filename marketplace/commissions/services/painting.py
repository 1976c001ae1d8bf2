"""From a payment that is authorised to a picture that is shown, or to an order that ended without one."""

from uuid import UUID

from django.db import transaction

from generation import services as generation
from generation.models import Artwork, Job, ModelState, Review, ReviewState
from marketplace.commissions import selectors
from marketplace.commissions.models import Commission
from marketplace.commissions.services.deadlines import answer_by, leaves_time
from marketplace.commissions.services.rerolling import lead_with_another
from marketplace.commissions.services.steps import announce, end, locked, move
from marketplace.commissions.services.submitting import submit
from marketplace.commissions.services.telling import tell_proof
from marketplace.core.errors import AtelierError
from marketplace.core.languages import kept
from payments import services as payments

State = Commission.State


@transaction.atomic
def start_painting(*, payment_id: UUID) -> None:
    """The card is authorised: submit the job. A commission that ended meanwhile gives the money back."""
    commission = locked(payment_id=payment_id)
    if commission is None or commission.state not in {State.AWAITING_PAYMENT, State.CANCELLED, State.EXPIRED}:
        return
    if commission.state != State.AWAITING_PAYMENT:
        payments.request_release(payment_id=commission.payment_id)
        return
    try:
        with transaction.atomic():
            commission.job = submit(commission)
    except AtelierError as error:
        end(commission, State.FAILED, error.detail)
        return
    move(commission, State.PAINTING)


@transaction.atomic
def show_proof(*, job_id: UUID) -> None:
    """The picture is ready: the collector may accept or decline it until `accept_by`.

    A picture that the moderation gate holds back is waited for, as if it were still being painted; where a curator
    clears it so late that the card would lapse before the collector could answer, the commission ends.
    """
    commission = locked(job_id=job_id)
    if commission is None or commission.state != State.PAINTING:
        return
    artwork = Artwork.objects.get(job_id=job_id)
    if artwork.is_held:
        announce(commission)
        return
    if not leaves_time(commission):
        end(commission, State.FAILED, kept("The card's hold would end before you could answer, so the order ended."))
        return
    commission.artwork, commission.accept_by = artwork, answer_by(commission)
    move(commission, State.PROOF)
    tell_proof(commission)


def show_cleared_proof(*, artwork_id: UUID) -> None:
    """A curator cleared the picture: it is shown as if it had been painted just now."""
    show_proof(job_id=Artwork.objects.values_list("job_id", flat=True).get(pk=artwork_id))


@transaction.atomic
def take_proof_back(*, artwork_id: UUID) -> None:
    """A curator holds the picture back after all: until it is cleared again there is nothing to answer but re-rolls."""
    commission = locked(job__artwork=artwork_id)
    if commission is None or commission.state != State.PROOF or not _is_held(artwork_id):
        return
    if commission.artwork_id == artwork_id:
        lead_with_another(commission)


@transaction.atomic
def withdraw_proof(*, artwork_id: UUID) -> None:
    """A curator refused the picture, for good: the card is released, unless a re-roll can be accepted in its place."""
    commission = locked(job__artwork=artwork_id)
    if commission is None or commission.state not in {State.PAINTING, State.PROOF}:
        return
    because = kept("The commission it was made for has ended and its money went back; neither can be brought back.")
    if not generation.settle_review(artwork_id=artwork_id, state=ReviewState.REFUSED, because=because):
        return
    if selectors.shown_candidates(commission):
        lead_with_another(commission)
    else:
        commission.artwork = None
        end(commission, State.FAILED, Review.objects.standing().get(artwork=artwork_id).refusal)


@transaction.atomic
def stop_painting(*, job_id: UUID) -> None:
    """The job failed or was cancelled: the card is released and the collector told why."""
    commission = locked(job_id=job_id)
    if commission is None or commission.state != State.PAINTING or commission.job is None:
        return
    if commission.job.state == Job.State.CANCELLED:
        end(commission, State.CANCELLED, kept("The painting was cancelled."))
    elif commission.job.state == Job.State.FAILED:
        end(commission, State.FAILED, commission.job.error_detail or kept("The picture could not be painted."))


def end_orders_from(*, model_id: UUID) -> None:
    """A model was withdrawn: what is ordered from it and not painted yet ends, and its cards are released.

    What is painted stands: a proof may still be accepted.
    """
    waiting = Commission.objects.filter(trained_model=model_id, state__in=[State.AWAITING_PAYMENT, State.PAINTING])
    for commission_id in waiting.values_list("pk", flat=True):
        _end_unpainted(commission_id)


@transaction.atomic
def _end_unpainted(commission_id: UUID) -> None:
    commission = locked(pk=commission_id)
    if commission is None or commission.state not in {State.AWAITING_PAYMENT, State.PAINTING}:
        return
    model, job = commission.trained_model, commission.job
    if model is None or model.state != ModelState.WITHDRAWN or (job is not None and job.is_final):
        return
    if job is not None:
        generation.cancel_job(job_id=job.pk)
    end(commission, State.FAILED, kept("The model was withdrawn before your picture was painted."))


def _is_held(artwork_id: UUID) -> bool:
    return Artwork.objects.filter(pk=artwork_id, visibility=Artwork.Visibility.HELD).exists()
