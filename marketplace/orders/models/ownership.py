"""Who owns an edition, and everybody who ever did."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from generation.models import Artwork
from marketplace.accounts.models import User
from marketplace.core.models import TimeStamped
from marketplace.listings.models import Edition, Licence


class Ownership(TimeStamped):
    """An edition belongs to a collector; it has at most one owner."""

    edition = models.OneToOneField(Edition, on_delete=models.PROTECT, related_name="ownership")
    owner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="owned")
    licence = models.ForeignKey(Licence, on_delete=models.PROTECT, related_name="+")
    source = models.CharField(max_length=60, help_text="How it was acquired, such as order:<id> or commission:<id>.")
    acquired_at = models.DateTimeField(default=timezone.now)
    shown_as = models.CharField(
        max_length=80, blank=True, help_text="The owner's name on the certificate, as they chose; empty: none."
    )

    class Meta:
        indexes = [models.Index(name="orders_owner_newest", fields=["owner", "-id"])]

    def __str__(self) -> str:
        return f"{self.edition} of {self.owner}"

    @property
    def artwork(self) -> Artwork:
        """What is owned."""
        shown = self.edition.artwork
        assert shown is not None  # nothing is owned before it is made
        return shown


class Acquisition(TimeStamped):
    """One step of an edition's history: from whom to whom, and how. Rows are never changed (a trigger sees to it)."""

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="acquisitions")
    step = models.PositiveIntegerField(help_text="From one on, without gaps.")
    giver = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", help_text="None: from the artist."
    )
    owner = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", help_text="None: back to the artist."
    )
    licence = models.ForeignKey(Licence, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    source = models.CharField(max_length=60, help_text="Such as order:<id>, commission:<id>, gift:<id>, refund:<id>.")

    class Meta:
        ordering = ["edition", "step"]
        constraints = [
            models.UniqueConstraint(name="orders_acquisition_step", fields=["edition", "step"]),
            # The same sale hands an edition over once, whatever is told twice.
            models.UniqueConstraint(name="orders_acquisition_once", fields=["edition", "source", "owner"]),
            models.CheckConstraint(name="orders_acquisition_counts", condition=Q(step__gte=1)),
        ]

    def __str__(self) -> str:
        return f"{self.edition}: {self.giver or 'the artist'} to {self.owner or 'the artist'}"
