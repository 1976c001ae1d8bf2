"""What the listings' API takes and gives."""

from rest_framework import serializers

from marketplace.accounts.models import Artist
from marketplace.listings.models import Listing


class PublishListing(serializers.Serializer[Listing]):
    artwork = serializers.UUIDField()
    price_amount = serializers.IntegerField(min_value=100, max_value=100_000_00, help_text="Minor units.")


class ChangeListing(serializers.Serializer[Listing]):
    price_amount = serializers.IntegerField(min_value=100, max_value=100_000_00, required=False)
    state = serializers.ChoiceField(choices=["published", "paused"], required=False)


class ListingOut(serializers.ModelSerializer[Listing]):
    artist = serializers.SlugRelatedField[Artist](slug_field="slug", read_only=True)
    title = serializers.CharField(source="artwork.title", read_only=True)
    price = serializers.CharField(read_only=True, help_text="For people, such as €25.00.")

    class Meta:
        model = Listing
        fields = ["id", "artwork", "artist", "title", "state", "price_amount", "currency", "price", "created_at"]
        read_only_fields = fields
