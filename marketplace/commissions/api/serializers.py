"""What the commissions' API takes and gives."""

from datetime import datetime
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from generation.services import SEED_BOUND
from marketplace.accounts.models import Artist
from marketplace.commissions import selectors
from marketplace.commissions.models import Commission
from marketplace.commissions.selectors import Candidate, RerollsLeft
from marketplace.core.said import SaidField
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


class AskedPictureOut(serializers.Serializer[Candidate]):
    """One picture that was asked for: the first, or a re-roll."""

    number = serializers.IntegerField()
    state = serializers.SerializerMethodField(
        help_text="awaiting_payment, painting, shown, chosen, passed, failed, dropped."
    )
    reason = SaidField(source="reroll.reason", default="", help_text="Why nothing came of it.")
    parameters = serializers.DictField()
    seed = serializers.IntegerField(allow_null=True)
    job = serializers.UUIDField(source="job.pk", default=None, allow_null=True)
    artwork = serializers.UUIDField(
        source="artwork.pk", default=None, allow_null=True, help_text="A proof until it is accepted."
    )
    preview_url = serializers.SerializerMethodField(help_text="With a watermark until it is accepted.")
    price_amount = serializers.SerializerMethodField(help_text="What it costs beside the price; 0 where included.")
    payment = CommissionPayment(source="reroll.payment", default=None, allow_null=True)
    pay_by = serializers.SerializerMethodField(help_text="While it waits for a card: given up then.")

    def get_state(self, one: Candidate) -> str:
        return one.state

    def get_preview_url(self, one: Candidate) -> str:
        return one.artwork.preview_url() if one.artwork else ""

    def get_price_amount(self, one: Candidate) -> int:
        return one.reroll.payment.amount if one.reroll and one.reroll.payment else 0

    @extend_schema_field(serializers.DateTimeField(allow_null=True))
    def get_pay_by(self, one: Candidate) -> datetime | None:
        return one.reroll.pay_by if one.reroll and one.reroll.state == "awaiting_payment" else None


class RerollsOut(serializers.Serializer[RerollsLeft]):
    """How many more pictures may be asked for."""

    included = serializers.IntegerField(help_text="At no cost.")
    most = serializers.IntegerField(help_text="In all.")
    price_amount = serializers.IntegerField(source="price.amount", help_text="Of each beyond the included ones.")


class AskReroll(serializers.Serializer[Any]):
    parameters = serializers.DictField(
        default=dict, help_text="What changes; nothing that takes more effort than was ordered."
    )
    seed = serializers.IntegerField(
        required=False, min_value=0, max_value=SEED_BOUND - 1, help_text="Of a model alone; drawn if left out."
    )
    payment_method = serializers.CharField(
        required=False, max_length=100,
        help_text="pm_…, where it is not included: hold its price at once; without it, confirm with client_secret.",
    )  # fmt: skip


class AcceptCommission(serializers.Serializer[Any]):
    candidate = serializers.IntegerField(required=False, min_value=1, help_text="Needed where there are several.")
    amount = serializers.IntegerField(
        required=False, min_value=1,
        help_text="The total you agree to, in minor units: needed where paid re-rolls come to the price.",
    )  # fmt: skip


class CommissionOut(serializers.ModelSerializer[Commission]):
    style = serializers.UUIDField(source="listing.artwork_id", read_only=True, allow_null=True)  # type: ignore[assignment]  # a name of the base
    model = serializers.UUIDField(source="trained_model_id", read_only=True, allow_null=True)
    title = serializers.CharField(read_only=True, help_text="What the picture will be called.")
    artist = serializers.SlugRelatedField[Artist](source="listing.artist", slug_field="slug", read_only=True)
    price = serializers.CharField(read_only=True, help_text="For people, such as €25.00.")
    payment = CommissionPayment(read_only=True)
    pay_by = serializers.DateTimeField(read_only=True, help_text="The order ends then, unless its card is authorised.")
    candidates = serializers.SerializerMethodField(help_text="Every picture that was asked for; all are kept.")
    rerolls_left = serializers.SerializerMethodField()
    total_amount = serializers.SerializerMethodField(help_text="What accepting one of the candidates costs.")
    is_held = serializers.BooleanField(read_only=True, help_text="Painted, and waiting for a curator to look at it.")

    class Meta:
        model = Commission
        fields = [
            "id", "title", "state", "is_held", "reason", "listing", "style", "model", "artist", "engine", "seed",
            "photograph", "mask", "parameters", "price_amount", "currency", "price", "artist_amount",
            "platform_amount", "total_amount", "candidates", "rerolls_left", "payment", "pay_by", "job", "artwork",
            "accept_by", "created_at",
        ]  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(AskedPictureOut(many=True))
    def get_candidates(self, commission: Commission) -> Any:
        return AskedPictureOut(selectors.candidates_of(commission), many=True).data  # type: ignore[arg-type]  # many

    @extend_schema_field(RerollsOut)
    def get_rerolls_left(self, commission: Commission) -> Any:
        return RerollsOut(selectors.rerolls_left(commission)).data

    def get_total_amount(self, commission: Commission) -> int:
        return selectors.total_of(commission).amount
