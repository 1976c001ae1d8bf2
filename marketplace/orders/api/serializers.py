"""What the collection's API gives."""

from rest_framework import serializers

from marketplace.accounts.models import Artist
from marketplace.orders.models import Ownership


class OwnershipOut(serializers.ModelSerializer[Ownership]):
    title = serializers.CharField(source="artwork.title", read_only=True)
    style_artist = serializers.SlugRelatedField[Artist](
        source="artwork.style_artist", slug_field="slug", read_only=True
    )

    class Meta:
        model = Ownership
        fields = ["id", "artwork", "title", "style_artist", "source", "acquired_at"]
        read_only_fields = fields
