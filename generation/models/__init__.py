"""Generation's tables: uploads, jobs with their attempts, and artworks with their files."""

from generation.models.artworks import Artwork, ArtworkFile, CurationAct, FileRole, Visibility
from generation.models.jobs import FINAL_STATES, Attempt, Job, JobInput, JobState, Outcome, Priority, Purpose
from generation.models.uploads import Upload, UploadState
from generation.models.workers import Worker

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
    "Priority",
    "Purpose",
    "Upload",
    "UploadState",
    "Visibility",
    "Worker",
]
