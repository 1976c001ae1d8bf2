"""What ends or begins soon: auctions and timed sales by when they close, drops by when they open."""

from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from gallery.models import Card
from marketplace.listings import selectors as listings
from marketplace.listings.models import Sale

SOON = timedelta(days=7)
MOST = 48


def ending_soon(*, limit: int = MOST) -> list[Sale]:
    """Auctions and timed sales that are open and close within a week, the next first."""
    now = timezone.now()
    begun = Q(opens_at=None) | Q(opens_at__lte=now)
    ending = listings.sales_shown().filter(begun, closes_at__gt=now, closes_at__lte=now + SOON)
    return list(ending.order_by("closes_at", "pk")[:limit])


def works_ending(*, limit: int = 6) -> list[Card]:
    """Works whose auction or timed sale is open and closes within a week, the next first: one query along its index."""
    now = timezone.now()
    begun = Q(opens_at=None) | Q(opens_at__lte=now)
    ending = Card.objects.filter(begun, ends_at__gt=now, ends_at__lte=now + SOON).only("shown", "ends_at")
    return list(ending.order_by("ends_at", "artwork")[:limit])


def opening_soon(*, limit: int = MOST) -> list[Sale]:
    """Drops and auctions that are announced and not open yet, the next first."""
    to_come = listings.sales_shown().filter(opens_at__gt=timezone.now())
    return list(to_come.order_by("opens_at", "pk")[:limit])
