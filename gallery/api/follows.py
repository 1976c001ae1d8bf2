"""Following artists over HTTP. Whom one follows is seen by nobody else."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from gallery import selectors, services
from gallery.models import Follow
from marketplace.accounts import selectors as accounts
from marketplace.accounts.api.authentication import signed_in
from marketplace.artists.api.profiles import ListedArtistOut


class FollowOut(serializers.ModelSerializer[Follow]):
    """An artist whom you follow, and since when."""

    artist = ListedArtistOut(read_only=True)
    since = serializers.DateTimeField(source="created_at", read_only=True)

    class Meta:
        model = Follow
        fields = ["artist", "since"]
        read_only_fields = fields


class FollowingOut(serializers.Serializer[Any]):
    """Whether you follow an artist, and how many people do."""

    following = serializers.BooleanField()
    followers = serializers.IntegerField()


class FollowsView(ListAPIView[Follow]):
    """Whom you follow, the last first."""

    serializer_class = FollowOut
    queryset = Follow.objects.none()

    def get_queryset(self) -> QuerySet[Follow]:
        return selectors.follows_of(signed_in(self.request))


class FollowView(APIView):
    """One artist."""

    scopes = {"PUT": "collect", "DELETE": "collect"}

    @extend_schema(operation_id="follows_retrieve", responses=FollowingOut)
    def get(self, request: Request, slug: str) -> Response:
        """Whether you follow an artist, and how many people do."""
        return _following(request, slug)

    @extend_schema(operation_id="follows_update", request=None, responses=FollowingOut)
    def put(self, request: Request, slug: str) -> Response:
        """Follow an artist; again is nothing new. Of one who is suspended, and of yourself, it is refused."""
        services.follow_artist(person=signed_in(request), slug=slug)
        return _following(request, slug)

    @extend_schema(operation_id="follows_destroy", request=None, responses={200: FollowingOut})
    def delete(self, request: Request, slug: str) -> Response:
        """Follow them no more."""
        services.unfollow_artist(person=signed_in(request), slug=slug)
        return _following(request, slug)


def _following(request: Request, slug: str) -> Response:
    artist = accounts.artist_by_slug(slug)
    following = selectors.is_following(signed_in(request), artist)
    return Response(FollowingOut({"following": following, "followers": selectors.followers_of(artist)}).data)
