"""What the listings' API takes and gives."""

from typing import Any

from django.utils.translation import gettext
from rest_framework import serializers

from marketplace.accounts.models import Artist
from marketplace.listings.models import LEAST_REROLL_BPS, MOST_REROLLS, Listing, ListingKind
from marketplace.listings.services import LEAST_PRICE, MOST_PRICE


class _RerollTerms(serializers.Serializer[Listing]):
    """How many more pictures a collector may ask for when they have seen a proof, and what each costs."""

    included_rerolls = serializers.IntegerField(
        required=False, min_value=0, max_value=MOST_REROLLS, help_text="At no cost."
    )
    most_rerolls = serializers.IntegerField(required=False, min_value=0, max_value=MOST_REROLLS, help_text="In all.")
    reroll_bps = serializers.IntegerField(
        required=False, min_value=LEAST_REROLL_BPS, max_value=10_000,
        help_text="What each costs beyond the included ones, of 10,000 of the price.",
    )  # fmt: skip


class PublishListing(serializers.Serializer[Listing]):
    """A work whose style is offered, or a model, or (curators) an engine of the house: one of the three."""

    artwork = serializers.UUIDField(required=False, help_text="A work of yours.")
    model = serializers.UUIDField(required=False, help_text="A published model of yours.")
    engine = serializers.CharField(required=False, max_length=80, help_text="An engine of the house, by its name.")
    artist = serializers.SlugRelatedField[Artist](
        required=False, slug_field="slug", queryset=Artist.objects.all(), help_text="Of an engine: whom its price pays."
    )
    price_amount = serializers.IntegerField(min_value=LEAST_PRICE, max_value=MOST_PRICE, help_text="Minor units.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if len({"artwork", "model", "engine"} & attrs.keys()) != 1:
            raise serializers.ValidationError({"artwork": [gettext("Give either an artwork, a model or an engine.")]})
        if ("engine" in attrs) != ("artist" in attrs):
            raise serializers.ValidationError(
                {"artist": [gettext("Name whom an engine's price pays, and only there.")]}
            )
        return attrs


class ChangeListing(_RerollTerms):
    price_amount = serializers.IntegerField(min_value=LEAST_PRICE, max_value=MOST_PRICE, required=False)
    state = serializers.ChoiceField(choices=["published", "paused"], required=False)


class ListingOut(serializers.ModelSerializer[Listing]):
    kind = serializers.ChoiceField(choices=ListingKind.choices, read_only=True)
    model = serializers.UUIDField(source="trained_model_id", read_only=True, allow_null=True)
    artist = serializers.SlugRelatedField[Artist](slug_field="slug", read_only=True)
    title = serializers.CharField(read_only=True, help_text="The work's title, the model's name or the engine's title.")
    price = serializers.CharField(read_only=True, help_text="For people, such as €25.00.")

    class Meta:
        model = Listing
        fields = [
            "id", "kind", "artwork", "model", "engine", "artist", "title", "state", "price_amount", "currency", "price",
            "included_rerolls", "most_rerolls", "reroll_bps", "created_at",
        ]  # fmt: skip
        read_only_fields = fields
