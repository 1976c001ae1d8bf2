"""Sales over HTTP: what can be bought, and what artists do with their own."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

import django_filters
from django.db.models import Q, QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_field, extend_schema_view
from rest_framework import serializers, status
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from marketplace.accounts.api.authentication import signed_in
from marketplace.accounts.models import Artist, User
from marketplace.listings import selectors, services
from marketplace.listings.models import Falling, Price, Sale, SaleKind
from marketplace.listings.models.sales import SaleQuerySet
from marketplace.listings.services import AskedPrice, Schedule

LONGEST = 2_147_483_647


class PriceIn(serializers.Serializer[Price]):
    licence = serializers.SlugField(max_length=40, help_text="One of /licences/.")
    currency = serializers.CharField(min_length=3, max_length=3)
    amount = serializers.IntegerField(min_value=1, max_value=2**53 - 1, help_text="Minor units, such as cents.")


class PriceOut(serializers.ModelSerializer[Price]):
    text = serializers.CharField(source="money", read_only=True, help_text="For people, such as €25.00.")

    class Meta:
        model = Price
        fields = ["licence", "currency", "amount", "text"]
        read_only_fields = fields


class ScheduleIn(serializers.Serializer[Sale]):
    """What may be changed of a draft, or of a paused sale."""

    prices = PriceIn(many=True, required=False)
    opens_at = serializers.DateTimeField(required=False, allow_null=True)
    closes_at = serializers.DateTimeField(required=False, allow_null=True)
    allowlist_until = serializers.DateTimeField(
        required=False, allow_null=True, help_text="Until then only those on the list can buy."
    )
    per_buyer = serializers.IntegerField(
        required=False, allow_null=True, min_value=1, max_value=LONGEST, help_text="Most editions for one buyer."
    )
    takes_offers = serializers.BooleanField(required=False)

    @property
    def asked_prices(self) -> list[AskedPrice] | None:
        asked = self.validated_data.get("prices")
        return None if asked is None else [AskedPrice(**one) for one in asked]

    @property
    def schedule(self) -> dict[str, Any]:
        return {name: value for name, value in self.validated_data.items() if name not in {"prices", "release"}}


class DraftSale(ScheduleIn):
    release = serializers.UUIDField(help_text="A release of yours.")
    prices = PriceIn(many=True, required=False, help_text="Left out: what you usually ask, see /shop/.")


class FallingOut(serializers.ModelSerializer[Falling]):
    """A Dutch auction's price: what it costs now, when it falls next, and what all paid in the end."""

    price_amount = serializers.SerializerMethodField(help_text="At present; null while it cannot be bought.")
    falls_at = serializers.SerializerMethodField()

    class Meta:
        model = Falling
        fields = [
            "licence",
            "currency",
            "amounts",
            "step_seconds",
            "rebates",
            "price_amount",
            "falls_at",
            "settled_amount",
        ]
        read_only_fields = fields

    def get_price_amount(self, falling: Falling) -> int | None:
        price = selectors.price_now(falling)
        return price.amount if price else None

    def get_falls_at(self, falling: Falling) -> datetime | None:
        return falling.falls_at(timezone.now()) if selectors.price_now(falling) else None


class SaleOut(serializers.ModelSerializer[Sale]):
    title = serializers.CharField(source="issued.title", read_only=True)
    artist = serializers.SlugRelatedField[Artist](source="issued.artist", slug_field="slug", read_only=True)
    release = serializers.UUIDField(source="issued.pk", read_only=True)
    edition = serializers.IntegerField(
        source="edition.number", read_only=True, default=None, allow_null=True, help_text="The number of a single one."
    )
    artwork = serializers.SerializerMethodField(help_text="What is shown; null for a series, made when bought.")
    size = serializers.IntegerField(source="issued.size", read_only=True, allow_null=True)
    left = serializers.SerializerMethodField(help_text="Editions that can still be bought; null: any number.")
    royalty_bps = serializers.IntegerField(source="issued.royalty_bps", read_only=True)
    is_resale = serializers.BooleanField(read_only=True)
    is_open = serializers.SerializerMethodField(help_text="Whether it can be bought just now.")
    prices = PriceOut(many=True, read_only=True)
    falling = serializers.SerializerMethodField(help_text="Of a Dutch auction: what it costs now, and when it falls.")

    class Meta:
        model = Sale
        fields = [
            "id", "kind", "state", "title", "artist", "release", "edition", "artwork", "size", "left", "royalty_bps",
            "is_resale", "is_open", "prices", "falling", "opens_at", "closes_at", "allowlist_until", "per_buyer",
            "takes_offers", "ended_at", "created_at",
        ]  # fmt: skip
        read_only_fields = fields

    def get_artwork(self, sale: Sale) -> UUID | None:
        shown = sale.edition.artwork if sale.edition else sale.issued.artwork
        return shown.pk if shown else None

    def get_left(self, sale: Sale) -> int | None:
        return selectors.left_of(sale)

    @extend_schema_field(FallingOut(allow_null=True))
    def get_falling(self, sale: Sale) -> dict[str, Any] | None:
        falling = getattr(sale, "falling", None) if sale.kind == SaleKind.DUTCH else None
        return dict(FallingOut(falling).data) if falling else None

    def get_is_open(self, sale: Sale) -> bool:
        return sale.is_open_at(timezone.now()) and selectors.is_sellable(sale)


