"""Selling on what one owns, and offers for single editions, over HTTP."""

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from marketplace.accounts.api.authentication import signed_in
from marketplace.core.idempotency import current_key, idempotent
from marketplace.listings.api.auctions import EnglishIn
from marketplace.listings.api.offers import BidIn, OfferOut, answered
from marketplace.listings.api.sales import PriceIn, SaleOut, shown
from marketplace.listings.models import Sale
from marketplace.listings.services import AskedPrice, Schedule
from marketplace.orders import services


class Resale(serializers.Serializer[Sale]):
    """Prices are under the licence that you own the edition with."""

    prices = PriceIn(many=True)
    opens_at = serializers.DateTimeField(required=False, allow_null=True)
    closes_at = serializers.DateTimeField(required=False, allow_null=True)
    takes_offers = serializers.BooleanField(required=False)


class ResaleView(APIView):
    """An edition of yours, to be sold on."""

    scopes = {"POST": "trade"}

    @extend_schema(request=Resale, responses={201: SaleOut})
    def post(self, request: Request, edition_id: UUID) -> Response:
        """Put it on sale; of its price, the house's fee and the artist's royalty go off."""
        given = Resale(data=request.data)
        given.is_valid(raise_exception=True)
        asked, owner = dict(given.validated_data), signed_in(request)
        prices = [AskedPrice(**one) for one in asked.pop("prices")]
        sale = services.offer_for_resale(owner=owner, edition_id=edition_id, prices=prices, schedule=Schedule(**asked))
        return Response(shown(sale, owner), status=status.HTTP_201_CREATED)


class AuctionOwnedView(APIView):
    """An edition of yours, to be bid for."""

    scopes = {"POST": "trade"}

    @extend_schema(request=EnglishIn, responses={201: SaleOut})
    def post(self, request: Request, edition_id: UUID) -> Response:
        """Have it bid for, from now or `opens_at` on; of the price, the house's fee and the artist's royalty go off."""
        given = EnglishIn(data=request.data)
        given.is_valid(raise_exception=True)
        owner = signed_in(request)
        sale = services.auction_owned(owner=owner, edition_id=edition_id, terms=given.terms, schedule=given.schedule)
        return Response(shown(sale, owner), status=status.HTTP_201_CREATED)


class EditionOffersView(APIView):
    """Offers for one edition."""

    scopes = {"POST": "trade"}

    @extend_schema(request=BidIn, responses={201: OfferOut})
    @idempotent
    def post(self, request: Request, edition_id: UUID) -> Response:
        """Offer its owner, or while nobody owns it its artist, a price for an edition that is not on sale."""
        given = BidIn(data=request.data)
        given.is_valid(raise_exception=True)
        offer = services.offer_for_edition(
            buyer=signed_in(request), edition_id=edition_id, bid=given.bid, request_key=current_key(request)
        )
        return answered(offer, request, status.HTTP_201_CREATED)
