"""What orders hear from below: of payments, refunds, disputes, jobs, offers, and works that are held, cleared, refused.

And, of their own, that an edition has a new owner: its certificate is written, and the sale of the last one is over.
"""

from uuid import UUID

from generation.models import Artwork
from marketplace.core.outbox import subscribe
from marketplace.listings import services as listings
from marketplace.orders import selectors, services
from marketplace.orders.models import Acquisition


@subscribe("payment.captured", among=selectors.paid_by)
def on_payment_captured(payment_id: str) -> None:
    services.settle(payment_id=UUID(payment_id))
    services.invoice_order(payment_id=UUID(payment_id))


@subscribe("payment.lapsed", among=selectors.paid_by)
def on_payment_lapsed(payment_id: str) -> None:
    services.give_up(payment_id=UUID(payment_id))


@subscribe("payment.refunded")
def on_payment_refunded(refund_id: str) -> None:
    services.finish_refund(refund_id=UUID(refund_id))


@subscribe("dispute.closed")
def on_dispute_closed(dispute_id: str) -> None:
    services.hear_the_bank(dispute_id=UUID(dispute_id))


@subscribe("job.succeeded", among=selectors.made_by)
def on_job_succeeded(job_id: str) -> None:
    services.take_made(job_id=UUID(job_id))


@subscribe("job.failed", among=selectors.made_by)
def on_job_failed(job_id: str) -> None:
    services.stop_making(job_id=UUID(job_id))


@subscribe("job.cancelled", among=selectors.made_by)
def on_job_cancelled(job_id: str) -> None:
    services.stop_making(job_id=UUID(job_id))


@subscribe("offer.accepted")
def on_offer_accepted(offer_id: str) -> None:
    services.order_accepted(offer_id=UUID(offer_id))


@subscribe("edition.acquired")
def on_edition_acquired(step_id: str) -> None:
    edition_id = Acquisition.objects.values_list("edition_id", flat=True).get(pk=step_id)
    listings.end_if_sold_out(edition_id=edition_id)
    services.certify(edition_id=edition_id)


@subscribe("artwork.cleared")
def on_artwork_cleared(artwork_id: str) -> None:
    services.take_made(job_id=Artwork.objects.values_list("job_id", flat=True).get(pk=artwork_id))


@subscribe("artwork.refused")
def on_artwork_refused(artwork_id: str) -> None:
    services.refuse_made(artwork_id=UUID(artwork_id))


@subscribe("auction.awarded")
def on_auction_awarded(award_id: str) -> None:
    services.charge_award(award_id=UUID(award_id))


@subscribe("award.order_moved")
def on_awarded_order_moved(order_id: str) -> None:
    services.settle_award(order_id=UUID(order_id))
