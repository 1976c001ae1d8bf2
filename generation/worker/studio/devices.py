"""Which device a studio works on: one studio a GPU, and the processor where none is left."""

import fcntl
from pathlib import Path
from typing import IO

import structlog
import torch

from generation.engines.device import choose_device

log = structlog.get_logger(__name__)
_held: list[IO[str]] = []  # locks are kept as long as this process lives, and given back by the kernel when it dies


def claim_device(wanted: str, folder: Path) -> torch.device:
    """Claim a device: the one that is named (cuda:1, cpu), or with "auto" or "cuda" the first GPU nobody has.

    Counting GPUs does not start CUDA, so nothing is taken from a GPU that another studio holds.
    """
    if wanted not in {"auto", "cuda"} or not torch.cuda.is_available():
        return choose_device("cpu" if wanted == "cuda" else wanted)
    for index in range(torch.cuda.device_count()):
        if _claim(folder / f"cuda-{index}.lock"):
            return torch.device("cuda", index)
    log.warning("studio.no_gpu_left", gpus=torch.cuda.device_count())
    return torch.device("cpu")


def memory_of(device: torch.device) -> tuple[int, int]:
    """Bytes in use and bytes in all on a GPU; (0, 0) for a processor, whose memory is everybody's."""
    if device.type != "cuda":
        return 0, 0
    free, total = torch.cuda.mem_get_info(device)
    return total - free, total


def _claim(path: Path) -> bool:
    path.parent.mkdir(parents=True, exist_ok=True)
    lock = path.open("a")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        lock.close()
        return False
    _held.append(lock)
    return True
