"""What happens to a commission, one function a step; each locks the commission first, then what it needs of others.

Money is only ever moved by `payments`, which hears of it in the same transaction that changes the commission.
"""

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from generation import services as generation
from generation.models import Artwork, Job, ModelState, Priority, Review, ReviewState, Upload
from marketplace.accounts.models import User
from marketplace.commissions.errors import NotNow, PhotographNotReady, SeedTaken
from marketplace.commissions.models import Commission
from marketplace.commissions.ways import choose_way
from marketplace.core import notify
from marketplace.core.errors import AtelierError, InvalidInput, NotFound
from marketplace.core.money import split
from marketplace.listings import selectors as listings
from marketplace.listings.models import Listing
from marketplace.orders import services as orders
from payments import services as payments
from payments.models import Payment

MARGIN = timedelta(hours=12)  # between the last answer and the lapse of the card's authorisation
TIME_TO_ANSWER = timedelta(hours=12)  # at least, since silence counts as acceptance
CHANNEL = "commission"
DRAWN_BELOW = 10**9  # seeds by chance: short enough to be read out
State = Commission.State
_NEEDED = (
    "listing__artwork", "listing__artist", "listing__trained_model", "trained_model__artist", "photograph",
    "collector", "payment", "job__artwork", "artwork",
)  # fmt: skip


def order_commission(
    *,
    collector: User,
    listing_id: UUID,
    parameters: Mapping[str, Any],
    photograph_id: UUID | None = None,
    engine: str | None = None,
    seed: int | None = None,
    request_key: str | None = None,
) -> Commission:
    """Write the order and its payment down; nothing is charged or painted before the payment is authorised.

    A model's listing takes a seed, or draws one, and an engine, by default the first that goes with what is brought.
    The same `request_key` gives the same commission. Raises NotFound, PhotographNotReady, SeedTaken, InvalidInput
    (`engine`, `seed`, `photograph`, `parameters.<name>`).
    """
    if known := _known(request_key):
        return known
    listing = listings.listing_by_id(listing_id)
    way = choose_way(listing, engine, with_photograph=photograph_id is not None)
    commission = Commission(
        collector=collector,
        listing=listing,
        trained_model=listing.trained_model,
        engine=way.engine.name,
        seed=_seed(listing, seed),
        photograph=_ready_photograph(collector, photograph_id) if photograph_id else None,
        parameters=way.check(listing, parameters),
        price_amount=listing.price_amount,
        currency=listing.currency,
        request_key=request_key,
    )
    commission.artist_amount, commission.platform_amount = split(
        listing.price_amount, [settings.ATELIER.artist_share_bps, 10_000 - settings.ATELIER.artist_share_bps]
    )
    return _write(commission)


def _known(request_key: str | None) -> Commission | None:
    return Commission.objects.filter(request_key=request_key).first() if request_key else None


def _write(commission: Commission) -> Commission:
    """The order and its payment as rows; of two that cannot both be, the database says which came first.

    Raises SeedTaken.
    """
    try:
        with transaction.atomic():
            commission.payment = payments.create_payment(
                payer=commission.collector, amount=commission.price, reference=f"commission:{commission.pk}"
            )
            commission.save()
    except IntegrityError as error:
        if known := _known(commission.request_key):
            return known
        if _broken(error) != "commissions_seed_once":
            raise
        told = f"Seed {commission.seed} of {commission.listing.title} is taken; each is sold once."
        raise SeedTaken(told, errors={"seed": ["It is taken: choose another seed."]}) from error
    return commission


def pay(*, commission: Commission, payment_method: str | None = None) -> Payment:
    """Prepare the authorisation with the payment provider, or make it with a given payment method.

    Raises PaymentDeclined, GatewayUnavailable (nothing is lost: asking again continues).
    """
    if commission.state != State.AWAITING_PAYMENT:
        return commission.payment
    return payments.authorise(payment_id=commission.payment_id, payment_method=payment_method)


@transaction.atomic
def start_painting(*, payment_id: UUID) -> None:
    """The card is authorised: submit the job. A commission that ended meanwhile gives the money back."""
    commission = _locked(payment_id=payment_id)
    if commission is None or commission.state not in {State.AWAITING_PAYMENT, State.CANCELLED, State.EXPIRED}:
        return
    if commission.state != State.AWAITING_PAYMENT:
        payments.request_release(payment_id=commission.payment_id)
        return
    try:
        with transaction.atomic():
            commission.job = _submit(commission)
    except AtelierError as error:
        _end(commission, State.FAILED, error.detail)
        return
    _move(commission, State.PAINTING)


def _submit(commission: Commission) -> Job:
    way = choose_way(commission.listing, commission.engine, with_photograph=commission.photograph_id is not None)
    return generation.submit_job(
        owner=commission.collector,
        engine=commission.engine,
        parameters=commission.parameters,
        seed=commission.seed,
        trained_model=commission.trained_model,
        inputs=way.inputs(commission.listing, commission.photograph),
        priority=Priority.COMMISSION,
        title=commission.title,
        style_artist=commission.listing.artist,
        as_proof=True,  # the collector sees previews; the original is theirs once it is paid
        request_key=f"commission:{commission.pk}",
    )


