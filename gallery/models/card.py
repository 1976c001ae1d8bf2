"""A card: what walls, searches and facets need of one work that hangs, in one row, so that a list joins nothing."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Q
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Now

from generation.models import Artwork
from marketplace.accounts.models import Artist


class Orientation(models.TextChoices):
    PORTRAIT = "portrait"
    LANDSCAPE = "landscape"
    SQUARE = "square"


def _prices_in(currency: str) -> models.Index:
    amount = Cast(KeyTextTransform(currency, "prices"), models.BigIntegerField())
    # Of all cards: PostgreSQL takes `prices ? currency`, which a part of them would need, to be rare, and would sort.
    return models.Index(amount, F("artwork"), name=f"gallery_card_{currency}")


class Card(models.Model):
    """One work that hangs; written by `services.refresh_cards` alone, removed by the database when it hangs no more.

    Everything here is drawn from other tables, but for `trend`, which discovery writes and a refresh leaves alone.
    """

    artwork = models.OneToOneField(Artwork, on_delete=models.CASCADE, primary_key=True, related_name="card")
    title = models.CharField(max_length=200)
    artist = models.ForeignKey(
        Artist, on_delete=models.CASCADE, null=True, blank=True, related_name="cards", db_index=False
    )
    artist_name = models.CharField(max_length=80, blank=True)
    style_artist = models.ForeignKey(
        Artist, on_delete=models.CASCADE, null=True, blank=True, related_name="styled_cards"
    )
    engine = models.CharField(max_length=80)
    medium = models.CharField(max_length=20)
    orientation = models.CharField(max_length=10, choices=Orientation)
    year = models.PositiveSmallIntegerField(help_text="In which it was made.")
    licences = ArrayField(models.CharField(max_length=40), default=list, help_text="Under which it can be bought.")
    colours = ArrayField(models.CharField(max_length=20), default=list, help_text="Names of its main colours.")

    sale_kind = models.CharField(max_length=10, blank=True, help_text="fixed, english or dutch; empty: not for sale.")
    on_sale = models.BooleanField(default=False)
    prices = models.JSONField(default=dict, help_text="The least by currency, in minor units.")
    price = models.BigIntegerField(null=True, blank=True, help_text="The least in the house's currency.")
    editions_left = models.PositiveIntegerField(null=True, blank=True, help_text="None: as many as are bought.")
    opens_at = models.DateTimeField(null=True, blank=True, help_text="Where it can be bought later alone: when.")
    ends_at = models.DateTimeField(null=True, blank=True, help_text="When an auction or a timed sale ends.")
    hung_at = models.DateTimeField()
    trend = models.FloatField(default=0.0, db_default=0.0)

    facets = ArrayField(models.CharField(max_length=100), default=list, help_text="Such as medium:image.")
    words = ArrayField(models.CharField(max_length=80), default=list, help_text="That it is found by, as written.")
    document = SearchVectorField(
        help_text="Its words in several languages: title A, artist B, kinds C, recipe and other names D."
    )
    shown = models.JSONField(help_text="What is shown of it: the API sends this as it is, pages draw it.")
    refreshed_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "gallery_card"
        constraints = [
            models.CheckConstraint(name="gallery_card_orientation", condition=Q(orientation__in=Orientation.values)),
            # What is for sale is for sale in some way.
            models.CheckConstraint(
                name="gallery_card_sale_has_kind",
                condition=Q(on_sale=False, sale_kind="") | (Q(on_sale=True) & ~Q(sale_kind="")),
            ),
        ]
        indexes = [
            # One for each order in which cards are read; what ties is told apart by the key.
            models.Index(F("hung_at").desc(), F("artwork").desc(), name="gallery_card_new"),
            models.Index(F("trend").desc(), F("artwork").desc(), name="gallery_card_trending"),
            models.Index(
                F("price").asc(), F("artwork").asc(), name="gallery_card_price", condition=Q(price__isnull=False)
            ),
            models.Index(
                F("ends_at").asc(), F("artwork").asc(), name="gallery_card_ending", condition=Q(ends_at__isnull=False)
            ),
            # Kinds that lie together in time, or of which there are many with few works each: a walk along `new` would
            # pass too much to find them.
            models.Index(F("artist"), F("hung_at").desc(), F("artwork").desc(), name="gallery_card_artist"),
            models.Index(F("engine"), F("hung_at").desc(), F("artwork").desc(), name="gallery_card_engine"),
            models.Index(F("year"), F("hung_at").desc(), F("artwork").desc(), name="gallery_card_year"),
            # What changes by the clock alone.
            models.Index(name="gallery_card_opening", fields=["opens_at"], condition=Q(opens_at__isnull=False)),
            models.Index(name="gallery_card_falling", fields=["artwork"], condition=Q(sale_kind="dutch")),
            # Ranges of prices and their order, in the currencies that a house sells in if nobody says otherwise; in
            # others whatever is sold in the currency is read.
            *(_prices_in(currency) for currency in ("eur", "usd", "gbp")),
            GinIndex(name="gallery_card_facets", fields=["facets"], fastupdate=False),
            GinIndex(name="gallery_card_document", fields=["document"], fastupdate=False),
        ]

    def __str__(self) -> str:
        return self.title


class PastCard(models.Model):
    """What a card was found by until it changed: by it one tells what begins to match from what always did.

    Written with the change itself (`services.refresh_cards`), forgotten after eight days.
    """

    id = models.BigAutoField(primary_key=True)
    artwork = models.ForeignKey(Artwork, on_delete=models.CASCADE, related_name="+", db_index=False)
    at = models.DateTimeField(db_default=Now(), help_text="Until when it was so.")
    facets = ArrayField(models.CharField(max_length=100))
    document = SearchVectorField()
    prices = models.JSONField(default=dict, db_default={})

    class Meta:
        indexes = [models.Index(name="gallery_past_cards", fields=["at"])]

    def __str__(self) -> str:
        return f"{self.artwork_id} until {self.at}"
