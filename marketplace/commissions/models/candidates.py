"""What an artist made for a brief: every picture is kept, as evidence; and what the collector wanted changed."""

from datetime import timedelta

from django.db import models
from django.db.models import Q

from generation.models import Artwork, Job, Upload
from marketplace.commissions.models.briefs import Brief
from marketplace.core.models import TimeStamped


class Candidate(TimeStamped):
    """One picture made for a brief by the house's machines, or brought finished. None is ever thrown away."""

    brief = models.ForeignKey(Brief, on_delete=models.PROTECT, related_name="candidates")
    number = models.PositiveIntegerField(help_text="From one on.")
    job = models.OneToOneField(Job, on_delete=models.PROTECT, related_name="candidate")
    upload = models.ForeignKey(
        Upload, on_delete=models.PROTECT, null=True, blank=True, related_name="+", help_text="If it was brought."
    )
    note = models.CharField(max_length=1000, blank=True, help_text="For the collector, with the proof.")
    shown_at = models.DateTimeField(null=True, blank=True, help_text="When it was last submitted as the proof.")

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(name="commissions_candidate_number", fields=["brief", "number"]),
            models.CheckConstraint(name="commissions_candidate_counts", condition=Q(number__gte=1)),
        ]

    def __str__(self) -> str:
        return f"Candidate {self.number} of {self.brief.title}"

    @property
    def artwork(self) -> Artwork | None:
        """The picture; none while it is being made, or where it came to nothing."""
        made: Artwork | None = getattr(self.job, "artwork", None)
        return made

    @property
    def counts(self) -> bool:
        """Whether it is one of the pictures that the budget bounds: brought ones, and what failed, are not."""
        return self.upload_id is None and self.job.state not in {Job.State.FAILED, Job.State.CANCELLED}

    @property
    def took(self) -> timedelta:
        """How long the machines worked at it, so far as is known."""
        if self.job.started_at is None or self.job.finished_at is None:
            return timedelta(0)
        return self.job.finished_at - self.job.started_at


class Revision(TimeStamped):
    """What the collector wanted changed in a proof."""

    brief = models.ForeignKey(Brief, on_delete=models.PROTECT, related_name="revisions")
    candidate = models.ForeignKey(Candidate, on_delete=models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField()
    text = models.TextField(max_length=3000)
    is_paid_extra = models.BooleanField(default=False)
    asked_at = models.DateTimeField(
        null=True, blank=True, help_text="When the artist was asked; none while it is to be paid first."
    )

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(name="commissions_revision_number", fields=["brief", "number"])]

    def __str__(self) -> str:
        return f"Revision {self.number} of {self.brief.title}"
