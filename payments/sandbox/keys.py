"""API keys: who may call what."""

import base64
import binascii
import hmac

from payments.sandbox.config import Config
from payments.sandbox.problems import AccountForbidden, KeyForbidden, Unauthenticated
from payments.sandbox.store import Transaction

_MISSING = (
    "You did not provide an API key. You need to provide your API key in the Authorization header, using Bearer auth "
    "(e.g. 'Authorization: Bearer YOUR_SECRET_KEY')."
)


def authenticate(authorization: str | None, config: Config, *, browsers_too: bool) -> bool:
    """Check the key; True when it is the publishable one, which only some endpoints take."""
    key = _key_in(authorization or "")
    if hmac.compare_digest(key.encode(), config.api_key.encode()):
        return False
    if not hmac.compare_digest(key.encode(), config.publishable_key.encode()):
        raise Unauthenticated(f"Invalid API Key provided: {_masked(key)}")
    if not browsers_too:
        raise KeyForbidden(
            "This API call cannot be made with a publishable API key. Please use a secret API key. You can find a "
            "list of your API keys at https://dashboard.stripe.com/account/apikeys."
        )
    return True


def require_account(tx: Transaction, account: str) -> None:
    """Refuse to act for an account that is not connected, or no longer."""
    if account and tx.find("account", account) is None:
        raise AccountForbidden(account)


def _key_in(authorization: str) -> str:
    scheme, _, credentials = authorization.partition(" ")
    if scheme.lower() == "bearer" and credentials:
        return credentials.strip()
    if scheme.lower() == "basic" and credentials:
        try:
            return base64.b64decode(credentials, validate=True).decode().partition(":")[0]
        except (binascii.Error, UnicodeDecodeError):
            raise Unauthenticated("The Authorization header is not valid Basic authentication.") from None
    raise Unauthenticated(_MISSING)


def _masked(key: str) -> str:
    return f"{key[:8]}{'*' * 8}{key[-4:]}" if len(key) > 16 else "*" * len(key)
