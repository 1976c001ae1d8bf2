"""API tokens: made, used and revoked. Their secrets are shown once and kept as a digest."""

import hashlib
import secrets
from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

import structlog
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext

from marketplace.accounts.errors import ScopeRefused
from marketplace.accounts.models import SCOPES, ApiToken, User
from marketplace.accounts.selectors import scopes_open_to
from marketplace.core.errors import InvalidInput, NotFound

log = structlog.get_logger(__name__)

MARK = "atl_"  # lets secret scanners and people recognise a leaked token
PREFIX_LENGTH = 12
USE_RECORDED_EVERY = timedelta(minutes=1)


def create_token(*, user: User, name: str, scopes: Iterable[str], expires_in: timedelta | None) -> tuple[ApiToken, str]:
    """Make a token and return it with its secret, which is never shown again.

    Raises InvalidInput, ScopeRefused.
    """
    wanted = sorted(set(scopes))
    _check_scopes(user, wanted)
    if expires_in is not None and expires_in <= timedelta(0):
        raise InvalidInput(errors={"expires_in": [gettext("A token cannot expire before it is made.")]})
    secret = MARK + secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        user=user,
        name=name.strip() or "API token",
        prefix=secret[:PREFIX_LENGTH],
        digest=_digest(secret),
        scopes=wanted,
        expires_at=timezone.now() + expires_in if expires_in else None,
    )
    log.info("token.created", token=str(token.pk), user=str(user.pk), scopes=wanted)
    return token, secret


def use_token(*, secret: str) -> ApiToken | None:
    """The live token of `secret` with its active user, or None; remembers, to the minute, when it was used."""
    if not secret.startswith(MARK):
        return None
    now = timezone.now()
    live = ApiToken.objects.live(now).select_related("user")
    token = live.filter(digest=_digest(secret), user__is_active=True).first()
    if token is None:
        return None
    if token.last_used_at is None or now - token.last_used_at >= USE_RECORDED_EVERY:
        unrecorded = Q(last_used_at=None) | Q(last_used_at__lte=now - USE_RECORDED_EVERY)
        ApiToken.objects.filter(unrecorded, pk=token.pk).update(last_used_at=now)
        token.last_used_at = now
    return token


def revoke_token(*, user: User, token_id: UUID) -> None:
    """End one of the person's own tokens, at once and for good; ending it twice changes nothing.

    Raises NotFound.
    """
    if not ApiToken.objects.filter(pk=token_id, user=user).exists():
        raise NotFound(gettext("You have no such token."))
    ended = ApiToken.objects.filter(pk=token_id, revoked_at=None).update(revoked_at=timezone.now())
    if ended:
        log.info("token.revoked", token=str(token_id), user=str(user.pk))


def revoke_tokens(*, tokens: QuerySet[ApiToken]) -> int:
    """End many tokens at once, whoever has them: for the administration. Returns how many were still in use."""
    ended = tokens.filter(revoked_at=None).update(revoked_at=timezone.now())
    log.info("tokens.revoked", count=ended)
    return ended


def _digest(secret: str) -> str:
    # Plain SHA-256 is enough: the secret is 256 bits of chance, so nothing can be guessed from its digest.
    return hashlib.sha256(secret.encode()).hexdigest()


def _check_scopes(user: User, wanted: list[str]) -> None:
    if not wanted:
        raise InvalidInput(errors={"scopes": [gettext("Name at least one scope.")]})
    if unknown := [scope for scope in wanted if scope not in SCOPES]:
        raise InvalidInput(
            errors={
                "scopes": [
                    gettext("Unknown: %(words)s. Known: %(words_2)s.")
                    % {"words": ", ".join(unknown), "words_2": ", ".join(SCOPES)}
                ]
            }
        )
    if refused := [scope for scope in wanted if scope not in scopes_open_to(user)]:
        raise ScopeRefused(
            gettext("You may not give a token %(words)s.") % {"words": " or ".join(refused)}, scopes=refused
        )
