"""The gallery's chores."""

from gallery import services
from marketplace.core.periodic import periodic


@periodic(seconds=3600)
def forget_bundles() -> None:
    """Remove bundles that were packed for a download, a day later."""
    services.forget_bundles()
