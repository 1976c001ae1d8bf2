"""Webhook endpoints and their deliveries over HTTP; a token needs the scope `webhooks`, also to read."""

from typing import Any, ClassVar
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from marketplace.accounts import selectors, services
from marketplace.accounts.api.authentication import signed_in
from marketplace.accounts.api.webhook_serializers import (
    ChangeEndpoint,
    DeliveryDetailOut,
    DeliveryOut,
    EndpointOut,
    EventTypeOut,
    NewEndpoint,
    NewEndpointOut,
    ReplayedOut,
    Since,
)
from marketplace.accounts.models import EVENT_TYPES, DeliveryState, WebhookDelivery, WebhookEndpoint
from marketplace.core.errors import InvalidInput

ALL_METHODS: dict[str, str] = dict.fromkeys(["GET", "HEAD", "OPTIONS", "POST", "PATCH", "DELETE"], "webhooks")


class EventTypesView(APIView):
    """What endpoints can be told of."""

    is_public = True

    @extend_schema(operation_id="webhooks_event_types", responses=EventTypeOut(many=True))
    def get(self, request: Request) -> Response:
        """Every type of event, with what it means."""
        return Response([{"code": code, "description": gettext(told)} for code, told in EVENT_TYPES.items()])


class EndpointsView(ListAPIView[WebhookEndpoint]):
    """One's endpoints, newest first."""

    scopes: ClassVar = ALL_METHODS
    serializer_class = EndpointOut
    queryset = WebhookEndpoint.objects.none()

    def get_queryset(self) -> QuerySet[WebhookEndpoint]:
        return selectors.endpoints_of(signed_in(self.request))

    @extend_schema(operation_id="webhooks_endpoints_create", request=NewEndpoint, responses={201: NewEndpointOut})
    def post(self, request: Request) -> Response:
        """Have an address told of events. The answer alone shows its secret."""
        given = NewEndpoint(data=request.data)
        given.is_valid(raise_exception=True)
        endpoint, secret = services.create_endpoint(owner=signed_in(request), **given.validated_data)
        shown = NewEndpointOut(endpoint, context={"secret": secret})
        return Response(shown.data, status=status.HTTP_201_CREATED)


class EndpointView(APIView):
    """One endpoint."""

    scopes: ClassVar = ALL_METHODS

    @extend_schema(operation_id="webhooks_endpoints_retrieve", responses=EndpointOut)
    def get(self, request: Request, endpoint_id: UUID) -> Response:
        """How an endpoint stands."""
        return Response(EndpointOut(selectors.endpoint_of(signed_in(request), endpoint_id)).data)

    @extend_schema(operation_id="webhooks_endpoints_update", request=ChangeEndpoint, responses=EndpointOut)
    def patch(self, request: Request, endpoint_id: UUID) -> Response:
        """Change an endpoint, or switch it off or on."""
        given = ChangeEndpoint(data=request.data)
        given.is_valid(raise_exception=True)
        endpoint = services.change_endpoint(owner=signed_in(request), endpoint_id=endpoint_id, **given.validated_data)
        return Response(EndpointOut(endpoint).data)

    @extend_schema(operation_id="webhooks_endpoints_destroy", responses={204: None})
    def delete(self, request: Request, endpoint_id: UUID) -> Response:
        """Forget an endpoint, with everything that was sent to it."""
        services.delete_endpoint(owner=signed_in(request), endpoint_id=endpoint_id)
        return Response(status=status.HTTP_204_NO_CONTENT)


class SecretView(APIView):
    """An endpoint's secret."""

    scopes: ClassVar = ALL_METHODS

    @extend_schema(operation_id="webhooks_endpoints_secret", request=None, responses=NewEndpointOut)
    def post(self, request: Request, endpoint_id: UUID) -> Response:
        """Make a new secret, shown this once; the old one signs besides for a day."""
        endpoint, secret = services.roll_secret(owner=signed_in(request), endpoint_id=endpoint_id)
        return Response(NewEndpointOut(endpoint, context={"secret": secret}).data)


class TryView(APIView):
    """A try."""

    scopes: ClassVar = ALL_METHODS

    @extend_schema(operation_id="webhooks_endpoints_try", request=None, responses={202: DeliveryOut})
    def post(self, request: Request, endpoint_id: UUID) -> Response:
        """Send a `ping`; its delivery tells what came of it."""
        delivery = services.try_endpoint(owner=signed_in(request), endpoint_id=endpoint_id)
        return Response(DeliveryOut(delivery).data, status=status.HTTP_202_ACCEPTED)


class ReplayFailedView(APIView):
    """What an endpoint failed to take."""

    scopes: ClassVar = ALL_METHODS

    @extend_schema(operation_id="webhooks_endpoints_replay", request=Since, responses={202: ReplayedOut})
    def post(self, request: Request, endpoint_id: UUID) -> Response:
        """Send again what was given up, the oldest first, a thousand at most."""
        given = Since(data=request.data)
        given.is_valid(raise_exception=True)
        since = given.validated_data.get("since")
        replayed = services.replay_failed(owner=signed_in(request), endpoint_id=endpoint_id, since=since)
        return Response({"replayed": replayed}, status=status.HTTP_202_ACCEPTED)


class DeliveriesView(ListAPIView[WebhookDelivery]):
    """What was sent."""

    scopes: ClassVar = ALL_METHODS
    serializer_class = DeliveryOut
    queryset = WebhookDelivery.objects.none()

    @extend_schema(
        operation_id="webhooks_deliveries_list",
        parameters=[
            OpenApiParameter("endpoint", UUID, description="Only to this endpoint."),
            OpenApiParameter("state", str, enum=DeliveryState.values, description="Only in this state."),
        ],
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """What was or is to be sent to your endpoints, newest first; it is kept for thirty days."""
        return super().get(request, *args, **kwargs)

    def get_queryset(self) -> QuerySet[WebhookDelivery]:
        asked = self.request.query_params
        try:
            endpoint_id = UUID(asked["endpoint"]) if asked.get("endpoint") else None
        except ValueError as error:
            raise InvalidInput(errors={"endpoint": [gettext("This is no id.")]}) from error
        owner = signed_in(self.request)
        return selectors.deliveries_of(owner, endpoint_id=endpoint_id, state=asked.get("state", ""))


class DeliveryView(APIView):
    """One delivery."""

    scopes: ClassVar = ALL_METHODS

    @extend_schema(operation_id="webhooks_deliveries_retrieve", responses=DeliveryDetailOut)
    def get(self, request: Request, delivery_id: UUID) -> Response:
        """What was sent, and each try with its answer."""
        return Response(DeliveryDetailOut(selectors.delivery_of(signed_in(request), delivery_id)).data)


class ReplayView(APIView):
    """A delivery once more."""

    scopes: ClassVar = ALL_METHODS

    @extend_schema(operation_id="webhooks_deliveries_replay", request=None, responses={202: DeliveryOut})
    def post(self, request: Request, delivery_id: UUID) -> Response:
        """Send an event again, with the id it had."""
        delivery = services.replay_delivery(owner=signed_in(request), delivery_id=delivery_id)
        return Response(DeliveryOut(delivery).data, status=status.HTTP_202_ACCEPTED)