@transaction.atomic
def show_proof(*, job_id: UUID) -> None:
    """The picture is ready: the collector may accept or decline it until `accept_by`.

    A picture that the moderation gate holds back is waited for, as if it were still being painted; where a curator
    clears it so late that the card would lapse before the collector could answer, the commission ends.
    """
    commission = _locked(job_id=job_id)
    if commission is None or commission.state != State.PAINTING:
        return
    artwork = Artwork.objects.get(job_id=job_id)
    if artwork.is_held:
        notify.publish(CHANNEL, str(commission.pk))
        return
    commission.accept_by = _deadline(commission)
    if commission.accept_by < timezone.now() + TIME_TO_ANSWER:
        _end(commission, State.FAILED, "The card's hold would end before you could answer, so the order ended.")
        return
    commission.artwork = artwork
    _move(commission, State.PROOF)


def show_cleared_proof(*, artwork_id: UUID) -> None:
    """A curator cleared the picture: it is shown as if it had been painted just now."""
    show_proof(job_id=Artwork.objects.values_list("job_id", flat=True).get(pk=artwork_id))


@transaction.atomic
def take_proof_back(*, artwork_id: UUID) -> None:
    """A curator holds the picture back after all: until it is cleared again there is nothing to answer."""
    commission = _locked(job__artwork=artwork_id)
    if commission is None or commission.state != State.PROOF or not _is_held(artwork_id):
        return
    commission.artwork = commission.accept_by = None
    _move(commission, State.PAINTING)


@transaction.atomic
def withdraw_proof(*, artwork_id: UUID) -> None:
    """A curator refused the picture: the card is released, and from then on the refusal is final."""
    commission = _locked(job__artwork=artwork_id)
    if commission is None or commission.state not in {State.PAINTING, State.PROOF}:
        return
    because = "The commission it was made for has ended and its money went back; neither can be brought back."
    if generation.settle_review(artwork_id=artwork_id, state=ReviewState.REFUSED, because=because):
        commission.artwork = None
        _end(commission, State.FAILED, Review.objects.standing().get(artwork=artwork_id).refusal)


@transaction.atomic
def stop_painting(*, job_id: UUID) -> None:
    """The job failed or was cancelled: the card is released and the collector told why."""
    commission = _locked(job_id=job_id)
    if commission is None or commission.state != State.PAINTING or commission.job is None:
        return
    if commission.job.state == Job.State.CANCELLED:
        _end(commission, State.CANCELLED, "The painting was cancelled.")
    elif commission.job.state == Job.State.FAILED:
        _end(commission, State.FAILED, commission.job.error_detail or "The picture could not be painted.")


def end_orders_from(*, model_id: UUID) -> None:
    """A model was withdrawn: what is ordered from it and not painted yet ends, and its cards are released.

    What is painted stands: a proof may still be accepted.
    """
    waiting = Commission.objects.filter(trained_model=model_id, state__in=[State.AWAITING_PAYMENT, State.PAINTING])
    for commission_id in waiting.values_list("pk", flat=True):
        _end_unpainted(commission_id)


@transaction.atomic
def _end_unpainted(commission_id: UUID) -> None:
    commission = _locked(pk=commission_id)
    if commission is None or commission.state not in {State.AWAITING_PAYMENT, State.PAINTING}:
        return
    model, job = commission.trained_model, commission.job
    if model is None or model.state != ModelState.WITHDRAWN or (job is not None and job.is_final):
        return
    if job is not None:
        generation.cancel_job(job_id=job.pk)
    _end(commission, State.FAILED, "The model was withdrawn before your picture was painted.")


@transaction.atomic
def accept(*, commission_id: UUID, collector: User | None = None) -> Commission:
    """Take the work: its price is captured, and it is owned once that is done. Accepting twice is accepting once.

    Raises NotFound, NotNow.
    """
    commission = _locked_for(collector, commission_id)
    if commission.state in {State.ACCEPTED, State.DELIVERED}:
        return commission
    _require(commission, State.PROOF)
    assert commission.artwork_id is not None
    if not generation.settle_review(
        artwork_id=commission.artwork_id, state=ReviewState.CLEARED, because="The work was accepted, and is paid for."
    ):
        raise NotNow("A curator looks at the picture again first.", state=commission.state)
    payments.request_capture(
        payment_id=commission.payment_id,
        splits=[
            payments.Split(account=f"artist:{commission.listing.artist_id}", amount=commission.artist_amount),
            payments.Split(account="platform", amount=commission.platform_amount),
        ],
    )
    return _move(commission, State.ACCEPTED)


