"""Accounts' tables: people with their roles and tokens, what they are told, and the webhooks of theirs."""

from marketplace.accounts.models.events import EVENT_TYPES, EVERYTHING
from marketplace.accounts.models.kinds import GROUPS, KINDS, Group, Kind
from marketplace.accounts.models.notifications import Notification, SilencedGroup
from marketplace.accounts.models.people import CURATORS, SCOPES, ApiToken, ApiTokenQuerySet, Artist, User, UserManager
from marketplace.accounts.models.standing import ARTIST, ArtistState
from marketplace.accounts.models.web import MOST_LINKS, validate_web_address
from marketplace.accounts.models.webhooks import (
    DeliveryState,
    EndpointState,
    WebhookAttempt,
    WebhookDelivery,
    WebhookEndpoint,
    is_signed_by_both,
)

__all__ = [
    "ARTIST",
    "CURATORS",
    "EVENT_TYPES",
    "EVERYTHING",
    "GROUPS",
    "KINDS",
    "MOST_LINKS",
    "SCOPES",
    "ApiToken",
    "ApiTokenQuerySet",
    "Artist",
    "ArtistState",
    "DeliveryState",
    "EndpointState",
    "Group",
    "Kind",
    "Notification",
    "SilencedGroup",
    "User",
    "UserManager",
    "WebhookAttempt",
    "WebhookDelivery",
    "WebhookEndpoint",
    "is_signed_by_both",
    "validate_web_address",
]
