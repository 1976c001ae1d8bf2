"""Reading about artists: applications, profiles and shops."""

from marketplace.artists.selectors.applications import (
    application_for,
    applications_for_curators,
    applications_of,
    latest_application,
)
from marketplace.artists.selectors.profiles import Profile, profile_of, profiles
from marketplace.artists.selectors.shops import Shop, shop_of

__all__ = [
    "Profile",
    "Shop",
    "application_for",
    "applications_for_curators",
    "applications_of",
    "latest_application",
    "profile_of",
    "profiles",
    "shop_of",
]
