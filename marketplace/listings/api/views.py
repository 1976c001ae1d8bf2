"""Listings over HTTP."""

from uuid import UUID

import django_filters
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from marketplace.accounts.api.authentication import signed_in
from marketplace.listings import selectors, services
from marketplace.listings.api.serializers import ChangeListing, ListingOut, PublishListing
from marketplace.listings.models import Listing


class ListingFilter(django_filters.FilterSet):
    artist = django_filters.CharFilter(field_name="artist__slug", label="Artist's slug")
    at_most = django_filters.NumberFilter(field_name="price_amount", lookup_expr="lte", label="Highest price")

    class Meta:
        model = Listing
        fields = ["artist", "artwork"]


class ListingsView(ListAPIView[Listing]):
    """Open listings, newest first; artists publish here."""

    is_public = True
    scopes = {"POST": "publish"}
    queryset = selectors.open_listings()
    serializer_class = ListingOut
    filterset_class = ListingFilter

    @extend_schema(request=PublishListing, responses={201: ListingOut})
    def post(self, request: Request) -> Response:
        """Offer commissions in the style of one of your works."""
        given = PublishListing(data=request.data)
        given.is_valid(raise_exception=True)
        listing = services.publish_listing(
            artist_user=signed_in(request),
            artwork_id=given.validated_data["artwork"],
            price_amount=given.validated_data["price_amount"],
        )
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
