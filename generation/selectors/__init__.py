"""Reading about uploads, jobs and artworks."""

from generation.selectors.artworks import (
    artwork_by_id,
    artworks_of,
    collection_of,
    may_download,
    original_url,
    wall,
    wall_after,
)
from generation.selectors.checks import (
    is_manifest_read,
    last_check,
    last_check_job,
    manifest_of,
    open_check_job,
    why_not_remade,
)
from generation.selectors.datasets import (
    DatasetSummary,
    dataset_by_id,
    dataset_picture_by_id,
    dataset_picture_url,
    dataset_preview_url,
    datasets_of,
    datasets_waiting,
    shards_of,
    summary_of,
    twin_of,
)
from generation.selectors.files import is_job_input, referenced_keys
from generation.selectors.inputs import artist_of_inputs, input_from_artwork, input_from_upload, usable_keys
from generation.selectors.jobs import JobSnapshot, held_by, job_by_id, job_snapshot, jobs_of, next_waiting
from generation.selectors.moderation import (
    lookalike_on_wall,
    may_review,
    review_by_id,
    review_picture_url,
    reviews_for,
    waiting_count,
)
from generation.selectors.overtaking import is_overtaken
from generation.selectors.trained_models import (
    may_use_model,
    model_by_id,
    models_for,
    samples_url,
    training_by_id,
    trainings_of,
)
from generation.selectors.uploads import upload_by_id, upload_url
from generation.selectors.waits import Wait, estimate_wait, estimate_waits

__all__ = [
    "DatasetSummary",
    "JobSnapshot",
    "Wait",
    "artist_of_inputs",
    "artwork_by_id",
    "artworks_of",
    "collection_of",
    "dataset_by_id",
    "dataset_picture_by_id",
    "dataset_picture_url",
    "dataset_preview_url",
    "datasets_of",
    "datasets_waiting",
    "estimate_wait",
    "estimate_waits",
    "held_by",
    "input_from_artwork",
    "input_from_upload",
    "is_job_input",
    "is_manifest_read",
    "is_overtaken",
    "job_by_id",
    "job_snapshot",
    "jobs_of",
    "last_check",
    "last_check_job",
    "lookalike_on_wall",
    "manifest_of",
    "may_download",
    "may_review",
    "may_use_model",
    "model_by_id",
    "models_for",
    "next_waiting",
    "open_check_job",
    "original_url",
    "referenced_keys",
    "review_by_id",
    "review_picture_url",
    "reviews_for",
    "samples_url",
    "shards_of",
    "summary_of",
    "training_by_id",
    "trainings_of",
    "twin_of",
    "upload_by_id",
    "upload_url",
    "usable_keys",
    "waiting_count",
    "wall",
    "wall_after",
    "why_not_remade",
]
