"""Generation's tables: uploads and datasets, jobs with attempts, artworks with files and looks, checks, reviews."""

from generation.models.artworks import Artwork, ArtworkFile, CurationAct, FileRole, Holder, Visibility
from generation.models.checks import Check, SignatureState, Verdict
from generation.models.datasets import (
    ArchiveState,
    Consent,
    Dataset,
    DatasetArchive,
    DatasetPicture,
    DatasetShard,
    DatasetState,
    PictureState,
    Split,
)
from generation.models.dead_letters import DeadLetter
from generation.models.jobs import FINAL_STATES, Attempt, Job, JobInput, JobState, Outcome, Priority, Purpose
from generation.models.looks import ArtworkLook, PictureLook
from generation.models.memorisation import Gauge, LearntPicture, Memorisation
from generation.models.moderation import FlagKind, Review, ReviewState
from generation.models.searches import Search, SearchState, Trial, TrialState
from generation.models.training import MODEL_MOVES, ModelState, TrainedModel, Training
from generation.models.uploads import Upload, UploadState
from generation.models.withdrawals import Withdrawal
from generation.models.workers import Worker

__all__ = [
    "FINAL_STATES",
    "MODEL_MOVES",
    "ArchiveState",
    "Artwork",
    "ArtworkFile",
    "ArtworkLook",
    "Attempt",
    "Check",
    "Consent",
    "CurationAct",
    "Dataset",
    "DatasetArchive",
    "DatasetPicture",
    "DatasetShard",
    "DatasetState",
    "DeadLetter",
    "FileRole",
    "FlagKind",
    "Gauge",
    "Holder",
    "Job",
    "JobInput",
    "JobState",
    "LearntPicture",
    "Memorisation",
    "ModelState",
    "Outcome",
    "PictureLook",
    "PictureState",
    "Priority",
    "Purpose",
    "Review",
    "ReviewState",
    "Search",
    "SearchState",
    "SignatureState",
    "Split",
    "TrainedModel",
    "Training",
    "Trial",
    "TrialState",
    "Upload",
    "UploadState",
    "Verdict",
    "Visibility",
    "Withdrawal",
    "Worker",
]
