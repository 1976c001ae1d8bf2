"""Reading uploads."""

import io
from uuid import UUID

from django.utils.translation import gettext
from PIL import Image

from generation.engines.style.marking import mark_nothing
from generation.models import Upload, UploadState
from marketplace.accounts.models import User
from marketplace.core import storage
from marketplace.core.errors import NotFound


def upload_by_id(upload_id: UUID, owner: User) -> Upload:
    """One's own upload. Raises NotFound."""
    upload = Upload.objects.owned_by(owner.pk).filter(pk=upload_id).first()
    if upload is None:
        raise NotFound(gettext("There is no such upload."))
    return upload


def upload_url(upload: Upload) -> str:
    """An address of the cleaned picture that lapses in five minutes; nothing unless it is ready."""
    return storage.presigned_get(upload.key) if upload.state == UploadState.READY else ""


def marks_nothing(upload: Upload) -> bool:
    """Whether a ready upload is black all over: as a mask it would leave nothing to paint. Its file is read for that.

    Raises ObjectMissing, StorageUnavailable.
    """
    with Image.open(io.BytesIO(storage.get(storage.Bucket.PRIVATE, upload.key))) as mask:
        return mark_nothing([mask])