class SaleFilter(django_filters.FilterSet):
    artist = django_filters.CharFilter(label="Artist's slug", method="of_artist")
    kind = django_filters.ChoiceFilter(choices=SaleKind.choices, label="How it is sold")
    currency = django_filters.CharFilter(method="in_currency", label="Sold in this currency")
    at_least = django_filters.NumberFilter(method="priced", label="Lowest price, in minor units of `currency`")
    at_most = django_filters.NumberFilter(method="priced", label="Highest price, in minor units of `currency`")
    open_now = django_filters.BooleanFilter(method="open_at_present", label="Has begun")
    resale = django_filters.BooleanFilter(method="by_owner", label="Resold by an owner")

    class Meta:
        model = Sale
        fields = ["release"]

    def of_artist(self, sales: SaleQuerySet, name: str, slug: str) -> SaleQuerySet:
        return sales.of_artist(slug)

    def in_currency(self, sales: QuerySet[Sale], name: str, currency: str) -> QuerySet[Sale]:
        return sales.filter(pk__in=Price.objects.filter(currency=currency.lower()).values("sale"))

    def priced(self, sales: QuerySet[Sale], name: str, amount: Any) -> QuerySet[Sale]:
        prices = Price.objects.filter(**{f"amount__{'gte' if name == 'at_least' else 'lte'}": amount})
        if currency := self.form.cleaned_data.get("currency"):
            prices = prices.filter(currency=currency.lower())
        return sales.filter(pk__in=prices.values("sale"))

    def open_at_present(self, sales: QuerySet[Sale], name: str, wanted: bool) -> QuerySet[Sale]:
        begun = Q(opens_at=None) | Q(opens_at__lte=timezone.now())
        return sales.filter(begun) if wanted else sales.exclude(begun)

    def by_owner(self, sales: SaleQuerySet, name: str, wanted: bool) -> SaleQuerySet:
        return sales.resold() if wanted else sales.exclude(edition__state="sold")


class SalesView(ListAPIView[Sale]):
    """What is for sale, and drops to come, newest first. Artists sell here."""

    is_public = True
    scopes = {"POST": "publish"}
    queryset = selectors.sales_shown()
    serializer_class = SaleOut
    filterset_class = SaleFilter

    def get_queryset(self) -> QuerySet[Sale]:
        # Made anew for each request: what is shown depends on the time.
        return selectors.sales_shown()

    @extend_schema(request=DraftSale, responses={201: SaleOut})
    def post(self, request: Request) -> Response:
        """Prepare to sell the editions of your release at a price; nothing is offered before you publish it."""
        given = DraftSale(data=request.data)
        given.is_valid(raise_exception=True)
        by = signed_in(request)
        sale = services.draft_sale(
            seller=by, release_id=given.validated_data["release"], prices=given.asked_prices,
            schedule=Schedule(**given.schedule),
        )  # fmt: skip
        return Response(shown(sale, by), status=status.HTTP_201_CREATED)


class OwnSalesView(ListAPIView[Sale]):
    """All that you sell or sold, drafts too, newest first."""

    queryset = Sale.objects.none()
    serializer_class = SaleOut
    filterset_class = SaleFilter

    def get_queryset(self) -> QuerySet[Sale]:
        return selectors.sales_of(signed_in(self.request))


class SaleView(APIView):
    """One sale."""

    is_public = True
    scopes = {"PATCH": "publish"}

    @extend_schema(responses=SaleOut)
    def get(self, request: Request, sale_id: UUID) -> Response:
        """A sale, also one that is over; drafts are their seller's to see."""
        viewer = request.user if isinstance(request.user, User) else None
        return Response(SaleOut(selectors.sale_by_id(sale_id, viewer)).data)

    @extend_schema(request=ScheduleIn, responses=SaleOut)
    def patch(self, request: Request, sale_id: UUID) -> Response:
        """Reprice or reschedule your draft, or your paused sale."""
        given = ScheduleIn(data=request.data)
        given.is_valid(raise_exception=True)
        by = signed_in(request)
        services.change_sale(seller=by, sale_id=sale_id, prices=given.asked_prices, changes=given.schedule)
        return Response(SaleOut(selectors.sale_by_id(sale_id, by)).data)


class _Move(APIView):
    """One of the arrows of a sale."""

    scopes = {"POST": "publish"}
    act: Callable[..., Sale]
    by = "seller"

    @extend_schema(request=None, responses=SaleOut)
    def post(self, request: Request, sale_id: UUID) -> Response:
        """Move the sale."""
        who = signed_in(request)
        sale = type(self).act(**{self.by: who, "sale_id": sale_id})
        return Response(shown(sale, sale.seller))


@extend_schema_view(post=extend_schema(description="Open your sale, or go on with it."))
class PublishSaleView(_Move):
    act = staticmethod(services.publish_sale)


@extend_schema_view(post=extend_schema(description="Let nobody buy for a while."))
class PauseSaleView(_Move):
    act = staticmethod(services.pause_sale)


@extend_schema_view(post=extend_schema(description="End your sale for good; curators may end any."))
class CancelSaleView(_Move):
    act = staticmethod(services.cancel_sale)
    by = "by"


def shown(sale: Sale, viewer: User) -> dict[str, Any]:
    """The sale as it is given, with what is sold and its prices."""
    return dict(SaleOut(selectors.sale_by_id(sale.pk, viewer)).data)
