"""Looking at works outside their making: those that are new, those of another network, and what models learnt from.

A work is looked at from its smallest preview. One worker of the house looks at a time, in parcels, so that its other
threads go on making works; what fails is left alone for an hour.
"""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

import structlog
from django.conf import settings
from django.db import connection

from generation import selectors, services
from generation.engines.looks.declarations import LOOK, PICTURE
from generation.engines.looks.learnt import Learnt
from generation.models import Artwork, Dataset
from generation.worker.studio.wire import Message
from generation.worker.studios import Studio, StudioGone, borrowed
from generation.worker.training import bring_shards
from marketplace.core import storage
from marketplace.core.errors import AtelierError
from marketplace.core.ids import uuid7
from marketplace.core.storage import Bucket

log = structlog.get_logger(__name__)
TOGETHER = 16  # works a parcel: about a second
_LISTEN = 0.5
_PATIENCE = 120.0  # seconds for a parcel
_LONG_PATIENCE = 1800.0  # for what a model learnt from: tens of thousands of pictures
_LOCK = 0x41_54_4C_4B  # any fixed number: PostgreSQL's advisory lock that only one looks with


def look_ahead() -> bool:
    """Look at the next parcel; says whether there may be more to look at."""
    with _alone() as may:
        if not may:
            return False  # another worker is at it
        return _look_at_unseen() or _measure_unmeasured() or _gauge_ungauged()


def _look_at_unseen() -> bool:
    works = selectors.next_unseen(TOGETHER)
    seen = _look(dict.fromkeys(works, 0))
    for artwork_id, one in seen.items():
        services.note_look(artwork_id=artwork_id, seen=one)
    selectors.spare([one for one in works if one not in seen])
    return bool(works)


def _measure_unmeasured() -> bool:
    works = {artwork.pk: artwork for artwork in selectors.next_unmeasured(TOGETHER)}
    seen = _look({key: selectors.learnt_at(work.job) for key, work in works.items()})
    for artwork_id, one in seen.items():
        _note_late(works[artwork_id], one)
    selectors.spare([one for one in works if one not in seen])
    return bool(works)


def _note_late(artwork: Artwork, seen: services.Seen) -> None:
    measured = services.measure(job=artwork.job, features=seen.features)
    try:
        if measured is not None:
            services.note_late(artwork_id=artwork.pk, measured=measured)
    except AtelierError as error:
        log.warning("looks.not_measured", artwork=str(artwork.pk), error=error.detail)
        selectors.spare([artwork.pk])


def _gauge_ungauged() -> bool:
    waiting = selectors.next_ungauged()
    if waiting is None:
        return False
    dataset_id, resolution = waiting
    try:
        learnt = _remember(dataset_id, resolution)
    except AtelierError as error:
        log.warning("looks.not_gauged", dataset=str(dataset_id), error=error.detail)
        learnt = None
    if learnt is None:
        selectors.spare([dataset_id])
    else:
        services.note_gauge(dataset=Dataset.objects.get(pk=dataset_id), resolution=resolution, learnt=learnt)
    return True


def _look(works: dict[UUID, int]) -> dict[UUID, services.Seen]:
    """What the studio sees in works, each compared at a resolution or not (0); those that fail are left out."""
    orders: list[dict[str, Any]] = []
    blobs: list[bytes] = []
    for artwork_id, resolution in works.items():
        try:
            face = selectors.face_of(artwork_id)
            if face is None:
                continue
            blobs.append(storage.get(Bucket(face.bucket), face.key))
        except AtelierError as error:
            log.warning("looks.no_picture", artwork=str(artwork_id), error=error.detail)
            continue
        inputs = [{"name": PICTURE, "sha256": face.sha256}]
        orders.append({"id": str(artwork_id), "seed": 0, "parameters": {"resolution": resolution}, "inputs": inputs})
    found: dict[UUID, services.Seen] = {}
    for message in _ask(blobs, orders) if orders else ():
        if message.kind == "made":
            found[UUID(message.fields["job"])] = services.Seen.of(message.fields["findings"])
        elif message.kind == "failed":
            log.warning("looks.failed", artwork=message.fields["job"], error=message.fields["detail"])
    return found


def _ask(blobs: Sequence[bytes], orders: Sequence[dict[str, Any]]) -> Iterator[Message]:
    with borrowed() as studio:
        studio.wait_until_ready()
        studio.order(blobs, order=str(uuid7()), engine=LOOK.name, model_hash="", jobs=orders)
        yield from _heard(studio, _PATIENCE)


def _remember(dataset_id: UUID, resolution: int) -> Learnt | None:
    """Have the studio look at what a model learnt from. Raises ObjectMissing, StorageUnavailable, StudioGone."""
    shards = bring_shards(dataset_id)
    with TemporaryDirectory(dir=settings.ATELIER.data_dir) as folder, borrowed() as studio:
        file = Path(folder).resolve() / "learnt.safetensors"
        studio.wait_until_ready()
        studio.remember(
            order=str(uuid7()), shards=[str(shard) for shard in shards], resolution=resolution, path=str(file)
        )
        kinds = {message.kind for message in _heard(studio, _LONG_PATIENCE)}
        return Learnt.read(file) if "remembered" in kinds else None


def _heard(studio: Studio, patience: float) -> Iterator[Message]:
    """What the studio says until it rests; one that takes too long is killed. Raises StudioGone."""
    until = time.monotonic() + patience
    while studio.is_busy:
        yield from studio.messages(_LISTEN)
        if time.monotonic() > until:
            studio.kill("it looks for too long")
            raise StudioGone("Looking took too long.")


@contextmanager
def _alone() -> Iterator[bool]:
    """Whether nobody else of the house looks; nobody does until the block ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [_LOCK])
        [is_ours] = cursor.fetchone()
    try:
        yield is_ours
    finally:
        if is_ours:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])
