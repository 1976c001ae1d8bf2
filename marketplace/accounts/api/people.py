"""Oneself."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from marketplace.accounts import selectors, services
from marketplace.accounts.api.authentication import signed_in
from marketplace.accounts.api.serializers import ChangeMe, MeOut
from marketplace.accounts.models import ApiToken, User


class MeView(APIView):
    """Who is asking."""

    scopes = {"PATCH": "profile"}

    @extend_schema(operation_id="me_retrieve", responses=MeOut)
    def get(self, request: Request) -> Response:
        """Yourself, your roles, and what this request may do."""
        return _answer(request, signed_in(request))

    @extend_schema(operation_id="me_partial_update", request=ChangeMe, responses=MeOut)
    def patch(self, request: Request) -> Response:
        """Change the name that others see, where you are taxed, or the language you are written to in."""
        given = ChangeMe(data=request.data)
        given.is_valid(raise_exception=True)
        return _answer(request, services.update_profile(user=signed_in(request), **given.validated_data))


def _answer(request: Request, user: User) -> Response:
    token = request.auth
    scopes = token.scopes if isinstance(token, ApiToken) else selectors.scopes_open_to(user)
    return Response(MeOut(user, context={"artist": selectors.artist_of(user), "scopes": scopes}).data)
