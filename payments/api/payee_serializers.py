"""What the payees' API takes and gives."""

from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from payments import selectors
from payments.models import Payout, PayoutAccount, Share, Transfer


class EarningsOut(serializers.Serializer[Any]):
    """Where your money in one currency is, in minor units."""

    currency = serializers.CharField()
    on_hold = serializers.IntegerField(help_text="Waits for refunds and disputes, or for a delivery.")
    next_release = serializers.DateTimeField(
        allow_null=True, help_text="When some of that is due next, where it is known."
    )
    due = serializers.IntegerField(help_text="Is sent as soon as your account can take it.")
    disputed = serializers.IntegerField(help_text="Waits for a buyer's bank to decide.")
    on_its_way = serializers.IntegerField(help_text="Being sent to your account at the payment provider.")
    transferred = serializers.IntegerField(help_text="Sent there, less what was taken back.")
    owed_by_you = serializers.IntegerField(help_text="Is set off against what you earn next.")


class ShareOut(serializers.ModelSerializer[Share]):
    """Your part of one payment."""

    reference = serializers.CharField(source="payment.reference", help_text="What was paid for, such as order:<id>.")
    currency = serializers.CharField(source="payment.currency")
    owed = serializers.IntegerField(help_text="What you still get of it; negative: what you owe.")

    class Meta:
        model = Share
        fields = [
            "id", "reference", "role", "currency", "amount", "refunded", "transferred", "owed", "release_at",
            "created_at",
        ]  # fmt: skip
        read_only_fields = fields


class TransferOut(serializers.ModelSerializer[Transfer]):
    """Money that was sent to your account at the payment provider, or is being sent."""

    share = serializers.UUIDField(source="share_id")
    reference = serializers.CharField(source="share.payment.reference")
    currency = serializers.CharField(source="share.payment.currency")

    class Meta:
        model = Transfer
        fields = ["id", "share", "reference", "currency", "amount", "reversed", "state", "created_at"]
        read_only_fields = fields


class PayoutOut(serializers.ModelSerializer[Payout]):
    """Money on its way from there to your bank."""

    what_to_do = serializers.SerializerMethodField(help_text="Where it failed.")

    class Meta:
        model = Payout
        fields = ["id", "amount", "currency", "status", "arrives_at", "failure", "what_to_do", "created_at"]
        read_only_fields = fields

    @extend_schema_field(str)
    def get_what_to_do(self, payout: Payout) -> str:
        return selectors.what_to_do(payout.failure_code) if payout.status == "failed" else ""


class PayoutAccountOut(serializers.ModelSerializer[PayoutAccount]):
    """Your account at the payment provider."""

    is_payable = serializers.BooleanField(help_text="Whether what you earn reaches your bank.")
    is_closed = serializers.BooleanField(help_text="Another can be opened then.")
    requirements = serializers.ListField(child=serializers.CharField(), help_text="What the provider wants to know.")

    class Meta:
        model = PayoutAccount
        fields = [
            "id", "country", "transfers_active", "payouts_enabled", "details_submitted", "is_payable", "is_closed",
            "requirements", "disabled_reason", "created_at",
        ]  # fmt: skip
        read_only_fields = fields


class OnboardingIn(serializers.Serializer[Any]):
    """Where you live and are taxed; it cannot be changed once the account is open."""

    country = serializers.RegexField(r"^[A-Za-z]{2}$", help_text="ISO code, such as DE.")
    return_url = serializers.URLField(required=False, help_text="Where the provider leads back to; default: our page.")


class LinkOut(serializers.Serializer[Any]):
    """A page of the payment provider; it works once."""

    url = serializers.URLField()


class PeriodIn(serializers.Serializer[Any]):
    """From one day to another, both inclusive."""

    since = serializers.DateField(required=False)
    until = serializers.DateField(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        today = timezone.now().date()
        until = attrs.get("until", today)
        since = attrs.get("since", until - timedelta(days=30))
        if since > until:
            raise serializers.ValidationError({"since": [gettext("This is after the last day.")]})
        return {"since": since, "until": until}
