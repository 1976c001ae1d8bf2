"""Curators over HTTP: hang a work, take it down, undo the last act."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from generation import selectors, services
from generation.api.artworks import ArtworkOut
from marketplace.accounts.api.authentication import signed_in


class Curate(serializers.Serializer[Any]):
    """Why, in a few words."""

    reason = serializers.CharField(max_length=200, required=False, default="", allow_blank=True)


class HangView(APIView):
    """Hanging a work."""

    scopes = {"POST": "curate"}

    @extend_schema(operation_id="artworks_hang", request=Curate, responses=ArtworkOut)
    def post(self, request: Request, artwork_id: UUID) -> Response:
        """Hang it on the wall, where everybody sees it."""
        services.hang_artwork(artwork_id=artwork_id, curator=signed_in(request), reason=_reason(request))
        return _answer(request, artwork_id)


class TakeDownView(APIView):
    """Taking a work down."""

    scopes = {"POST": "curate"}

    @extend_schema(operation_id="artworks_take_down", request=Curate, responses=ArtworkOut)
    def post(self, request: Request, artwork_id: UUID) -> Response:
        """Take it off the wall."""
        services.take_down_artwork(artwork_id=artwork_id, curator=signed_in(request), reason=_reason(request))
        return _answer(request, artwork_id)


class UndoView(APIView):
    """Undoing what a curator did."""

    scopes = {"POST": "curate"}

    @extend_schema(operation_id="artworks_undo", request=None, responses=ArtworkOut)
    def post(self, request: Request, artwork_id: UUID) -> Response:
        """Undo the last act on this work that still stands."""
        services.undo_curation(artwork_id=artwork_id, curator=signed_in(request))
        return _answer(request, artwork_id)


def _reason(request: Request) -> str:
    given = Curate(data=request.data)
    given.is_valid(raise_exception=True)
    return str(given.validated_data["reason"])


def _answer(request: Request, artwork_id: UUID) -> Response:
    return Response(ArtworkOut(selectors.artwork_by_id(artwork_id, signed_in(request))).data)
