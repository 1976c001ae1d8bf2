"""Artists' tables: their applications and portraits."""

from marketplace.artists.models.applications import MOST_PICTURES, Application
from marketplace.artists.models.life import APPLICATION, OPEN, WRITABLE, ApplicationState
from marketplace.artists.models.portraits import SIDE, Portrait
from marketplace.artists.models.terms import CURRENT_TERMS, ArtistTerms

__all__ = [
    "APPLICATION",
    "CURRENT_TERMS",
    "MOST_PICTURES",
    "OPEN",
    "SIDE",
    "WRITABLE",
    "Application",
    "ApplicationState",
    "ArtistTerms",
    "Portrait",
]
