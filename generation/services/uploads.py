"""Uploads: leave to send a file, checking what arrived, and giving up on what never came."""

import hashlib
from datetime import timedelta
from uuid import UUID, uuid4

import structlog
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from generation.errors import (
    UploadExpired,
    UploadMissing,
    UploadNotAnImage,
    UploadProblem,
    UploadRefused,
    UploadSizeMismatch,
    UploadTooComplex,
    UploadTooLarge,
    UploadTooManyPixels,
)
from generation.models import (
    ArchiveState,
    DatasetArchive,
    DatasetPicture,
    PictureState,
    Review,
    ReviewState,
    Upload,
    UploadState,
)
from generation.services.cleaning import MEDIA_TYPES, CleanPicture, clean_picture
from generation.services.files import store_file
from generation.services.moderation import Screening, lock_picture, review_of_upload, screen_picture
from marketplace.accounts.models import User
from marketplace.core import storage
from marketplace.core.errors import InvalidInput, NotFound
from marketplace.core.languages import kept
from marketplace.core.storage import Bucket, PresignedPut

log = structlog.get_logger(__name__)

INCOMING = "incoming"
PUT_SECONDS = 900
_OF_PHONES = {"image/heic", "image/heif"}  # what phones keep photographs as
GIVE_UP = timedelta(days=1)
_PROBLEMS: dict[str, type[UploadProblem]] = {
    problem.code: problem
    for problem in (
        UploadTooLarge, UploadTooManyPixels, UploadTooComplex, UploadSizeMismatch, UploadNotAnImage, UploadExpired,
        UploadRefused,
    )
}  # fmt: skip


def request_upload(*, owner: User, filename: str, media_type: str, size: int) -> tuple[Upload, PresignedPut]:
    """Announce a file and get leave to PUT it into the object store.

    Raises InvalidInput, UploadTooLarge.
    """
    if media_type not in MEDIA_TYPES:
        if media_type in _OF_PHONES:
            raise InvalidInput(gettext("HEIC pictures are not read here: save it as JPEG, then bring it again."))
        allowed = ", ".join(sorted(MEDIA_TYPES))
        raise InvalidInput(
            gettext("This kind of file is not taken."),
            errors={"media_type": [gettext("One of %(allowed)s.") % {"allowed": allowed}]},
        )
    if size < 1:
        raise InvalidInput(gettext("The file is empty."), errors={"size": [gettext("At least 1 byte.")]})
    if size > settings.ATELIER.upload_max_bytes:
        raise UploadTooLarge(_byte_bound())
    key = f"{INCOMING}/{uuid4()}"
    # Signing needs no call to the object store, so nothing is sent in vain should the row fail.
    put = storage.presigned_put(key, media_type=media_type, size=size, expires=PUT_SECONDS)
    upload = Upload.objects.create(
        owner=owner, filename=filename[:200], incoming_key=key, declared_size=size, declared_type=media_type
    )
    return upload, put


def receive_upload(*, owner: User, filename: str, media_type: str, data: bytes) -> Upload:
    """Take a file that came with a form, where no script sent it straight to the object store, and check it.

    Raises InvalidInput, UploadProblem, StorageUnavailable, ScreeningUnavailable.
    """
    upload, _ = request_upload(owner=owner, filename=filename, media_type=media_type, size=len(data))
    storage.put(Bucket.PRIVATE, upload.incoming_key, data, media_type=media_type)
    return complete_upload(upload_id=upload.pk, owner=owner)


def complete_upload(*, upload_id: UUID, owner: User) -> Upload:
    """Check what the browser sent and keep a clean copy; completing again gives the same answer.

    A picture that the moderation gate flags is held until a curator has seen it. Reading, decoding and looking happen
    before the row is locked: done twice at once they come to the same result, and no lock is held while the object
    store is slow.

    Raises NotFound, UploadMissing (try again after the PUT), other UploadProblem (final), StorageUnavailable,
    ScreeningUnavailable.
    """
    upload = Upload.objects.owned_by(owner.pk).filter(pk=upload_id).first()
    if upload is None:
        raise NotFound(gettext("There is no such upload."))
    if upload.state != UploadState.PENDING:
        return _answer(upload)
    try:
        picture = clean_picture(_fetch(upload))
    except UploadMissing as problem:
        return _answer(_note_missing(upload, problem), otherwise=problem)
    except UploadProblem as problem:
        settled = _reject(upload, problem)
    else:
        settled = _accept(upload, picture, screen_picture(image=picture.image, maker=owner))
    storage.delete(Bucket.PRIVATE, upload.incoming_key)
    return _answer(settled)


