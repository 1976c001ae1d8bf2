"""What is due by time: sales end, drops are told of, offers lapse."""

from marketplace.core.periodic import periodic
from marketplace.listings import services


@periodic(seconds=15)
def close_what_is_over() -> None:
    """Sales at a price end when their time is over or nothing is left; timed editions then get their size."""
    services.end_what_is_over()
    services.settle_timed_releases()


@periodic(seconds=15)
def tell_of_drops() -> None:
    """Those on the list of a drop hear that it is open."""
    services.announce_drops()


@periodic(seconds=60)
def lapse_old_offers() -> None:
    """Offers that nobody answered in time end."""
    services.expire_offers()
