"""Kept cards over HTTP."""

from typing import Any
from uuid import UUID

from django.conf import settings
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from marketplace.accounts.api.authentication import signed_in
from marketplace.core.openapi import PAYS
from payments import selectors, services
from payments.api.serializers import PaymentOut
from payments.models import SavedCard

SCOPES = {"POST": "pay", "DELETE": "pay"}  # a card is there to spend money with


class SavedCardOut(serializers.ModelSerializer[SavedCard]):
    class Meta:
        model = SavedCard
        fields = ["id", "brand", "last4", "expires", "is_default", "created_at"]
        read_only_fields = fields


class CardSetupOut(serializers.Serializer[Any]):
    client_secret = serializers.CharField(help_text="For Stripe.js: confirmSetup with it, then tell us.")
    publishable_key = serializers.CharField()


class SaveCardIn(serializers.Serializer[Any]):
    setup_intent = serializers.CharField(max_length=100, help_text="The setup intent that the browser has confirmed.")


class PayWithCardIn(serializers.Serializer[Any]):
    card = serializers.UUIDField(required=False, allow_null=True, help_text="Which of your cards; none: the preferred.")


class CardsView(APIView):
    """The cards that you keep."""

    scopes = SCOPES
    also_answers = PAYS
    throttle_scope = "spend"

    @extend_schema(responses=SavedCardOut(many=True))
    def get(self, request: Request) -> Response:
        """The preferred one first."""
        return Response(SavedCardOut(selectors.saved_cards(signed_in(request)), many=True).data)

    @extend_schema(request=None, responses={201: CardSetupOut})
    def post(self, request: Request) -> Response:
        """Begin to keep a card: it is given in the browser, to the provider alone."""
        secret = services.begin_saving_card(user=signed_in(request))
        begun = {"client_secret": secret, "publishable_key": settings.ATELIER.stripe_publishable_key}
        return Response(CardSetupOut(begun).data, status=201)


class SaveCardView(APIView):
    """A card that was given in the browser."""

    scopes = SCOPES

    also_answers = PAYS

    @extend_schema(request=SaveCardIn, responses={201: SavedCardOut})
    def post(self, request: Request) -> Response:
        """Keep it."""
        given = SaveCardIn(data=request.data)
        given.is_valid(raise_exception=True)
        card = services.save_card(user=signed_in(request), setup_id=given.validated_data["setup_intent"])
        return Response(SavedCardOut(card).data, status=201)


class CardView(APIView):
    """One card that you keep."""

    scopes = SCOPES

    also_answers = PAYS

    @extend_schema(responses={204: None})
    def delete(self, request: Request, card_id: UUID) -> Response:
        """Forget it, here and at the provider."""
        services.forget_card(user=signed_in(request), card_id=card_id)
        return Response(status=204)


class PreferCardView(APIView):
    """The card that you would rather pay with."""

    scopes = SCOPES

    @extend_schema(request=None, responses=SavedCardOut)
    def post(self, request: Request, card_id: UUID) -> Response:
        """Prefer it to your others."""
        return Response(SavedCardOut(services.prefer_card(user=signed_in(request), card_id=card_id)).data)


class KeepIn(serializers.Serializer[Any]):
    keep = serializers.BooleanField(help_text="Whether you agree that the card is kept, and charged when you say so.")


class KeepView(APIView):
    """Keeping the card that pays."""

    scopes = SCOPES
    throttle_scope = "spend"

    @extend_schema(request=KeepIn, responses=PaymentOut)
    def post(self, request: Request, payment_id: UUID) -> Response:
        """Agree to it, or take that back, before you confirm the payment."""
        given = KeepIn(data=request.data)
        given.is_valid(raise_exception=True)
        is_agreed = given.validated_data["keep"]
        payment = services.agree_to_keep(user=signed_in(request), payment_id=payment_id, is_agreed=is_agreed)
        return Response(PaymentOut(payment).data)


class PayView(APIView):
    """Paying with a card that you keep."""

    scopes = SCOPES
    also_answers = PAYS
    throttle_scope = "spend"

    @extend_schema(request=PayWithCardIn, responses=PaymentOut)
    def post(self, request: Request, payment_id: UUID) -> Response:
        """Hold or take the amount; where your bank wants to hear you, `action_url` says where."""
        given = PayWithCardIn(data=request.data)
        given.is_valid(raise_exception=True)
        user, chosen = signed_in(request), given.validated_data.get("card")
        payment = selectors.payment_of(user, payment_id)
        card = selectors.saved_card_of(user, chosen).stripe_id if chosen else None
        paid = services.authorise(payment_id=payment.pk, payment_method=card, saved_card=card is None)
        return Response(PaymentOut(paid).data)
