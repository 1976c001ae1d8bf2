"""Signing in for an API token, and looking after one's tokens."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.generics import ListAPIView
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from marketplace.accounts import selectors, services
from marketplace.accounts.api.authentication import CHALLENGE, signed_in
from marketplace.accounts.api.permissions import OwnTokenOrSession
from marketplace.accounts.api.serializers import NewTokenOut, SignIn, TokenOut
from marketplace.accounts.models import ApiToken


class SignInView(APIView):
    """Where programs sign in."""

    # Nobody needs to be signed in to sign in: a stale token or cookie must not stand in the way.
    authentication_classes: list[Any] = []
    permission_classes = [AllowAny]
    throttle_scope = "token"
    also_answers = {"POST": {"401"}}

    @extend_schema(operation_id="auth_token_create", request=SignIn, responses={201: NewTokenOut}, auth=[])
    def post(self, request: Request) -> Response:
        """Exchange an e-mail address and a password for a token. Its secret is in this answer alone."""
        given = SignIn(data=request.data)
        given.is_valid(raise_exception=True)
        wanted = given.validated_data
        user = services.sign_in_with_password(
            request=request._request, email=wanted["email"], password=wanted["password"], code=wanted["code"]
        )
        days = wanted["expires_in_days"]
        token, secret = services.create_token(
            user=user,
            name=wanted["name"],
            scopes=wanted.get("scopes") or selectors.scopes_open_to(user),
            expires_in=timedelta(days=days) if days else None,
        )
        answer = NewTokenOut(token, context={"secret": secret})
        return Response(answer.data, status=status.HTTP_201_CREATED, headers={"Cache-Control": "no-store"})

    def handle_exception(self, exc: Exception) -> Response:
        response = super().handle_exception(exc)
        if response.status_code == status.HTTP_401_UNAUTHORIZED:
            response.headers["WWW-Authenticate"] = CHALLENGE
        return response


class TokensView(ListAPIView[ApiToken]):
    """Your tokens that were not revoked, newest first; never their secrets."""

    serializer_class = TokenOut
    queryset = ApiToken.objects.none()

    def get_queryset(self) -> QuerySet[ApiToken]:
        return selectors.tokens_of(signed_in(self.request))


class TokenView(APIView):
    """One of your tokens."""

    permission_classes = [OwnTokenOrSession]

    @extend_schema(operation_id="auth_tokens_destroy", responses={204: None})
    def delete(self, request: Request, token_id: UUID) -> Response:
        """Revoke it, at once and for good. A token may revoke itself, and no other."""
        services.revoke_token(user=signed_in(request), token_id=token_id)
        return Response(status=status.HTTP_204_NO_CONTENT)
