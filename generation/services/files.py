"""Files under keys derived from their bytes: storing them, and removing those that nothing refers to.

A file is stored before the row that refers to it is committed, so for a moment it looks like an orphan; and since
equal bytes share a key, a file that was an orphan may be wanted again at any time. Hence the rule: storing holds the
key's lock shared, removing holds it alone, and removes only what is old, unreferenced, and still so under the lock.
"""

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import structlog
from django.db import connection
from django.utils import timezone

from generation import selectors
from marketplace.core import storage
from marketplace.core.storage import Bucket

log = structlog.get_logger(__name__)

YOUNG = timedelta(days=1)
# Everything this room stores under content keys. Nothing outside these prefixes is ever looked at.
UPLOADS, ORIGINALS, HELD, PREVIEWS, STAGES = "uploads", "artworks", "held", "previews", "stages"
DATASETS, SHARDS, WEIGHTS = "datasets", "shards", "weights"
CHECKPOINTS, SAMPLES, LOGS = "checkpoints", "samples", "logs"
PLACES = (
    (Bucket.PRIVATE, UPLOADS), (Bucket.PRIVATE, ORIGINALS), (Bucket.PRIVATE, HELD),
    (Bucket.PUBLIC, PREVIEWS), (Bucket.PUBLIC, STAGES),
    (Bucket.PRIVATE, DATASETS), (Bucket.PRIVATE, SHARDS), (Bucket.PRIVATE, CHECKPOINTS), (Bucket.PRIVATE, SAMPLES),
    (Bucket.PRIVATE, LOGS), (Bucket.PRIVATE, WEIGHTS),
)  # fmt: skip
_SHARED = ("pg_advisory_lock_shared", "pg_advisory_unlock_shared")
_ALONE = ("pg_advisory_lock", "pg_advisory_unlock")
_AT_ONCE = ("pg_try_advisory_lock", "pg_advisory_unlock")


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFile:
    """One encoding of a work that lies in the object store already."""

    role: str
    format: str
    width: int
    height: int
    size: int
    sha256: str
    bucket: Bucket
    key: str
    is_marked: bool = False


def store_file(
    *, bucket: Bucket, prefix: str, data: bytes, extension: str, media_type: str, disposition: str = "inline"
) -> str:
    """Store bytes under the key that their hash gives and return it; storing them again changes nothing.

    Raises StorageUnavailable.
    """
    key = storage.content_key(prefix, hashlib.sha256(data).hexdigest(), extension)
    with _lock(key, _SHARED):
        # Written even where it exists: that makes it young again, out of the orphan remover's reach.
        storage.put(bucket, key, data, media_type=media_type, disposition=disposition)
    return key


def store_large_file(
    *,
    bucket: Bucket,
    prefix: str,
    file: Path,
    sha256: str,
    extension: str,
    media_type: str,
    disposition: str = "inline",
) -> str:
    """Store a file of this machine as `store_file` stores bytes, without reading it into memory.

    Raises StorageUnavailable.
    """
    key = storage.content_key(prefix, sha256, extension)
    with _lock(key, _SHARED):
        storage.put_file(bucket, key, file, media_type=media_type, disposition=disposition)
    return key


def discard_file(*, bucket: Bucket, key: str) -> bool:
    """Delete a file at once if no row refers to it, however young it is; False where one does.

    Raises StorageUnavailable.
    """
    with _lock(key, _ALONE):
        if selectors.referenced_keys({key}):
            return False
        storage.delete(bucket, key)
    return True


def remove_orphans() -> int:
    """Delete files older than a day that no row refers to; return how many. Raises StorageUnavailable."""
    removed = 0
    for bucket, prefix in PLACES:
        for keys in _old_keys(bucket, prefix):
            for key in keys - selectors.referenced_keys(keys):
                removed += _remove_if_orphan(bucket, key)
    if removed:
        log.info("orphans.removed", count=removed)
    return removed


def _old_keys(bucket: Bucket, prefix: str, at_once: int = 500) -> Iterator[set[str]]:
    batch: set[str] = set()
    for item in storage.list_objects(bucket, f"{prefix}/"):
        if _is_old(item):
            batch.add(item.key)
        if len(batch) >= at_once:
            yield batch
            batch = set()
    if batch:
        yield batch


def _remove_if_orphan(bucket: Bucket, key: str) -> bool:
    with _lock(key, _AT_ONCE) as held:
        # Looked at again under the lock: it may have been stored anew or referred to since it was listed.
        if not held or not _all_old(item for item in storage.list_objects(bucket, key) if item.key == key):
            return False
        if selectors.referenced_keys({key}) or selectors.is_job_input(key):
            return False
        storage.delete(bucket, key)
    return True


def _all_old(items: Iterable[storage.StoredObject]) -> bool:
    found = list(items)
    return bool(found) and all(_is_old(item) for item in found)


def _is_old(item: storage.StoredObject) -> bool:
    return item.modified < timezone.now() - YOUNG


@contextmanager
def alone_with(name: str) -> Iterator[bool]:
    """Be the only one at something that has a name, if nobody else is: False says that somebody is."""
    with _lock(name, _AT_ONCE) as is_alone:
        yield is_alone


@contextmanager
def _lock(key: str, kind: tuple[str, str]) -> Iterator[bool]:
    """Hold PostgreSQL's advisory lock of one key: shared by all who store it, or alone, waiting for that or not."""
    number = int.from_bytes(hashlib.sha256(key.encode()).digest()[:8], signed=True)
    take, give = kind
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {take}(%s)", [number])
        held = cursor.fetchone()[0] is not False  # the waiting kind returns nothing, and only once it holds the lock
        try:
            yield held
        finally:
            if held:
                cursor.execute(f"SELECT {give}(%s)", [number])
