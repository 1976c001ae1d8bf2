"""Packing a frozen dataset into shards: tar files in the WebDataset layout, the same bytes for the same pictures."""

import hashlib
import io
import json
import tarfile
import time
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import structlog
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from generation.models import Dataset, DatasetPicture, DatasetShard, DatasetState, PictureState
from generation.services.datasets import FEWEST
from generation.services.files import SHARDS, store_file
from marketplace.core import storage
from marketplace.core.languages import kept
from marketplace.core.storage import Bucket

log = structlog.get_logger(__name__)
SHARD_BYTES = 64_000_000
AT_A_TIME = 15.0  # seconds


def pack_dataset(*, dataset_id: UUID) -> None:
    """Pack a dataset that is freezing; for a while, then the rest is another call's. Twice comes to the same.

    A picture whose file is gone is named among the broken ones, and the rest is packed; where too little is left the
    dataset is open again. Raises StorageUnavailable.
    """
    dataset = Dataset.objects.filter(pk=dataset_id, state=DatasetState.FREEZING).first()
    if dataset is None:
        return
    until = time.monotonic() + AT_A_TIME
    packed = set(dataset.shards.values_list("number", flat=True))
    for number, pictures in enumerate(_portions(dataset.pictures.filter(state=PictureState.READY))):
        if number in packed:
            continue
        if time.monotonic() > until:
            return
        try:
            DatasetShard.objects.get_or_create(dataset=dataset, number=number, defaults=_stored(pictures))
        except _PictureLost as lost:
            _give_up(dataset, lost.picture)
            return
    Dataset.objects.filter(pk=dataset_id, state=DatasetState.FREEZING).update(
        state=DatasetState.FROZEN, frozen_at=timezone.now(), updated_at=timezone.now()
    )
    log.info("dataset.frozen", dataset=str(dataset_id))


class _PictureLost(Exception):
    def __init__(self, picture: DatasetPicture) -> None:
        super().__init__(picture.key)
        self.picture = picture


def _give_up(dataset: Dataset, picture: DatasetPicture) -> None:
    """Do without a picture; portions before its own are packed already and stay as they are."""
    log.error("picture.lost", picture=str(picture.pk), key=picture.key)
    with transaction.atomic():
        DatasetPicture.objects.filter(pk=picture.pk).update(
            state=PictureState.BROKEN, problem_code=storage.ObjectMissing.code,
            problem_detail=kept("Its file is no longer there; send it again."),
        )  # fmt: skip
        if dataset.pictures.filter(state=PictureState.READY).count() < FEWEST:
            dataset.shards.all().delete()
            Dataset.objects.filter(pk=dataset.pk).update(state=DatasetState.DRAFT, updated_at=timezone.now())


def _portions(pictures: "QuerySet[DatasetPicture]") -> Iterator[list[DatasetPicture]]:
    portion: list[DatasetPicture] = []
    for picture in pictures.order_by("sha256"):
        if portion and sum(one.size for one in portion) + picture.size > SHARD_BYTES:
            yield portion
            portion = []
        portion.append(picture)
    if portion:
        yield portion


def _stored(pictures: list[DatasetPicture]) -> dict[str, Any]:
    """Write a shard's file, and give what its row says of it."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        for picture in pictures:
            notes = {"class": picture.class_name or None, "split": picture.split}
            _add(tar, f"{picture.sha256}.webp", _file_of(picture))
            _add(tar, f"{picture.sha256}.json", json.dumps(notes, sort_keys=True).encode())
    data = out.getvalue()
    key = store_file(bucket=Bucket.PRIVATE, prefix=SHARDS, data=data, extension="tar", media_type="application/x-tar")
    return {"key": key, "sha256": hashlib.sha256(data).hexdigest(), "size": len(data), "pictures": len(pictures)}


def _file_of(picture: DatasetPicture) -> bytes:
    try:
        return storage.get(Bucket.PRIVATE, picture.key)
    except storage.ObjectMissing as error:
        raise _PictureLost(picture) from error


def _add(tar: tarfile.TarFile, name: str, data: bytes) -> None:
    member = tarfile.TarInfo(name)
    member.size = len(data)
    tar.addfile(member, io.BytesIO(data))
