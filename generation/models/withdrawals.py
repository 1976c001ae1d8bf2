"""Files that left the public bucket for good: kept until the last copy that we can reach is gone."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from generation.models.artworks import Artwork


class Withdrawal(models.Model):
    """One public address that must die: its object is deleted, then caches in front of it are told.

    Written in the transaction that takes the picture away, so that a crash afterwards leaves it to be done.
    """

    id = models.BigAutoField(primary_key=True)
    artwork = models.ForeignKey(Artwork, on_delete=models.CASCADE, related_name="withdrawals")
    key = models.CharField(max_length=200)
    withdrawn_at = models.DateTimeField(db_default=Now())
    deleted_at = models.DateTimeField(null=True, blank=True, help_text="Since when the bucket has it no more.")
    settled_at = models.DateTimeField(null=True, blank=True, help_text="When nothing was left to do.")
    tries = models.PositiveIntegerField(default=0)
    due_at = models.DateTimeField(db_default=Now())
    last_error = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [models.Index(name="generation_withdrawal_due", fields=["due_at"], condition=Q(settled_at=None))]

    def __str__(self) -> str:
        return self.key
