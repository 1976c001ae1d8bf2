"""Auctions over HTTP: artists prepare them, collectors bid, curators strike out."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from marketplace.accounts.api.authentication import signed_in
from marketplace.accounts.models import User
from marketplace.core.idempotency import current_key, idempotent
from marketplace.listings import selectors, services
from marketplace.listings.api.sales import SaleOut, shown
from marketplace.listings.models import Auction, Bid, Falling
from marketplace.listings.services import DutchTerms, EnglishTerms, Schedule

MOST = 2**53 - 1


class EnglishIn(serializers.Serializer[Auction]):
    """An English auction of one edition."""

    licence = serializers.SlugField(max_length=40, help_text="One of /licences/.")
    currency = serializers.CharField(min_length=3, max_length=3)
    start_amount = serializers.IntegerField(min_value=1, max_value=MOST, help_text="The least first bid, minor units.")
    reserve_amount = serializers.IntegerField(
        required=False, allow_null=True, min_value=1, max_value=MOST, help_text="Below it nothing is sold."
    )
    extension_seconds = serializers.IntegerField(
        required=False,
        min_value=0,
        max_value=3600,
        help_text="A bid so near the close moves it.",
    )
    opens_at = serializers.DateTimeField(required=False, allow_null=True)
    closes_at = serializers.DateTimeField()

    @property
    def terms(self) -> EnglishTerms:
        named = ("licence", "start_amount", "reserve_amount", "extension_seconds")
        given = {name: self.validated_data[name] for name in named if name in self.validated_data}
        return EnglishTerms(currency=self.validated_data["currency"].lower(), **given)

    @property
    def schedule(self) -> Schedule:
        return Schedule(opens_at=self.validated_data.get("opens_at"), closes_at=self.validated_data["closes_at"])


class OwnEnglishIn(EnglishIn):
    release = serializers.UUIDField(help_text="A release of yours.")
    number = serializers.IntegerField(default=1, min_value=1, max_value=10_000, help_text="Which of its editions.")


class DutchIn(serializers.Serializer[Falling]):
    """A Dutch auction of the editions of a release: the price falls in equal steps to its floor."""

    release = serializers.UUIDField(help_text="A release of yours.")
    licence = serializers.SlugField(max_length=40)
    currency = serializers.CharField(min_length=3, max_length=3)
    start_amount = serializers.IntegerField(min_value=1, max_value=MOST)
    floor_amount = serializers.IntegerField(min_value=1, max_value=MOST)
    steps = serializers.IntegerField(min_value=1, max_value=200)
    step_seconds = serializers.IntegerField(min_value=10, max_value=7 * 86_400)
    rebates = serializers.BooleanField(default=True, help_text="Whether all pay the last buyer's price in the end.")
    opens_at = serializers.DateTimeField()
    closes_at = serializers.DateTimeField(required=False, allow_null=True)
    per_buyer = serializers.IntegerField(required=False, allow_null=True, min_value=1, max_value=10_000)


class PlaceBid(serializers.Serializer[Bid]):
    most_amount = serializers.IntegerField(
        min_value=1, max_value=MOST, help_text="The most you would pay, in minor units; nobody else is told."
    )


class SeenBidOut(serializers.Serializer[Any]):
    bidder = serializers.IntegerField(source="number", help_text="Bidders are numbered by their first bid.")
    is_yours = serializers.BooleanField()
    price_amount = serializers.IntegerField(source="price.amount")
    at = serializers.DateTimeField()


class AuctionOut(serializers.Serializer[Any]):
    """How an English auction stands."""

    sale = serializers.UUIDField()
    currency = serializers.CharField()
    licence = serializers.CharField()
    price_amount = serializers.IntegerField(allow_null=True)
    least_amount = serializers.IntegerField(help_text="The least that you can bid now.")
    reserve = serializers.ChoiceField(choices=["none", "met", "not met"])
    is_leading = serializers.BooleanField()
    your_most_amount = serializers.IntegerField(allow_null=True)
    opens_at = serializers.DateTimeField(allow_null=True)
    closes_at = serializers.DateTimeField()
    bids = SeenBidOut(many=True)


class StrikeIn(serializers.Serializer[Bid]):
    because = serializers.CharField(max_length=200)


class EnglishAuctionsView(APIView):
    """English auctions of one's own releases."""

    scopes = {"POST": "publish"}

    @extend_schema(request=OwnEnglishIn, responses={201: SaleOut})
    def post(self, request: Request) -> Response:
        """Prepare an English auction of one edition of yours; it begins when you publish the sale."""
        given = OwnEnglishIn(data=request.data)
        given.is_valid(raise_exception=True)
        by = signed_in(request)
        sale = services.draft_auction(
            artist_user=by, release_id=given.validated_data["release"], number=given.validated_data["number"],
            terms=given.terms, schedule=given.schedule,
        )  # fmt: skip
        return Response(shown(sale, by), status=status.HTTP_201_CREATED)


