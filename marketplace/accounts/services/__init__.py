"""Writing about people; use as `services.create_token(…)`."""

from marketplace.accounts.services.artists import become_artist, update_artist, update_profile
from marketplace.accounts.services.curators import equip_curators
from marketplace.accounts.services.demo import make_demo_accounts
from marketplace.accounts.services.sign_in import sign_in_with_password
from marketplace.accounts.services.tokens import create_token, revoke_token, revoke_tokens, use_token

__all__ = [
    "become_artist",
    "create_token",
    "equip_curators",
    "make_demo_accounts",
    "revoke_token",
    "revoke_tokens",
    "sign_in_with_password",
    "update_artist",
    "update_profile",
    "use_token",
]
