"""What can go wrong between a request for a work and the work itself.

AtelierError
├── UploadProblem
│   ├── UploadMissing           409  nothing has arrived yet under the upload's address
│   ├── UploadTooLarge          422  more bytes than the house takes
│   ├── UploadTooManyPixels     422  decoding it would take more memory than we lend
│   ├── UploadSizeMismatch      422  what arrived is not as long as was said
│   ├── UploadNotAnImage        422  not a JPEG, PNG, WebP or AVIF, or a damaged one
│   └── UploadExpired           422  the file did not come within a day
├── NotCancellable              409  the job has already finished
├── NotRequeueable              409  only failed and cancelled jobs can be run again
├── NothingToUndo               409  no act of curation is left to undo
└── LeaseLost                   409  another worker, or nobody, holds the job now
"""

from marketplace.core.errors import AtelierError, Conflict


class UploadProblem(AtelierError):
    """Something is wrong with a picture that was sent; the code is kept with the upload."""

    code, title, status = "upload-problem", "The picture cannot be used", 422


class UploadMissing(UploadProblem):
    """Nothing has arrived under the upload's address yet: PUT the file, then complete again."""

    code, title, status = "upload-missing", "The file has not arrived", 409


class UploadTooLarge(UploadProblem):
    """The file has more bytes than the house takes."""

    code, title = "upload-too-large", "The file is too large"


class UploadTooManyPixels(UploadProblem):
    """The picture has more pixels than the house decodes."""

    code, title = "upload-too-many-pixels", "The picture has too many pixels"


class UploadSizeMismatch(UploadProblem):
    """What arrived is not as long as was said."""

    code, title = "upload-size-mismatch", "The file is not as long as was said"


class UploadNotAnImage(UploadProblem):
    """The file is not a JPEG, PNG, WebP or AVIF picture, whatever it calls itself, or it is damaged."""

    code, title = "upload-not-an-image", "This is not a picture we can read"


class UploadExpired(UploadProblem):
    """The file did not come within a day."""

    code, title = "upload-expired", "The upload was given up"


class NotCancellable(Conflict):
    """The job has already finished."""

    code, title = "job-finished", "The job has already finished"


class NotRequeueable(Conflict):
    """Only failed and cancelled jobs can be run again."""

    code, title = "job-not-requeueable", "Only failed and cancelled jobs can be run again"


class NothingToUndo(Conflict):
    """No act of curation is left to undo on this work."""

    code, title = "nothing-to-undo", "There is nothing to undo"


class LeaseLost(Conflict):
    """The worker no longer holds the job: its lease lapsed and somebody else may have it."""

    code, title = "lease-lost", "The job is no longer held by this worker"