class DutchAuctionsView(APIView):
    """Dutch auctions of one's own releases."""

    scopes = {"POST": "publish"}

    @extend_schema(request=DutchIn, responses={201: SaleOut})
    def post(self, request: Request) -> Response:
        """Prepare a Dutch auction of your release; it begins at `opens_at`, once you have published the sale."""
        given = DutchIn(data=request.data)
        given.is_valid(raise_exception=True)
        fields, by = dict(given.validated_data), signed_in(request)
        times = {name: fields.pop(name, None) for name in ("opens_at", "closes_at", "per_buyer")}
        release = fields.pop("release")
        fields["currency"] = fields["currency"].lower()
        sale = services.draft_dutch_auction(
            artist_user=by, release_id=release, terms=DutchTerms(**fields), schedule=Schedule(**times)
        )
        return Response(shown(sale, by), status=status.HTTP_201_CREATED)


class BidsView(APIView):
    """How an English auction stands, and bids on it."""

    is_public = True
    scopes = {"POST": "trade"}

    @extend_schema(responses=AuctionOut)
    def get(self, request: Request, sale_id: UUID) -> Response:
        """How the auction stands, with its last bids."""
        return Response(standing(selectors.auction_of(sale_id), _viewer(request)))

    @extend_schema(request=PlaceBid, responses={201: AuctionOut})
    @idempotent
    def post(self, request: Request, sale_id: UUID) -> Response:
        """Bid up to an amount; the house bids for you, no more than is needed. You need a saved card."""
        given = PlaceBid(data=request.data)
        given.is_valid(raise_exception=True)
        by = signed_in(request)
        services.place_bid(
            bidder=by, sale_id=sale_id, most_amount=given.validated_data["most_amount"],
            request_key=current_key(request),
        )  # fmt: skip
        return Response(standing(selectors.auction_of(sale_id), by), status=status.HTTP_201_CREATED)


class StrikeView(APIView):
    """A curator undoes a bid."""

    scopes = {"POST": "curate"}

    @extend_schema(request=StrikeIn, responses=AuctionOut)
    def post(self, request: Request, bid_id: UUID) -> Response:
        """Strike a bid out while bidding goes on: the others count as if it never was."""
        given = StrikeIn(data=request.data)
        given.is_valid(raise_exception=True)
        by = signed_in(request)
        auction = services.strike_bid(curator=by, bid_id=bid_id, because=given.validated_data["because"])
        return Response(standing(auction, by))


def standing(auction: Auction, viewer: User | None) -> dict[str, Any]:
    """What everybody may know of an auction, and what the viewer knows besides."""
    stand, sale = selectors.stand_of(auction, viewer), auction.sale
    return dict(
        AuctionOut(
            {
                "sale": sale.pk,
                "currency": auction.currency,
                "licence": auction.licence_id,
                "price_amount": auction.price_amount,
                "least_amount": services.least_for(auction, viewer),
                "reserve": stand.reserve,
                "is_leading": stand.is_leading,
                "your_most_amount": stand.your_most.amount if stand.your_most else None,
                "opens_at": sale.opens_at,
                "closes_at": sale.closes_at,
                "bids": stand.bids,
            }
        ).data
    )


def _viewer(request: Request) -> User | None:
    return request.user if isinstance(request.user, User) else None
