"""The bytes of a work's picture, for those who may see it where it has no public address."""

from generation.models import Artwork, ArtworkFile, FileRole
from marketplace.accounts.models import User
from marketplace.core import storage
from marketplace.core.errors import NotFound
from marketplace.core.storage import Bucket

SMALL, LARGE = 320, 1600  # pixels in width that are wished for


def face_of(artwork: Artwork, viewer: User | None, *, is_large: bool) -> tuple[bytes, str]:
    """A WebP of the work near the width that is wished for, and its media type.

    Of a work that the gate holds, for curators and staff alone; of a proof, only what is marked. Raises NotFound,
    ObjectMissing, StorageUnavailable.
    """
    if artwork.is_held and not (viewer is not None and (viewer.is_curator or viewer.is_staff)):
        raise NotFound
    files = [file for file in artwork.files.all() if file.role == FileRole.PREVIEW and file.format == "webp"]
    if marked := [file for file in files if file.is_marked]:
        files = marked
    if not files:
        raise NotFound
    wanted = LARGE if is_large else SMALL
    file: ArtworkFile = min(files, key=lambda file: abs(file.width - wanted))
    return storage.get(Bucket(file.bucket), file.key), "image/webp"
