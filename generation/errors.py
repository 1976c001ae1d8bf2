"""What can go wrong between a request for a work and the work itself.

AtelierError
├── UploadProblem
│   ├── UploadMissing           409  nothing has arrived yet under the upload's address
│   ├── UploadTooLarge          422  more bytes than the house takes
│   ├── UploadTooManyPixels     422  decoding it would take more memory than we lend
│   ├── UploadTooComplex        422  decoding it would take more time than we lend
│   ├── UploadSizeMismatch      422  what arrived is not as long as was said
│   ├── UploadNotAnImage        422  not a JPEG, PNG, WebP or AVIF, or a damaged one
│   ├── UploadExpired           422  the file did not come within a day
│   └── UploadRefused           422  a curator refused the picture
├── UploadHeld                  409  the picture waits for a curator and cannot be used yet
├── WorkHeld                    409  the work waits for a curator, or was refused: nobody is shown it
├── ReviewDecided               409  a curator has decided otherwise already
├── ReviewFinal                 409  what followed from the decision cannot be taken back
├── ScreeningUnavailable        503  the gate cannot look at pictures just now (transient)
├── ProvenanceProblem
│   ├── UnsignableFile          422  no manifest can be put into these bytes
│   ├── CertificateUnusable     500  ours is missing, lapsed, or does not go with its key: an operator must see to it
│   └── TimestampUnavailable    503  the time-stamp authority does not answer (transient)
├── EngineGone                  409  what made the work, in the version that did, is no longer in the house
├── TooManyChecks               429  one person has had so many works made again within an hour
├── InputsMissing               409  what the work was made from is no longer kept
├── NotCancellable              409  the job has already finished
├── NotRequeueable              409  only failed and cancelled jobs can be run again
├── ArchiveProblem              422  no zip file of pictures, or more than the house unpacks
├── DatasetNotOpen              409  the dataset is frozen or withdrawn, or is not yet
├── DatasetBusy                 409  something in it is still being looked at or packed (transient)
├── PicturesHeld                409  pictures in the dataset wait for a curator
├── DatasetTooSmall             409  too few of its pictures can be used
├── DatasetInUse                409  a model has learnt from it
├── ModelUnavailable            409  the model is withdrawn, or not yet open to others
├── ModelFixed                  409  a model in this state cannot be brought into that one
├── ModelHeld                   409  a curator looks at what it paints first, or refused it
├── ModelSoldAlready            409  a model with the very same weights was opened before
├── TooManyTrainings            409  an artist trains so many models at once
├── TrainingNotResumable        409  it runs, has ended, goes on elsewhere, or left no checkpoint
├── SearchRunning               409  an artist searches for one thing at a time
├── SearchFoundNothing          409  no trial has come to its end yet
├── LanguageNotUnderstood       422  a sentence in a language that the text model does not read
├── ReadingUnavailable          503  the text model of this installation cannot be read: an operator must see to it
├── MemorisationUnknown         409  the work was not yet compared with what its model learnt from (transient)
├── NothingToUndo               409  no act of curation is left to undo
└── LeaseLost                   409  another worker, or nobody, holds the job now
"""

from marketplace.core.errors import AtelierError, Conflict, InvalidInput, Unavailable


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


class UploadTooComplex(UploadProblem):
    """The picture is encoded so that decoding it would take more time than the house lends."""

    code, title = "upload-too-complex", "The picture takes too long to decode"


class UploadSizeMismatch(UploadProblem):
    """What arrived is not as long as was said."""

    code, title = "upload-size-mismatch", "The file is not as long as was said"


class UploadNotAnImage(UploadProblem):
    """The file is not a JPEG, PNG, WebP or AVIF picture, whatever it calls itself, or it is damaged."""

    code, title = "upload-not-an-image", "This is not a picture we can read"


class UploadExpired(UploadProblem):
    """The file did not come within a day."""

    code, title = "upload-expired", "The upload was given up"


class UploadRefused(UploadProblem):
    """A curator looked at the picture and refused it; the detail says why."""

    code, title = "upload-refused", "A curator refused the picture"


class UploadHeld(Conflict):
    """The picture waits for a curator: it can be used once it was cleared."""

    code, title = "upload-held", "A curator looks at this picture first"


class WorkHeld(Conflict):
    """The work waits for a curator, or was refused by one: until it is cleared nobody is shown it."""

    code, title = "work-held", "The work is held back"


class ReviewDecided(Conflict):
    """A curator has decided otherwise already: undo that first."""

    code, title = "review-decided", "This was decided already"


class ReviewFinal(Conflict):
    """What followed from the decision cannot be taken back, so neither can the decision; the detail says what."""

    code, title = "review-final", "The decision cannot be undone any more"


class ScreeningUnavailable(Unavailable):
    """The gate that looks at pictures does not work just now; nothing passes it unseen."""

    code, title = "screening-unavailable", "Pictures cannot be looked at just now"


