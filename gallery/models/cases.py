"""Cases: questions about a work that curators answer, what they decided, and what they said."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from generation.models import Artwork, CurationAct, Review
from marketplace.accounts.models import User
from marketplace.core.machine import BEGINNING, Machine, Transition
from marketplace.core.models import TimeStamped

LONGEST_WORDS = 1000


class CaseState(models.TextChoices):
    WAITING = "waiting", _("Waiting for a curator")
    CHANGES_ASKED = "changes_asked", _("Changes asked for")
    APPROVED = "approved", _("Approved")
    REJECTED = "rejected", _("Rejected")
    WITHDRAWN = "withdrawn", _("Withdrawn")


OPEN_STATES = (CaseState.WAITING, CaseState.CHANGES_ASKED)
CASE = Machine(
    name="case",
    title="A question for curators about a work",
    transitions=(
        Transition("ask", (BEGINNING,), "waiting", actor="artist who submits or appeals, whoever reports, or the gate"),
        Transition("approve", ("waiting",), "approved", actor="curator: it hangs, or stays"),
        Transition("reject", ("waiting",), "rejected", actor="curator, saying why: it does not hang, or comes down"),
        Transition("ask_changes", ("waiting",), "changes_asked", actor="curator, saying which"),
        Transition("resubmit", ("changes_asked",), "waiting", actor="artist; or somebody reports it"),
        Transition("uphold", ("waiting",), "approved", actor="curator, undoing the decision that is appealed against"),
        Transition("withdraw", ("waiting", "changes_asked"), "withdrawn", actor="artist"),
        Transition("reopen", ("approved", "rejected", "changes_asked"), "waiting", actor="curator, undoing a decision"),
    ),
)


class Cause(models.TextChoices):
    """Why a work is before the curators; it may be for several reasons at once."""

    SUBMITTED = "submitted", _("Submitted by its artist")
    HELD = "held", _("Held back by the gate")
    REPORTED = "reported", _("Reported")
    APPEALED = "appealed", _("Appealed")


class Verdict(models.TextChoices):
    """What a curator does with a work."""

    APPROVE = "approve", _("Approve")
    REJECT = "reject", _("Reject")
    ASK_CHANGES = "ask_changes", _("Ask for changes")
    HIDE = "hide", _("Hide")
    FEATURE = "feature", _("Feature")
    UNFEATURE = "unfeature", _("Feature no more")


ANSWERS = (Verdict.APPROVE, Verdict.REJECT, Verdict.ASK_CHANGES)  # those that answer a case


class Reason(models.TextChoices):
    """Why, from a list; the curator's own words stand beside it."""

    RIGHTS = "rights", _("It uses what is somebody else's")
    EXPLICIT = "explicit", _("It is explicit")
    HATEFUL = "hateful", _("It is hateful")
    MISLABELLED = "mislabelled", _("It is not what it says it is")
    DUPLICATE = "duplicate", _("It is too like another work")
    MEMORISED = "memorised", _("It repeats a picture that its model learnt from")
    QUALITY = "quality", _("It is not finished")
    OTHER = "other", _("Another reason")


