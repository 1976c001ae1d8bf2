"""Artists over HTTP: everybody may read, they change themselves, and curators say who takes part."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from marketplace.accounts import selectors as accounts
from marketplace.accounts import services as people
from marketplace.accounts.api.authentication import signed_in
from marketplace.accounts.api.serializers import ArtistOut
from marketplace.accounts.models import MOST_LINKS, Artist
from marketplace.artists import selectors, services
from marketplace.artists.selectors import Profile
from marketplace.commissions.api.brief_serializers import TermsOut
from marketplace.listings.api.sales import SaleOut


class ListedArtistOut(ArtistOut):
    """An artist, as lists have them."""

    portrait = serializers.SerializerMethodField(help_text="A square WebP; null without one.")
    is_verified = serializers.SerializerMethodField(help_text="The payment provider knows who they are.")

    class Meta(ArtistOut.Meta):
        fields = [*ArtistOut.Meta.fields, "portrait", "is_verified"]
        read_only_fields = fields

    def get_portrait(self, artist: Artist) -> str | None:
        portrait = Profile(artist).portrait
        return portrait.url if portrait else None

    def get_is_verified(self, artist: Artist) -> bool:
        return Profile(artist).is_verified


class ProfileOut(ListedArtistOut):
    """An artist with what they offer."""

    commissions = serializers.SerializerMethodField(help_text="On what terms they take them; null while they do not.")
    sales = serializers.SerializerMethodField(help_text="Editions, drops and auctions of theirs, newest first.")
    works = serializers.SerializerMethodField(help_text="How many of theirs hang; see /artworks/?artist=…")

    class Meta(ListedArtistOut.Meta):
        fields = [*ListedArtistOut.Meta.fields, "commissions", "works", "sales"]
        read_only_fields = fields

    @extend_schema_field(TermsOut(allow_null=True))
    def get_commissions(self, artist: Artist) -> Any:
        terms = Profile(artist).terms
        return TermsOut(terms).data if terms else None

    @extend_schema_field(SaleOut(many=True))
    def get_sales(self, artist: Artist) -> Any:
        return SaleOut(Profile(artist).sales, many=True).data

    def get_works(self, artist: Artist) -> int:
        return Profile(artist).works.count()


class ChangeProfile(serializers.Serializer[Artist]):
    """What changes in a profile."""

    name = serializers.CharField(max_length=80, required=False)
    bio = serializers.CharField(max_length=2000, required=False, allow_blank=True)
    links = serializers.ListField(child=serializers.CharField(max_length=300), required=False, max_length=MOST_LINKS)
    portrait = serializers.UUIDField(
        required=False, allow_null=True, help_text="A complete upload of yours; null takes the portrait away."
    )


class SuspendIn(serializers.Serializer[Artist]):
    reason = serializers.CharField(max_length=500, help_text="The artist reads it.")


class ArtistsView(ListAPIView[Artist]):
    """Every artist of the house who takes part, newest first."""

    is_public = True
    serializer_class = ListedArtistOut
    queryset = Artist.objects.none()

    def get_queryset(self) -> QuerySet[Artist]:
        return selectors.profiles()


class ArtistView(APIView):
    """One artist."""

    is_public = True
    scopes = {"PATCH": "profile"}

    @extend_schema(operation_id="artists_retrieve", responses=ProfileOut)
    def get(self, request: Request, slug: str) -> Response:
        """The public profile."""
        return Response(ProfileOut(selectors.profile_of(slug).artist).data)

    @extend_schema(operation_id="artists_partial_update", request=ChangeProfile, responses=ProfileOut)
    def patch(self, request: Request, slug: str) -> Response:
        """Change your own profile."""
        given = ChangeProfile(data=request.data)
        given.is_valid(raise_exception=True)
        said: dict[str, Any] = dict(given.validated_data)
        if "portrait" in said and said["portrait"] is None:
            said["has_portrait"] = False
        services.update_profile(artist_user=signed_in(request), slug=slug, **said)
        return Response(ProfileOut(selectors.profile_of(slug).artist).data)


class SuspendView(APIView):
    """Keeping an artist from selling."""

    scopes = {"POST": "curate"}

    @extend_schema(operation_id="artists_suspend", request=SuspendIn, responses=ProfileOut)
    def post(self, request: Request, slug: str) -> Response:
        """For curators: nothing new of theirs is published or bought; what was agreed before is kept."""
        given = SuspendIn(data=request.data)
        given.is_valid(raise_exception=True)
        people.suspend_artist(curator=signed_in(request), artist_id=_pk(slug), reason=given.validated_data["reason"])
        return Response(ProfileOut(selectors.profile_of(slug).artist).data)


class ReinstateView(APIView):
    """Letting an artist in again."""

    scopes = {"POST": "curate"}

    @extend_schema(operation_id="artists_reinstate", request=None, responses=ProfileOut)
    def post(self, request: Request, slug: str) -> Response:
        """For curators: all that was on offer is on offer again."""
        people.reinstate_artist(curator=signed_in(request), artist_id=_pk(slug))
        return Response(ProfileOut(selectors.profile_of(slug).artist).data)


def _pk(slug: str) -> UUID:
    return accounts.artist_by_slug(slug).pk
