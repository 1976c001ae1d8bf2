"""Checkpoints and models: one safetensors file each, with all that is no tensor as JSON beside them. No pickles."""

import json
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load, save_file
from torch import Tensor, nn

from generation.engines.errors import ModelUnusable

_NOTES = "atelier"  # the one key of the file's metadata
_LENGTH = 8  # bytes that say how long the header is
_LONGEST_HEADER = 16_000_000  # bytes: a thousand tensors take a tenth of one


@dataclass(frozen=True)
class Snapshot:
    """Tensors by name, and notes that JSON can hold."""

    tensors: Mapping[str, Tensor]
    notes: Mapping[str, Any] = field(default_factory=dict)

    def below(self, prefix: str) -> dict[str, Tensor]:
        """The tensors whose names begin with `prefix.`, without it."""
        start = f"{prefix}."
        return {name[len(start) :]: tensor for name, tensor in self.tensors.items() if name.startswith(start)}


def write(path: Path, snapshot: Snapshot) -> None:
    """Write the file whole or not at all: whoever is killed in the middle leaves the one before."""
    path.parent.mkdir(parents=True, exist_ok=True)
    tensors = {name: tensor.detach().cpu().contiguous().clone() for name, tensor in snapshot.tensors.items()}
    with tempfile.TemporaryDirectory(dir=path.parent) as aside:
        written = Path(aside) / path.name
        save_file(tensors, written, metadata={_NOTES: json.dumps(snapshot.notes, sort_keys=True)})
        with written.open("rb") as stream:
            os.fsync(stream.fileno())
        os.replace(written, path)


def read(path: Path, device: torch.device | str = "cpu") -> Snapshot:
    """Read a file that `write` wrote; raises ModelUnusable. It is opened once: another may take its place meanwhile."""
    try:
        with path.open("rb") as stream:  # the header says what lies where, and is parsed whole
            length = int.from_bytes(stream.read(_LENGTH), "little")
            if length > _LONGEST_HEADER:
                raise ValueError("The header is too long.")
            stream.seek(0)
            content = stream.read()
        tensors = load(content)
        about = json.loads(content[_LENGTH : _LENGTH + length]).get("__metadata__") or {}
        notes = json.loads(about[_NOTES])
        return Snapshot({name: tensor.to(device) for name, tensor in tensors.items()}, notes)
    except (SafetensorError, OSError, KeyError, ValueError) as error:
        raise ModelUnusable("This is not a file of weights that was written here.") from error


def furnish(network: nn.Module, tensors: Mapping[str, Tensor]) -> None:
    """Put tensors in the places of a network's own, which may lie on the device `meta`. Raises ModelUnusable."""
    expected = network.state_dict()
    if any(name in tensors and tensors[name].dtype != tensor.dtype for name, tensor in expected.items()):
        raise ModelUnusable("The numbers in the model's file are of another type than its networks'.")
    try:
        network.load_state_dict(dict(tensors), assign=True)
    except RuntimeError as error:
        raise ModelUnusable("The numbers in the model's file do not fit its networks.") from error


def pack_optimiser(optimiser: torch.optim.Optimizer) -> tuple[dict[str, Tensor], list[dict[str, Any]]]:
    """An optimiser's state as tensors named `<parameter>.<key>`, and its groups without their parameters."""
    state = optimiser.state_dict()
    tensors = {
        f"{number}.{key}": torch.as_tensor(value)
        for number, kept in state["state"].items()
        for key, value in kept.items()
    }
    return tensors, state["param_groups"]


def unpack_optimiser(
    optimiser: torch.optim.Optimizer, tensors: Mapping[str, Tensor], groups: list[dict[str, Any]]
) -> None:
    """Take back what `pack_optimiser` gave."""
    state: dict[int, dict[str, Tensor]] = {}
    for name, tensor in tensors.items():
        number, _, key = name.partition(".")
        state.setdefault(int(number), {})[key] = tensor
    restored = [{**group, "betas": tuple(group["betas"])} if "betas" in group else group for group in groups]
    optimiser.load_state_dict({"state": state, "param_groups": restored})
    for parameter, kept in optimiser.state.items():
        for key, value in kept.items():
            if value.shape == parameter.shape:
                # Laid out in memory as the weight is: fused optimisers read both side by side.
                kept[key] = torch.empty_like(parameter, dtype=value.dtype, requires_grad=False).copy_(value)
