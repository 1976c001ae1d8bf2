"""Jobs: one piece of work for an engine. The row is the truth; a message in a queue only wakes a worker."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Self
from uuid import UUID

from django.conf import settings
from django.db import models
from django.db.models import Count, Q
from django.db.models.functions import Now
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from generation.models.uploads import Upload
from marketplace.accounts.models import Artist
from marketplace.core import storage
from marketplace.core.errors import NotFound
from marketplace.core.models import TimeStamped

if TYPE_CHECKING:
    from generation.models.artworks import Artwork


class JobState(models.TextChoices):
    QUEUED = "queued", _("Waiting")
    RUNNING = "running", _("Being made")
    SUCCEEDED = "succeeded", _("Made")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", _("Cancelled")


class Purpose(models.TextChoices):
    """What becomes of what the engine made."""

    WORK = "work", _("A work")
    TRAIN = "train", _("A model")
    CHECK = "check", _("A work made again, to compare")
    LOOK = "look", _("A look at a picture, to find the like")


class Priority(models.IntegerChoices):
    """Who goes first; within one priority, people take turns."""

    TRAINING = 0, _("Training")
    ORDINARY = 10, _("Ordinary")
    LIVE = 20, _("Live preview")
    COMMISSION = 30, _("Paid commission")


FINAL_STATES = frozenset({JobState.SUCCEEDED, JobState.FAILED, JobState.CANCELLED})


@dataclass(frozen=True, slots=True, kw_only=True)
class JobInput:
    """One picture given to an engine: under which of its input names, the private file that holds it, and whose it is.

    The credit goes with the picture into the recipe of whatever is made of it.
    """

    name: str
    key: str
    sha256: str
    credit: str = ""

    @classmethod
    def of_upload(cls, name: str, upload: Upload) -> Self:
        """A ready upload as the picture `name`."""
        return cls(name=name, key=upload.key, sha256=upload.sha256, credit=upload.credit)

    @classmethod
    def of_artwork(cls, name: str, artwork: "Artwork") -> Self:
        """The original of a work as the picture `name`. Raises NotFound where it has none."""
        original = artwork.original
        if original is None:
            raise NotFound(gettext("This work has no picture."))
        return cls(name=name, key=original.key, sha256=original.sha256, credit="; ".join(artwork.credits))

    def as_dict(self) -> dict[str, str]:
        return asdict(self)


class JobQuerySet(models.QuerySet["Job"]):
    """Jobs by owner, and as workers and the sweeper look at them. Times are compared by the database's clock."""

    def owned_by(self, owner_id: UUID) -> "JobQuerySet":
        return self.filter(owner_id=owner_id)

    def waiting(self, queue: str) -> "JobQuerySet":
        """What a worker of `queue` may take now, in the order in which it should."""
        due = self.filter(state=JobState.QUEUED, queue=queue, available_at__lte=Now())
        return due.order_by("-priority", "turn", "id")

    def within_limits(self, *, of_user: int, of_engine: Mapping[str, int], but: "Job | None" = None) -> "JobQuerySet":
        """Those whose owner and engine have not as many jobs running already as they may (`of_user` 0: any number).

        The one `but` does not count: it is about to stop.
        """
        running = Job.objects.filter(state=JobState.RUNNING)
        if but is not None:
            running = running.exclude(pk=but.pk)
        allowed = self
        if of_user:
            busy = running.values("owner_id").annotate(jobs=Count("pk")).filter(jobs__gte=of_user)
            allowed = allowed.exclude(owner_id__in=[row["owner_id"] for row in busy])
        if of_engine:
            counts = dict(running.filter(engine__in=of_engine).values_list("engine").annotate(Count("pk")))
            full = [engine for engine, most in of_engine.items() if counts.get(engine, 0) >= most]
            allowed = allowed.exclude(engine__in=full)
        return allowed

    def lapsed(self) -> "JobQuerySet":
        return self.filter(state=JobState.RUNNING, lease_expires_at__lt=Now())

    def held(self, token: UUID, *job_ids: UUID) -> "JobQuerySet":
        """Those of the jobs that this lease still holds, in the one order in which rows are locked."""
        return self.filter(pk__in=job_ids, state=JobState.RUNNING, lease_token=token).order_by("pk")


