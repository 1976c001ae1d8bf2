"""What the commissions' API takes and gives."""

from rest_framework import serializers

from marketplace.accounts.models import Artist
from marketplace.commissions.models import Commission
from payments.models import Payment


class OrderCommission(serializers.Serializer[Commission]):
    listing = serializers.UUIDField()
    photograph = serializers.UUIDField(help_text="An upload of yours that is ready.")
    parameters = serializers.DictField(default=dict, help_text="As the engine's schema says: strength, size …")
    payment_method = serializers.CharField(
        required=False, max_length=100, help_text="pm_…: authorise at once; without it, confirm with client_secret."
    )


class PayCommission(serializers.Serializer[Commission]):
    payment_method = serializers.CharField(max_length=100)


class CommissionPayment(serializers.ModelSerializer[Payment]):
    class Meta:
        model = Payment
        fields = ["id", "state", "client_secret"]
        read_only_fields = fields


class CommissionOut(serializers.ModelSerializer[Commission]):
    style = serializers.UUIDField(source="listing.artwork_id", read_only=True)  # type: ignore[assignment]  # a name of the base
    artist = serializers.SlugRelatedField[Artist](source="listing.artist", slug_field="slug", read_only=True)
    price = serializers.CharField(read_only=True, help_text="For people, such as €25.00.")
    payment = CommissionPayment(read_only=True)
    is_held = serializers.BooleanField(read_only=True, help_text="Painted, and waiting for a curator to look at it.")

    class Meta:
        model = Commission
        fields = [
            "id", "state", "is_held", "reason", "listing", "style", "artist", "photograph", "parameters",
            "price_amount", "currency", "price", "artist_amount", "platform_amount", "payment", "job", "artwork",
            "accept_by", "created_at",
        ]  # fmt: skip
        read_only_fields = fields
