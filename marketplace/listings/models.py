"""What is for sale: commissions in the style of a work, and commissions from a model that an artist trained."""

from django.db import models
from django.db.models import Q

from generation.models import Artwork, TrainedModel
from marketplace.accounts.models import Artist
from marketplace.core.models import TimeStamped
from marketplace.core.money import Money


class ListingState(models.TextChoices):
    DRAFT = "draft"
    PUBLISHED = "published"
    PAUSED = "paused"


class ListingKind(models.TextChoices):
    STYLE = "style", "A picture in the style of a work"
    MODEL = "model", "A picture from a model"


class Listing(TimeStamped):
    """An artist's offer to have pictures made: in the style of one of their works, or from one of their models."""

    State, Kind = ListingState, ListingKind

    artwork = models.OneToOneField(Artwork, on_delete=models.PROTECT, null=True, blank=True, related_name="listing")
    trained_model = models.OneToOneField(
        TrainedModel, on_delete=models.PROTECT, null=True, blank=True, related_name="listing"
    )
    artist = models.ForeignKey(Artist, on_delete=models.PROTECT, related_name="listings")
    state = models.CharField(max_length=12, choices=State, default=State.PUBLISHED)
    price_amount = models.PositiveBigIntegerField(help_text="Minor units, such as cents.")
    currency = models.CharField(max_length=3)

    class Meta:
        constraints = [
            models.CheckConstraint(name="listings_price_positive", condition=Q(price_amount__gt=0)),
            models.CheckConstraint(
                name="listings_state_known", condition=Q(state__in=["draft", "published", "paused"])
            ),
            # A style or a model, and not both; that there is one listing of each, their own unique columns say.
            models.CheckConstraint(
                name="listings_offers_one_thing",
                condition=Q(artwork__isnull=False, trained_model=None)
                | Q(artwork=None, trained_model__isnull=False),
            ),
        ]  # fmt: skip
        indexes = [models.Index(name="listings_artist_state", fields=["artist", "state"])]

    def __str__(self) -> str:
        return f"In the style of {self.artwork}" if self.artwork else f"From the model {self.trained_model}"

    @property
    def kind(self) -> str:
        return self.Kind.STYLE if self.artwork_id else self.Kind.MODEL

    @property
    def title(self) -> str:
        """The title of the work, or the name of the model."""
        return self.artwork.display_title if self.artwork else self.trained_model.name if self.trained_model else ""

    @property
    def price(self) -> Money:
        return Money(self.price_amount, self.currency)

    @property
    def is_open(self) -> bool:
        return self.state == self.State.PUBLISHED