class Job(TimeStamped):
    """What was asked of an engine, and how far it has come."""

    State = JobState

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="jobs")
    engine = models.CharField(max_length=80)
    engine_version = models.CharField(max_length=40)
    parameters = models.JSONField(default=dict, blank=True)
    inputs = models.JSONField(default=list, blank=True)
    seed = models.BigIntegerField()
    title = models.CharField(max_length=120, blank=True)
    artist = models.ForeignKey(Artist, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    style_artist = models.ForeignKey(Artist, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    as_proof = models.BooleanField(default=False, help_text="The work is nobody's until it is handed over.")

    purpose = models.CharField(max_length=10, choices=Purpose.choices, default=Purpose.WORK)
    subject = models.ForeignKey(
        "generation.Artwork", on_delete=models.CASCADE, null=True, blank=True, related_name="checks",
        help_text="The work that is made again.",
    )  # fmt: skip
    model_hash = models.CharField(max_length=64, blank=True, help_text="SHA-256 of the weights it asks for.")
    trained_model = models.ForeignKey(
        "generation.TrainedModel", on_delete=models.PROTECT, null=True, blank=True, related_name="jobs",
        help_text="The artist's model that it asks for.",
    )  # fmt: skip

    queue = models.CharField(max_length=20)
    priority = models.SmallIntegerField(choices=Priority.choices, default=Priority.ORDINARY)
    turn = models.BigIntegerField(default=0, help_text="Its place among others of its priority: people take turns.")
    batch_key = models.CharField(max_length=100, blank=True, help_text="Jobs of one key may be made together.")
    memory = models.BigIntegerField(default=0, help_text="Bytes of device memory that its making takes, about.")
    available_at = models.DateTimeField(db_default=Now(), help_text="Not tried before this time.")
    woken_at = models.DateTimeField(
        null=True, blank=True, db_default=Now(), help_text="When a worker was last told of it."
    )

    state = models.CharField(max_length=10, choices=JobState.choices, default=JobState.QUEUED)
    progress = models.FloatField(default=0.0)
    stage = models.CharField(max_length=80, blank=True)
    preview_key = models.CharField(max_length=200, blank=True)
    lease_token = models.UUIDField(null=True, blank=True)
    lease_expires_at = models.DateTimeField(null=True, blank=True)
    worker = models.CharField(max_length=120, blank=True)
    attempt = models.PositiveIntegerField(default=0, help_text="How often a worker has begun.")
    faults = models.PositiveIntegerField(default=0, help_text="How many of those ended in a fault that may pass.")
    error_code = models.CharField(max_length=60, blank=True)
    error_detail = models.TextField(blank=True)
    cancel_requested_at = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    dead_at = models.DateTimeField(null=True, blank=True, help_text="When the house, not the user, gave it up.")
    request_key = models.CharField(max_length=300, null=True, blank=True, unique=True)
    request_id = models.CharField(max_length=64, blank=True, help_text="The HTTP request that asked for it.")
    traceparent = models.CharField(max_length=64, blank=True, help_text="W3C trace context of that request.")

    objects: ClassVar[JobQuerySet] = JobQuerySet.as_manager()  # type: ignore[assignment]  # as_manager is untyped

    class Meta:
        constraints = [
            models.CheckConstraint(name="generation_job_state", condition=Q(state__in=JobState.values)),
            # A running job is held by somebody for a while; any other by nobody.
            models.CheckConstraint(
                name="generation_job_running_iff_leased",
                condition=Q(state="running", lease_token__isnull=False, lease_expires_at__isnull=False)
                | (~Q(state="running") & Q(lease_token=None, lease_expires_at=None)),
            ),
            # Finished jobs say when; unfinished ones do not.
            models.CheckConstraint(
                name="generation_job_final_iff_finished",
                condition=Q(state__in=["succeeded", "failed", "cancelled"], finished_at__isnull=False)
                | Q(state__in=["queued", "running"], finished_at=None),
            ),
            models.CheckConstraint(
                name="generation_job_failed_says_why", condition=~Q(state="failed") | ~Q(error_code="")
            ),
            models.CheckConstraint(
                name="generation_job_progress_is_share", condition=Q(progress__gte=0.0, progress__lte=1.0)
            ),
            # A dead letter is a job that failed.
            models.CheckConstraint(name="generation_job_dead_is_failed", condition=Q(dead_at=None) | Q(state="failed")),
            # What is made again has something to be compared with; nothing else has.
            models.CheckConstraint(
                name="generation_job_check_has_subject",
                condition=Q(purpose="check", subject__isnull=False)
                | Q(purpose__in=["work", "train", "look"], subject=None),
            ),
            # Seeds travel through JSON, whose numbers are exact only up to 2**53.
            models.CheckConstraint(name="generation_job_seed_is_exact", condition=Q(seed__gte=0, seed__lt=2**53)),
        ]
        indexes = [
            models.Index(
                name="generation_job_next", fields=["queue", "-priority", "turn", "id"], condition=Q(state="queued")
            ),
            models.Index(
                name="generation_job_turns", fields=["owner", "queue", "priority", "turn"], condition=Q(state="queued")
            ),
            models.Index(name="generation_job_leases", fields=["lease_expires_at"], condition=Q(state="running")),
            models.Index(name="generation_job_dead", fields=["dead_at"], condition=Q(dead_at__isnull=False)),
            models.Index(name="generation_job_of_owner", fields=["owner", "-id"]),
            models.Index(name="generation_job_preview", fields=["preview_key"], condition=~Q(preview_key="")),
        ]

    def __str__(self) -> str:
        return f"{self.engine} {str(self.pk)[-6:]}"

    @property
    def is_final(self) -> bool:
        return self.state in FINAL_STATES

    @property
    def preview_url(self) -> str:
        """The public address of the latest picture of the work in progress, or nothing."""
        return storage.public_url(self.preview_key) if self.preview_key else ""

    @property
    def pictures(self) -> list[JobInput]:
        """The inputs as they were given."""
        return [JobInput(**entry) for entry in self.inputs]


class Outcome(models.TextChoices):
    SUCCEEDED = "succeeded", _("Succeeded")
    FAILED = "failed", _("Failed for good")
    RETRIED = "retried", _("Failed, tried again")
    LOST = "lost", _("Worker lost")
    RELEASED = "released", _("Handed back")
    MADE_WAY = "made_way", _("Made way for others")
    CANCELLED = "cancelled", _("Cancelled")


class Attempt(models.Model):
    """One time a worker took a job: who, where, and how it ended."""

    id = models.BigAutoField(primary_key=True)
    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="attempts")
    number = models.PositiveIntegerField()
    worker = models.CharField(max_length=120)
    host = models.CharField(max_length=120)
    device = models.CharField(max_length=40)
    batch = models.PositiveSmallIntegerField(default=1, help_text="How many jobs were made together.")
    started_at = models.DateTimeField(db_default=Now())
    ended_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True)
    error_code = models.CharField(max_length=60, blank=True)
    error_detail = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar[list[Any]] = ["job", "number"]
        indexes = [models.Index(name="generation_attempt_ended", fields=["-ended_at"])]
        constraints = [
            models.UniqueConstraint(name="generation_attempt_number", fields=["job", "number"]),
            # An attempt that ended says how; an open one cannot have an outcome.
            models.CheckConstraint(
                name="generation_attempt_ended_iff_outcome",
                condition=Q(ended_at=None, outcome="") | (Q(ended_at__isnull=False) & Q(outcome__in=Outcome.values)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.job_id} #{self.number}"
