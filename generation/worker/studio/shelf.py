"""The engines that this studio has loaded: a warm job loads nothing, and the least used goes when room is needed."""

import hashlib
from collections import OrderedDict
from pathlib import Path
from typing import Any

import structlog
import torch

from generation.engines import registry
from generation.engines.base import Engine
from generation.engines.device import memory_guard
from generation.engines.errors import OutOfMemory, WeightsMissing

log = structlog.get_logger(__name__)


class Shelf:
    """Loaded engines under a budget of bytes, least recently used out first."""

    def __init__(self, device: torch.device, budget: int, folder: Path) -> None:
        """Keep at most `budget` bytes of networks on `device`; weights lie in `folder` under their hash."""
        self.device, self.budget, self.folder = device, budget, folder
        self.hits = self.misses = 0
        self._engines: OrderedDict[tuple[str, str], Engine[Any]] = OrderedDict()

    @property
    def names(self) -> list[str]:
        return [name for name, _ in self._engines]

    @property
    def held(self) -> int:
        """Bytes of networks held now."""
        return sum(engine.size for engine in self._engines.values())

    def engine(self, name: str, model_hash: str = "") -> Engine[Any]:
        """The engine with these weights, ready to run. Raises UnknownEngine, WeightsMissing, OutOfMemory."""
        key = name, model_hash
        if key in self._engines:
            self.hits += 1
            self._engines.move_to_end(key)
            return self._engines[key]
        self.misses += 1
        weights = self._weights(name, model_hash)
        try:
            engine = self._load(name, weights)
        except OutOfMemory:
            if not self._engines:
                raise
            self.clear()
            engine = self._load(name, weights)
        self._make_room(engine.size)
        self._engines[key] = engine
        log.info("engine.loaded", engine=name, device=str(self.device), bytes=engine.size)
        return engine

    def clear(self) -> None:
        """Drop every network: something needs the room more."""
        log.info("shelf.cleared", bytes=self.held)
        self._engines.clear()
        free_memory(self.device)

    def _load(self, name: str, weights: Path | None) -> Engine[Any]:
        with memory_guard():
            return registry.implementation(name).load(self.device, weights)

    def _make_room(self, size: int) -> None:
        while self._engines and self.held + size > self.budget:
            (name, _), dropped = self._engines.popitem(last=False)
            log.info("engine.dropped", engine=name, bytes=dropped.size)
            del dropped
            free_memory(self.device)

    def _weights(self, name: str, model_hash: str) -> Path | None:
        """The checked file of weights; the engine provides it where it has not come from the object store."""
        if not model_hash:
            return None
        file = self.folder / f"{model_hash}.safetensors"
        if not file.is_file():
            file = registry.implementation(name).provide_weights(self.folder)
        with file.open("rb") as stream:
            if hashlib.file_digest(stream, "sha256").hexdigest() != model_hash:
                file.unlink(missing_ok=True)
                raise WeightsMissing("The weights on this machine are not the ones that were asked for.")
        return file


def free_memory(device: torch.device) -> None:
    """Hand what torch keeps in reserve back to the device."""
    if device.type == "cuda":
        torch.cuda.empty_cache()
    elif device.type == "mps":
        torch.mps.empty_cache()
