"""Trainings and the models that come of them."""

from typing import TYPE_CHECKING, ClassVar
from uuid import UUID

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from generation.models.datasets import Dataset
from generation.models.jobs import Job, JobState
from marketplace.accounts.models import Artist
from marketplace.core.models import TimeStamped

if TYPE_CHECKING:
    from generation.models.moderation import Review


class TrainingQuerySet(models.QuerySet["Training"]):
    """Trainings by whose they are."""

    def owned_by(self, user_id: UUID) -> "TrainingQuerySet":
        return self.filter(artist__user_id=user_id)


class Training(TimeStamped):
    """One run of a way to learn over a dataset: its job says how it stands, this what has come of it so far."""

    artist = models.ForeignKey(Artist, on_delete=models.PROTECT, related_name="trainings")
    dataset = models.ForeignKey(Dataset, on_delete=models.PROTECT, related_name="trainings")
    job = models.OneToOneField(Job, on_delete=models.PROTECT, related_name="training")
    resumes = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="resumed_by",
        help_text="The stopped training whose last checkpoint this one begins at.",
    )  # fmt: skip
    name = models.CharField(max_length=80, help_text="Of the model that comes of it.")
    step = models.PositiveBigIntegerField(default=0)
    images = models.PositiveBigIntegerField(default=0)
    seconds = models.FloatField(default=0.0)
    curve = models.JSONField(default=list, blank=True)
    checkpoint_key = models.CharField(max_length=200, blank=True, db_index=True)
    checkpoint_sha256 = models.CharField(max_length=64, blank=True)
    checkpoint_at = models.DateTimeField(null=True, blank=True)
    logs_key = models.CharField(max_length=200, blank=True, db_index=True, help_text="TensorBoard's files, zipped.")
    reason = models.CharField(max_length=20, blank=True, help_text="Why it ended: budget, images or patience.")

    objects: ClassVar[TrainingQuerySet] = TrainingQuerySet.as_manager()  # type: ignore[assignment]  # as_manager is untyped

    class Meta:
        constraints = [
            models.CheckConstraint(name="generation_training_named", condition=~Q(name="")),
            # A checkpoint is a file with a hash and a time, or there is none.
            models.CheckConstraint(
                name="generation_training_checkpoint_is_whole",
                condition=Q(checkpoint_key="", checkpoint_sha256="", checkpoint_at=None)
                | (~Q(checkpoint_key="") & ~Q(checkpoint_sha256="") & Q(checkpoint_at__isnull=False)),
            ),
        ]
        indexes = [models.Index(name="generation_training_of_artist", fields=["artist", "-id"])]

    def __str__(self) -> str:
        return f"{self.name} {str(self.pk)[-6:]}"

    @property
    def is_resumable(self) -> bool:
        """Was it stopped with a checkpoint, from which going on would come to something else?"""
        job = self.job
        is_stopped = job.state in {JobState.FAILED, JobState.CANCELLED} and job.error_code != "training-diverged"
        return is_stopped and bool(self.checkpoint_key) and not hasattr(self, "resumed_by")


class ModelState(models.TextChoices):
    DRAFT = "draft", _("Seen by its artist alone")
    PUBLISHED = "published", _("Open to all")
    DEPRECATED = "deprecated", _("Kept for those who used it")
    WITHDRAWN = "withdrawn", _("Used by nobody any more")


MODEL_MOVES: dict[str, frozenset[str]] = {
    ModelState.DRAFT: frozenset({ModelState.PUBLISHED, ModelState.WITHDRAWN}),
    ModelState.PUBLISHED: frozenset({ModelState.DEPRECATED, ModelState.WITHDRAWN}),
    ModelState.DEPRECATED: frozenset({ModelState.PUBLISHED, ModelState.WITHDRAWN}),
    ModelState.WITHDRAWN: frozenset({ModelState.PUBLISHED, ModelState.DEPRECATED, ModelState.DRAFT}),
}


class TrainedModelQuerySet(models.QuerySet["TrainedModel"]):
    """Models by who may see them."""

    def owned_by(self, user_id: UUID) -> "TrainedModelQuerySet":
        return self.filter(artist__user_id=user_id)

    def published(self) -> "TrainedModelQuerySet":
        return self.filter(state=ModelState.PUBLISHED)


class TrainedModel(TimeStamped):
    """What a training came to: a file of weights named by its hash, with its card."""

    State = ModelState

    artist = models.ForeignKey(Artist, on_delete=models.PROTECT, related_name="models")
    training = models.OneToOneField(Training, on_delete=models.PROTECT, related_name="model")
    name = models.CharField(max_length=80)
    version = models.PositiveIntegerField()
    kind = models.CharField(max_length=40)
    model_hash = models.CharField(max_length=64, db_index=True)
    description = models.TextField(max_length=2000, blank=True)
    state = models.CharField(max_length=10, choices=ModelState.choices, default=ModelState.DRAFT)
    state_before = models.CharField(max_length=10, choices=ModelState.choices, blank=True)
    withdrawn_reason = models.TextField(max_length=500, blank=True)
    withdrawn_by_house = models.BooleanField(default=False, help_text="A curator's doing: its artist cannot undo it.")
    withdrawn_with_dataset = models.BooleanField(default=False, help_text="It comes back with what it learnt from.")
    published_at = models.DateTimeField(null=True, blank=True)
    is_held = models.BooleanField(default=False, help_text="The gate holds back what it paints: nobody is shown it.")
    is_reserved = models.BooleanField(default=False, help_text="Its works are sold: others get them by commission.")
    card = models.JSONField(default=dict)
    measures = models.JSONField(default=dict)
    directions = models.JSONField(default=list, blank=True)
    samples_key = models.CharField(max_length=200, db_index=True, help_text="Seeds 1 to 64, eight a row.")
    directions_key = models.CharField(max_length=200, blank=True, db_index=True, help_text="What they change.")

    objects: ClassVar[TrainedModelQuerySet] = TrainedModelQuerySet.as_manager()  # type: ignore[assignment]  # as_manager is untyped

    class Meta:
        constraints = [
            models.UniqueConstraint(name="generation_model_version", fields=["artist", "name", "version"]),
            models.CheckConstraint(name="generation_model_state", condition=Q(state__in=ModelState.values)),
            # Whoever withdraws says where from, so that it can be undone.
            models.CheckConstraint(
                name="generation_model_withdrawn_from",
                condition=Q(state="withdrawn", state_before__in=["draft", "published", "deprecated"])
                | (
                    ~Q(state="withdrawn")
                    & Q(state_before="", withdrawn_reason="", withdrawn_by_house=False, withdrawn_with_dataset=False)
                ),
            ),
            models.CheckConstraint(
                name="generation_model_published_has_time",
                condition=~Q(state__in=["published", "deprecated"]) | Q(published_at__isnull=False),
            ),
            # What is held was never shown to anybody.
            models.CheckConstraint(
                name="generation_model_held_is_unseen", condition=Q(is_held=False) | Q(published_at=None)
            ),
            # Equal weights give equal pictures: of twins, one alone may ever have been open to all.
            models.UniqueConstraint(
                name="generation_model_opened_once", fields=["model_hash"], condition=Q(published_at__isnull=False)
            ),
        ]
        indexes = [
            models.Index(name="generation_model_open", fields=["-published_at"], condition=Q(state="published")),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.version}"

    @property
    def standing_review(self) -> "Review | None":
        """The review that decides whether it is held, if the gate ever held it."""
        return self.reviews.filter(undone_at=None).first()
