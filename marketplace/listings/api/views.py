"""Listings over HTTP."""

from uuid import UUID

import django_filters
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from marketplace.accounts.api.authentication import signed_in
from marketplace.listings import selectors, services
from marketplace.listings.api.serializers import ChangeListing, ListingOut, PublishListing
from marketplace.listings.models import Listing, ListingKind


class ListingFilter(django_filters.FilterSet):
    kind = django_filters.ChoiceFilter(choices=ListingKind.choices, method="of_kind", label="What is offered")
    model = django_filters.UUIDFilter(field_name="trained_model", label="The model that is offered")
    artist = django_filters.CharFilter(field_name="artist__slug", label="Artist's slug")
    at_most = django_filters.NumberFilter(field_name="price_amount", lookup_expr="lte", label="Highest price")

    class Meta:
        model = Listing
        fields = ["artist", "artwork"]

    def of_kind(self, listings: QuerySet[Listing], name: str, kind: str) -> QuerySet[Listing]:
        absent = {"artwork__isnull": kind != ListingKind.STYLE, "trained_model__isnull": kind != ListingKind.MODEL}
        return listings.filter(**absent)


class ListingsView(ListAPIView[Listing]):
    """Open listings, newest first; artists publish here."""

    is_public = True
    scopes = {"POST": "publish"}
    queryset = selectors.open_listings()
    serializer_class = ListingOut
    filterset_class = ListingFilter

    @extend_schema(request=PublishListing, responses={201: ListingOut})
    def post(self, request: Request) -> Response:
        """Offer commissions in the style of one of your works, from one of your models, or (curators) by an engine."""
        given = PublishListing(data=request.data)
        given.is_valid(raise_exception=True)
        price, by = given.validated_data["price_amount"], signed_in(request)
        if artwork := given.validated_data.get("artwork"):
            listing = services.publish_listing(artist_user=by, artwork_id=artwork, price_amount=price)
        elif engine := given.validated_data.get("engine"):
            artist = given.validated_data["artist"]
            listing = services.publish_engine_listing(curator=by, artist=artist, engine=engine, price_amount=price)
        else:
            model = given.validated_data["model"]
            listing = services.publish_model_listing(artist_user=by, model_id=model, price_amount=price)
        return Response(ListingOut(listing).data, status=status.HTTP_201_CREATED)


class ListingView(APIView):
    """One listing."""

    is_public = True
    scopes = {"PATCH": "publish"}

    @extend_schema(responses=ListingOut)
    def get(self, request: Request, listing_id: UUID) -> Response:
        """An open listing."""
        return Response(ListingOut(selectors.listing_by_id(listing_id)).data)

    @extend_schema(request=ChangeListing, responses=ListingOut)
    def patch(self, request: Request, listing_id: UUID) -> Response:
        """Reprice, pause or publish your listing again."""
        given = ChangeListing(data=request.data)
        given.is_valid(raise_exception=True)
        listing = services.change_listing(artist_user=signed_in(request), listing_id=listing_id, **given.validated_data)
        return Response(ListingOut(listing).data)
