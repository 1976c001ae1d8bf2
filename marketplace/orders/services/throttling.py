"""Editions that are made when bought are sold no faster than the workers can make them."""

from math import ceil

from django.conf import settings
from django.utils.translation import gettext

from generation import selectors as generation
from marketplace.listings.models import Release
from marketplace.orders.errors import TooBusy
from marketplace.orders.models import Order, OrderState

OPEN = (OrderState.RESERVED, OrderState.PAID, OrderState.MAKING)


def refuse_too_many(release: Release) -> None:
    """Raises TooBusy where what is reserved and being made, and one more, takes the workers longer than they may.

    By the run times that were measured of the engine lately. Where nothing was measured yet, or nobody works just now,
    nothing can be said, and one at a time is sold.
    """
    if not release.is_series:
        return
    ahead = Order.objects.filter(edition__release__engine=release.engine, edition__made=None, state__in=OPEN).count()
    most = settings.ATELIER.making_minutes * 60
    pace = generation.seconds_each(release.engine)
    needed = (ahead + 1) * pace if pace is not None else (most if not ahead else most + 1)
    if needed > most:
        wait = max(5, ceil(needed - most))
        raise TooBusy(gettext("More is ordered than can be made soon. Please try again in a while."), retry_after=wait)
