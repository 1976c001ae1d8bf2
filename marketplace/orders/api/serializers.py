"""What the orders' and the collection's API takes and gives."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from marketplace.accounts.models import Artist
from marketplace.orders import selectors
from marketplace.orders.models import Certificate, Gift, Order, Ownership
from payments.api.billing import BillingIn
from payments.models import Payment


class PlaceOrder(serializers.Serializer[Order]):
    sale = serializers.UUIDField()
    licence = serializers.SlugField(help_text="One that the sale has a price for, such as personal.")
    currency = serializers.CharField(min_length=3, max_length=3, help_text="ISO code, such as eur.")
    payment_method = serializers.CharField(
        required=False, max_length=100, help_text="pm_…: pay at once; without it, confirm with client_secret."
    )
    saved_card = serializers.BooleanField(required=False, default=False, help_text="Pay with your preferred card.")
    billing = BillingIn(
        required=False, help_text="Where you are taxed; kept for later orders. Needed once, where tax is collected."
    )


class PayOrder(serializers.Serializer[Order]):
    payment_method = serializers.CharField(required=False, max_length=100)
    saved_card = serializers.BooleanField(required=False, default=False)


class OrderPayment(serializers.ModelSerializer[Payment]):
    class Meta:
        model = Payment
        fields = ["id", "state", "client_secret"]
        read_only_fields = fields


class OrderOut(serializers.ModelSerializer[Order]):
    title = serializers.CharField(source="edition.release.title", read_only=True)
    artist = serializers.SlugRelatedField[Artist](source="edition.release.artist", slug_field="slug", read_only=True)
    number = serializers.IntegerField(source="edition.number", read_only=True)
    size = serializers.IntegerField(
        source="edition.release.size", read_only=True, allow_null=True, help_text="None: an open edition."
    )
    artwork = serializers.UUIDField(
        source="edition.artwork_id", read_only=True, allow_null=True, help_text="None while it is made."
    )
    price = serializers.CharField(source="total", read_only=True, help_text="For people, with tax, such as €25.00.")
    price_amount = serializers.IntegerField(
        read_only=True, help_text="As it was asked, in minor units: with tax or without, as is usual in its currency."
    )
    tax_amount = serializers.IntegerField(
        read_only=True, help_text="Of what is paid: tax, from when the payment is prepared."
    )
    payment = OrderPayment(read_only=True)

    class Meta:
        model = Order
        fields = [
            "id", "state", "reason", "sale", "edition", "title", "artist", "number", "size", "artwork", "licence",
            "price_amount", "tax_amount", "currency", "price", "payment", "reserved_until", "paid_at", "created_at",
        ]  # fmt: skip
        read_only_fields = fields


class OwnershipOut(serializers.ModelSerializer[Ownership]):
    artwork = serializers.UUIDField(source="artwork.pk", read_only=True)
    number = serializers.IntegerField(source="edition.number", read_only=True)
    size = serializers.IntegerField(source="edition.release.size", read_only=True, allow_null=True)
    title = serializers.CharField(source="artwork.title", read_only=True)
    style_artist = serializers.SlugRelatedField[Artist](
        source="artwork.style_artist", slug_field="slug", read_only=True, allow_null=True
    )

    class Meta:
        model = Ownership
        fields = [
            "id", "edition", "number", "size", "artwork", "title", "style_artist", "licence", "source", "shown_as",
            "acquired_at",
        ]  # fmt: skip
        read_only_fields = fields


class ShowAs(serializers.Serializer[Ownership]):
    name = serializers.CharField(
        max_length=80, allow_blank=True, help_text="Your name on the certificate; empty: a private collection."
    )


class StepOut(serializers.Serializer[Any]):
    step = serializers.IntegerField()
    at = serializers.DateTimeField()
    giver = serializers.CharField()
    owner = serializers.CharField()
    how = serializers.CharField(help_text="Such as order, commission, gift, refund or reversal.")


class CertificateOut(serializers.Serializer[Certificate]):
    """A certificate as anybody can verify it: docs/certificates.md says how."""

    certificate = serializers.SerializerMethodField(help_text="What is signed, to be written as RFC 8785 says.")
    signature = serializers.CharField(help_text="Ed25519 over that, in base64.")
    key = serializers.CharField(source="key_id", help_text="Its public half: /.well-known/atelier-certificates.json.")
    valid = serializers.SerializerMethodField(help_text="False once the edition has another owner.")

    def get_certificate(self, certificate: Certificate) -> dict[str, Any]:
        return selectors.said_by(certificate)

    @extend_schema_field(bool)
    def get_valid(self, certificate: Certificate) -> bool:
        return certificate.superseded_at is None


class GiveEdition(serializers.Serializer[Gift]):
    edition = serializers.UUIDField(help_text="One that you own.")
    to = serializers.EmailField(max_length=254, help_text="Who accepts must have this address.")
    message = serializers.CharField(required=False, allow_blank=True, default="", max_length=300)


class GiftOut(serializers.ModelSerializer[Gift]):
    title = serializers.CharField(source="edition", read_only=True)
    giver = serializers.CharField(source="giver.name", read_only=True)

    class Meta:
        model = Gift
        fields = ["id", "edition", "title", "giver", "to_email", "message", "state", "expires_at", "created_at"]
        read_only_fields = fields
