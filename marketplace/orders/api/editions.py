"""What is owned, its history, its certificate, and giving it away, over HTTP."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import status
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from marketplace.accounts.api.authentication import signed_in
from marketplace.core.idempotency import idempotent
from marketplace.orders import selectors, services
from marketplace.orders.api.serializers import (
    CertificateOut,
    GiftOut,
    GiveEdition,
    OwnershipOut,
    ShowAs,
    StepOut,
)
from marketplace.orders.models import Gift, Ownership


class CollectionView(ListAPIView[Ownership]):
    """What you own, newest first."""

    serializer_class = OwnershipOut
    queryset = Ownership.objects.none()

    def get_queryset(self) -> QuerySet[Ownership]:
        return selectors.collection_of(signed_in(self.request))


class OwnedView(APIView):
    """One edition in your collection."""

    scopes = {"PATCH": "buy"}

    @extend_schema(responses=OwnershipOut)
    def get(self, request: Request, edition_id: UUID) -> Response:
        """How you own it."""
        return Response(OwnershipOut(selectors.owned_by(signed_in(request), edition_id)).data)

    @extend_schema(request=ShowAs, responses=OwnershipOut)
    def patch(self, request: Request, edition_id: UUID) -> Response:
        """Choose the name that its certificate shows; a new certificate is written."""
        given = ShowAs(data=request.data)
        given.is_valid(raise_exception=True)
        services.show_as(owner=signed_in(request), edition_id=edition_id, name=given.validated_data["name"])
        return self.get(request, edition_id)


class HistoryView(APIView):
    """Who owned an edition, by the names they chose to show."""

    is_public = True

    @extend_schema(responses=StepOut(many=True))
    def get(self, request: Request, edition_id: UUID) -> Response:
        """Every step, oldest first."""
        return Response(StepOut(selectors.history_of(selectors.edition_by_id(edition_id)), many=True).data)


class EditionCertificateView(APIView):
    """The certificate of an edition's present owner."""

    is_public = True

    @extend_schema(responses=CertificateOut)
    def get(self, request: Request, edition_id: UUID) -> Response:
        """What is certified, with its signature."""
        return Response(CertificateOut(selectors.valid_certificate_of(edition_id)).data)


class CertificateView(APIView):
    """One certificate, valid or superseded."""

    is_public = True

    @extend_schema(responses=CertificateOut)
    def get(self, request: Request, certificate_id: UUID) -> Response:
        """What was certified, with its signature."""
        return Response(CertificateOut(selectors.certificate_by_id(certificate_id)).data)


class CertificateFileView(APIView):
    """The certificate of an edition's present owner on paper."""

    is_public = True

    @extend_schema(responses={302: OpenApiResponse(description="To the PDF; the address lapses in minutes.")})
    def get(self, request: Request, certificate_id: UUID) -> Response:
        """A PDF with the picture, a code that leads to the verification, and the signed certificate attached."""
        url = services.certificate_url(certificate=selectors.certificate_by_id(certificate_id))
        return Response(status=status.HTTP_302_FOUND, headers={"Location": url})


class GiftsView(ListAPIView[Gift]):
    """What is given to you and waits for your answer."""

    scopes = {"POST": "buy"}
    serializer_class = GiftOut
    queryset = Gift.objects.none()

    def get_queryset(self) -> QuerySet[Gift]:
        return selectors.gifts_to(signed_in(self.request))

    @extend_schema(request=GiveEdition, responses={201: GiftOut})
    @idempotent
    def post(self, request: Request) -> Response:
        """Give an edition away: it is theirs once they accept."""
        given = GiveEdition(data=request.data)
        given.is_valid(raise_exception=True)
        chosen: dict[str, Any] = given.validated_data
        gift = services.give_edition(
            owner=signed_in(request), edition_id=chosen["edition"], to=chosen["to"], message=chosen["message"]
        )
        return Response(GiftOut(gift).data, status=status.HTTP_201_CREATED)


class _GiftStepView(APIView):
    scopes = {"POST": "buy"}
    step: Callable[..., Gift]

    @extend_schema(request=None, responses=GiftOut)
    @idempotent
    def post(self, request: Request, gift_id: UUID) -> Response:
        type(self).step(gift_id=gift_id, by=signed_in(request))
        return Response(GiftOut(selectors.gift_for(signed_in(request), gift_id)).data)


class AcceptGiftView(_GiftStepView):
    """Take what you were given."""

    step = staticmethod(services.accept_gift)


class DeclineGiftView(_GiftStepView):
    """Leave it to its owner."""

    step = staticmethod(services.decline_gift)


class WithdrawGiftView(_GiftStepView):
    """Take a gift back that nobody has accepted yet."""

    step = staticmethod(services.withdraw_gift)


@require_safe
def signing_keys(request: HttpRequest) -> HttpResponse:
    """The public keys of certificates, for whoever verifies one: Ed25519, 32 bytes in base64."""
    keys = [
        {"id": key.pk, "algorithm": "Ed25519", "public": key.public, "since": key.since.isoformat()}
        for key in selectors.signing_keys()
    ]
    answer = JsonResponse({"keys": keys})
    answer["Cache-Control"] = "public, max-age=300"
    answer["Access-Control-Allow-Origin"] = "*"
    return answer
