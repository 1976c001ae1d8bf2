"""What the listings' API takes and gives."""

from typing import Any

from rest_framework import serializers

from marketplace.accounts.models import Artist
from marketplace.listings.models import Listing, ListingKind
from marketplace.listings.services import LEAST_PRICE, MOST_PRICE


class PublishListing(serializers.Serializer[Listing]):
    """A work whose style is offered, or a model: one of the two."""

    artwork = serializers.UUIDField(required=False, help_text="A work of yours.")
    model = serializers.UUIDField(required=False, help_text="A published model of yours.")
    price_amount = serializers.IntegerField(min_value=LEAST_PRICE, max_value=MOST_PRICE, help_text="Minor units.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("artwork" in attrs) == ("model" in attrs):
            raise serializers.ValidationError({"artwork": ["Give either an artwork or a model."]})
        return attrs


class ChangeListing(serializers.Serializer[Listing]):
    price_amount = serializers.IntegerField(min_value=LEAST_PRICE, max_value=MOST_PRICE, required=False)
    state = serializers.ChoiceField(choices=["published", "paused"], required=False)


class ListingOut(serializers.ModelSerializer[Listing]):
    kind = serializers.ChoiceField(choices=ListingKind.choices, read_only=True)
    model = serializers.UUIDField(source="trained_model_id", read_only=True, allow_null=True)
    artist = serializers.SlugRelatedField[Artist](slug_field="slug", read_only=True)
    title = serializers.CharField(read_only=True, help_text="The work's title, or the model's name.")
    price = serializers.CharField(read_only=True, help_text="For people, such as €25.00.")

    class Meta:
        model = Listing
        fields = [
            "id", "kind", "artwork", "model", "artist", "title", "state", "price_amount", "currency", "price",
            "created_at",
        ]  # fmt: skip
        read_only_fields = fields
