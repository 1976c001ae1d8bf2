"""What the gallery reads."""

from gallery.selectors.versions import catalogue_version

__all__ = ["catalogue_version"]
