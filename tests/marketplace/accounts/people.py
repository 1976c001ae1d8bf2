"""People as they come to the door: with a confirmed address and a password, and perhaps a second factor."""

import time
from collections.abc import Iterable
from datetime import timedelta
from itertools import count
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.app_settings import TOTP_PERIOD
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.contrib.auth.models import Group
from rest_framework.test import APIClient

from marketplace.accounts import services
from marketplace.accounts.models import CURATORS, User

PASSWORD = "a-long-and-quiet-river"
_numbers = count(1)


def member(*, verified: bool = True, **fields: Any) -> User:
    """Somebody who signed up with PASSWORD and, unless told otherwise, confirmed their address."""
    email = fields.pop("email", f"member{next(_numbers)}@example.com")
    user = User.objects.create_user(email, PASSWORD, **fields)
    EmailAddress.objects.create(user=user, email=email, verified=verified, primary=True)
    return user


def curator() -> User:
    """A member of the curators' group who may enter the administration."""
    user = member(is_staff=True, display_name="Curator")
    user.groups.add(Group.objects.get(name=CURATORS))
    return user


def with_totp(user: User) -> str:
    """Give the person an authenticator app; returns its secret."""
    secret: str = generate_totp_secret()
    TOTP.activate(user, secret)
    return secret


def totp_code(secret: str) -> str:
    """What the authenticator app shows now, with some seconds left to type it in."""
    left = TOTP_PERIOD - time.time() % TOTP_PERIOD
    if left < 3:
        time.sleep(left)
    [counter] = yield_hotp_counters_from_time()
    code: str = format_hotp_value(hotp_value(secret, counter))
    return code


def with_recovery_codes(user: User) -> list[str]:
    """Give the person recovery codes; returns them."""
    codes: list[str] = RecoveryCodes.activate(user).get_unused_codes()
    return codes


def token_client(user: User, scopes: Iterable[str], *, expires_in: timedelta | None = None) -> APIClient:
    """An API client with a token of these scopes."""
    _, secret = services.create_token(user=user, name="test", scopes=scopes, expires_in=expires_in)
    return bearer(secret)


def bearer(secret: str) -> APIClient:
    """An API client that sends this token."""
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {secret}")
    return client


def sign_in(**body: Any) -> Any:
    """Ask the token endpoint."""
    return APIClient().post("/api/v1/auth/token/", body, format="json")
