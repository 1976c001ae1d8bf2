"""Outgoing webhooks: published with a change, sent after the commit, signed, retried, replayable."""

from marketplace.accounts.services.webhooks.endpoints import (
    change_endpoint,
    create_endpoint,
    delete_endpoint,
    replay_delivery,
    replay_failed,
    roll_secret,
    try_endpoint,
)
from marketplace.accounts.services.webhooks.keeping import forget_old_deliveries, give_up_what_is_overdue
from marketplace.accounts.services.webhooks.sending import is_anything_due, send_due

__all__ = [
    "change_endpoint",
    "create_endpoint",
    "delete_endpoint",
    "forget_old_deliveries",
    "give_up_what_is_overdue",
    "is_anything_due",
    "replay_delivery",
    "replay_failed",
    "roll_secret",
    "send_due",
    "try_endpoint",
]
