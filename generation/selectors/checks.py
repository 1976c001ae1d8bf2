"""Reading what is known of a work's origin: its signed manifest, and how it fared when it was made again."""

import hashlib
import tempfile
from uuid import UUID

from django.core.cache import cache
from django.utils.translation import gettext

from generation import provenance
from generation.engines import registry
from generation.engines.errors import UnknownEngine
from generation.models import Artwork, ArtworkFile, Check, Job, JobState, Purpose
from generation.provenance.certificates import trust_anchors
from marketplace.core import storage
from marketplace.core.storage import Bucket

KEPT_SECONDS = 24 * 3600
_NOTHING = "nothing"  # the cache cannot tell a kept None from none kept


def last_check(artwork_id: UUID) -> Check | None:
    """What came of the last check that was finished."""
    return Check.objects.filter(artwork_id=artwork_id).select_related("job").first()


def last_check_job(artwork_id: UUID) -> Job | None:
    """The last check that was asked for, however it stands."""
    return Job.objects.filter(subject_id=artwork_id, purpose=Purpose.CHECK).order_by("-id").first()


def open_check_job(artwork_id: UUID) -> Job | None:
    """The check of this work that waits or runs, if one does."""
    unfinished = Job.objects.filter(state__in=[JobState.QUEUED, JobState.RUNNING])
    return unfinished.filter(subject_id=artwork_id, purpose=Purpose.CHECK).order_by("-id").first()


def manifest_of(artwork: Artwork) -> provenance.Manifest | None:
    """What the work's original says of itself, read and checked once a day at most.

    The original is read, not a preview: it is the work. None where it is unsigned, or there is none. Raises
    ObjectMissing, StorageUnavailable, CertificateUnusable.
    """
    original = artwork.original
    if original is None:
        return None
    key = manifest_key(original)
    kept = cache.get(key)
    if kept is None:
        with tempfile.TemporaryFile() as file:  # a print is too large for memory
            storage.fetch(Bucket(original.bucket), original.key, file, at_most=original.bytes + 1)
            file.seek(0)
            kept = provenance.read(file, provenance.MEDIA_TYPES[original.format]) or _NOTHING
        cache.set(key, kept, KEPT_SECONDS)
    return None if kept == _NOTHING else kept


def is_manifest_read(artwork: Artwork) -> bool:
    """Would `manifest_of` answer without fetching the original? Raises CertificateUnusable."""
    original = artwork.original
    return original is None or cache.has_key(manifest_key(original))


def why_not_remade(artwork: Artwork) -> str:
    """Why the house cannot make this work again with what it has now; nothing where it can."""
    try:
        now = registry.declaration(artwork.engine).version
    except UnknownEngine:
        return gettext("The engine “%(artwork_engine)s” has left the house.") % {"artwork_engine": artwork.engine}
    if now == artwork.engine_version:
        return ""
    return gettext(
        "It was made by version %(artwork_engine_version)s of “%(artwork_engine)s”; the house has version %(now)s now."
    ) % {"artwork_engine_version": artwork.engine_version, "artwork_engine": artwork.engine, "now": now}


def manifest_key(original: ArtworkFile) -> str:
    """Under which name the cache keeps what a file said of itself."""
    # Bytes under a content key never change; whom we trust may.
    anchors = hashlib.sha256(trust_anchors().encode()).hexdigest()
    return f"manifest:1:{original.sha256}:{anchors[:16]}"
