"""What people say against a work, and what artists say against a decision."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gallery.models.cases import LONGEST_WORDS, Decision
from generation.models import Artwork
from marketplace.accounts.models import User
from marketplace.core.models import TimeStamped


class ReportReason(models.TextChoices):
    STOLEN = "stolen", _("It is somebody else's work")
    EXPLICIT = "explicit", _("It is explicit")
    MISLABELLED = "mislabelled", _("It was not made by whom, or as, it says")
    HATEFUL = "hateful", _("It is hateful")
    OTHER = "other", _("Something else")


class ReportState(models.TextChoices):
    OPEN = "open", _("Waiting for a curator")
    UPHELD = "upheld", _("Upheld")
    DISMISSED = "dismissed", _("Dismissed")


class Report(TimeStamped):
    """One person's complaint about one work; of somebody without an account, a notice with a name and an address."""

    State = ReportState

    artwork = models.ForeignKey(Artwork, on_delete=models.CASCADE, related_name="reports")
    reporter = models.ForeignKey(User, on_delete=models.CASCADE, null=True, blank=True, related_name="reports")
    name = models.CharField(max_length=120, blank=True, help_text="Of somebody without an account.")
    email = models.EmailField(blank=True, help_text="Of somebody without an account.")
    language = models.CharField(max_length=10, blank=True, help_text="In which a notice is answered.")
    reason = models.CharField(max_length=20, choices=ReportReason)
    words = models.TextField(max_length=LONGEST_WORDS, blank=True)
    weight = models.FloatField(default=0.0, help_text="How much it counts towards hiding the work, from 0 to 1.")
    state = models.CharField(max_length=10, choices=ReportState, default=ReportState.OPEN)
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, null=True, blank=True, related_name="reports")

    class Meta:
        constraints = [
            models.UniqueConstraint(name="gallery_report_once", fields=["artwork", "reporter"]),
            models.UniqueConstraint(
                name="gallery_report_once_an_address", fields=["artwork", "email"], condition=~Q(email="")
            ),
            models.CheckConstraint(name="gallery_report_reason", condition=Q(reason__in=ReportReason.values)),
            models.CheckConstraint(name="gallery_report_weight", condition=Q(weight__gte=0.0, weight__lte=1.0)),
            # Somebody said it: a person of the house, or one who can be written to.
            models.CheckConstraint(
                name="gallery_report_by_somebody",
                condition=Q(reporter__isnull=False, email="") | (Q(reporter=None, weight=0.0) & ~Q(email="")),
            ),
            # Answered by a decision, or not yet.
            models.CheckConstraint(
                name="gallery_report_answered",
                condition=Q(state="open", decision=None) | (Q(decision__isnull=False) & ~Q(state="open")),
            ),
        ]
        indexes = [
            models.Index(name="gallery_report_open", fields=["artwork"], condition=Q(state="open")),
            models.Index(name="gallery_report_by", fields=["reporter", "state"]),
        ]

    def __str__(self) -> str:
        return f"{self.reason}: {self.artwork_id}"

    @property
    def said_by(self) -> str:
        """The name of whoever made it."""
        return self.reporter.name if self.reporter else self.name


class AppealState(models.TextChoices):
    OPEN = "open", _("Waiting for a curator")
    UPHELD = "upheld", _("Upheld")
    DISMISSED = "dismissed", _("Dismissed")


class Appeal(TimeStamped):
    """Words against one decision, by the artist or somebody who owns the work; once."""

    State = AppealState

    decision = models.OneToOneField(Decision, on_delete=models.CASCADE, related_name="appeal")
    person = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", help_text="Who appeals."
    )
    words = models.TextField(max_length=LONGEST_WORDS)
    state = models.CharField(max_length=10, choices=AppealState, default=AppealState.OPEN)
    answer = models.ForeignKey(
        Decision, on_delete=models.PROTECT, null=True, blank=True, related_name="answered_appeals"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(name="gallery_appeal_says_why", condition=~Q(words="")),
            models.CheckConstraint(
                name="gallery_appeal_answered",
                condition=Q(state="open", answer=None) | (Q(answer__isnull=False) & ~Q(state="open")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.state}: {self.decision_id}"
