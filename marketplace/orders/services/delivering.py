"""What is paid for becomes its buyer's: at once, or when it has been made from a seed that nobody could choose."""

import secrets
from uuid import UUID

from django.db import IntegrityError, transaction

from generation import services as generation
from generation.models import Artwork, Job, Priority, Review, ReviewState
from marketplace.core.errors import AtelierError
from marketplace.core.languages import kept
from marketplace.listings.models import Edition, Sale
from marketplace.listings.models.sales import SALE
from marketplace.orders.models import Order, OrderState, Ownership
from marketplace.orders.services.owning import hand_over
from marketplace.orders.services.reserving import give_back
from marketplace.orders.services.returning import give_money_back
from marketplace.orders.services.sharing import awaits_last_price
from marketplace.orders.services.steps import locked, move
from marketplace.orders.services.telling import tell_failed, tell_owned
from payments import services as payments

MOST_DRAWS = 8  # that two in a row are taken happens once in 2**53 / 10,000


def deliver(order: Order) -> None:
    """Hand the paid edition over, or have it made; the order is locked."""
    edition = _lock_edition(order)
    if order.sale.is_resale and not Ownership.objects.filter(edition=edition, owner=order.seller_id).exists():
        fail(order, kept("Its seller does not own it any more."))
    elif edition.artwork is None:
        _have_made(order, edition)
    else:
        _own(order, edition)


@transaction.atomic
def take_made(*, job_id: UUID) -> None:
    """The edition is made: it is its buyer's, unless the moderation gate holds it back until a curator has looked."""
    order = locked(job_id=job_id)
    if order is None or order.state != OrderState.MAKING:
        return
    artwork = Artwork.objects.filter(job_id=job_id).first()
    if artwork is None or artwork.is_held:
        return
    edition = _lock_edition(order)
    edition.made = artwork
    edition.save(update_fields=["made", "updated_at"])
    _own(order, edition)


@transaction.atomic
def stop_making(*, job_id: UUID) -> None:
    """The job failed or was cancelled: all money goes back, and the edition is free for another seed."""
    order = locked(job_id=job_id)
    if order is None or order.state != OrderState.MAKING or order.job is None:
        return
    if order.job.state in {Job.State.FAILED, Job.State.CANCELLED}:
        fail(order, order.job.error_detail or kept("The edition could not be made."))


@transaction.atomic
def refuse_made(*, artwork_id: UUID) -> None:
    """A curator refused what was made: all money goes back, and from then on the refusal is final."""
    order = locked(job__artwork=artwork_id)
    if order is None or order.state != OrderState.MAKING:
        return
    because = kept("The order it was made for has ended and its money went back; neither can be brought back.")
    if generation.settle_review(artwork_id=artwork_id, state=ReviewState.REFUSED, because=because):
        fail(order, Review.objects.standing().get(artwork=artwork_id).refusal)


def fail(order: Order, reason: str) -> None:
    """What was paid cannot be delivered: everything goes back, the edition too."""
    give_money_back(order, "fail", reason)
    give_back(order.edition_id)
    tell_failed(order)


def _lock_edition(order: Order) -> Edition:
    editions = Edition.objects.select_for_update(no_key=True, of=("self",))
    edition = editions.select_related("release__artist__user", "release__artwork", "made").get(pk=order.edition_id)
    order.edition = edition
    if order.sale.release_id is None:  # what is sold is known by now: the sale need not read it again
        order.sale.edition = edition
    else:
        order.sale.release = edition.release
    return edition


def _have_made(order: Order, edition: Edition) -> None:
    """Draw the seed and submit the job. It is the artist's, not the buyer's, who could call off what they do not like.

    A try that is repeated after a crash repeats none of it: all of this is one transaction.
    """
    release = edition.release
    edition.seed = _draw_seed(edition)
    try:
        with transaction.atomic():
            order.job = generation.submit_job(
                owner=release.artist.user,
                engine=release.engine,
                parameters=release.parameters,
                seed=edition.seed,
                trained_model=release.trained_model,
                priority=Priority.COMMISSION,
                title=str(edition),
                artist=release.artist,
                as_proof=True,
                request_key=f"order:{order.pk}",
            )
    except AtelierError as error:
        if error.transient:
            raise
        fail(order, error.detail)
        return
    move(order, "make")


def _draw_seed(edition: Edition) -> int:
    """A seed that nobody could foresee, and that no other edition of the series has."""
    for _ in range(MOST_DRAWS):
        seed = secrets.randbelow(generation.SEED_BOUND)
        try:
            with transaction.atomic():
                Edition.objects.filter(pk=edition.pk).update(seed=seed)
        except IntegrityError:
            continue
        return seed
    raise RuntimeError(f"no free seed for {edition.pk}")


def _own(order: Order, edition: Edition) -> None:
    hand_over(edition=edition, owner=order.buyer, source=f"order:{order.pk}", licence=order.licence)
    move(order, "own")
    if edition.release.is_series and not awaits_last_price(order.sale):
        payments.release_shares(payment_id=order.payment_id)  # it was held until the edition was there
    tell_owned(order)
    if order.sale.edition_id is not None:
        _end_sale(order.sale_id)


def _end_sale(sale_id: UUID) -> None:
    """What was the one thing on offer is sold."""
    sale = Sale.objects.select_for_update(no_key=True).get(pk=sale_id)
    if SALE.allows("end", sale.state):
        SALE.move(sale, "end")
        sale.save()
