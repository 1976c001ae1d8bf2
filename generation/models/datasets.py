"""Datasets: an artist's own pictures, gathered, checked one by one, and frozen so that a model can learn from them."""

from typing import ClassVar
from uuid import UUID

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.models import Artist
from marketplace.core.models import TimeStamped


class DatasetState(models.TextChoices):
    DRAFT = "draft", _("Open for pictures")
    FREEZING = "freezing", _("Being packed")
    FROZEN = "frozen", _("Ready to learn from")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class PictureState(models.TextChoices):
    PENDING = "pending", _("Waiting for the file")
    ARRIVED = "arrived", _("Waiting to be looked at")
    READY = "ready", _("Ready")
    DUPLICATE = "duplicate", _("Like another one")
    BROKEN = "broken", _("Cannot be used")
    HELD = "held", _("Waiting for a curator")
    REFUSED = "refused", _("Refused by a curator")


class Consent(models.TextChoices):
    """By what right a picture may be learnt from."""

    OWN = "own", _("I made it myself")
    LICENSED = "licensed", _("I have a licence for this use")
    PUBLIC_DOMAIN = "public-domain", _("It is in the public domain")


class Split(models.TextChoices):
    TRAIN = "train", _("To learn from")
    VALIDATION = "validation", _("To choose by")
    TEST = "test", _("To measure by")


class ArchiveState(models.TextChoices):
    PENDING = "pending", _("Waiting for the file")
    ARRIVED = "arrived", _("Waiting to be unpacked")
    UNPACKED = "unpacked", _("Unpacked")
    BROKEN = "broken", _("Cannot be used")


class DatasetQuerySet(models.QuerySet["Dataset"]):
    """Datasets by whose they are."""

    def owned_by(self, user_id: UUID) -> "DatasetQuerySet":
        return self.filter(artist__user_id=user_id)


class Dataset(TimeStamped):
    """One version of a dataset. Once frozen nothing in it changes; a later version begins as a copy."""

    State = DatasetState

    artist = models.ForeignKey(Artist, on_delete=models.PROTECT, related_name="datasets")
    name = models.CharField(max_length=80)
    version = models.PositiveIntegerField(default=1)
    description = models.TextField(max_length=2000, blank=True)
    state = models.CharField(max_length=10, choices=DatasetState.choices, default=DatasetState.DRAFT)
    frozen_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[DatasetQuerySet] = DatasetQuerySet.as_manager()  # type: ignore[assignment]  # as_manager is untyped

    class Meta:
        constraints = [
            models.UniqueConstraint(name="generation_dataset_version", fields=["artist", "name", "version"]),
            models.CheckConstraint(name="generation_dataset_state", condition=Q(state__in=DatasetState.values)),
            models.CheckConstraint(name="generation_dataset_named", condition=~Q(name="")),
            # What can be learnt from says since when.
            models.CheckConstraint(
                name="generation_dataset_frozen_has_time",
                condition=Q(state__in=["draft", "freezing"], frozen_at=None)
                | Q(state__in=["frozen", "withdrawn"], frozen_at__isnull=False),
            ),
        ]
        indexes = [models.Index(name="generation_dataset_of_artist", fields=["artist", "-id"])]

    def __str__(self) -> str:
        return f"{self.name} {self.version}"


class FromOutside(TimeStamped):
    """What somebody announced, put into the object store, and vouched for."""

    filename = models.CharField(max_length=300)
    incoming_key = models.CharField(max_length=200, blank=True)
    declared_size = models.PositiveBigIntegerField()
    consent = models.CharField(max_length=20, choices=Consent.choices)
    licence = models.CharField(max_length=200, blank=True)
    source = models.CharField(max_length=300, blank=True)
    consented_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    problem_code = models.CharField(max_length=60, blank=True)
    problem_detail = models.TextField(blank=True)

    class Meta:
        abstract = True


