"""Artists over HTTP: anybody may read, and everybody may become one."""

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from marketplace.accounts import selectors, services
from marketplace.accounts.api.authentication import signed_in
from marketplace.accounts.api.serializers import ArtistOut, BecomeArtist, ChangeArtist
from marketplace.accounts.models import Artist


class ArtistsView(ListAPIView[Artist]):
    """Every artist of the house, newest first."""

    is_public = True
    scopes = {"POST": "profile"}
    serializer_class = ArtistOut
    queryset = Artist.objects.none()

    def get_queryset(self) -> QuerySet[Artist]:
        return selectors.artists()

    @extend_schema(operation_id="artists_create", request=BecomeArtist, responses={201: ArtistOut})
    def post(self, request: Request) -> Response:
        """Become an artist. Tokens made from now on may have the scope `publish`."""
        given = BecomeArtist(data=request.data)
        given.is_valid(raise_exception=True)
        artist = services.become_artist(user=signed_in(request), **given.validated_data)
        return Response(ArtistOut(artist).data, status=status.HTTP_201_CREATED)


class ArtistView(APIView):
    """One artist."""

    is_public = True
    scopes = {"PATCH": "profile"}

    @extend_schema(operation_id="artists_retrieve", responses=ArtistOut)
    def get(self, request: Request, slug: str) -> Response:
        """The public profile."""
        return Response(ArtistOut(selectors.artist_by_slug(slug)).data)

    @extend_schema(operation_id="artists_partial_update", request=ChangeArtist, responses=ArtistOut)
    def patch(self, request: Request, slug: str) -> Response:
        """Change your own profile."""
        given = ChangeArtist(data=request.data)
        given.is_valid(raise_exception=True)
        artist = services.update_artist(user=signed_in(request), slug=slug, **given.validated_data)
        return Response(ArtistOut(artist).data)
