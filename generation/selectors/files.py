"""Which keys of the object store rows refer to: what the orphan remover must never touch."""

from collections.abc import Collection
from pathlib import PurePosixPath

from generation.engines import registry
from generation.models import Artwork, ArtworkFile, DatasetPicture, DatasetShard, Job, TrainedModel, Training, Upload

WEIGHTS = "weights"  # where they are stored


def referenced_keys(keys: Collection[str]) -> set[str]:
    """Those of `keys` that any row refers to."""
    return {
        *Upload.objects.filter(key__in=keys).values_list("key", flat=True),
        *ArtworkFile.objects.filter(key__in=keys).values_list("key", flat=True),
        *Job.objects.filter(preview_key__in=keys).values_list("preview_key", flat=True),
        *DatasetPicture.objects.filter(key__in=keys).values_list("key", flat=True),
        *DatasetPicture.objects.filter(preview_key__in=keys).values_list("preview_key", flat=True),
        *DatasetShard.objects.filter(key__in=keys).values_list("key", flat=True),
        *Training.objects.filter(checkpoint_key__in=keys).values_list("checkpoint_key", flat=True),
        *Training.objects.filter(logs_key__in=keys).values_list("logs_key", flat=True),
        *TrainedModel.objects.filter(samples_key__in=keys).values_list("samples_key", flat=True),
        *TrainedModel.objects.filter(directions_key__in=keys).values_list("directions_key", flat=True),
        *_weights(keys),
    }


def _weights(keys: Collection[str]) -> set[str]:
    """Weights are referred to by their hash: of models, of works that may be made again, of engines, of what waits."""
    named = {PurePosixPath(key).stem: key for key in keys if key.startswith(f"{WEIGHTS}/")}
    if not named:
        return set()
    wanted = {engine.weights for engine in registry.declarations()}
    for rows in (TrainedModel.objects, Artwork.objects, Job.objects):
        if rest := named.keys() - wanted:
            wanted.update(rows.filter(model_hash__in=rest).values_list("model_hash", flat=True).distinct())
    return {key for digest, key in named.items() if digest in wanted}


def is_job_input(key: str) -> bool:
    """Does any job name this file among its inputs? It looks through all jobs: ask last, and of one key."""
    return Job.objects.filter(inputs__contains=[{"key": key}]).exists()
