"""Reading one's webhook endpoints, and what was sent to them."""

from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext

from marketplace.accounts.models import DeliveryState, User, WebhookDelivery, WebhookEndpoint
from marketplace.core.errors import InvalidInput, NotFound


def endpoints_of(owner: User) -> QuerySet[WebhookEndpoint]:
    """A person's endpoints, newest first."""
    return WebhookEndpoint.objects.filter(owner=owner).order_by("-pk")


def endpoint_of(owner: User, endpoint_id: UUID) -> WebhookEndpoint:
    """One of a person's endpoints. Raises NotFound."""
    endpoint = WebhookEndpoint.objects.filter(owner=owner, pk=endpoint_id).first()
    if endpoint is None:
        raise NotFound(gettext("You have no such endpoint."))
    return endpoint


def deliveries_of(owner: User, *, endpoint_id: UUID | None = None, state: str = "") -> QuerySet[WebhookDelivery]:
    """What was or is to be sent to a person's endpoints, or to one of them, newest first. Raises InvalidInput."""
    if state and state not in DeliveryState.values:
        raise InvalidInput(
            errors={"state": [gettext("Unknown. Known: %(words)s.") % {"words": ", ".join(DeliveryState.values)}]}
        )
    deliveries = WebhookDelivery.objects.filter(endpoint__owner=owner).select_related("endpoint").order_by("-pk")
    if endpoint_id is not None:
        deliveries = deliveries.filter(endpoint=endpoint_id)
    return deliveries.filter(state=state) if state else deliveries


def delivery_of(owner: User, delivery_id: UUID) -> WebhookDelivery:
    """One delivery with its tries. Raises NotFound."""
    delivery = deliveries_of(owner).prefetch_related("tries").filter(pk=delivery_id).first()
    if delivery is None:
        raise NotFound(gettext("You have no such delivery."))
    return delivery
