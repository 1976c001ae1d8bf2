"""Generation's tables: uploads, jobs with their attempts, and artworks with their files."""

from generation.models.artworks import Artwork, ArtworkFile, CurationAct, FileRole, Visibility
from generation.models.jobs import FINAL_STATES, Attempt, Job, JobInput, JobState, Outcome
from generation.models.uploads import Upload, UploadState

__all__ = [
    "FINAL_STATES",
    "Artwork",
    "ArtworkFile",
    "Attempt",
    "CurationAct",
    "FileRole",
    "Job",
    "JobInput",
    "JobState",
    "Outcome",
    "Upload",
    "UploadState",
    "Visibility",
]
