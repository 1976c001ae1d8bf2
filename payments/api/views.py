"""Payments over HTTP, and the door for the provider's webhooks."""

from uuid import UUID

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from marketplace.accounts.api.authentication import signed_in
from marketplace.core.openapi import PAYS
from payments import selectors, services
from payments.api.serializers import PaymentOut


class PaymentView(APIView):
    """One of your payments."""

    @extend_schema(responses=PaymentOut)
    def get(self, request: Request, payment_id: UUID) -> Response:
        """How it stands, and what the payment form needs."""
        return Response(PaymentOut(selectors.payment_of(signed_in(request), payment_id)).data)


class RefreshView(APIView):
    """Asking the provider now, for a page that will not wait for a webhook."""

    scopes = {"POST": "read"}  # nothing is paid by it
    also_answers = PAYS
    throttle_scope = "spend"

    @extend_schema(request=None, responses=PaymentOut)
    def post(self, request: Request, payment_id: UUID) -> Response:
        """Bring one of your payments up to date."""
        payment = selectors.payment_of(signed_in(request), payment_id)
        return Response(PaymentOut(services.refresh(payment_id=payment.pk)).data)


class StripeWebhookView(APIView):
    """What Stripe tells us. Signed; stored once; worked on after the answer."""

    authentication_classes = []
    permission_classes = [AllowAny]
    throttle_classes = []

    @extend_schema(
        request=OpenApiTypes.OBJECT,
        responses={200: OpenApiTypes.OBJECT},
        parameters=[OpenApiParameter("Stripe-Signature", str, OpenApiParameter.HEADER, required=True)],
        auth=[],
    )
    def post(self, request: Request) -> Response:
        """Take one event; the same event twice is taken once."""
        # The signature is over the very bytes, so no parser may touch them first.
        body: bytes = request._request.body
        is_new = services.receive_webhook(body=body, signature=request.headers.get("Stripe-Signature", ""))
        return Response({"received": True, "new": is_new})
