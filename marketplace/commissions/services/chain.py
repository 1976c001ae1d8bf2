"""Who is paid for an instant commission: the house, the listing's artist, and whose styles and models are in it."""

from typing import Any
from uuid import UUID

from marketplace.commissions.models import Commission
from marketplace.core.money import split
from marketplace.listings import selectors as listings
from marketplace.listings.models import Listing, consent_of
from payments.services import Split


def consents_of(listing: Listing) -> dict[str, Any]:
    """What is written down at the order: shares by the terms that hold then, and the version of the model."""
    offered = listing.artwork or listing.trained_model
    shares = listings.of_others(listings.shares_of(offered), listing.artist.user_id) if offered else []
    told: dict[str, Any] = {"shares": [[str(payee), bps, role] for payee, bps, role in shares]}
    used = listing.trained_model
    if listing.artwork is not None:
        used, styles = listings.used_by(listing.artwork)
        told["styles"] = [str(style.pk) for style in styles]
    return told | ({"model": consent_of(used)} if used is not None else {})


def splits_of(commission: Commission, amount: int | None = None) -> list[Split]:
    """Everybody's part of the price, or of `amount` in the same proportion; what others have is theirs to the cent."""
    whole = [commission.artist_amount, commission.platform_amount]
    artist_amount, house = whole if amount is None else split(amount, whole)
    shares = [(UUID(payee), bps, role) for payee, bps, role in commission.consents.get("shares", [])]
    lent = [bps for _, bps, _ in shares]
    *parts, own = split(artist_amount, [*lent, 10_000 - sum(lent)])
    others = [Split(payee=payee, amount=part, role=role) for (payee, _, role), part in zip(shares, parts, strict=True)]
    artist = Split(payee=commission.listing.artist.user_id, amount=own, role="artist")
    return [artist, *others, Split(payee=None, amount=house)]
