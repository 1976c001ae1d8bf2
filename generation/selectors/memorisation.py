"""Reading whether works repeat what their model learnt from."""

from collections.abc import Sequence
from uuid import UUID

from django.db.models import Q
from pgvector.django import L2Distance

from generation.engines.looks.declarations import MEMORY_VERSION
from generation.models import Artwork, Gauge, Job, LearntPicture, Memorisation, Training
from generation.models.artworks import ArtworkQuerySet
from generation.selectors.looks import spared
from marketplace.core import storage

PICTURE_SECONDS = 60
_AHEAD = 4  # so many times as many works are looked through as are wanted


def memorisation_of(artwork_id: UUID) -> Memorisation | None:
    """How near a work comes to what its model learnt from; None where no model made it, or it is not measured yet."""
    return Memorisation.objects.select_related("picture").filter(artwork=artwork_id).first()


def memorised_picture_url(measured: Memorisation) -> str:
    """An address of the training picture for a minute; "" where it is gone. Ask `may_review` first: it is private."""
    key = (measured.picture.preview_key or measured.picture.key) if measured.picture else ""
    return storage.presigned_get(key, expires=PICTURE_SECONDS) if key else ""


def learnt_at(job: Job) -> int:
    """The side of the squares that the job's model learnt from, in pixels; 0 where it runs no model."""
    if job.trained_model_id is None:
        return 0
    training = Training.objects.select_related("job").filter(model=job.trained_model_id).first()
    return resolution_of(training) if training else 0


def resolution_of(training: Training) -> int:
    """The side of the squares that a training learns from, in pixels; 0 where its way to learn knows none."""
    return int(training.job.parameters.get("resolution", 0))


def gauge_of(job: Job) -> Gauge | None:
    """What is usual among the pictures that the job's model learnt from; None where they were not looked at yet."""
    if job.trained_model is None:
        return None
    training = job.trained_model.training
    current = Gauge.objects.filter(dataset=training.dataset_id, version=MEMORY_VERSION)
    return current.filter(resolution=resolution_of(training)).first()


def nearest_learnt(gauge: Gauge, features: Sequence[Sequence[float]]) -> tuple[UUID, float] | None:
    """The picture nearest to any of some frames, by comparing all, and how far off it is. None where none is left."""
    found = [
        LearntPicture.objects.filter(gauge=gauge)
        .annotate(apart=L2Distance("features", list(frame)))
        .order_by("apart")
        .values_list("picture_id", "apart")
        .first()
        for frame in features
    ]
    return min((one for one in found if one), key=lambda one: one[1], default=None)


def unmeasured_works() -> ArtworkQuerySet:
    """Works of trained models that were not compared with what those learnt from, newest first."""
    measured = Q(memorisation__version=MEMORY_VERSION)
    return Artwork.objects.filter(job__trained_model__isnull=False).exclude(measured).order_by("-id")


def next_unmeasured(most: int) -> list[Artwork]:
    """The next of them whose model's pictures are known; those that failed a short while ago are spared."""
    waiting = unmeasured_works().exclude(pk__in=spared()).select_related("job__trained_model__training__job")
    return [artwork for artwork in waiting[: _AHEAD * most] if gauge_of(artwork.job) is not None][:most]


def next_ungauged() -> tuple[UUID, int] | None:
    """A dataset, and the resolution of a model that learnt from it, whose pictures were not looked at yet."""
    trained = Training.objects.filter(model__isnull=False, job__parameters__has_key="resolution").order_by("-id")
    gauged = set(Gauge.objects.filter(version=MEMORY_VERSION).values_list("dataset_id", "resolution"))
    pairs = trained.values_list("dataset_id", "job__parameters__resolution")
    left_out = spared()
    for dataset, side in pairs:
        if (dataset, int(side)) not in gauged and dataset not in left_out:
            return dataset, int(side)
    return None
