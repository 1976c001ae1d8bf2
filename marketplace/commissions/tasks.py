"""The commissions' deadlines."""

import structlog
from django.utils import timezone

from generation.models import Artwork
from marketplace.commissions import services
from marketplace.commissions.models import Commission
from marketplace.core.errors import AtelierError
from marketplace.core.periodic import periodic

log = structlog.get_logger(__name__)


@periodic(seconds=60)
def accept_what_nobody_answered() -> None:
    """Silence until `accept_by` is acceptance: the artist's work was done, and the authorisation would lapse."""
    overdue = Commission.objects.filter(state=Commission.State.PROOF, accept_by__lt=timezone.now())
    # A proof that a curator has just taken back is no proof, though the commission may not have heard of it yet.
    overdue = overdue.exclude(artwork__visibility=Artwork.Visibility.HELD)
    for commission_id in overdue.values_list("pk", flat=True)[:500]:
        services.accept(commission_id=commission_id)


@periodic(seconds=60)
def expire_what_nobody_paid() -> None:
    """An order that is not paid in time ends: of a seed after minutes, of anything else after a day."""
    for commission_id in Commission.objects.overdue().order_by("pk").values_list("pk", flat=True)[:100]:
        try:
            services.expire(commission_id=commission_id)
        except AtelierError as error:
            log.warning("commission.expiry_failed", commission=str(commission_id), error=error.detail)
            if error.transient:
                return
