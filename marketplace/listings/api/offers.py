"""Private offers over HTTP."""

from typing import Any
from uuid import UUID

import django_filters
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from marketplace.accounts.api.authentication import signed_in
from marketplace.core.idempotency import current_key, idempotent
from marketplace.listings import selectors, services
from marketplace.listings.models import Edition, Offer, OfferState, Sale
from marketplace.listings.services import Bid
from marketplace.listings.services.offering import MOST_DAYS


class Answer(serializers.Serializer[Offer]):
    amount = serializers.IntegerField(min_value=1, max_value=2**53 - 1, help_text="Minor units, such as cents.")
    message = serializers.CharField(required=False, allow_blank=True, max_length=500, default="")
    days = serializers.IntegerField(
        required=False, min_value=1, max_value=MOST_DAYS, help_text="For how many days it stands."
    )


class BidIn(Answer):
    """What one would pay."""

    currency = serializers.CharField(min_length=3, max_length=3)
    licence = serializers.SlugField(max_length=40)

    @property
    def bid(self) -> Bid:
        names = Bid.__dataclass_fields__
        return Bid(**{name: value for name, value in self.validated_data.items() if name in names})


class MakeOffer(BidIn):
    sale = serializers.UUIDField(help_text="An open sale that takes offers.")


class OfferOut(serializers.ModelSerializer[Offer]):
    title = serializers.CharField(source="what", read_only=True)
    sale = serializers.PrimaryKeyRelatedField[Sale](read_only=True, allow_null=True)
    edition = serializers.PrimaryKeyRelatedField[Edition](read_only=True, allow_null=True)
    buyer = serializers.CharField(source="buyer.name", read_only=True)
    seller = serializers.CharField(source="seller.name", read_only=True)
    is_yours = serializers.SerializerMethodField(help_text="Whether you made it; else it is for you to answer.")
    text = serializers.CharField(source="money", read_only=True, help_text="For people, such as €25.00.")

    class Meta:
        model = Offer
        fields = [
            "id", "title", "sale", "edition", "buyer", "seller", "is_yours", "licence", "currency", "amount", "text",
            "message", "state", "reason", "answers", "expires_at", "answered_at", "created_at",
        ]  # fmt: skip
        read_only_fields = fields

    def get_is_yours(self, offer: Offer) -> bool:
        return bool(offer.maker.pk == self.context["viewer"].pk)


class OfferFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(choices=OfferState.choices, label="Its state")

    class Meta:
        model = Offer
        fields = ["sale", "edition"]


class OffersView(ListAPIView[Offer]):
    """Offers that you made or received, newest first."""

    scopes = {"POST": "trade"}
    queryset = Offer.objects.none()
    serializer_class = OfferOut
    filterset_class = OfferFilter

    def get_queryset(self) -> QuerySet[Offer]:
        return selectors.offers_of(signed_in(self.request))

    def get_serializer_context(self) -> dict[str, Any]:
        return {**super().get_serializer_context(), "viewer": self.request.user}

    @extend_schema(request=MakeOffer, responses={201: OfferOut})
    @idempotent
    def post(self, request: Request) -> Response:
        """Offer another price than a sale asks. Accepted, it becomes an order of yours; you pay then."""
        given = MakeOffer(data=request.data)
        given.is_valid(raise_exception=True)
        offer = services.offer_on_sale(
            buyer=signed_in(request), sale_id=given.validated_data["sale"], bid=given.bid,
            request_key=current_key(request),
        )  # fmt: skip
        return answered(offer, request, status.HTTP_201_CREATED)


class OfferView(APIView):
    """One offer."""

    @extend_schema(responses=OfferOut)
    def get(self, request: Request, offer_id: UUID) -> Response:
        """An offer that you made or received."""
        return answered(selectors.offer_by_id(offer_id, signed_in(request)), request)


class _Plain(APIView):
    """An answer that says nothing more."""

    scopes = {"POST": "trade"}


class AcceptOfferView(_Plain):
    @extend_schema(request=None, responses=OfferOut)
    def post(self, request: Request, offer_id: UUID) -> Response:
        """Take it: an order is reserved for the buyer at its price."""
        return answered(services.accept_offer(by=signed_in(request), offer_id=offer_id), request)


class DeclineOfferView(_Plain):
    @extend_schema(request=None, responses=OfferOut)
    def post(self, request: Request, offer_id: UUID) -> Response:
        """Say no to an offer that was made to you."""
        return answered(services.decline_offer(by=signed_in(request), offer_id=offer_id), request)


class WithdrawOfferView(_Plain):
    @extend_schema(request=None, responses=OfferOut)
    def post(self, request: Request, offer_id: UUID) -> Response:
        """Take your own offer back."""
        return answered(services.withdraw_offer(by=signed_in(request), offer_id=offer_id), request)


class CounterOfferView(_Plain):
    @extend_schema(request=Answer, responses={201: OfferOut})
    def post(self, request: Request, offer_id: UUID) -> Response:
        """Answer with another price; the other side accepts it, or answers in turn."""
        given = Answer(data=request.data)
        given.is_valid(raise_exception=True)
        offer = services.counter_offer(by=signed_in(request), offer_id=offer_id, **given.validated_data)
        return answered(offer, request, status.HTTP_201_CREATED)


def answered(offer: Offer, request: Request, code: int = 200) -> Response:
    """The offer as the person who asks sees it."""
    viewer = signed_in(request)
    return Response(OfferOut(selectors.offer_by_id(offer.pk, viewer), context={"viewer": viewer}).data, status=code)
