"""Everything that changes uploads, jobs and artworks. One public function a use case, all arguments by keyword."""

from generation.models import JobInput
from generation.services.artworks import admit_holder, credit_artist, dismiss_holder, title_artwork, transfer_artwork
from generation.services.checks import finish_check, request_check
from generation.services.curation import (
    bring_back_artwork,
    hang_artwork,
    hide_artwork,
    take_down_artwork,
    undo_curation,
)
from generation.services.datasets import (
    Announced,
    Vouched,
    add_archive,
    add_pictures,
    confirm_files,
    create_dataset,
    delete_dataset,
    describe_dataset,
    freeze_dataset,
    keep_picture,
    remove_picture,
    remove_pictures,
    restore_dataset,
    revise_dataset,
    withdraw_dataset,
)
from generation.services.drawings import draw_picture
from generation.services.files import StoredFile, discard_file, remove_orphans, store_file, store_large_file
from generation.services.gathering import look_at_picture, unpack_archive
from generation.services.jobs import cancel_job, put_away, requeue_job
from generation.services.leases import lease_jobs, pass_on, release_job, renew_leases, take_back_lapsed, wake_forgotten
from generation.services.looks import Seen, finish_look, note_look, read_works, request_look
from generation.services.memorisation import Measured, measure, note_gauge, note_late, note_memorisation
from generation.services.moderation import (
    Flag,
    Screening,
    hash_works,
    hold_artwork,
    is_explicit,
    screen_film,
    screen_picture,
    screen_samples,
)
from generation.services.outcomes import Finished, fail_job, finish_jobs, report_progress, retry_job, stop_job
from generation.services.placeholders import placeholder_of
from generation.services.previews import forget_previews, overtake_previews
from generation.services.refitting import place_previews
from generation.services.reviews import clear_review, lock_review_of, refuse_review, settle_review, undo_review
from generation.services.searches import Bounds, start_search, stop_search, train_best
from generation.services.sharding import pack_dataset
from generation.services.shelving import shelf_of, shelve_artwork, shelve_misplaced
from generation.services.stripping import strip_proof
from generation.services.submitting import (
    MOST_VARIATIONS,
    SEED_BOUND,
    JobRequest,
    check_request,
    submit_job,
    submit_variations,
)
from generation.services.tending import tend_datasets, wake_forgotten_datasets
from generation.services.trained_models import (
    MOST_DIRECTIONS,
    deprecate_model,
    describe_model,
    publish_model,
    reserve_model,
    restore_model,
    withdraw_model,
)
from generation.services.training import (
    Learnt,
    finish_training,
    note_checkpoint,
    note_validation,
    resume_training,
    start_training,
    stop_training,
)
from generation.services.trials import advance_search, advance_searches, finish_trial
from generation.services.unveiling import unveil_artwork
from generation.services.uploads import (
    complete_upload,
    expire_uploads,
    receive_upload,
    remove_incoming_orphans,
    request_upload,
)
from generation.services.withdrawing import finish_withdrawals, note_withdrawals
from generation.services.workers import forget_silent_workers, forget_worker, note_worker

__all__ = [
    "MOST_DIRECTIONS",
    "MOST_VARIATIONS",
    "SEED_BOUND",
    "Announced",
    "Bounds",
    "Finished",
    "Flag",
    "JobInput",
    "JobRequest",
    "Learnt",
    "Measured",
    "Screening",
    "Seen",
    "StoredFile",
    "Vouched",
    "add_archive",
    "add_pictures",
    "admit_holder",
    "advance_search",
    "advance_searches",
    "bring_back_artwork",
    "cancel_job",
    "check_request",
    "clear_review",
    "complete_upload",
    "confirm_files",
    "create_dataset",
    "credit_artist",
    "delete_dataset",
    "deprecate_model",
    "describe_dataset",
    "describe_model",
    "discard_file",
    "dismiss_holder",
    "draw_picture",
    "expire_uploads",
    "fail_job",
    "finish_check",
    "finish_jobs",
    "finish_look",
    "finish_training",
    "finish_trial",
    "finish_withdrawals",
    "forget_previews",
    "forget_silent_workers",
    "forget_worker",
    "freeze_dataset",
    "hang_artwork",
    "hash_works",
    "hide_artwork",
    "hold_artwork",
    "is_explicit",
    "keep_picture",
    "lease_jobs",
    "lock_review_of",
    "look_at_picture",
    "measure",
    "note_checkpoint",
    "note_gauge",
    "note_late",
    "note_look",
    "note_memorisation",
    "note_validation",
    "note_withdrawals",
    "note_worker",
    "overtake_previews",
    "pack_dataset",
    "pass_on",
    "place_previews",
    "placeholder_of",
    "publish_model",
    "put_away",
    "read_works",
    "receive_upload",
    "refuse_review",
    "release_job",
    "remove_incoming_orphans",
    "remove_orphans",
    "remove_picture",
    "remove_pictures",
    "renew_leases",
    "report_progress",
    "request_check",
    "request_look",
    "request_upload",
    "requeue_job",
    "reserve_model",
    "restore_dataset",
    "restore_model",
    "resume_training",
    "retry_job",
    "revise_dataset",
    "screen_film",
    "screen_picture",
    "screen_samples",
    "settle_review",
    "shelf_of",
    "shelve_artwork",
    "shelve_misplaced",
    "start_search",
    "start_training",
    "stop_job",
    "stop_search",
    "stop_training",
    "store_file",
    "store_large_file",
    "strip_proof",
    "submit_job",
    "submit_variations",
    "take_back_lapsed",
    "take_down_artwork",
    "tend_datasets",
    "title_artwork",
    "train_best",
    "transfer_artwork",
    "undo_curation",
    "undo_review",
    "unpack_archive",
    "unveil_artwork",
    "wake_forgotten",
    "wake_forgotten_datasets",
    "withdraw_dataset",
    "withdraw_model",
]
