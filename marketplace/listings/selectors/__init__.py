"""Reading what is for sale, and who has a share in it."""

from marketplace.listings.selectors.commissioned import (
    kept_listing_of_model,
    listing_by_id,
    listing_of,
    listing_of_engine,
    listing_of_model,
    open_listings,
)
from marketplace.listings.selectors.shares import of_others, shares_of, used_by

__all__ = [
    "kept_listing_of_model",
    "listing_by_id",
    "listing_of",
    "listing_of_engine",
    "listing_of_model",
    "of_others",
    "open_listings",
    "shares_of",
    "used_by",
]
