"""Signing in without a page: the same checks and limits as allauth's own, for the token endpoint."""

import structlog
from allauth.account.adapter import get_adapter
from allauth.account.utils import has_verified_email
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.utils import is_mfa_enabled
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext

from marketplace.accounts.errors import (
    EmailUnverified,
    InvalidCredentials,
    MfaCodeWrong,
    MfaRequired,
    TooManyAttempts,
)
from marketplace.accounts.models import User

log = structlog.get_logger(__name__)

TOO_MANY = "too_many_login_attempts"
# Seconds after which allauth has forgotten attempts on an address, whose limit is the longer one (`login_failed`).
FORGOTTEN_AFTER = 300


def sign_in_with_password(*, request: HttpRequest, email: str, password: str, code: str = "") -> User:
    """The person whose address, password and, where they have one, second factor these are; makes no session.

    An unknown address takes as long as a wrong password, and is answered the same. Attempts are counted by address
    and by the caller's IP, together with those at the sign-in page.

    Raises InvalidCredentials, EmailUnverified, MfaRequired, MfaCodeWrong, TooManyAttempts.
    """
    email = email.strip().lower()
    try:
        user = get_adapter(request).authenticate(request, email=email, password=password)
    except ValidationError as error:
        raise TooManyAttempts(gettext("Wait some minutes, then try again."), retry_after=FORGOTTEN_AFTER) from error
    if not isinstance(user, User) or not user.is_active:
        log.info("sign_in.refused")
        raise InvalidCredentials()
    if not has_verified_email(user, email):
        raise EmailUnverified(gettext("Open the link in the mail we sent you, then try again."))
    if is_mfa_enabled(user):
        _check_second_factor(user, code)
    return user


def _check_second_factor(user: User, code: str) -> None:
    if not code:
        raise MfaRequired(gettext("Send `code` as well: from your authenticator app, or one of your recovery codes."))
    form = AuthenticateForm(user=user, data={"code": code})
    if form.is_valid():
        # Not `form.save()`: that writes the browser's session, and there is none here.
        form.authenticator.record_usage()
        return
    if form.has_error("code", TOO_MANY):
        raise TooManyAttempts(gettext("Wait some minutes, then try again."), retry_after=FORGOTTEN_AFTER)
    log.info("sign_in.code_refused", user=str(user.pk))
    raise MfaCodeWrong()
