"""The gallery's chores: what is counted, who is told of something, what is forgotten."""

from gallery import services
from gallery.services.exhibiting import close_exhibitions
from marketplace.core.periodic import periodic


@periodic(seconds=3600)
def forget_bundles() -> None:
    """Remove bundles that were packed for a download, a day later."""
    services.forget_bundles()


@periodic(seconds=20)
def fold_facet_changes() -> None:
    """Fold what triggers wrote down about facets into their counts."""
    services.fold_changes()
    services.forget_changes()


@periodic(seconds=15)
def refresh_timed_cards() -> None:
    """Draw cards anew whose price falls, and those of what opens just now."""
    services.refresh_timed_cards()


@periodic(seconds=60)
def keep_views() -> None:
    """Take the views that were noted into the database."""
    services.keep_views()


@periodic(seconds=300)
def count_attention() -> None:
    """Trending, counted anew."""
    services.count_attention()


@periodic(seconds=60)
def tell_of_finds() -> None:
    """Tell of works that match what people look for from now on."""
    services.tell_of_finds()


@periodic(seconds=3600)
def forget_past_cards() -> None:
    """Forget what cards were before changes that everybody was told of."""
    services.forget_past_cards()


@periodic(seconds=24 * 3600)
def forget_share_images() -> None:
    """Remove pictures that links were shown with a month ago."""
    services.forget_share_images()


@periodic(seconds=60)
def close_exhibitions_that_are_over() -> None:
    """Close exhibitions whose time is over."""
    close_exhibitions()
