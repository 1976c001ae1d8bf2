"""Buying editions over HTTP."""

from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from marketplace.accounts.api.authentication import signed_in
from marketplace.core.idempotency import current_key, idempotent
from marketplace.core.openapi import PAYS
from marketplace.orders import selectors, services
from marketplace.orders.api.serializers import OrderOut, PayOrder, PlaceOrder
from marketplace.orders.models import Order
from payments import services as payments
from payments.errors import PaymentDeclined


class OrdersView(ListAPIView[Order]):
    """What you bought or reserved, newest first."""

    scopes = {"POST": "buy"}
    also_answers = PAYS
    serializer_class = OrderOut
    queryset = Order.objects.none()
    filterset_fields = ["state"]

    @property
    def throttle_scope(self) -> str | None:
        return "spend" if self.request.method == "POST" else None

    def get_queryset(self) -> QuerySet[Order]:
        return selectors.orders_of(signed_in(self.request))

    @extend_schema(request=PlaceOrder, responses={201: OrderOut})
    @idempotent
    def post(self, request: Request) -> Response:
        """Reserve an edition; with a payment method or your saved card it is paid, and yours, at once.

        It is kept for you until `reserved_until`. Of a series the seed is drawn after payment, and the edition made.
        """
        given = PlaceOrder(data=request.data)
        given.is_valid(raise_exception=True)
        chosen = given.validated_data
        if "billing" in chosen:
            payments.keep_billing(user=signed_in(request), **chosen["billing"])
        payments.require_tax_place(user=signed_in(request))  # before anything is reserved
        order = services.place_order(
            buyer=signed_in(request),
            sale_id=chosen["sale"],
            licence=chosen["licence"],
            currency=chosen["currency"],
            request_key=current_key(request),
        )
        _pay(order, chosen.get("payment_method"), chosen["saved_card"])
        return _answer(request, order.pk, status.HTTP_201_CREATED)


class OrderView(APIView):
    """One of your orders."""

    @extend_schema(responses=OrderOut)
    def get(self, request: Request, order_id: UUID) -> Response:
        """How far it has come."""
        return _answer(request, order_id)


class PayOrderView(APIView):
    """Paying a reservation."""

    scopes = {"POST": "buy"}
    also_answers = PAYS
    throttle_scope = "spend"

    @extend_schema(request=PayOrder, responses=OrderOut)
    @idempotent
    def post(self, request: Request, order_id: UUID) -> Response:
        """Pay with a payment method or your saved card; with neither, get a `client_secret` for Stripe.js."""
        given = PayOrder(data=request.data)
        given.is_valid(raise_exception=True)
        order = selectors.order_of(signed_in(request), order_id)
        _pay(order, given.validated_data.get("payment_method"), given.validated_data["saved_card"])
        return _answer(request, order_id)


class CancelOrderView(APIView):
    """Giving a reservation up before it is paid."""

    scopes = {"POST": "buy"}

    @extend_schema(request=None, responses=OrderOut)
    @idempotent
    def post(self, request: Request, order_id: UUID) -> Response:
        """Give it up: somebody else may have the edition."""
        services.cancel(order_id=order_id, buyer=signed_in(request))
        return _answer(request, order_id)


def _pay(order: Order, payment_method: str | None, saved_card: bool) -> None:
    try:
        services.pay(order=order, payment_method=payment_method, saved_card=saved_card)
    except PaymentDeclined as declined:
        # The reservation stands: another card may be tried on it.
        declined.data["order"] = str(order.pk)
        raise


def _answer(request: Request, order_id: UUID, code: int = status.HTTP_200_OK) -> Response:
    return Response(OrderOut(selectors.order_of(signed_in(request), order_id)).data, status=code)
