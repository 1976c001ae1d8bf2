"""Searches that people keep, and the works that were found for them."""

from django.db import models
from django.db.models import Q
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from generation.models import Artwork
from marketplace.accounts.models import User
from marketplace.core.models import TimeStamped

MOST_SEARCHES = 50  # of one person


class Frequency(models.TextChoices):
    AT_ONCE = "at-once", _("At once")
    DAILY = "daily", _("Once a day")
    WEEKLY = "weekly", _("Once a week")
    NEVER = "never", _("Never")


class SavedSearch(TimeStamped):
    """A query of the catalogue, and how often its owner wants to hear of works that match.

    Works are told of once, in the order in which they were hung or began to match: `looked_until` is how far.
    """

    Frequency = Frequency

    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="saved_searches")
    name = models.CharField(max_length=120)
    query = models.JSONField(help_text="Parameters of /search/: lists of words by name, without a page's cursor.")
    fingerprint = models.CharField(max_length=64, help_text="SHA-256 of the query: nobody keeps the same one twice.")
    frequency = models.CharField(max_length=8, choices=Frequency, default=Frequency.DAILY)
    looked_until = models.DateTimeField(help_text="What was hung or changed up to then was looked at.")
    due_at = models.DateTimeField(null=True, blank=True, help_text="When it is looked again; none: never.")

    class Meta:
        constraints = [
            models.CheckConstraint(name="gallery_search_frequency", condition=Q(frequency__in=Frequency.values)),
            models.CheckConstraint(
                name="gallery_search_due",
                condition=Q(frequency="never", due_at=None) | (~Q(frequency="never") & Q(due_at__isnull=False)),
            ),
            models.UniqueConstraint(name="gallery_search_saved_once", fields=["owner", "fingerprint"]),
        ]
        indexes = [
            models.Index(name="gallery_searches_due", fields=["due_at"], condition=Q(due_at__isnull=False)),
            models.Index(name="gallery_searches_newest", fields=["owner", "-id"]),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def address(self) -> str:
        """The page that searches anew: a path of this house."""
        return f"/search/?{urlencode(self.query, doseq=True)}"


class Find(models.Model):
    """A work that matched a saved search: told once, whatever is hung again or done twice."""

    id = models.BigAutoField(primary_key=True)
    search = models.ForeignKey(SavedSearch, on_delete=models.CASCADE, related_name="finds")
    artwork = models.ForeignKey(Artwork, on_delete=models.CASCADE, related_name="+")
    found_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(name="gallery_found_once", fields=["search", "artwork"])]
        indexes = [models.Index(name="gallery_finds_newest", fields=["search", "-id"])]

    def __str__(self) -> str:
        return f"{self.artwork_id} for {self.search}"
