"""What artists and owners do with what they sell. One public function a use case, all arguments by keyword."""

from marketplace.listings.services.commissioned import (
    LEAST_PRICE,
    MOST_PRICE,
    change_listing,
    publish_engine_listing,
    publish_listing,
    publish_model_listing,
)
from marketplace.listings.services.lending import lend_style, withdraw_style
from marketplace.listings.services.licensing import offer_licences
from marketplace.listings.services.releasing import issue_single

__all__ = [
    "LEAST_PRICE",
    "MOST_PRICE",
    "change_listing",
    "issue_single",
    "lend_style",
    "offer_licences",
    "publish_engine_listing",
    "publish_listing",
    "publish_model_listing",
    "withdraw_style",
]
