"""What a token may do: every view names the scope it needs; people signed in by session have all of them."""

from typing import TYPE_CHECKING

from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from marketplace.accounts.models import SCOPES, ApiToken

if TYPE_CHECKING:
    # The views import their default permission, this module, while they are being made.
    from rest_framework.views import APIView

__all__ = ["SCOPES", "HasScope", "OwnTokenOrSession"]


class HasScope(BasePermission):
    """Signed in, and, with a token, within its scopes: the view's `scopes[method]`, or `read` for safe methods.

    A view that anybody may read sets `is_public = True`; its unsafe methods still need somebody.
    """

    def has_permission(self, request: Request, view: "APIView") -> bool:
        safe = request.method in SAFE_METHODS
        if safe and getattr(view, "is_public", False):
            return True
        if not request.user.is_authenticated:
            return False
        if not isinstance(request.auth, ApiToken):
            return True
        needed = getattr(view, "scopes", {}).get(request.method, "read" if safe else None)
        return needed is not None and needed in request.auth.scopes


class OwnTokenOrSession(BasePermission):
    """Somebody signed in by session, or the very token that the address names."""

    def has_permission(self, request: Request, view: "APIView") -> bool:
        if isinstance(request.auth, ApiToken):
            is_itself: bool = request.auth.pk == view.kwargs["token_id"]
            return is_itself
        return request.user.is_authenticated