class ProvenanceProblem(AtelierError):
    """A file could not be signed."""

    code, title, status = "provenance-problem", "The file could not be signed", 500


class UnsignableFile(ProvenanceProblem):
    """No manifest can be put into these bytes: not what they are said to be, or a kind C2PA does not know."""

    code, title, status = "unsignable-file", "The file cannot carry a signature", 422


class CertificateUnusable(ProvenanceProblem):
    """Our certificate is missing, lapsed or does not go with its key; only an operator can help."""

    code, title = "certificate-unusable", "The house's certificate cannot be used"


class TimestampUnavailable(ProvenanceProblem):
    """The time-stamp authority does not answer; trying again may help."""

    code, title, status = "timestamp-unavailable", "The time-stamp authority does not answer", 503
    transient = True


class EngineGone(Conflict):
    """The engine that made the work has left the house, or changed since: nobody can make it again here."""

    code, title = "engine-gone", "What made this work is no longer here"


class InputsMissing(Conflict):
    """What the work was made from is no longer kept; `inputs` names the pictures."""

    code, title = "inputs-missing", "What this work was made from is no longer kept"


class NotCancellable(Conflict):
    """The job has already finished."""

    code, title = "job-finished", "The job has already finished"


class NotRequeueable(Conflict):
    """Only failed and cancelled jobs can be run again."""

    code, title = "job-not-requeueable", "Only failed and cancelled jobs can be run again"


class ArchiveProblem(AtelierError):
    """No zip file of pictures, or one that unpacks to more than the house takes; the detail says which."""

    code, title, status = "archive-problem", "The archive cannot be used", 422


class DatasetNotOpen(Conflict):
    """The dataset is not in a state that allows this; the detail says what can be done instead."""

    code, title = "dataset-not-open", "The dataset is not in a state for this"


class DatasetBusy(Conflict):
    """Something in the dataset is still being looked at or packed; try again in a moment."""

    code, title = "dataset-busy", "The dataset is being worked on"
    transient = True


class PicturesHeld(Conflict):
    """Pictures in the dataset wait for a curator; it can be closed once they were looked at, or without them."""

    code, title = "pictures-held", "Pictures in it wait for a curator"


class DatasetTooSmall(Conflict):
    """Too few pictures can be used for a model to learn from."""

    code, title = "dataset-too-small", "There are too few pictures"


class DatasetInUse(Conflict):
    """A model has learnt from the dataset: what it learnt from is kept on record."""

    code, title = "dataset-in-use", "Models have learnt from this dataset"


class ModelUnavailable(Conflict):
    """The model is withdrawn, or its artist has not opened it to others."""

    code, title = "model-unavailable", "This model cannot be used"


class ModelFixed(Conflict):
    """A model in its present state cannot be brought into the one that was asked for."""

    code, title = "model-fixed", "The model's state does not allow this"


class ModelHeld(Conflict):
    """A curator looks at what the model paints before it is opened to others, or has refused it."""

    code, title = "model-held", "A curator looks at this model first"


class ModelSoldAlready(Conflict):
    """Another model with the very same weights was opened before: the same seeds would be sold twice."""

    code, title = "model-sold-already", "The same model was opened before"


class TooManyChecks(AtelierError):
    """One has had so many works made again within the hour; `retry_after` says in how many seconds one may again."""

    code, title, status = "too-many-checks", "You have had many works made again", 429
    transient = True


class TooManyTrainings(Conflict):
    """An artist trains so many models at once; call one off, or wait."""

    code, title = "too-many-trainings", "You train enough models already"


class TrainingNotResumable(Conflict):
    """The training still runs, has come to its end, goes on elsewhere, or left no checkpoint."""

    code, title = "training-not-resumable", "This training cannot be taken up again"


class SearchRunning(Conflict):
    """You search for better parameters already; stop that search, or wait for its end."""

    code, title = "search-running", "One of your searches still runs"


class SearchFoundNothing(Conflict):
    """No trial of the search has come to its end, so there is nothing yet that could be trained."""

    code, title = "search-found-nothing", "The search has found nothing yet"


class MemorisationUnknown(Conflict):
    """The work was not yet compared with the pictures that its model learnt from; try again shortly."""

    code, title = "memorisation-unknown", "The work is still being compared with what its model learnt from"
    transient = True


class NothingToUndo(Conflict):
    """No act of curation is left to undo on this work."""

    code, title = "nothing-to-undo", "There is nothing to undo"


class LeaseLost(Conflict):
    """The worker no longer holds the job: its lease lapsed and somebody else may have it."""

    code, title = "lease-lost", "The job is no longer held by this worker"


class LanguageNotUnderstood(InvalidInput):
    """The sentence is in a language that the house's text model does not read; say it in English."""

    code, title = "language-not-understood", "This language is not understood here"


class ReadingUnavailable(Unavailable):
    """The text model is missing or unusable, so no sentence can be read; choose the styles by hand."""

    code, title = "reading-unavailable", "Sentences cannot be read just now"
    transient = False
