"""What is for sale: so far, commissions in the style of a work."""

from django.db import models
from django.db.models import Q

from generation.models import Artwork
from marketplace.accounts.models import Artist
from marketplace.core.models import TimeStamped
from marketplace.core.money import Money


class ListingState(models.TextChoices):
    DRAFT = "draft"
    PUBLISHED = "published"
    PAUSED = "paused"


class Listing(TimeStamped):
    """An artist's offer to have a picture painted in the style of one of their works."""

    State = ListingState

    artwork = models.OneToOneField(Artwork, on_delete=models.PROTECT, related_name="listing")
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
        ]
        indexes = [models.Index(name="listings_artist_state", fields=["artist", "state"])]

    def __str__(self) -> str:
        return f"In the style of {self.artwork}"

    @property
    def price(self) -> Money:
        return Money(self.price_amount, self.currency)

    @property
    def is_open(self) -> bool:
        return self.state == self.State.PUBLISHED
