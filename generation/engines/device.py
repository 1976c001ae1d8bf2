"""Where torch works, chosen at run time: importing this touches no GPU."""

import os
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import torch
from PIL.Image import Image

from generation.engines.base import Context, never, nobody_listens
from generation.engines.errors import OutOfMemory

# What cuBLAS has to be given before it starts, to add up in one order (NVIDIA, cuBLAS, "Results reproducibility").
os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")
_SEED_BITS = 63  # seeds are stored as signed 64-bit integers


def choose_device(wanted: str = "auto") -> torch.device:
    """Choose the device to work on: the one that is named, or with "auto" the best there is."""
    if wanted != "auto":
        return torch.device(wanted)
    if torch.cuda.is_available():
        return torch.device("cuda")
    if torch.backends.mps.is_available():
        return torch.device("mps")
    return torch.device("cpu")


def generator_for(seed: int) -> torch.Generator:
    """Make the generator that a seed stands for; always on the CPU, so that seeds travel between devices."""
    return torch.Generator(device="cpu").manual_seed(seed % (1 << _SEED_BITS))


def convolution_dtype(device: torch.device) -> torch.dtype:
    """Choose the precision that convolutions may run in: bfloat16 on a CPU that multiplies it natively."""
    if device.type == "cpu":
        able = torch.cpu.get_capabilities()
        if able.get("avx512_bf16") or able.get("amx_bf16"):
            return torch.bfloat16
    return torch.float32


def bytes_of(network: torch.nn.Module) -> int:
    """Count the bytes that a network's numbers take on its device."""
    held = (*network.parameters(), *network.buffers())
    return sum(tensor.numel() * tensor.element_size() for tensor in held)


@contextmanager
def one_thread() -> Iterator[None]:
    """Keep torch to the calling thread; usable as a decorator.

    For work made of thousands of small steps: several threads gain little on each, and on a busy machine, where one of
    them always has to be waited for, they lose ten times as much.
    """
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)


@contextmanager
def in_one_order() -> Iterator[None]:
    """Have a GPU add numbers up in one order, so that a seed says everything there too; usable as a decorator.

    Where torch has no such way of doing something, that is done as ever. A CPU keeps an order by itself.
    """
    if not torch.cuda.is_available():
        yield
        return
    before = torch.backends.cudnn.deterministic, torch.get_deterministic_debug_mode()
    torch.backends.cudnn.deterministic = True
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=".*(?:non-deterministic|does not have a deterministic)")
        torch.use_deterministic_algorithms(True, warn_only=True)
        try:
            yield
        finally:
            torch.backends.cudnn.deterministic = before[0]
            torch.set_deterministic_debug_mode(before[1])


@contextmanager
def memory_guard(detail: str = "The device had too little memory free for this picture.") -> Iterator[None]:
    """Turn an out-of-memory error of torch or of Python into ours, and hand back what was held."""
    try:
        yield
    except (torch.OutOfMemoryError, MemoryError) as error:
        if torch.cuda.is_available():
            torch.cuda.empty_cache()
        raise OutOfMemory(detail) from error
    except RuntimeError as error:
        if "DefaultCPUAllocator" not in str(error):  # the processor's allocator has no error of its own
            raise
        raise OutOfMemory(detail) from error


def open_context(
    device: torch.device,
    seed: int,
    *,
    on_progress: Callable[[float, Image | None, str], None] = nobody_listens,
    is_cancelled: Callable[[], bool] = never,
) -> Context:
    """Make the context that one run of an engine needs."""
    return Context(device=device, generator=generator_for(seed), on_progress=on_progress, is_cancelled=is_cancelled)
