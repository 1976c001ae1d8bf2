"""Pictures that people send: first announced, then put into the object store by the browser, then checked."""

from typing import ClassVar
from uuid import UUID

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from marketplace.core.models import TimeStamped


class UploadState(models.TextChoices):
    PENDING = "pending", _("Waiting for the file")
    READY = "ready", _("Ready")
    HELD = "held", _("Waiting for a curator")
    REJECTED = "rejected", _("Rejected")


class UploadQuerySet(models.QuerySet["Upload"]):
    """Uploads by who sent them and how far they came."""

    def owned_by(self, owner_id: UUID) -> "UploadQuerySet":
        return self.filter(owner_id=owner_id)

    def ready(self) -> "UploadQuerySet":
        return self.filter(state=UploadState.READY)


class Upload(TimeStamped):
    """One picture sent by a person: `incoming_key` is what the browser wrote, `key` the cleaned copy we work with."""

    State = UploadState

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="uploads")
    state = models.CharField(max_length=10, choices=UploadState.choices, default=UploadState.PENDING)
    filename = models.CharField(max_length=200, blank=True)
    incoming_key = models.CharField(max_length=200, unique=True)
    declared_size = models.PositiveBigIntegerField()
    declared_type = models.CharField(max_length=40)
    key = models.CharField(max_length=200, blank=True, db_index=True)
    sha256 = models.CharField(max_length=64, blank=True)
    media_type = models.CharField(max_length=40, blank=True)
    width = models.PositiveIntegerField(null=True, blank=True)
    height = models.PositiveIntegerField(null=True, blank=True)
    problem_code = models.CharField(max_length=60, blank=True)
    problem_detail = models.TextField(blank=True)
    completed_at = models.DateTimeField(null=True, blank=True)
    credit = models.CharField(
        max_length=300, blank=True, help_text="Whose drawing it was made after, and on which terms."
    )
    review = models.ForeignKey(
        "generation.Review", on_delete=models.PROTECT, null=True, blank=True, related_name="uploads",
        help_text="The review that decides, or has decided, about its picture.",
    )  # fmt: skip

    objects: ClassVar[UploadQuerySet] = UploadQuerySet.as_manager()  # type: ignore[assignment]  # as_manager is untyped

    class Meta:
        constraints = [
            models.CheckConstraint(name="generation_upload_state", condition=Q(state__in=UploadState.values)),
            # An upload that is ready, or would be if a curator agreed, can be read: it has a file, a hash and a size.
            models.CheckConstraint(
                name="generation_upload_ready_is_whole",
                condition=~Q(state__in=["ready", "held"])
                | (~Q(key="") & ~Q(sha256="") & Q(width__isnull=False, height__isnull=False)),
            ),
            # Nothing is held back without somebody who is asked about it.
            models.CheckConstraint(
                name="generation_upload_held_has_review", condition=~Q(state="held") | Q(review__isnull=False)
            ),
            # Nobody is turned away without being told why.
            models.CheckConstraint(
                name="generation_upload_rejected_says_why", condition=~Q(state="rejected") | ~Q(problem_code="")
            ),
            # Settled, one way or the other, exactly when it says when.
            models.CheckConstraint(
                name="generation_upload_settled_has_time",
                condition=Q(state="pending", completed_at=None) | (~Q(state="pending") & ~Q(completed_at=None)),
            ),
        ]
        indexes = [
            models.Index(name="generation_upload_pending", fields=["created_at"], condition=Q(state="pending")),
            # The same picture sent twice is judged once.
            models.Index(name="generation_upload_picture", fields=["sha256"], condition=~Q(sha256="")),
        ]

    def __str__(self) -> str:
        return self.filename or str(self.pk)
