"""Checks: a work was made again by its recipe and compared with the one that is kept."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from generation.models.artworks import Artwork
from generation.models.jobs import Job
from marketplace.core.models import TimeStamped


class Verdict(models.TextChoices):
    IDENTICAL = "identical", _("The same, pixel by pixel")
    CLOSE = "close", _("The same to the eye")
    DIFFERENT = "different", _("Another picture")


class SignatureState(models.TextChoices):
    """What the kept file says of itself."""

    TRUSTED = "trusted", _("Signed by this house")
    VALID = "valid", _("Signed by somebody we do not know")
    INVALID = "invalid", _("Changed since it was signed")
    NONE = "none", _("Not signed")


class Check(TimeStamped):
    """What came of making one work again."""

    Verdict = Verdict
    SignatureState = SignatureState

    job = models.OneToOneField(
        Job, on_delete=models.CASCADE, related_name="finding", help_text="The job that made it again."
    )
    artwork = models.ForeignKey(Artwork, on_delete=models.CASCADE, related_name="findings")
    verdict = models.CharField(max_length=10, choices=Verdict.choices)
    largest_difference = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Of any channel of any pixel, of 255; unknown where the sizes differ."
    )
    psnr = models.FloatField(null=True, blank=True, help_text="Decibels; none where nothing differs.")
    pixels_sha256 = models.CharField(max_length=64, help_text="SHA-256 of the pixels that were made now.")
    file_is_intact = models.BooleanField(help_text="The kept original still has the bytes that were stored.")
    signature = models.CharField(max_length=10, choices=SignatureState.choices)

    class Meta:
        ordering: ClassVar[list[Any]] = ["-id"]
        indexes = [models.Index(name="generation_check_of_work", fields=["artwork", "-id"])]
        constraints = [
            models.CheckConstraint(name="generation_check_verdict", condition=Q(verdict__in=Verdict.values)),
            models.CheckConstraint(name="generation_check_signature", condition=Q(signature__in=SignatureState.values)),
            # Identical means that nothing differs, and nothing else does.
            models.CheckConstraint(
                name="generation_check_identical_iff_no_difference",
                condition=Q(verdict="identical", largest_difference=0, psnr=None)
                | (~Q(verdict="identical") & (Q(largest_difference=None) | Q(largest_difference__gt=0))),
            ),
            # Close is a measured thing.
            models.CheckConstraint(
                name="generation_check_close_is_measured",
                condition=~Q(verdict="close") | Q(largest_difference__isnull=False, psnr__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.verdict} {self.artwork_id}"

    @property
    def is_confirmed(self) -> bool:
        """Is the kept file what it says: made by this recipe, untouched, and signed by us or before we signed?"""
        fits = self.verdict in {Verdict.IDENTICAL, Verdict.CLOSE}
        return fits and self.file_is_intact and self.signature in {SignatureState.TRUSTED, SignatureState.NONE}
