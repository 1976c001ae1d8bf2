"""Artworks over HTTP: the wall, and one work with its recipe and files. Anybody may look at what hangs."""

from typing import Any
from uuid import UUID

import django_filters
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from generation import selectors
from generation.models import Artwork
from generation.models.artworks import FileRole, Visibility
from marketplace.accounts.models import Artist, User
from marketplace.core.pagination import NewestFirst


class LastHungFirst(NewestFirst):
    """The wall's order."""

    ordering = ("-hung_at", "-pk")  # type: ignore[assignment]  # narrower in the base, where one field is enough


class ArtworkFilter(django_filters.FilterSet):
    """What to look for on the wall."""

    engine = django_filters.CharFilter(field_name="engine")
    artist = django_filters.CharFilter(field_name="artist__slug", label="Artist's slug")
    medium = django_filters.CharFilter(field_name="medium")

    class Meta:
        model = Artwork
        fields = ["engine", "artist", "medium"]


# Written out, since fields that are found from a model are found anew for every work that is shown.
class CreditOut(serializers.Serializer[Artist]):
    """An artist's name."""

    slug = serializers.SlugField(read_only=True)
    name = serializers.CharField(read_only=True)


class ArtworkFileOut(serializers.Serializer[Any]):
    """One public encoding of a work."""

    role = serializers.ChoiceField(choices=FileRole.choices, read_only=True)
    format = serializers.CharField(read_only=True)
    width = serializers.IntegerField(read_only=True)
    height = serializers.IntegerField(read_only=True)
    size = serializers.IntegerField(source="bytes", read_only=True, help_text="In bytes.")
    sha256 = serializers.CharField(read_only=True)
    url = serializers.CharField(read_only=True)


class FilmOut(serializers.Serializer[Artwork]):
    """What there is of a film besides its files: a picture that stands for it, the film itself, and its length."""

    url = serializers.CharField(source="film_url", help_text="An animated WebP; empty while the work is held.")
    poster_url = serializers.SerializerMethodField()
    frames = serializers.IntegerField()
    seconds = serializers.FloatField()

    def get_poster_url(self, artwork: Artwork) -> str:
        return artwork.preview_url()


class HeldOut(serializers.Serializer[Any]):
    """Why a work cannot be seen."""

    state = serializers.ChoiceField(choices=[("waiting", "Waiting for a curator"), ("refused", "Refused")])
    reason = serializers.CharField(source="told")


class ArtworkOut(serializers.Serializer[Artwork]):
    """A work as it is seen on the wall."""

    id = serializers.UUIDField(read_only=True)
    title = serializers.CharField(source="display_title", read_only=True)
    artist = CreditOut(read_only=True, allow_null=True)
    style_artist = CreditOut(read_only=True, allow_null=True)
    engine = serializers.CharField(read_only=True)
    medium = serializers.CharField(read_only=True)
    visibility = serializers.ChoiceField(choices=Visibility.choices, read_only=True)
    review = serializers.SerializerMethodField(help_text="Only of a work that is held back: it has no files then.")
    width = serializers.IntegerField(read_only=True)
    height = serializers.IntegerField(read_only=True)
    thumbnail_url = serializers.CharField(read_only=True)
    preview_url = serializers.SerializerMethodField()
    film = serializers.SerializerMethodField(help_text="Only of a film; its other addresses are then its poster's.")
    hung_at = serializers.DateTimeField(read_only=True, allow_null=True)
    created_at = serializers.DateTimeField(read_only=True)

    def get_preview_url(self, artwork: Artwork) -> str:
        return artwork.preview_url()

    @extend_schema_field(FilmOut(allow_null=True))
    def get_film(self, artwork: Artwork) -> Any:
        return FilmOut(artwork).data if artwork.is_film else None

    @extend_schema_field(HeldOut(allow_null=True))
    def get_review(self, artwork: Artwork) -> Any:
        review = artwork.standing_review if artwork.is_held else None
        return HeldOut(review).data if review else None


class ArtworkDetailOut(ArtworkOut):
    """A work with its recipe, its files, and for those it belongs to the original."""

    engine_version = serializers.CharField(read_only=True)
    model_hash = serializers.CharField(read_only=True)
    seed = serializers.IntegerField(read_only=True)
    recipe = serializers.SerializerMethodField()
    files = serializers.SerializerMethodField()
    original_url = serializers.SerializerMethodField(
        help_text="The original, for five minutes; only for its owner, its artist and staff."
    )

    @extend_schema_field(ArtworkFileOut(many=True))
    def get_files(self, artwork: Artwork) -> Any:
        return ArtworkFileOut([file for file in artwork.files.all() if file.url], many=True).data

    def get_recipe(self, artwork: Artwork) -> dict[str, Any]:
        return artwork.public_recipe

    def get_original_url(self, artwork: Artwork) -> str | None:
        viewer = self.context["viewer"]
        return selectors.original_url(artwork) if selectors.may_download(viewer, artwork) else None


class ArtworksView(ListAPIView[Artwork]):
    """What hangs on the wall, last hung first."""

    is_public = True
    serializer_class = ArtworkOut
    pagination_class = LastHungFirst
    filterset_class = ArtworkFilter
    queryset = Artwork.objects.none()

    def get_queryset(self) -> QuerySet[Artwork]:
        return selectors.wall()


class ArtworkView(APIView):
    """One work."""

    is_public = True

    @extend_schema(operation_id="artworks_retrieve", responses=ArtworkDetailOut)
    def get(self, request: Request, artwork_id: UUID) -> Response:
        """The work with its recipe, its files and, if it is yours, the original."""
        viewer = viewer_of(request)
        artwork = selectors.artwork_by_id(artwork_id, viewer)
        return Response(ArtworkDetailOut(artwork, context={"viewer": viewer}).data)


def viewer_of(request: Request) -> User | None:
    """Who is looking at what is public; None: somebody who is nobody, or whose token may not read what is theirs."""
    return request.user if isinstance(request.user, User) else None
