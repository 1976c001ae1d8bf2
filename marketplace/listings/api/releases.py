"""Releases over HTTP: works and series in editions."""

from typing import Any
from uuid import UUID

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from marketplace.accounts.api.authentication import signed_in
from marketplace.accounts.models import Artist, User
from marketplace.core.pagination import NewestFirst
from marketplace.listings import selectors, services
from marketplace.listings.models import MOST_EDITIONS, MOST_ROYALTY, Contributor, Edition, Release
from marketplace.listings.services import Contribution, Series, Terms
from marketplace.listings.services.releasing import USUAL_ROYALTY


class ContributorIn(serializers.Serializer[Contributor]):
    who = serializers.CharField(max_length=254, help_text="An e-mail address, or an artist's slug.")
    share_bps = serializers.IntegerField(
        min_value=1, max_value=10_000, help_text="Of the artist's part, in 1/100 of a percent."
    )


class IssueRelease(serializers.Serializer[Release]):
    """A work of yours, or a published model of yours with an engine that runs it."""

    artwork = serializers.UUIDField(required=False)
    model = serializers.UUIDField(required=False)
    engine = serializers.CharField(required=False, max_length=80, help_text="Of a series: what makes its editions.")
    parameters = serializers.DictField(required=False, help_text="Of a series: what the engine is told.")
    title = serializers.CharField(required=False, max_length=120, help_text="Left out: the work's, or the model's.")
    description = serializers.CharField(required=False, max_length=2000, allow_blank=True)
    size = serializers.IntegerField(
        min_value=1, max_value=MOST_EDITIONS, allow_null=True,
        help_text="How many editions; null: as many as are sold until the sale closes.",
    )  # fmt: skip
    royalty_bps = serializers.IntegerField(
        required=False, min_value=0, max_value=MOST_ROYALTY, default=USUAL_ROYALTY,
        help_text="Of each resale's price, in 1/100 of a percent.",
    )  # fmt: skip
    contributors = ContributorIn(many=True, required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("artwork" in attrs) == ("model" in attrs):
            raise serializers.ValidationError({"artwork": [gettext("Give either an artwork or a model.")]})
        if ("model" in attrs) != ("engine" in attrs):
            raise serializers.ValidationError({"engine": [gettext("Name the engine of a series, and only there.")]})
        return attrs

    @property
    def terms(self) -> Terms:
        given = self.validated_data
        contributors = [Contribution(**one) for one in given.get("contributors", [])]
        return Terms(
            size=given["size"], title=given.get("title", ""), description=given.get("description", ""),
            royalty_bps=given["royalty_bps"], contributors=contributors,
        )  # fmt: skip


class ContributorOut(serializers.ModelSerializer[Contributor]):
    name = serializers.CharField(source="user.name", read_only=True)

    class Meta:
        model = Contributor
        fields = ["name", "share_bps"]
        read_only_fields = fields


class ReleaseOut(serializers.ModelSerializer[Release]):
    artist = serializers.SlugRelatedField[Artist](slug_field="slug", read_only=True)
    model = serializers.UUIDField(source="trained_model_id", read_only=True, allow_null=True)
    contributors = ContributorOut(many=True, read_only=True)

    class Meta:
        model = Release
        fields = [
            "id", "artist", "artwork", "model", "engine", "parameters", "title", "description", "size", "royalty_bps",
            "contributors", "created_at",
        ]  # fmt: skip
        read_only_fields = fields


class EditionOut(serializers.ModelSerializer[Edition]):
    artwork = serializers.UUIDField(
        source="artwork.pk", read_only=True, default=None, allow_null=True, help_text="What it shows, once it is made."
    )

    class Meta:
        model = Edition
        fields = ["id", "number", "state", "artwork"]
        read_only_fields = fields


class ReleaseFilter(django_filters.FilterSet):
    artist = django_filters.CharFilter(field_name="artist__slug", label="Artist's slug")
    model = django_filters.UUIDFilter(field_name="trained_model", label="The model of a series")

    class Meta:
        model = Release
        fields = ["artwork"]


class ReleasesView(ListAPIView[Release]):
    """What was issued, newest first; artists issue here."""

    is_public = True
    scopes = {"POST": "publish"}
    queryset = selectors.releases()
    serializer_class = ReleaseOut
    filterset_class = ReleaseFilter

    @extend_schema(request=IssueRelease, responses={201: ReleaseOut})
    def post(self, request: Request) -> Response:
        """Issue a work of yours, or a series of your model, in numbered editions. It cannot be issued again."""
        given = IssueRelease(data=request.data)
        given.is_valid(raise_exception=True)
        release = _issue(signed_in(request), given)
        return Response(ReleaseOut(release).data, status=status.HTTP_201_CREATED)


def _issue(by: User, given: IssueRelease) -> Release:
    asked = given.validated_data
    if artwork_id := asked.get("artwork"):
        return services.issue_release(artist_user=by, artwork_id=artwork_id, terms=given.terms)
    series = Series(asked["model"], asked["engine"], asked.get("parameters", {}))
    return services.issue_series(artist_user=by, series=series, terms=given.terms)


class ReleaseView(APIView):
    """One release."""

    is_public = True
    scopes = {"DELETE": "publish"}

    @extend_schema(responses=ReleaseOut)
    def get(self, request: Request, release_id: UUID) -> Response:
        """A release that everybody may see, or one of yours."""
        viewer = request.user if isinstance(request.user, User) else None
        return Response(ReleaseOut(selectors.release_by_id(release_id, viewer)).data)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, release_id: UUID) -> Response:
        """Take your release back, while nothing of it was offered yet."""
        services.withdraw_release(artist_user=signed_in(request), release_id=release_id)
        return Response(status=status.HTTP_204_NO_CONTENT)


class ByNumber(NewestFirst):
    """The last number first."""

    ordering = "-number"


class EditionsView(ListAPIView[Edition]):
    """The editions of a release, the last number first."""

    is_public = True
    queryset = Edition.objects.none()
    serializer_class = EditionOut
    filter_backends = ()
    pagination_class = ByNumber

    def get_queryset(self) -> QuerySet[Edition]:
        viewer = self.request.user if isinstance(self.request.user, User) else None
        return selectors.editions_of(selectors.release_by_id(self.kwargs["release_id"], viewer))
