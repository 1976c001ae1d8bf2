"""Which works people paid attention to, and which suggestions they do not want."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from generation.models import Artwork
from marketplace.accounts.models import User


class Seen(models.Model):
    """A person had the page of a work open long enough to look at it; kept for ninety days after the last time."""

    id = models.BigAutoField(primary_key=True)
    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    artwork = models.ForeignKey(Artwork, on_delete=models.CASCADE, related_name="+")
    first_at = models.DateTimeField(db_default=Now())
    last_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(name="gallery_seen_once", fields=["person", "artwork"])]
        indexes = [models.Index(name="gallery_seen_lately", fields=["first_at"])]

    def __str__(self) -> str:
        return f"{self.person} saw {self.artwork}"


class Attention(models.Model):
    """How much attention a work has at present, as trending counts it (docs/discovery.md); no row: none."""

    artwork = models.OneToOneField(Artwork, on_delete=models.CASCADE, primary_key=True, related_name="attention")
    score = models.FloatField(help_text="Above nought; what cards are sorted by.")
    people = models.PositiveIntegerField(help_text="How many people it comes from.")
    counted_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(name="gallery_attention_positive", condition=Q(score__gt=0))]

    def __str__(self) -> str:
        return f"{self.artwork}: {self.score:.3f}"


class Dismissal(models.Model):
    """A suggestion that a person does not want: of one work for good, or for one reason until a day."""

    id = models.BigAutoField(primary_key=True)
    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="dismissals")
    artwork = models.ForeignKey(Artwork, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    reason = models.CharField(max_length=120, blank=True, help_text="The key of a reason, such as engine:flow-field.")
    words = models.CharField(max_length=300, blank=True, help_text="How the reason was told.")
    until = models.DateTimeField(null=True, blank=True)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="gallery_dismissal_of_one_thing",
                condition=Q(artwork__isnull=False, reason="", until=None)
                | (Q(artwork=None, until__isnull=False) & ~Q(reason="")),
            ),
            models.UniqueConstraint(name="gallery_dismissed_once", fields=["person", "artwork"]),
            models.UniqueConstraint(
                name="gallery_reason_dismissed_once", fields=["person", "reason"], condition=~Q(reason="")
            ),
        ]

    def __str__(self) -> str:
        return self.words or f"not {self.artwork_id}"
