"""Who owns what."""

from django.db import models

from generation.models import Artwork
from marketplace.accounts.models import User
from marketplace.core.models import TimeStamped


class Ownership(TimeStamped):
    """A work belongs to a collector; a work has at most one owner."""

    artwork = models.OneToOneField(Artwork, on_delete=models.PROTECT, related_name="ownership")
    owner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="owned")
    source = models.CharField(max_length=60, help_text="How it was acquired, such as commission:<id>.")
    acquired_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(name="orders_owner_newest", fields=["owner", "-id"])]

    def __str__(self) -> str:
        return f"{self.artwork} of {self.owner}"
