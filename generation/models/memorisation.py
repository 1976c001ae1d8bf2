"""Does a model repeat what it learnt from? What its pictures look like to a network, and how near its works come."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from pgvector.django import HalfVectorField

from generation.engines.looks.declarations import MEMORY_WIDTH
from generation.models.artworks import Artwork
from generation.models.datasets import Dataset, DatasetPicture


class Gauge(models.Model):
    """How far apart the pictures of a dataset lie, at the resolution that a model learns at: what is too near.

    `threshold` is a share of `typical`, the median distance of a picture to the nearest other one, in the network's
    features; see `engines/looks/memory.py`.
    """

    id = models.BigAutoField(primary_key=True)
    dataset = models.ForeignKey(Dataset, on_delete=models.CASCADE, related_name="gauges")
    resolution = models.PositiveSmallIntegerField(help_text="Side of the squares that were learnt from, in pixels.")
    version = models.PositiveSmallIntegerField(help_text="Of the network and the rule.")
    typical = models.FloatField(help_text="Median distance of a picture to the nearest other one.")
    threshold = models.FloatField(help_text="What lies nearer than this to a picture repeats it.")
    pictures = models.PositiveIntegerField()
    made_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="generation_gauge_once", fields=["dataset", "resolution"]),
            models.CheckConstraint(
                name="generation_gauge_is_ordered", condition=Q(threshold__gte=0.0, typical__gte=F("threshold"))
            ),
        ]

    def __str__(self) -> str:
        return f"gauge of {self.dataset_id} at {self.resolution}"


class LearntPicture(models.Model):
    """One picture that a model learnt from, as the network sees it. It goes when the picture does."""

    id = models.BigAutoField(primary_key=True)
    gauge = models.ForeignKey(Gauge, on_delete=models.CASCADE, related_name="learnt")
    picture = models.ForeignKey(DatasetPicture, on_delete=models.CASCADE, related_name="+")
    features = HalfVectorField(dimensions=MEMORY_WIDTH)

    class Meta:
        constraints = [models.UniqueConstraint(name="generation_learnt_once", fields=["gauge", "picture"])]

    def __str__(self) -> str:
        return f"{self.picture_id} as it was learnt"


class Memorisation(models.Model):
    """How near a work of a trained model comes to the nearest picture that the model learnt from."""

    artwork = models.OneToOneField(Artwork, on_delete=models.CASCADE, primary_key=True, related_name="memorisation")
    picture = models.ForeignKey(
        DatasetPicture, on_delete=models.SET_NULL, null=True, blank=True, related_name="+",
        help_text="The nearest; none where it was deleted since.",
    )  # fmt: skip
    distance = models.FloatField()
    threshold = models.FloatField(help_text="Of the dataset when this was measured.")
    typical = models.FloatField(help_text="Median distance between a picture of the dataset and the nearest other one.")
    is_memorised = models.BooleanField()
    version = models.PositiveSmallIntegerField(help_text="Of the network and the rule.")
    measured_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="generation_memorisation_distance", condition=Q(distance__gte=0.0)),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(name="generation_memorised", fields=["artwork"], condition=Q(is_memorised=True))
        ]

    def __str__(self) -> str:
        return f"{self.artwork_id}: {self.distance:.3g} from {self.picture_id}"

    @property
    def share(self) -> float:
        """The distance as a share of the usual one: about 1 for what is new, about 0 for a copy."""
        return self.distance / self.typical if self.typical else 0.0
