"""What a token may do: every view names the scope it needs; people signed in by session have all of them."""

from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from marketplace.accounts.models import SCOPES, ApiToken

if TYPE_CHECKING:
    # The views import their default permission, this module, while they are being made.
    from rest_framework.views import APIView

__all__ = ["SCOPES", "HasScope", "OwnTokenOrSession"]


class HasScope(BasePermission):
    """Signed in, and, with a token, within its scopes: the view's `scopes[method]`, or `read` for safe methods.

    A view that anybody may read sets `is_public = True`; its unsafe methods still need somebody. There a token whose
    scopes are not enough looks as anybody would: drafts and private things of its owner are not shown to it.
    """

    def has_permission(self, request: Request, view: "APIView") -> bool:
        safe = request.method in SAFE_METHODS
        needed = getattr(view, "scopes", {}).get(request.method, "read" if safe else None)
        is_enough = not isinstance(request.auth, ApiToken) or needed in request.auth.scopes
        if safe and getattr(view, "is_public", False):
            if not is_enough:
                request.user = AnonymousUser()
            return True
        return request.user.is_authenticated and is_enough


class OwnTokenOrSession(BasePermission):
    """Somebody signed in by session, or the very token that the address names."""

    def has_permission(self, request: Request, view: "APIView") -> bool:
        if isinstance(request.auth, ApiToken):
            is_itself: bool = request.auth.pk == view.kwargs["token_id"]
            return is_itself
        return request.user.is_authenticated
