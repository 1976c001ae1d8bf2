"""What goes in and out of the webhooks' part of the API."""

from typing import Any

from rest_framework import serializers

from marketplace.accounts.models import (
    EVENT_TYPES,
    EVERYTHING,
    DeliveryState,
    WebhookAttempt,
    WebhookDelivery,
    WebhookEndpoint,
)

TYPES = [(EVERYTHING, "Everything"), *EVENT_TYPES.items()]


class EventTypeOut(serializers.Serializer[Any]):
    """Something that endpoints can be told of."""

    code = serializers.CharField()
    description = serializers.CharField()


class NewEndpoint(serializers.Serializer[Any]):
    """An address that is to be told of events."""

    url = serializers.CharField(max_length=500, help_text="https, on the public internet.")
    event_types = serializers.ListField(
        child=serializers.ChoiceField(choices=TYPES),
        allow_empty=False,
        help_text="“*”: all, also later ones.",
    )
    description = serializers.CharField(max_length=120, required=False, default="", allow_blank=True)


class ChangeEndpoint(serializers.Serializer[Any]):
    """What changes in an endpoint."""

    url = serializers.CharField(max_length=500, required=False)
    event_types = serializers.ListField(child=serializers.ChoiceField(choices=TYPES), allow_empty=False, required=False)
    description = serializers.CharField(max_length=120, required=False, allow_blank=True)
    is_on = serializers.BooleanField(
        required=False, help_text="false: nothing is sent or kept for it. true: a paused one is tried at once."
    )


class EndpointOut(serializers.ModelSerializer[WebhookEndpoint]):
    """An endpoint, without its secret."""

    event_types = serializers.ListField(child=serializers.ChoiceField(choices=TYPES), read_only=True)

    class Meta:
        model = WebhookEndpoint
        fields = [
            "id", "url", "description", "event_types", "state", "failures", "paused_at", "probe_at", "last_success_at",
            "created_at",
        ]  # fmt: skip
        read_only_fields = fields


class NewEndpointOut(EndpointOut):
    """An endpoint with a secret that was just made: the one time that it is shown."""

    secret = serializers.SerializerMethodField(help_text="Verifies signatures, whsec_…; it is never shown again.")

    class Meta(EndpointOut.Meta):
        fields = ["secret", *EndpointOut.Meta.fields]
        read_only_fields = fields

    def get_secret(self, endpoint: WebhookEndpoint) -> str:
        secret: str = self.context["secret"]
        return secret


class AttemptOut(serializers.ModelSerializer[WebhookAttempt]):
    """One try of a delivery."""

    class Meta:
        model = WebhookAttempt
        fields = ["at", "status", "answer", "error", "milliseconds"]
        read_only_fields = fields


class DeliveryOut(serializers.ModelSerializer[WebhookDelivery]):
    """One event on its way to one endpoint."""

    state = serializers.ChoiceField(choices=DeliveryState.choices, read_only=True)

    class Meta:
        model = WebhookDelivery
        fields = [
            "id", "endpoint", "event_id", "event_type", "state", "attempts", "due_at", "give_up_at", "response_status",
            "done_at", "created_at",
        ]  # fmt: skip
        read_only_fields = fields


class DeliveryDetailOut(DeliveryOut):
    """A delivery with what was sent and every try."""

    payload = serializers.DictField(read_only=True, help_text="type, timestamp and data, as it is sent.")
    tries = AttemptOut(many=True, read_only=True)

    class Meta(DeliveryOut.Meta):
        fields = [*DeliveryOut.Meta.fields, "payload", "tries"]
        read_only_fields = fields


class Since(serializers.Serializer[Any]):
    """From when on."""

    since = serializers.DateTimeField(required=False, help_text="Left out: everything that is kept.")


class ReplayedOut(serializers.Serializer[Any]):
    """How many are sent again."""

    replayed = serializers.IntegerField()
