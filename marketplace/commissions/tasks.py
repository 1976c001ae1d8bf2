"""The commissions' deadlines."""

from datetime import timedelta

from django.utils import timezone

from generation.models import Artwork
from marketplace.commissions import services
from marketplace.commissions.models import Commission
from marketplace.core.periodic import periodic

TIME_TO_PAY = timedelta(hours=24)


@periodic(seconds=60)
def accept_what_nobody_answered() -> None:
    """Silence until `accept_by` is acceptance: the artist's work was done, and the authorisation would lapse."""
    overdue = Commission.objects.filter(state=Commission.State.PROOF, accept_by__lt=timezone.now())
    # A proof that a curator has just taken back is no proof, though the commission may not have heard of it yet.
    overdue = overdue.exclude(artwork__visibility=Artwork.Visibility.HELD)
    for commission_id in overdue.values_list("pk", flat=True)[:500]:
        services.accept(commission_id=commission_id)


@periodic(seconds=300)
def expire_what_nobody_paid() -> None:
    """An order that was never paid ends after a day."""
    unpaid = Commission.objects.filter(
        state=Commission.State.AWAITING_PAYMENT, created_at__lt=timezone.now() - TIME_TO_PAY
    )
    for commission_id in unpaid.values_list("pk", flat=True)[:500]:
        services.expire(commission_id=commission_id)
