"""Auctions: English ones, bid for by proxy, and Dutch ones, whose price falls."""

from marketplace.listings.services.auctions.bidding import CHANNEL, least_for, place_bid, strike_bid
from marketplace.listings.services.auctions.closing import award_bought, award_next, close_auction
from marketplace.listings.services.auctions.drafting import (
    DutchTerms,
    EnglishTerms,
    draft_auction,
    draft_auction_of_edition,
    draft_dutch_auction,
)

__all__ = [
    "CHANNEL",
    "DutchTerms",
    "EnglishTerms",
    "award_bought",
    "award_next",
    "close_auction",
    "draft_auction",
    "draft_auction_of_edition",
    "draft_dutch_auction",
    "least_for",
    "place_bid",
    "strike_bid",
]
