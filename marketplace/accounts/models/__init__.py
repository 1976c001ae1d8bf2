"""Accounts' tables: people with their roles and tokens, and what they are told."""

from marketplace.accounts.models.kinds import GROUPS, KINDS, Group, Kind
from marketplace.accounts.models.notifications import Notification, SilencedGroup
from marketplace.accounts.models.people import CURATORS, SCOPES, ApiToken, ApiTokenQuerySet, Artist, User, UserManager

__all__ = [
    "CURATORS",
    "GROUPS",
    "KINDS",
    "SCOPES",
    "ApiToken",
    "ApiTokenQuerySet",
    "Artist",
    "Group",
    "Kind",
    "Notification",
    "SilencedGroup",
    "User",
    "UserManager",
]
