"""Signing in to the API with a bearer token."""

from django.http import HttpRequest
from django.utils.translation import gettext
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed, NotAuthenticated
from rest_framework.request import Request

from marketplace.accounts import services
from marketplace.accounts.models import ApiToken, User

CHALLENGE = 'Bearer realm="atelier"'


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer atl_…`."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        parts = get_authorization_header(request).split()
        if not parts or parts[0].lower() != b"bearer":
            return None
        token = services.use_token(secret=parts[1].decode("latin-1")) if len(parts) == 2 else None
        if token is None:
            raise AuthenticationFailed(gettext("This token is unknown, expired or revoked."))
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        return CHALLENGE


def signed_in(request: Request | HttpRequest) -> User:
    """The person who asks, for views that are not for everybody.

    Raises NotAuthenticated.
    """
    if not isinstance(request.user, User):
        raise NotAuthenticated
    return request.user
