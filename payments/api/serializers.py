"""What the payments' API gives."""

from django.conf import settings
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from payments.models import Payment


class PaymentOut(serializers.ModelSerializer[Payment]):
    client_secret = serializers.SerializerMethodField(help_text="For Stripe.js, while there is something to pay.")
    publishable_key = serializers.SerializerMethodField()
    price = serializers.CharField(read_only=True, help_text="For people, such as €25.00.")

    class Meta:
        model = Payment
        fields = [
            "id", "reference", "state", "amount", "tax_amount", "tax_inclusive", "currency", "price", "client_secret",
            "publishable_key", "action_url", "keep_agreed_at", "last_error_code", "last_error_message",
            "authorised_at", "captured_at",
            "capture_before", "created_at",
        ]  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(str)
    def get_client_secret(self, payment: Payment) -> str:
        return payment.client_secret if payment.is_payable else ""

    @extend_schema_field(str)
    def get_publishable_key(self, payment: Payment) -> str:
        return str(settings.ATELIER.stripe_publishable_key)
