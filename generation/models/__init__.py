"""Generation's tables: uploads, jobs with attempts, artworks with files, checks, and reviews of what was held."""

from generation.models.artworks import Artwork, ArtworkFile, CurationAct, FileRole, Visibility
from generation.models.checks import Check, SignatureState, Verdict
from generation.models.dead_letters import DeadLetter
from generation.models.jobs import FINAL_STATES, Attempt, Job, JobInput, JobState, Outcome, Priority, Purpose
from generation.models.moderation import FlagKind, Review, ReviewState
from generation.models.uploads import Upload, UploadState
from generation.models.workers import Worker

__all__ = [
    "FINAL_STATES",
    "Artwork",
    "ArtworkFile",
    "Attempt",
    "Check",
    "CurationAct",
    "DeadLetter",
    "FileRole",
    "FlagKind",
    "Job",
    "JobInput",
    "JobState",
    "Outcome",
    "Priority",
    "Purpose",
    "Review",
    "ReviewState",
    "SignatureState",
    "Upload",
    "UploadState",
    "Verdict",
    "Visibility",
    "Worker",
]
