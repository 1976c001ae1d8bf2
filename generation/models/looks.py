"""How works and sent pictures look, in vectors that pgvector compares."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from pgvector.django import HalfVectorField

from generation.engines.looks.declarations import COLOUR_WIDTH, FAMILIES, NETWORK, STYLE_WIDTH, VERSION
from generation.models.artworks import Artwork
from generation.models.jobs import Job

MEANING_WIDTH = 384  # of all-MiniLM-L6-v2 and its multilingual siblings


class Seen(models.Model):
    """What was seen in a picture: numbers of one network and version, of unit length, to be compared with their like.

    Neither is null: a picture that was looked at has both.
    """

    style = HalfVectorField(dimensions=STYLE_WIDTH, help_text="How it is made.")
    colour = HalfVectorField(dimensions=COLOUR_WIDTH, help_text="Which colours it has.")
    colours = ArrayField(models.CharField(max_length=10), help_text="The names of its main colours, most first.")
    network = models.CharField(max_length=40)
    version = models.PositiveSmallIntegerField()
    seen_at = models.DateTimeField(auto_now=True)

    class Meta:
        abstract = True

    @property
    def is_current(self) -> bool:
        """Whether it can be compared with what is seen today."""
        return (self.network, self.version) == (NETWORK, VERSION)


class ArtworkLookQuerySet(models.QuerySet["ArtworkLook"]):
    """Looks by whether they can be compared with today's."""

    def current(self) -> "ArtworkLookQuerySet":
        return self.filter(network=NETWORK, version=VERSION)


class ArtworkLook(Seen):
    """How a work looks, and what is said of it. Written once its files are there, and anew when either changes."""

    artwork = models.OneToOneField(Artwork, on_delete=models.CASCADE, primary_key=True, related_name="look")
    meaning = HalfVectorField(dimensions=MEANING_WIDTH, null=True, blank=True, help_text="What is said of it.")
    said = models.CharField(
        max_length=32, blank=True, help_text="Which words, by which model, `meaning` was read from."
    )

    objects: ClassVar[ArtworkLookQuerySet] = ArtworkLookQuerySet.as_manager()  # type: ignore[assignment]  # untyped

    class Meta:
        constraints = [
            # Whatever has a direction says whose it is.
            models.CheckConstraint(name="generation_look_meaning_is_said", condition=Q(meaning=None) | ~Q(said="")),
            models.CheckConstraint(
                name="generation_look_colours_are_named", condition=Q(colours__contained_by=list(FAMILIES))
            ),
        ]
        indexes = [models.Index(name="generation_look_version", fields=["network", "version"])]

    def __str__(self) -> str:
        return f"look of {self.artwork_id}"


class PictureLook(Seen):
    """How a picture looks that somebody searches with: what its job found. It goes when the job does."""

    job = models.OneToOneField(Job, on_delete=models.CASCADE, primary_key=True, related_name="look")

    def __str__(self) -> str:
        return f"look of {self.job_id}"
