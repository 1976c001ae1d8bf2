"""Curators over HTTP: hang a work, take it down, undo the last decision; each is a decision as those of the queue."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from gallery.models import LONGEST_WORDS, Reason, Verdict
from gallery.services import curating
from generation import selectors
from generation.api.artworks import ArtworkOut
from marketplace.accounts.api.authentication import signed_in


class HangWorkIn(serializers.Serializer[Any]):
    """Words to the artist, if any."""

    words = serializers.CharField(max_length=LONGEST_WORDS, required=False, allow_blank=True, default="")


class TakeDownIn(HangWorkIn):
    """Why, from the list, and in words; the artist reads both."""

    reason = serializers.ChoiceField(choices=Reason.choices)


class HangView(APIView):
    """Hanging a work."""

    scopes = {"POST": "curate"}

    @extend_schema(operation_id="artworks_hang", request=HangWorkIn, responses=ArtworkOut)
    def post(self, request: Request, artwork_id: UUID) -> Response:
        """Hang it on the wall, where everybody sees it; the decision `approve`."""
        return _decide(request, artwork_id, Verdict.APPROVE, HangWorkIn)


class TakeDownView(APIView):
    """Taking a work down."""

    scopes = {"POST": "curate"}

    @extend_schema(operation_id="artworks_take_down", request=TakeDownIn, responses=ArtworkOut)
    def post(self, request: Request, artwork_id: UUID) -> Response:
        """Take it off the wall; the decision `hide`, against which its artist may appeal."""
        return _decide(request, artwork_id, Verdict.HIDE, TakeDownIn)


class UndoView(APIView):
    """Undoing what a curator decided."""

    scopes = {"POST": "curate"}

    @extend_schema(operation_id="artworks_undo", request=None, responses=ArtworkOut)
    def post(self, request: Request, artwork_id: UUID) -> Response:
        """Undo the last decision about this work that still stands."""
        curating.undo_last_decision(artwork_id=artwork_id, curator=signed_in(request))
        return _answer(request, artwork_id)


def _decide(request: Request, artwork_id: UUID, verdict: Verdict, kind: type[HangWorkIn]) -> Response:
    given = kind(data=request.data)
    given.is_valid(raise_exception=True)
    curating.decide(artwork_id=artwork_id, curator=signed_in(request), verdict=verdict, **given.validated_data)
    return _answer(request, artwork_id)


def _answer(request: Request, artwork_id: UUID) -> Response:
    return Response(ArtworkOut(selectors.artwork_by_id(artwork_id, signed_in(request))).data)