def expire_uploads() -> int:
    """Give up on uploads that were announced a day ago and never completed; return how many."""
    late = {"created_at__lt": timezone.now() - GIVE_UP}
    # A dataset's files that never came are named among its broken ones.
    expired = DatasetPicture.objects.filter(state=PictureState.PENDING, **late).update(
        state=PictureState.BROKEN,
        incoming_key="",
        problem_code=UploadExpired.code,
        problem_detail=kept("It never came."),
    )
    expired += DatasetArchive.objects.filter(state=ArchiveState.PENDING, **late).update(
        state=ArchiveState.BROKEN,
        incoming_key="",
        problem_code=UploadExpired.code,
        problem_detail=kept("It never came."),
    )
    stale = Upload.objects.filter(state=UploadState.PENDING, **late)
    for upload in stale[:500]:
        settled = _reject(upload, UploadExpired(kept("The file did not come within a day; start a new upload.")))
        if settled.problem_code == UploadExpired.code:
            storage.delete(Bucket.PRIVATE, upload.incoming_key)
            expired += 1
    return expired


def remove_incoming_orphans() -> int:
    """Delete incoming files older than a day that nobody waits for; return how many."""
    removed = 0
    for item in storage.list_objects(Bucket.PRIVATE, f"{INCOMING}/"):
        if item.modified > timezone.now() - GIVE_UP:
            continue
        if _is_awaited(item.key):
            continue
        storage.delete(Bucket.PRIVATE, item.key)
        removed += 1
    return removed


def _is_awaited(key: str) -> bool:
    return (
        Upload.objects.filter(incoming_key=key, state=UploadState.PENDING).exists()
        or DatasetPicture.objects.filter(incoming_key=key).exists()
        or DatasetArchive.objects.filter(incoming_key=key).exists()
    )


def _fetch(upload: Upload) -> bytes:
    """The bytes that arrived, if they are as many as was said and not too many."""
    head = storage.head(Bucket.PRIVATE, upload.incoming_key)
    if head is None:
        raise UploadMissing(gettext("PUT the file to the address you were given, then complete the upload again."))
    if head.size > settings.ATELIER.upload_max_bytes:
        raise UploadTooLarge(_byte_bound())
    try:
        data = storage.get(Bucket.PRIVATE, upload.incoming_key, at_most=settings.ATELIER.upload_max_bytes + 1)
    except storage.ObjectMissing as error:
        raise UploadMissing(gettext("The file went away while it was read; complete the upload again.")) from error
    if len(data) != upload.declared_size:
        raise UploadSizeMismatch(
            gettext("%(declared_size)s bytes were announced and %(len)s arrived.")
            % {"declared_size": upload.declared_size, "len": len(data)}
        )
    return data


def _accept(upload: Upload, picture: CleanPicture, screening: Screening) -> Upload:
    digest = hashlib.sha256(picture.data).hexdigest()
    stored = store_file(
        bucket=Bucket.PRIVATE, prefix="uploads", data=picture.data, extension="png", media_type="image/png"
    )
    with transaction.atomic():
        lock_picture(digest)
        row = Upload.objects.select_for_update().get(pk=upload.pk)
        if row.state == UploadState.PENDING:
            row.completed_at = timezone.now()
            row.key, row.sha256, row.media_type = stored, digest, "image/png"
            row.width, row.height = picture.width, picture.height
            row.review = review_of_upload(upload=row, screening=screening)
            row.state, row.problem_code, row.problem_detail = _verdict(row.review)
            row.save()
    return row


def _verdict(review: Review | None) -> tuple[UploadState, str, str]:
    """The state of an upload whose picture is judged so, and why it is turned away if it is."""
    if review is None or review.state == ReviewState.CLEARED:
        return UploadState.READY, "", ""
    if review.state == ReviewState.WAITING:
        return UploadState.HELD, "", ""
    return UploadState.REJECTED, UploadRefused.code, review.refusal


def _reject(upload: Upload, problem: UploadProblem) -> Upload:
    with transaction.atomic():
        row = Upload.objects.select_for_update().get(pk=upload.pk)
        if row.state == UploadState.PENDING:
            row.state, row.completed_at = UploadState.REJECTED, timezone.now()
            row.problem_code, row.problem_detail = problem.code, problem.detail
            row.save()
            log.info("upload.rejected", upload=str(row.pk), code=problem.code)
    return row


def _note_missing(upload: Upload, problem: UploadMissing) -> Upload:
    """Say on the row that nothing came; it stays pending, because the file may still be on its way."""
    with transaction.atomic():
        row = Upload.objects.select_for_update().get(pk=upload.pk)
        if row.state == UploadState.PENDING:
            row.problem_code, row.problem_detail = problem.code, problem.detail
            row.save()
    return row


def _answer(upload: Upload, otherwise: UploadProblem | None = None) -> Upload:
    """The upload that is ready or held, or the problem it was turned away with."""
    if upload.state == UploadState.REJECTED:
        raise _PROBLEMS[upload.problem_code](upload.problem_detail)
    if upload.state == UploadState.PENDING and otherwise is not None:
        raise otherwise
    return upload


def _byte_bound() -> str:
    return kept(f"Files may have at most {settings.ATELIER.upload_max_bytes // 1_000_000} MB.")
