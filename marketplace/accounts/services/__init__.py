"""Writing about people; use as `services.create_token(…)`."""

from marketplace.accounts.services.artists import become_artist, update_artist, update_profile
from marketplace.accounts.services.curators import equip_curators
from marketplace.accounts.services.demo import make_demo_accounts
from marketplace.accounts.services.languages import choose_language
from marketplace.accounts.services.mailing import is_mail_due, send_due_mails
from marketplace.accounts.services.notifying import notify, notify_all
from marketplace.accounts.services.publishing import publish
from marketplace.accounts.services.reading_notifications import choose_emails, mark_notifications_read
from marketplace.accounts.services.sign_in import sign_in_with_password
from marketplace.accounts.services.standing import reinstate_artist, suspend_artist
from marketplace.accounts.services.tokens import create_token, revoke_token, revoke_tokens, use_token
from marketplace.accounts.services.unsubscribing import read_unsubscribe_token, unsubscribe, unsubscribe_token
from marketplace.accounts.services.webhooks import (
    change_endpoint,
    create_endpoint,
    delete_endpoint,
    forget_old_deliveries,
    give_up_what_is_overdue,
    is_anything_due,
    replay_delivery,
    replay_failed,
    roll_secret,
    send_due,
    try_endpoint,
)

__all__ = [
    "become_artist",
    "change_endpoint",
    "choose_emails",
    "choose_language",
    "create_endpoint",
    "create_token",
    "delete_endpoint",
    "equip_curators",
    "forget_old_deliveries",
    "give_up_what_is_overdue",
    "is_anything_due",
    "is_mail_due",
    "make_demo_accounts",
    "mark_notifications_read",
    "notify",
    "notify_all",
    "publish",
    "read_unsubscribe_token",
    "reinstate_artist",
    "replay_delivery",
    "replay_failed",
    "revoke_token",
    "revoke_tokens",
    "roll_secret",
    "send_due",
    "send_due_mails",
    "sign_in_with_password",
    "suspend_artist",
    "try_endpoint",
    "unsubscribe",
    "unsubscribe_token",
    "update_artist",
    "update_profile",
    "use_token",
]