class Case(TimeStamped):
    """One question about one work, until it is answered; its life is CASE.

    A work has at most one that is open: whatever else comes up meanwhile joins it.
    """

    State = CaseState

    artwork = models.ForeignKey(Artwork, on_delete=models.CASCADE, related_name="cases")
    state = models.CharField(max_length=20, choices=CaseState, default=CaseState.WAITING)
    is_submitted = models.BooleanField(default=False)
    is_held = models.BooleanField(default=False)
    is_reported = models.BooleanField(default=False)
    is_appealed = models.BooleanField(default=False)
    report_count = models.PositiveIntegerField(default=0, help_text="People whose reports wait for an answer.")
    words = models.TextField(max_length=LONGEST_WORDS, blank=True, help_text="The artist's, to the curators.")
    waiting_since = models.DateTimeField(default=timezone.now)
    version = models.PositiveIntegerField(default=1, help_text="Grows with whatever happens to it.")
    claimed_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    claimed_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="gallery_case_state", condition=Q(state__in=CaseState.values)),
            models.UniqueConstraint(
                name="gallery_case_one_open", fields=["artwork"], condition=Q(state__in=["waiting", "changes_asked"])
            ),
            # Nobody asks nothing.
            models.CheckConstraint(
                name="gallery_case_has_a_cause",
                condition=Q(is_submitted=True) | Q(is_held=True) | Q(is_reported=True) | Q(is_appealed=True),
            ),
            models.CheckConstraint(
                name="gallery_case_claimed_until_when",
                condition=Q(claimed_by=None) | Q(claimed_until__isnull=False),
            ),
        ]
        indexes = [
            models.Index(name="gallery_case_oldest", fields=["waiting_since", "id"], condition=Q(state="waiting")),
            models.Index(
                name="gallery_case_reported", fields=["-report_count", "waiting_since"], condition=Q(state="waiting")
            ),
            models.Index(
                name="gallery_case_appealed", fields=["-is_appealed", "waiting_since"], condition=Q(state="waiting")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.artwork_id}: {self.state}"

    @property
    def causes(self) -> list[Cause]:
        """Why the work is here."""
        return [cause for cause in Cause if getattr(self, f"is_{cause.value}")]

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES

    def claimed_by_other(self, person: User) -> bool:
        """Does another curator look at it just now?"""
        return self.claimed_by_id not in {None, person.pk} and (self.claimed_until or timezone.now()) > timezone.now()


class BulkAction(TimeStamped):
    """One verdict about many works at once: what was asked, and what could not be done."""

    curator = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    verdict = models.CharField(max_length=20, choices=Verdict)
    reason = models.CharField(max_length=20, choices=Reason, blank=True)
    words = models.TextField(max_length=LONGEST_WORDS, blank=True)
    asked = models.PositiveIntegerField(default=0)
    failures = models.JSONField(default=list, help_text="Works that it could not be done with: artwork, code, detail.")
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(name="gallery_bulk_verdict", condition=Q(verdict__in=Verdict.values)),
            models.CheckConstraint(
                name="gallery_bulk_undone_by_whom",
                condition=Q(undone_at=None, undone_by=None) | Q(undone_at__isnull=False, undone_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.verdict} of {self.asked}"


class DecisionQuerySet(models.QuerySet["Decision"]):
    """Decisions by whether they stand."""

    def standing(self) -> "DecisionQuerySet":
        return self.filter(undone_at=None)


class Decision(TimeStamped):
    """What one curator did with one work: who, when, why, and how it was before and after."""

    artwork = models.ForeignKey(Artwork, on_delete=models.CASCADE, related_name="decisions")
    case = models.ForeignKey(Case, on_delete=models.CASCADE, null=True, blank=True, related_name="decisions")
    curator = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    verdict = models.CharField(max_length=20, choices=Verdict)
    reason = models.CharField(max_length=20, choices=Reason, blank=True)
    words = models.TextField(max_length=LONGEST_WORDS, blank=True, help_text="The artist reads them.")
    before = models.JSONField()
    after = models.JSONField()
    act = models.ForeignKey(
        CurationAct, on_delete=models.SET_NULL, null=True, blank=True, related_name="+",
        help_text="What it did to the wall, if anything.",
    )  # fmt: skip
    review = models.ForeignKey(
        Review, on_delete=models.SET_NULL, null=True, blank=True, related_name="+",
        help_text="The gate's review that it answered, if any.",
    )  # fmt: skip
    bulk = models.ForeignKey(BulkAction, on_delete=models.PROTECT, null=True, blank=True, related_name="decisions")
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    objects: ClassVar[DecisionQuerySet] = DecisionQuerySet.as_manager()  # type: ignore[assignment]  # as_manager is untyped

    class Meta:
        ordering: ClassVar[list[Any]] = ["-id"]
        constraints = [
            models.CheckConstraint(name="gallery_decision_verdict", condition=Q(verdict__in=Verdict.values)),
            # Nobody is turned away, asked for more or taken down without being told why.
            models.CheckConstraint(
                name="gallery_decision_says_why",
                condition=~Q(verdict__in=["reject", "ask_changes", "hide"]) | ~Q(reason=""),
            ),
            models.CheckConstraint(
                name="gallery_decision_undone_by_whom",
                condition=Q(undone_at=None, undone_by=None) | Q(undone_at__isnull=False, undone_by__isnull=False),
            ),
        ]
        indexes = [
            models.Index(name="gallery_decision_standing", fields=["artwork", "-id"], condition=Q(undone_at=None)),
            models.Index(name="gallery_decision_of", fields=["curator", "-id"]),
        ]

    def __str__(self) -> str:
        return f"{self.verdict} {self.artwork_id}"

    @property
    def told(self) -> str:
        """Why, as the artist reads it."""
        reason = gettext("%(reason)s.") % {"reason": self.get_reason_display()} if self.reason else ""
        return " ".join(filter(None, [reason, self.words]))


class Feature(models.Model):
    """A work that curators put forward."""

    artwork = models.OneToOneField(Artwork, on_delete=models.CASCADE, primary_key=True, related_name="feature")
    curator = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    featured_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(name="gallery_feature_last", fields=["-featured_at"])]

    def __str__(self) -> str:
        return str(self.artwork_id)
