"""What the collection's API gives."""

from rest_framework import serializers

from marketplace.accounts.models import Artist
from marketplace.orders.models import Ownership


class OwnershipOut(serializers.ModelSerializer[Ownership]):
    artwork = serializers.UUIDField(source="artwork.pk", read_only=True)
    number = serializers.IntegerField(source="edition.number", read_only=True)
    size = serializers.IntegerField(source="edition.release.size", read_only=True, allow_null=True)
    title = serializers.CharField(source="artwork.title", read_only=True)
    style_artist = serializers.SlugRelatedField[Artist](
        source="artwork.style_artist", slug_field="slug", read_only=True
    )

    class Meta:
        model = Ownership
        fields = [
            "id",
            "edition",
            "number",
            "size",
            "artwork",
            "title",
            "style_artist",
            "licence",
            "source",
            "acquired_at",
        ]
        read_only_fields = fields
