"""Generation in the administration: jobs to watch, re-queue and cancel; uploads, artworks and checks to look at."""

from generation.admin.artworks import ArtworkAdmin
from generation.admin.checks import CheckAdmin
from generation.admin.datasets import DatasetAdmin, DatasetArchiveAdmin, DatasetPictureAdmin
from generation.admin.dead_letters import DeadLetterAdmin
from generation.admin.jobs import JobAdmin
from generation.admin.learning import SearchAdmin, TrainedModelAdmin, TrainingAdmin
from generation.admin.reviews import ReviewAdmin
from generation.admin.uploads import UploadAdmin
from generation.admin.workers import WorkerAdmin

__all__ = [
    "ArtworkAdmin",
    "CheckAdmin",
    "DatasetAdmin",
    "DatasetArchiveAdmin",
    "DatasetPictureAdmin",
    "DeadLetterAdmin",
    "JobAdmin",
    "ReviewAdmin",
    "SearchAdmin",
    "TrainedModelAdmin",
    "TrainingAdmin",
    "UploadAdmin",
    "WorkerAdmin",
]
