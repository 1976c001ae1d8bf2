"""The gallery's own tables: what is drawn from the rooms below so that reading needs none of them."""

from gallery.models.card import Card, Orientation
from gallery.models.counts import CatalogueChange, FacetChange, FacetCount

__all__ = ["Card", "CatalogueChange", "FacetChange", "FacetCount", "Orientation"]
