"""Training on several devices and hosts: `torchrun` starts a process for each, and all of them move as one.

Each process sees its own part of a batch; gradients are averaged before a step, so that the weights stay equal. Only
the first process writes. Without torchrun there is one process, and nothing here does anything.
"""

import torch
import torch.distributed as dist
from torch import Tensor, nn


def begin(device: torch.device) -> None:
    """Join the other processes that torchrun started, if it did."""
    if dist.is_torchelastic_launched() and not dist.is_initialized():
        dist.init_process_group("nccl" if device.type == "cuda" else "gloo")


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


def agree(value: float) -> float:
    """The first process's number, for all: clocks differ, decisions must not."""
    if world() == 1:
        return value
    told = torch.tensor([value], dtype=torch.float64)
    dist.broadcast(told, 0)
    return float(told)
