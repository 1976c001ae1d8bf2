"""Commissions over HTTP."""

from collections.abc import Callable
from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from marketplace.accounts.api.authentication import signed_in
from marketplace.commissions import selectors, services
from marketplace.commissions.api.serializers import (
    AcceptCommission,
    AskReroll,
    CommissionOut,
    OrderCommission,
    PayCommission,
)
from marketplace.commissions.models import Commission, Reroll
from marketplace.core.idempotency import current_key, idempotent
from marketplace.core.openapi import PAYS
from payments.errors import PaymentDeclined


class CommissionsView(ListAPIView[Commission]):
    """Your commissions, newest first."""

    scopes = {"POST": "commission"}
    also_answers = PAYS
    serializer_class = CommissionOut
    queryset = Commission.objects.none()
    filterset_fields = ["state"]

    @property
    def throttle_scope(self) -> str | None:
        return "spend" if self.request.method == "POST" else None

    def get_queryset(self) -> QuerySet[Commission]:
        return selectors.commissions_of(signed_in(self.request))

    @extend_schema(request=OrderCommission, responses={201: CommissionOut})
    @idempotent
    def post(self, request: Request) -> Response:
        """Order a picture: your photograph in a style, or a seed of a model, or your portrait in it.

        The card is authorised now and charged when you accept the picture.
        """
        given = OrderCommission(data=request.data)
        given.is_valid(raise_exception=True)
        commission = services.order_commission(
            collector=signed_in(request),
            listing_id=given.validated_data["listing"],
            engine=given.validated_data.get("engine"),
            seed=given.validated_data.get("seed"),
            photograph_id=given.validated_data.get("photograph"),
            mask_id=given.validated_data.get("mask"),
            parameters=given.validated_data["parameters"],
            request_key=current_key(request),
        )
        _pay(commission, given.validated_data.get("payment_method"))
        return _answer(request, commission.pk, status.HTTP_201_CREATED)


class CommissionView(APIView):
    """One of your commissions."""

    @extend_schema(responses=CommissionOut)
    def get(self, request: Request, commission_id: UUID) -> Response:
        """How far it has come."""
        return _answer(request, commission_id)


class PayView(APIView):
    """Paying a commission whose card was declined or not given."""

    scopes = {"POST": "commission"}
    also_answers = PAYS
    throttle_scope = "spend"

    @extend_schema(request=PayCommission, responses=CommissionOut)
    @idempotent
    def post(self, request: Request, commission_id: UUID) -> Response:
        """Authorise the price on a payment method."""
        given = PayCommission(data=request.data)
        given.is_valid(raise_exception=True)
        _pay(selectors.commission_of(signed_in(request), commission_id), given.validated_data["payment_method"])
        return _answer(request, commission_id)


class _StepView(APIView):
    scopes = {"POST": "commission"}
    step: Callable[..., Commission]

    @extend_schema(request=None, responses=CommissionOut)
    @idempotent
    def post(self, request: Request, commission_id: UUID) -> Response:
        type(self).step(commission_id=commission_id, collector=signed_in(request))
        return _answer(request, commission_id)


class AcceptView(APIView):
    """Taking one of the candidates."""

    scopes = {"POST": "commission"}

    @extend_schema(request=AcceptCommission, responses=CommissionOut)
    @idempotent
    def post(self, request: Request, commission_id: UUID) -> Response:
        """Take the work: what is held is captured, the work is yours, the other candidates stay proofs."""
        given = AcceptCommission(data=request.data)
        given.is_valid(raise_exception=True)
        services.accept(commission_id=commission_id, collector=signed_in(request), **given.validated_data)
        return _answer(request, commission_id)


class RerollsView(APIView):
    """Asking for another picture."""

    scopes = {"POST": "commission"}
    also_answers = PAYS
    throttle_scope = "spend"

    @extend_schema(request=AskReroll, responses={201: CommissionOut})
    @idempotent
    def post(self, request: Request, commission_id: UUID) -> Response:
        """Another seed, or other parameters: included, or held on a card and charged only with the work."""
        given = AskReroll(data=request.data)
        given.is_valid(raise_exception=True)
        method = given.validated_data.pop("payment_method", None)
        reroll = services.ask_reroll(
            commission_id=commission_id,
            collector=signed_in(request),
            request_key=current_key(request),
            **given.validated_data,
        )
        _pay_reroll(reroll, method)
        return _answer(request, commission_id, status.HTTP_201_CREATED)


class PayRerollView(APIView):
    """Paying for another picture whose card was declined or not given."""

    scopes = {"POST": "commission"}
    also_answers = PAYS
    throttle_scope = "spend"

    @extend_schema(request=PayCommission, responses=CommissionOut)
    @idempotent
    def post(self, request: Request, commission_id: UUID, number: int) -> Response:
        """Hold its price on a payment method."""
        given = PayCommission(data=request.data)
        given.is_valid(raise_exception=True)
        reroll = selectors.reroll_of(signed_in(request), commission_id, number)
        _pay_reroll(reroll, given.validated_data["payment_method"])
        return _answer(request, commission_id)


class DropRerollView(APIView):
    """Giving up another picture that is not paid yet."""

    scopes = {"POST": "commission"}

    @extend_schema(request=None, responses=CommissionOut)
    @idempotent
    def post(self, request: Request, commission_id: UUID, number: int) -> Response:
        """Nothing is charged for it, and it does not count."""
        services.drop_reroll(commission_id=commission_id, collector=signed_in(request), number=number)
        return _answer(request, commission_id)


class DeclineView(_StepView):
    """Do not take the work: the card is released."""

    step = staticmethod(services.decline)


class CancelView(_StepView):
    """Withdraw before the picture is ready: the card is released."""

    step = staticmethod(services.cancel)


def _pay(commission: Commission, payment_method: str | None) -> None:
    try:
        services.pay(commission=commission, payment_method=payment_method)
    except PaymentDeclined as declined:
        # The order stands: another card may be tried on it.
        declined.data["commission"] = str(commission.pk)
        raise


def _pay_reroll(reroll: Reroll, payment_method: str | None) -> None:
    try:
        services.pay_reroll(reroll=reroll, payment_method=payment_method)
    except PaymentDeclined as declined:
        # It waits for another card, for as long as the answer says; the proof can be answered meanwhile.
        declined.data["candidate"] = reroll.number
        raise


def _answer(request: Request, commission_id: UUID, code: int = status.HTTP_200_OK) -> Response:
    return Response(CommissionOut(selectors.commission_of(signed_in(request), commission_id)).data, status=code)
