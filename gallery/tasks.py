"""The gallery's chores."""

from gallery import services
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
