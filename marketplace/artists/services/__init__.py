"""Writing about artists: applications, what curators decide, profiles and shops."""

from marketplace.artists.services.applying import Said, submit_application, withdraw_application, write_application
from marketplace.artists.services.deciding import (
    approve_application,
    ask_changes,
    reject_application,
    reopen_application,
)
from marketplace.artists.services.portraits import remove_portrait, update_profile
from marketplace.artists.services.shops import change_shop

__all__ = [
    "Said",
    "approve_application",
    "ask_changes",
    "change_shop",
    "reject_application",
    "remove_portrait",
    "reopen_application",
    "submit_application",
    "update_profile",
    "withdraw_application",
    "write_application",
]