@transaction.atomic
def decline(*, commission_id: UUID, collector: User) -> Commission:
    """Do not take the work: the card is released. Raises NotFound, NotNow."""
    commission = _locked_for(collector, commission_id)
    if commission.state == State.DECLINED:
        return commission
    _require(commission, State.PROOF)
    return _end(commission, State.DECLINED, "You declined the proof.")


@transaction.atomic
def cancel(*, commission_id: UUID, collector: User) -> Commission:
    """Withdraw before the picture is ready: the job is stopped and the card released. Raises NotFound, NotNow."""
    commission = _locked_for(collector, commission_id)
    if commission.state == State.CANCELLED:
        return commission
    _require(commission, State.AWAITING_PAYMENT, State.PAINTING)
    # A picture that is painted and held back may be waited for no longer; its job is over.
    if commission.state == State.PAINTING and commission.job is not None and not commission.is_held:
        generation.cancel_job(job_id=commission.job.pk)
    return _end(commission, State.CANCELLED, "You cancelled it.")


@transaction.atomic
def deliver(*, payment_id: UUID) -> None:
    """The money is there: the work is the collector's."""
    commission = _locked(payment_id=payment_id)
    if commission is None or commission.state != State.ACCEPTED or commission.artwork is None:
        return
    orders.grant_ownership(artwork=commission.artwork, owner=commission.collector, source=f"commission:{commission.pk}")
    _move(commission, State.DELIVERED)


@transaction.atomic
def lapse(*, payment_id: UUID) -> None:
    """The provider let the authorisation go: nothing was charged, and nothing is delivered."""
    commission = _locked(payment_id=payment_id)
    if commission is None or commission.is_over:
        return
    if commission.state == State.PAINTING and commission.job is not None and not commission.job.is_final:
        generation.cancel_job(job_id=commission.job.pk)
    ended = State.LAPSED if commission.artwork_id else State.EXPIRED
    _end(commission, ended, "The card's authorisation lapsed; nothing was charged.")


@transaction.atomic
def expire(*, commission_id: UUID) -> None:
    """Nobody paid in time."""
    commission = _locked(pk=commission_id)
    if commission is not None and commission.state == State.AWAITING_PAYMENT:
        _end(commission, State.EXPIRED, "It was not paid in time.")


def _seed(listing: Listing, chosen: int | None) -> int | None:
    """The seed that was chosen, or one by chance; a style has none to choose. Raises InvalidInput."""
    if listing.trained_model is None:
        if chosen is not None:
            raise InvalidInput("A style has no seeds.", errors={"seed": ["Leave it out."]})
        return None
    if chosen is None:
        return secrets.randbelow(DRAWN_BELOW)
    if not 0 <= chosen < generation.SEED_BOUND:
        raise InvalidInput("The seed is out of range.", errors={"seed": ["From 0 to 2**53 - 1."]})
    return chosen


def _ready_photograph(collector: User, upload_id: UUID) -> Upload:
    photograph = Upload.objects.filter(pk=upload_id, owner=collector).first()
    if photograph is None:
        raise NotFound("You have no such upload.")
    if photograph.state == Upload.State.HELD:
        raise PhotographNotReady(errors={"photograph": ["A curator looks at this photograph first."]})
    if photograph.state != Upload.State.READY:
        raise PhotographNotReady(errors={"photograph": [f"The upload is {photograph.state}."]})
    return photograph


def _locked(**which: Any) -> Commission | None:
    """The commission, locked: always the first lock that this module takes."""
    return Commission.objects.select_for_update(of=("self",)).select_related(*_NEEDED).filter(**which).first()


def _locked_for(collector: User | None, commission_id: UUID) -> Commission:
    commission = _locked(pk=commission_id, **({"collector": collector} if collector else {}))
    if commission is None:
        raise NotFound("You have no such commission.")
    return commission


def _deadline(commission: Commission) -> datetime:
    """Until when the collector may answer, with enough time left to charge the card."""
    deadline = timezone.now() + timedelta(days=settings.ATELIER.acceptance_days)
    if commission.payment.capture_before is None:
        return deadline
    return min(deadline, commission.payment.capture_before - MARGIN)


def _is_held(artwork_id: UUID) -> bool:
    return Artwork.objects.filter(pk=artwork_id, visibility=Artwork.Visibility.HELD).exists()


def _require(commission: Commission, *states: str) -> None:
    if commission.state not in states:
        raise NotNow(f"The commission is {commission.get_state_display().lower()}.", state=commission.state)


def _broken(error: IntegrityError) -> str:
    """The name of the constraint that the database held against us."""
    return str(getattr(getattr(error.__cause__, "diag", None), "constraint_name", ""))


def _end(commission: Commission, state: str, reason: str) -> Commission:
    """Finish without a work: whatever was authorised is released."""
    commission.reason = reason[:300]
    payments.request_release(payment_id=commission.payment_id)
    return _move(commission, state)


def _move(commission: Commission, state: str) -> Commission:
    commission.state = state
    commission.save()
    notify.publish(CHANNEL, str(commission.pk))
    return commission
