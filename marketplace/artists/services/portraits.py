"""An artist's profile as they change it: words, links, and a portrait cut from an upload."""

import io
from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext
from PIL import Image, ImageOps

from generation import services as generation
from generation.models import Upload
from marketplace.accounts import services as accounts
from marketplace.accounts.models import Artist, User
from marketplace.artists.errors import PortraitUnusable
from marketplace.artists.models import SIDE, Portrait
from marketplace.core import storage
from marketplace.core.errors import PermissionRefused
from marketplace.core.storage import Bucket

PREFIX = "portraits"


def update_profile(
    *,
    artist_user: User,
    slug: str,
    name: str | None = None,
    bio: str | None = None,
    links: Sequence[str] | None = None,
    portrait: UUID | None = None,
    has_portrait: bool = True,
) -> Artist:
    """Change one's own profile: `portrait` is an upload to be cut anew; `has_portrait` False takes it away.

    The picture is read and cut before the transaction. Raises NotFound, PermissionRefused, InvalidInput,
    PortraitUnusable, StorageUnavailable.
    """
    upload = _usable(artist_user, portrait) if portrait is not None else None
    key = _cut(upload) if upload is not None else ""
    with transaction.atomic():
        artist = accounts.update_artist(user=artist_user, slug=slug, name=name, bio=bio, links=links)
        before = Portrait.objects.select_for_update().filter(artist=artist).first()
        if upload is not None:
            Portrait.objects.update_or_create(artist=artist, defaults={"upload": upload, "key": key})
        elif not has_portrait and before is not None:
            before.delete()
    if before is not None and before.key != key and (upload is not None or not has_portrait):
        _forget(before.key)
    return artist


def remove_portrait(*, curator: User, artist: Artist) -> None:
    """Take somebody's portrait away. Raises PermissionRefused, StorageUnavailable."""
    if not curator.is_curator:
        raise PermissionRefused(gettext("Curators alone take others' portraits away."))
    gone = Portrait.objects.filter(artist=artist).first()
    if gone is not None:
        key = gone.key
        gone.delete()
        _forget(key)


def _usable(owner: User, upload_id: UUID) -> Upload:
    upload = Upload.objects.owned_by(owner.pk).ready().filter(pk=upload_id).first()
    if upload is None:
        raise PortraitUnusable()
    return upload


def _cut(upload: Upload) -> str:
    """The middle square of a picture, in the public bucket; returns its key."""
    with Image.open(io.BytesIO(storage.get(Bucket.PRIVATE, upload.key))) as picture:
        square = ImageOps.fit(picture.convert("RGB"), (SIDE, SIDE), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    square.save(out, "WEBP", quality=86, method=4)
    return generation.store_file(
        bucket=Bucket.PUBLIC, prefix=PREFIX, data=out.getvalue(), extension="webp", media_type="image/webp"
    )


def _forget(key: str) -> None:
    """Delete a file that is nobody's portrait any more: keys are of contents, so two may have had the same."""
    if not Portrait.objects.filter(key=key).exists():
        storage.delete(Bucket.PUBLIC, key)
