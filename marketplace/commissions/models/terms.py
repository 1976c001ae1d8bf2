"""On what terms an artist takes commissions by brief."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from marketplace.accounts.models import Artist
from marketplace.core.models import TimeStamped
from marketplace.core.money import Money
from marketplace.listings.models import Licence

MOST_IN_QUEUE = 100


class CommissionTerms(TimeStamped):
    """Whether an artist takes commissions by brief, how many at once, from which price, under which licences."""

    artist = models.OneToOneField(Artist, on_delete=models.PROTECT, related_name="commission_terms")
    is_open = models.BooleanField("open", default=False, help_text="Whether briefs may be sent.")
    queue_limit = models.PositiveIntegerField(
        default=5, validators=[MinValueValidator(1), MaxValueValidator(MOST_IN_QUEUE)],
        help_text="How many briefs are dealt with at once; those beyond wait in line.",
    )  # fmt: skip
    min_price_amount = models.PositiveBigIntegerField(default=1000, help_text="In minor units: no budget below it.")
    currency = models.CharField(max_length=3)
    licences = models.ManyToManyField(Licence, related_name="+", help_text="Under which the work may be had.")
    text = models.TextField(blank=True, max_length=4000, help_text="What to know before sending a brief.")

    class Meta:
        verbose_name_plural = "commission terms"
        constraints = [
            models.CheckConstraint(
                name="commissions_terms_queue", condition=Q(queue_limit__gte=1, queue_limit__lte=MOST_IN_QUEUE)
            ),
            models.CheckConstraint(name="commissions_terms_price", condition=Q(min_price_amount__gt=0)),
        ]

    def __str__(self) -> str:
        return f"Commissions by {self.artist}"

    @property
    def min_price(self) -> Money:
        return Money(self.min_price_amount, self.currency)
