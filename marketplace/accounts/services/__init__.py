"""Writing about people; use as `services.create_token(…)`."""

from marketplace.accounts.services.artists import become_artist, update_artist, update_profile
from marketplace.accounts.services.curators import equip_curators
from marketplace.accounts.services.demo import make_demo_accounts
from marketplace.accounts.services.mailing import email_notification
from marketplace.accounts.services.notifying import notify, notify_all
from marketplace.accounts.services.reading_notifications import choose_emails, mark_notifications_read
from marketplace.accounts.services.sign_in import sign_in_with_password
from marketplace.accounts.services.tokens import create_token, revoke_token, revoke_tokens, use_token
from marketplace.accounts.services.unsubscribing import read_unsubscribe_token, unsubscribe, unsubscribe_token

__all__ = [
    "become_artist",
    "choose_emails",
    "create_token",
    "email_notification",
    "equip_curators",
    "make_demo_accounts",
    "mark_notifications_read",
    "notify",
    "notify_all",
    "read_unsubscribe_token",
    "revoke_token",
    "revoke_tokens",
    "sign_in_with_password",
    "unsubscribe",
    "unsubscribe_token",
    "update_artist",
    "update_profile",
    "use_token",
]
