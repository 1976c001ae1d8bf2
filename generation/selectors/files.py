"""Which keys of the object store rows refer to: what the orphan remover must never touch."""

from collections.abc import Collection

from generation.models import ArtworkFile, DatasetPicture, DatasetShard, Job, TrainedModel, Training, Upload


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
        *Training.objects.filter(samples_key__in=keys).values_list("samples_key", flat=True),
        *TrainedModel.objects.filter(samples_key__in=keys).values_list("samples_key", flat=True),
    }


def is_job_input(key: str) -> bool:
    """Does any job name this file among its inputs? It looks through all jobs: ask last, and of one key."""
    return Job.objects.filter(inputs__contains=[{"key": key}]).exists()
