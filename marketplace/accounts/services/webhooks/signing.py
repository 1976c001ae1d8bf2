"""Secrets and signatures of webhooks, by the Standard Webhooks specification 1.0 (standardwebhooks.com)."""

import base64
import hashlib
import hmac
import secrets
from datetime import datetime

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.utils.translation import gettext

from marketplace.accounts.models import WebhookEndpoint, is_signed_by_both

MARK = "whsec_"
SECRET_BYTES = 32  # the specification: 24 to 64


class SecretLost(Exception):
    """The house's key was changed since the secret was sealed: its owner makes a new one."""


def new_secret() -> str:
    """A secret as its owner sees it, once."""
    return MARK + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def seal(secret: str) -> str:
    """A secret as it is kept: a stolen table signs nothing."""
    return _box().encrypt(secret.encode()).decode()


def signature_headers(endpoint: WebhookEndpoint, *, event_id: str, now: datetime, body: bytes) -> dict[str, str]:
    """`webhook-id`, `webhook-timestamp` and `webhook-signature`; for a while after a change by both secrets.

    Raises SecretLost.
    """
    sealed = [endpoint.secret, *([endpoint.old_secret] if is_signed_by_both(endpoint, now) else [])]
    timestamp = str(int(now.timestamp()))
    signed = b".".join([event_id.encode(), timestamp.encode(), body])
    signatures = [f"v1,{_sign(_open(secret), signed)}" for secret in sealed]
    return {"webhook-id": event_id, "webhook-timestamp": timestamp, "webhook-signature": " ".join(signatures)}


def _sign(secret: str, signed: bytes) -> str:
    key = base64.b64decode(secret.removeprefix(MARK))
    return base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()


def _open(sealed: str) -> str:
    try:
        return _box().decrypt(sealed.encode()).decode()
    except InvalidToken as error:
        raise SecretLost(gettext("The secret cannot be read any more: make a new one.")) from error


def _box() -> Fernet:
    key = hmac.digest(settings.SECRET_KEY.encode(), b"accounts.webhooks", hashlib.sha256)
    return Fernet(base64.urlsafe_b64encode(key))
