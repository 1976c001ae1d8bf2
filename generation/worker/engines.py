"""The engines this process has loaded: loading is slow, so each is loaded once and the least used goes first."""

from collections import OrderedDict
from functools import cache
from threading import Lock
from typing import Any

import structlog
import torch
from django.conf import settings

from generation.engines import registry
from generation.engines.base import Engine
from generation.engines.device import choose_device

log = structlog.get_logger(__name__)
MOST_LOADED = 4

_loaded: OrderedDict[tuple[str, str], Engine[Any]] = OrderedDict()
_loading = Lock()


@cache
def device() -> torch.device:
    """Where this process paints; chosen, and torch's threads set, when it is first asked."""
    if settings.ATELIER.torch_threads:
        torch.set_num_threads(settings.ATELIER.torch_threads)
    return choose_device(settings.ATELIER.device)


def loaded_engine(name: str) -> Engine[Any]:
    """The engine, ready to run. Raises UnknownEngine, WeightsMissing."""
    key = name, str(device())
    with _loading:
        if key not in _loaded:
            while len(_loaded) >= MOST_LOADED:
                dropped, _ = _loaded.popitem(last=False)
                log.info("engine.dropped", engine=dropped[0])
            _loaded[key] = registry.load(name, device(), settings.ATELIER.data_dir / "engines")
            log.info("engine.loaded", engine=name, device=key[1])
        _loaded.move_to_end(key)
        return _loaded[key]
