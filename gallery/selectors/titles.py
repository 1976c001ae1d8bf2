"""Who may give a work another title."""

from generation.models import Artwork
from marketplace.accounts.models import User
from marketplace.orders import selectors as orders


def may_retitle(artwork: Artwork, person: User | None) -> bool:
    """Whether this person is offered to: its maker or artist, while nobody owns, buys or bids for an edition."""
    if person is None:
        return False
    is_theirs = artwork.maker_id == person.pk or (artwork.artist is not None and artwork.artist.user_id == person.pk)
    return is_theirs and not orders.is_spoken_for(artwork)
