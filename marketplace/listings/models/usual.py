"""What an artist usually asks: where a new sale begins."""

from django.db import models
from django.db.models import Q

from marketplace.accounts.models import Artist
from marketplace.core.models import TimeStamped
from marketplace.core.money import Money
from marketplace.listings.models.sales import Licence


class UsualPrice(TimeStamped):
    """One licence that an artist offers by default, and what an edition costs with it in one currency."""

    artist = models.ForeignKey(Artist, on_delete=models.PROTECT, related_name="usual_prices")
    licence = models.ForeignKey(Licence, on_delete=models.PROTECT, related_name="+")
    currency = models.CharField(max_length=3)
    amount = models.PositiveBigIntegerField(help_text="Minor units.")

    class Meta:
        constraints = [
            models.UniqueConstraint(name="listings_usual_price_once", fields=["artist", "licence", "currency"]),
            models.CheckConstraint(name="listings_usual_price_positive", condition=Q(amount__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.money} ({self.licence})"

    @property
    def money(self) -> Money:
        return Money(self.amount, self.currency)
