"""Which pictures a person may give to an engine, and whose style they carry."""

from collections.abc import Collection, Sequence
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext

from generation.errors import UploadHeld
from generation.models import ArtworkFile, FileRole, JobInput, Upload, UploadState, Visibility
from generation.selectors.artworks import artwork_by_id, may_download
from generation.selectors.uploads import upload_by_id
from marketplace.accounts.models import Artist, User
from marketplace.core.errors import Conflict, PermissionRefused


def input_from_upload(*, name: str, upload_id: UUID, owner: User) -> JobInput:
    """One's own upload as an engine's input. Raises NotFound, UploadHeld, Conflict where it is not ready."""
    upload = upload_by_id(upload_id, owner)
    if upload.state == UploadState.HELD:
        raise UploadHeld(gettext("This picture waits for a curator; it can be used once it was cleared."))
    if upload.state != UploadState.READY:
        raise Conflict(gettext("This upload is not ready to be used."))
    return JobInput.of_upload(name, upload)


def input_from_artwork(*, name: str, artwork_id: UUID, user: User) -> JobInput:
    """A work as an engine's input, for who may have its original; other people's styles are commissioned.

    Raises NotFound, PermissionRefused.
    """
    artwork = artwork_by_id(artwork_id, user)
    if not may_download(user, artwork):
        raise PermissionRefused(gettext("This work is not yours: commission a picture in its style instead."))
    return JobInput.of_artwork(name, artwork)


def usable_keys(keys: Collection[str], owner: User) -> dict[str, str]:
    """Those of `keys` that a job of this person may read, each with its hash: own uploads and works' originals.

    Whether a work may be used at all is asked where it is chosen (`input_from_artwork`), because it may leave the wall
    between an order and its job without the order becoming void. What is held back is of no use to anybody.
    """
    uploads = Upload.objects.owned_by(owner.pk).ready().filter(key__in=keys)
    originals = ArtworkFile.objects.filter(role=FileRole.ORIGINAL, key__in=keys).exclude(
        artwork__visibility=Visibility.HELD
    )
    return dict(uploads.values_list("key", "sha256")) | dict(originals.values_list("key", "sha256"))


def artist_of_inputs(inputs: Sequence[JobInput]) -> Artist | None:
    """The artist of the first work among the inputs: whose style it is."""
    if not inputs:
        return None
    keys = [given.key for given in inputs]
    credited = Q(artwork__artist__isnull=False, role=FileRole.ORIGINAL, key__in=keys)
    files = {file.key: file for file in ArtworkFile.objects.filter(credited).select_related("artwork__artist")}
    return next((files[key].artwork.artist for key in keys if key in files), None)
