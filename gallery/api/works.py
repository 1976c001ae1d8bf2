"""One work over HTTP: read as the room below has it, and given another title."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from gallery import services
from generation import selectors
from generation.api.artworks import ArtworkDetailOut, ArtworkView
from generation.services import LONGEST_TITLE
from marketplace.accounts.api.authentication import signed_in


class ChangeWork(serializers.Serializer[Any]):
    """What changes."""

    title = serializers.CharField(max_length=LONGEST_TITLE, allow_blank=True, help_text="Empty: it has none.")


class WorkView(ArtworkView):
    """One work."""

    scopes = {"PATCH": "publish"}

    @extend_schema(operation_id="artworks_partial_update", request=ChangeWork, responses=ArtworkDetailOut)
    def patch(self, request: Request, artwork_id: UUID) -> Response:
        """Give a work of yours another title; refused once somebody owns an edition of it."""
        given = ChangeWork(data=request.data)
        given.is_valid(raise_exception=True)
        person = signed_in(request)
        services.retitle_work(artwork_id=artwork_id, by=person, **given.validated_data)
        return Response(ArtworkDetailOut(selectors.artwork_by_id(artwork_id, person), context={"viewer": person}).data)
