"""What is for sale: commissions of many kinds (Listing), and editions of works and series (Release, Sale)."""

from marketplace.listings.models.auctions import AWARD, Auction, Award, AwardState, Bid, Falling
from marketplace.listings.models.commissioned import LEAST_REROLL_BPS, MOST_REROLLS, Listing, ListingKind, ListingState
from marketplace.listings.models.offers import OFFER, Offer, OfferState
from marketplace.listings.models.releases import (
    MOST_EDITIONS,
    MOST_ROYALTY,
    Contributor,
    Edition,
    EditionState,
    Release,
)
from marketplace.listings.models.sales import SALE, Allowed, Licence, Price, Sale, SaleKind, SaleState
from marketplace.listings.models.terms import MOST_LENT, StyleTerms, StyleTermsQuerySet, consent_of
from marketplace.listings.models.usual import UsualPrice

__all__ = [
    "AWARD",
    "LEAST_REROLL_BPS",
    "MOST_EDITIONS",
    "MOST_LENT",
    "MOST_REROLLS",
    "MOST_ROYALTY",
    "OFFER",
    "SALE",
    "Allowed",
    "Auction",
    "Award",
    "AwardState",
    "Bid",
    "Contributor",
    "Edition",
    "EditionState",
    "Falling",
    "Licence",
    "Listing",
    "ListingKind",
    "ListingState",
    "Offer",
    "OfferState",
    "Price",
    "Release",
    "Sale",
    "SaleKind",
    "SaleState",
    "StyleTerms",
    "StyleTermsQuerySet",
    "UsualPrice",
    "consent_of",
]
