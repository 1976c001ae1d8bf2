"""A card over HTTP: the one form in which every list of works shows them."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from gallery.models import Card, Orientation
from marketplace.listings.models import SaleKind


class CardCredit(serializers.Serializer[Any]):
    """An artist's name and address."""

    slug = serializers.CharField()
    name = serializers.CharField()


class CardPicture(serializers.Serializer[Any]):
    """A picture of the work: an address for those who take one, and sets for browsers that choose."""

    width = serializers.IntegerField(help_text="Of the work itself, in pixels, as is `height`.")
    height = serializers.IntegerField()
    src = serializers.CharField(help_text="A WebP about 960 pixels wide.")
    webp = serializers.CharField(help_text="HTML's `srcset`: addresses with their widths.")
    avif = serializers.CharField(help_text="The same in AVIF.")
    placeholder = serializers.CharField(
        help_text="A blur of it to be shown until it has come: a tiny WebP in base64, or empty."
    )


class CardSale(serializers.Serializer[Any]):
    """How the work can be bought, cheapest first."""

    kind = serializers.ChoiceField(choices=SaleKind.choices)
    amount = serializers.IntegerField(help_text="The price, or what is bid, in minor units.")
    currency = serializers.CharField(max_length=3)
    prices = serializers.DictField(child=serializers.IntegerField(), help_text="The least in each currency.")
    has_others = serializers.BooleanField(help_text="Whether there are dearer ways: other licences or other sellers.")
    is_bid = serializers.BooleanField(help_text="Whether the price is the present bid of an auction.")
    editions_left = serializers.IntegerField(allow_null=True, help_text="None: as many as are bought.")
    opens_at = serializers.DateTimeField(allow_null=True, help_text="Where it can be bought later alone.")
    ends_at = serializers.DateTimeField(allow_null=True)
    licences = serializers.ListField(child=serializers.CharField())


@extend_schema_field(CardSale(allow_null=True))
class SaleField(serializers.JSONField):
    """Null where the work is not for sale."""


@extend_schema_field(CardCredit(allow_null=True))
class CreditField(serializers.JSONField):
    """Null where nobody is credited."""


class CardSerializer(serializers.Serializer[Card]):
    """A work in a list. What it says was drawn when the card was; nothing more is asked of the database."""

    id = serializers.UUIDField()
    title = serializers.CharField()
    artist = CreditField()
    style_artist = CreditField()
    engine = serializers.CharField()
    medium = serializers.CharField()
    orientation = serializers.ChoiceField(choices=Orientation.choices)
    year = serializers.IntegerField()
    colours = serializers.ListField(child=serializers.CharField())
    picture = CardPicture()
    thumbnail_url = serializers.CharField()
    film_seconds = serializers.FloatField(allow_null=True, help_text="How long a film takes; null of a picture.")
    sale = SaleField()
    hung_at = serializers.DateTimeField()

    def to_representation(self, instance: Card) -> dict[str, Any]:
        """What is kept ready in the card."""
        shown: dict[str, Any] = instance.shown
        return shown
