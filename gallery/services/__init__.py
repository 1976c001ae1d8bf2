"""What changes something of the gallery's own."""

from gallery.services.bundles import bundle_url, forget_bundles, pack_bundle

__all__ = ["bundle_url", "forget_bundles", "pack_bundle"]