class DatasetArchive(FromOutside):
    """A zip file of pictures; its folders are classes."""

    dataset = models.ForeignKey(Dataset, on_delete=models.CASCADE, related_name="archives")
    state = models.CharField(max_length=10, choices=ArchiveState.choices, default=ArchiveState.PENDING)

    class Meta:
        constraints = [
            models.CheckConstraint(name="generation_archive_state", condition=Q(state__in=ArchiveState.values)),
            models.CheckConstraint(
                name="generation_archive_broken_says_why", condition=~Q(state="broken") | ~Q(problem_code="")
            ),
        ]

    def __str__(self) -> str:
        return self.filename


class DatasetPicture(FromOutside):
    """One picture of a dataset: what came, what became of it, and by what right it is here."""

    State = PictureState

    dataset = models.ForeignKey(Dataset, on_delete=models.CASCADE, related_name="pictures")
    archive = models.ForeignKey(
        DatasetArchive, on_delete=models.CASCADE, null=True, blank=True, related_name="pictures"
    )
    place = models.PositiveIntegerField(null=True, blank=True, help_text="Its number in the archive it came in.")
    class_name = models.CharField(max_length=100, blank=True)
    state = models.CharField(max_length=10, choices=PictureState.choices, default=PictureState.PENDING)
    key = models.CharField(max_length=200, blank=True, db_index=True)
    preview_key = models.CharField(max_length=200, blank=True, db_index=True)
    sha256 = models.CharField(max_length=64, blank=True)
    size = models.PositiveBigIntegerField(default=0)
    width = models.PositiveIntegerField(null=True, blank=True)
    height = models.PositiveIntegerField(null=True, blank=True)
    phash = models.BigIntegerField(null=True, blank=True)
    explicit = models.FloatField(default=0.0, help_text="What the classifier saw, 0 to 1.")
    split = models.CharField(max_length=10, choices=Split.choices, blank=True)
    twin = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="+", help_text="Which one it is like."
    )

    class Meta:
        constraints = [
            models.CheckConstraint(name="generation_picture_state", condition=Q(state__in=PictureState.values)),
            models.CheckConstraint(name="generation_picture_consent", condition=Q(consent__in=Consent.values)),
            # The very same picture counts once.
            models.UniqueConstraint(
                name="generation_picture_once", fields=["dataset", "sha256"], condition=Q(state="ready")
            ),
            # An archive that is unpacked twice gives the same pictures.
            models.UniqueConstraint(
                name="generation_picture_of_archive", fields=["archive", "place"], condition=Q(archive__isnull=False)
            ),
            # What can be learnt from has a file, a size and a split.
            models.CheckConstraint(
                name="generation_picture_ready_is_whole",
                condition=~Q(state__in=["ready", "held", "duplicate"])
                | (~Q(key="") & ~Q(sha256="") & ~Q(split="") & Q(width__isnull=False, height__isnull=False)),
            ),
            models.CheckConstraint(
                name="generation_picture_broken_says_why",
                condition=~Q(state__in=["broken", "refused"]) | ~Q(problem_code=""),
            ),
            # A licence that is claimed is named.
            models.CheckConstraint(
                name="generation_picture_licence_named", condition=~Q(consent="licensed") | ~Q(licence="")
            ),
        ]
        indexes = [
            models.Index(name="generation_picture_list", fields=["dataset", "state", "id"]),
            models.Index(name="generation_picture_awaited", fields=["incoming_key"], condition=~Q(incoming_key="")),
            models.Index(name="generation_picture_arrived", fields=["dataset"], condition=Q(state="arrived")),
        ]

    def __str__(self) -> str:
        return self.filename


class DatasetShard(models.Model):
    """A tar file of a frozen dataset's pictures, in the WebDataset layout."""

    id = models.BigAutoField(primary_key=True)
    dataset = models.ForeignKey(Dataset, on_delete=models.CASCADE, related_name="shards")
    number = models.PositiveIntegerField()
    key = models.CharField(max_length=200, db_index=True)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    pictures = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="generation_shard_number", fields=["dataset", "number"]),
            models.CheckConstraint(name="generation_shard_not_empty", condition=Q(pictures__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.dataset_id} #{self.number}"
