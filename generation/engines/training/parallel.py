"""Training on several devices and hosts: `torchrun` starts a process for each, and all of them move as one.

Each process sees its own part of a batch; gradients are averaged before a step, so that the weights stay equal. Only
the first process writes. Without torchrun there is one process, and nothing here does anything.
"""

from collections.abc import Callable
from typing import TypeVar, cast

import torch
import torch.distributed as dist
from torch import Tensor, nn

from generation.engines.device import choose_device

FoundT = TypeVar("FoundT")


def own_device(wanted: str = "auto") -> torch.device:
    """The device of this process: of several GPUs on a host each process takes the one of its number there."""
    device = choose_device(wanted)
    if device.type == "cuda" and wanted in {"auto", "cuda"} and dist.is_torchelastic_launched():
        return torch.device("cuda", dist.get_node_local_rank())
    return device


def begin(device: torch.device) -> None:
    """Join the other processes that torchrun started, if it did."""
    if dist.is_torchelastic_launched() and not dist.is_initialized():
        if device.type == "cuda":
            torch.cuda.set_device(device)
        dist.init_process_group("cpu:gloo,cuda:nccl" if device.type == "cuda" else "gloo")


def end() -> None:
    """Leave the others together; nothing where there are none.

    Whoever closes its connections while another still listens on them may bring that one down.
    """
    if dist.is_initialized():
        dist.barrier()
        dist.destroy_process_group()


def rank() -> int:
    """The number of this process, from 0."""
    return dist.get_rank() if dist.is_initialized() else 0


def world() -> int:
    """How many processes train together."""
    return dist.get_world_size() if dist.is_initialized() else 1


def own(pictures: Tensor) -> Tensor:
    """This process's part of a batch; the batch must be divisible."""
    return pictures if world() == 1 else pictures.chunk(world())[rank()]


def share_weights(network: nn.Module) -> None:
    """Give every process the first one's weights."""
    if world() > 1:
        for tensor in network.state_dict().values():
            dist.broadcast(tensor, 0)


def average_gradients(trained: nn.Module) -> None:
    """Give every process the mean of all gradients."""
    if world() > 1:
        for parameter in trained.parameters():
            if parameter.grad is not None:
                dist.all_reduce(parameter.grad)
                parameter.grad /= world()


def average_buffers(network: nn.Module) -> None:
    """Give every process the mean of all statistics that layers keep (of batch normalisation, say)."""
    if world() > 1:
        for buffer in network.buffers():
            if buffer.is_floating_point():
                dist.all_reduce(buffer)
                buffer /= world()


def agree(value: float) -> float:
    """The first process's number, for all: clocks differ, decisions must not."""
    if world() == 1:
        return value
    told = torch.tensor([value], dtype=torch.float64)
    dist.broadcast(told, 0)
    return float(told)


def any_of(is_so: bool) -> bool:
    """Whether it is so in any process, for all of them."""
    if world() == 1:
        return is_so
    told = torch.tensor([float(is_so)])
    dist.all_reduce(told)
    return bool(told > 0)


def first(find: Callable[[], FoundT]) -> FoundT:
    """What the first process finds, for all; the others wait for it, and do nothing."""
    if world() == 1:
        return find()
    found = [find() if rank() == 0 else None]
    dist.broadcast_object_list(found, 0, device=torch.device("cpu"))
    return cast("FoundT", found[0])
