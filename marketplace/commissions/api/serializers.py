"""What the commissions' API takes and gives."""

from rest_framework import serializers

from generation.services import SEED_BOUND
from marketplace.accounts.models import Artist
from marketplace.commissions.models import Commission
from payments.models import Payment


class OrderCommission(serializers.Serializer[Commission]):
    listing = serializers.UUIDField()
    engine = serializers.CharField(
        required=False, max_length=80, help_text="Of a model: what paints it; by default what goes with what you bring."
    )
    seed = serializers.IntegerField(
        required=False, min_value=0, max_value=SEED_BOUND - 1,
        help_text="Of a model: which picture; drawn by chance if left out. Each is sold once.",
    )  # fmt: skip
    photograph = serializers.UUIDField(
        required=False, help_text="An upload of yours that is ready, where the engine takes one: in a style, always."
    )
    mask = serializers.UUIDField(
        required=False,
        help_text="In a style: an upload of the photograph's shape, white where it is painted; the rest stays.",
    )
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
    style = serializers.UUIDField(source="listing.artwork_id", read_only=True, allow_null=True)  # type: ignore[assignment]  # a name of the base
    model = serializers.UUIDField(source="trained_model_id", read_only=True, allow_null=True)
    title = serializers.CharField(read_only=True, help_text="What the picture will be called.")
    artist = serializers.SlugRelatedField[Artist](source="listing.artist", slug_field="slug", read_only=True)
    price = serializers.CharField(read_only=True, help_text="For people, such as €25.00.")
    payment = CommissionPayment(read_only=True)
    pay_by = serializers.DateTimeField(read_only=True, help_text="The order ends then, unless its card is authorised.")
    is_held = serializers.BooleanField(read_only=True, help_text="Painted, and waiting for a curator to look at it.")

    class Meta:
        model = Commission
        fields = [
            "id", "title", "state", "is_held", "reason", "listing", "style", "model", "artist", "engine", "seed",
            "photograph", "mask", "parameters", "price_amount", "currency", "price", "artist_amount",
            "platform_amount", "payment", "pay_by", "job", "artwork", "accept_by", "created_at",
        ]  # fmt: skip
        read_only_fields = fields
