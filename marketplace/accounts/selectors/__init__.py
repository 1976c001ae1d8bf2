"""Reading about people, and what they are told."""

from marketplace.accounts.selectors.notifications import (
    COUNTED,
    EmailChoice,
    email_choices_of,
    notifications_of,
    unread_of,
)
from marketplace.accounts.selectors.people import (
    approved_artist,
    artist_by_slug,
    artist_of,
    artists,
    curator_ids,
    display_name,
    known_artists,
    require_approved,
    scopes_open_to,
    tokens_of,
)
from marketplace.accounts.selectors.webhooks import deliveries_of, delivery_of, endpoint_of, endpoints_of

__all__ = [
    "COUNTED",
    "EmailChoice",
    "approved_artist",
    "artist_by_slug",
    "artist_of",
    "artists",
    "curator_ids",
    "deliveries_of",
    "delivery_of",
    "display_name",
    "email_choices_of",
    "endpoint_of",
    "endpoints_of",
    "known_artists",
    "notifications_of",
    "require_approved",
    "scopes_open_to",
    "tokens_of",
    "unread_of",
]
