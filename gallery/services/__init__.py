"""What changes something of the gallery's own."""

from gallery.services.bundles import bundle_url, forget_bundles, pack_bundle
from gallery.services.cards import fold_changes, forget_changes, recount_facets, refresh_all_cards, refresh_cards

__all__ = [
    "bundle_url",
    "fold_changes",
    "forget_bundles",
    "forget_changes",
    "pack_bundle",
    "recount_facets",
    "refresh_all_cards",
    "refresh_cards",
]
