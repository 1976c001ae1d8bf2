"""What you have earned, over HTTP: where it is, what for, and the account that it goes to."""

from datetime import date
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.utils.translation import gettext
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from marketplace.accounts.api.authentication import signed_in
from marketplace.core.errors import NotFound
from marketplace.core.openapi import PAYS
from payments import selectors, services
from payments.api.payee_serializers import (
    EarningsOut,
    LinkOut,
    OnboardingIn,
    PayoutAccountOut,
    PayoutOut,
    PeriodIn,
    ShareOut,
    TransferOut,
)
from payments.api.statements import as_csv, as_pdf
from payments.models import Payout, Share, Transfer

PERIODS = [
    OpenApiParameter("since", date, description="First day, such as 2026-01-01; left out: 30 days ago."),
    OpenApiParameter("until", date, description="Last day; left out: today."),
]


class EarningsView(APIView):
    """What you have earned."""

    @extend_schema(operation_id="earnings_retrieve", responses=EarningsOut(many=True))
    def get(self, request: Request) -> Response:
        """Where it is, one entry a currency."""
        return Response(EarningsOut(selectors.earnings_by_currency(signed_in(request)), many=True).data)


class SharesView(ListAPIView[Share]):
    """Your parts of payments, newest first."""

    serializer_class = ShareOut
    queryset = Share.objects.none()

    def get_queryset(self) -> Any:
        return selectors.shares_of(signed_in(self.request))


class TransfersView(ListAPIView[Transfer]):
    """What was sent to your account, newest first."""

    serializer_class = TransferOut
    queryset = Transfer.objects.none()

    def get_queryset(self) -> Any:
        return selectors.transfers_to(signed_in(self.request))


class StatementView(APIView):
    """Your account with the house."""

    @extend_schema(parameters=PERIODS, responses={(200, "text/csv"): OpenApiTypes.STR})
    def get(self, request: Request) -> HttpResponse:
        """Every movement of a period as CSV, with the balance after it."""
        period = PeriodIn(data=request.query_params)
        period.is_valid(raise_exception=True)
        return as_csv(signed_in(request), **period.validated_data)


class StatementFileView(APIView):
    """Your account with the house, on paper."""

    @extend_schema(parameters=PERIODS, responses={(200, "application/pdf"): OpenApiTypes.BINARY})
    def get(self, request: Request) -> HttpResponse:
        """Every movement of a period as PDF, with the balance after it."""
        period = PeriodIn(data=request.query_params)
        period.is_valid(raise_exception=True)
        return as_pdf(signed_in(request), **period.validated_data)


class PayoutsView(ListAPIView[Payout]):
    """What was paid to your bank, newest first."""

    serializer_class = PayoutOut
    queryset = Payout.objects.none()

    def get_queryset(self) -> Any:
        return selectors.payouts_of(signed_in(self.request))


class PayoutAccountView(APIView):
    """Your account at the payment provider."""

    also_answers = {"GET": {"404"}}

    @extend_schema(responses=PayoutAccountOut)
    def get(self, request: Request) -> Response:
        """How it stands, as last heard."""
        account = selectors.payout_account_of(signed_in(request))
        if account is None:
            raise NotFound(gettext("You have no payout account yet."))
        return Response(PayoutAccountOut(account).data)


class OnboardingView(APIView):
    """Telling the payment provider who you are."""

    scopes = {"POST": "profile"}
    also_answers = PAYS
    throttle_scope = "spend"

    @extend_schema(request=OnboardingIn, responses=LinkOut)
    def post(self, request: Request) -> Response:
        """Open the account, if there is none, and have a link to the provider's page."""
        asked = OnboardingIn(data=request.data)
        asked.is_valid(raise_exception=True)
        page = f"{settings.ATELIER.public_url}/earnings/"
        url = services.open_payout_account(
            user=signed_in(request),
            country=asked.validated_data["country"],
            return_url=asked.validated_data.get("return_url", f"{page}returned/"),
            refresh_url=f"{page}account/",
        )
        return Response({"url": url})


class DashboardView(APIView):
    """Your own dashboard at the payment provider."""

    scopes = {"POST": "profile"}
    also_answers = PAYS
    throttle_scope = "spend"

    @extend_schema(request=None, responses=LinkOut)
    def post(self, request: Request) -> Response:
        """A link to it, by which you change your bank account."""
        return Response({"url": services.payout_dashboard_url(user=signed_in(request))})
