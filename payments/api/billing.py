"""Where a payer is taxed and how invoices name them, over HTTP."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from marketplace.accounts.api.authentication import signed_in
from marketplace.accounts.models import User
from payments import selectors, services


class BillingIn(serializers.Serializer[Any]):
    """The country decides the tax; in the USA and Canada, state and postcode besides."""

    country = serializers.CharField(max_length=2, min_length=2, help_text="ISO 3166 code, such as DE.")
    name = serializers.CharField(max_length=120, required=False, allow_blank=True, help_text="On invoices.")
    line1 = serializers.CharField(max_length=200, required=False, allow_blank=True, help_text="Street and number.")
    postal_code = serializers.CharField(max_length=20, required=False, allow_blank=True)
    city = serializers.CharField(max_length=100, required=False, allow_blank=True)
    region = serializers.CharField(
        max_length=20, required=False, allow_blank=True, help_text="State or province of the USA or Canada, such as NY."
    )
    vat_id = serializers.CharField(
        max_length=20, required=False, allow_blank=True, help_text="A business's, in the EU, GB, CH or NO."
    )


class BillingOut(BillingIn):
    """As they stand."""

    country = serializers.CharField(max_length=2, help_text="Empty while nothing was told.")


class BillingView(APIView):
    """Your billing details."""

    scopes = {"PUT": "buy"}

    @extend_schema(responses=BillingOut)
    def get(self, request: Request) -> Response:
        """As you told them; `country` is empty while you have not."""
        return self._answer(signed_in(request))

    @extend_schema(request=BillingIn, responses=BillingOut)
    def put(self, request: Request) -> Response:
        """Tell them anew: for what you order from now on. What was paid stays as it was taxed."""
        given = BillingIn(data=request.data)
        given.is_valid(raise_exception=True)
        user = signed_in(request)
        services.keep_billing(user=user, **given.validated_data)
        return self._answer(user)

    def _answer(self, user: User) -> Response:
        details = selectors.billing_of(user)
        return Response({"country": user.tax_country} | {name: getattr(details, name) for name in DETAILS})


DETAILS = ("name", "line1", "postal_code", "city", "region", "vat_id")
