"""What datasets wait for, done in the background: archives unpacked, pictures looked at, the frozen packed.

The rows decide what is next; a message only wakes a worker. A few are at it at once and no more, however many pictures
came, so that events and payments never wait behind them; and each dataset has its turn.
"""

import time
from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

import structlog
from django.db import transaction
from django.db.models import QuerySet

from generation import selectors
from generation.models import ArchiveState, DatasetArchive, DatasetPicture, PictureState
from generation.services.datasets import TENDER
from generation.services.files import alone_with
from generation.services.gathering import look_at_picture, unpack_archive
from generation.services.sharding import pack_dataset
from marketplace.core.errors import Unavailable
from marketplace.core.outbox import wake

log = structlog.get_logger(__name__)

AT_ONCE = 2
A_TURN = 10  # pictures
AT_A_TIME = 20.0  # seconds


def wake_forgotten_datasets() -> int:
    """Wake workers for datasets whose message was lost; return how many datasets wait."""
    waiting = selectors.datasets_waiting()
    if waiting:
        with transaction.atomic():
            wake(TENDER, waiting[0])
    return len(waiting)


def tend_datasets() -> bool:
    """Do what datasets wait for, for a while, unless enough others do; return whether to go on.

    Raises StorageUnavailable, ScreeningUnavailable: what waits goes on waiting.
    """
    for place in range(AT_ONCE):
        with alone_with(f"tending datasets {place}") as is_free:
            if is_free:
                return _tend()
    return False


def _tend() -> bool:
    until = time.monotonic() + AT_A_TIME
    while waiting := selectors.datasets_waiting():
        done = 0
        for dataset_id in waiting:
            if time.monotonic() > until:
                return True
            done += _give_turn(dataset_id)
        if not done:  # others are at what is left, or it fails
            return False
    return False


def _give_turn(dataset_id: UUID) -> int:
    """Do a little for one dataset; return how many things were done."""
    archives = DatasetArchive.objects.filter(dataset_id=dataset_id, state=ArchiveState.ARRIVED)
    pictures = DatasetPicture.objects.filter(dataset_id=dataset_id, state=PictureState.ARRIVED)
    due: list[tuple[UUID, Callable[[], None]]] = [
        *((pk, partial(look_at_picture, picture_id=pk)) for pk in _first(pictures, A_TURN)),
        *((pk, partial(unpack_archive, archive_id=pk)) for pk in _first(archives, 1)),
    ]
    if not due:
        due = [(dataset_id, partial(pack_dataset, dataset_id=dataset_id))]
    return sum(_do_alone(pk, work) for pk, work in due)


def _first(rows: QuerySet[Any], most: int) -> list[UUID]:
    return list(rows.order_by("id").values_list("pk", flat=True)[:most])


def _do_alone(pk: UUID, work: Callable[[], None]) -> bool:
    with alone_with(str(pk)) as is_alone:
        if not is_alone:
            return False
        try:
            work()
        except Unavailable:
            raise
        except Exception:
            log.exception("dataset.work_failed", row=str(pk))
            return False
    return True
