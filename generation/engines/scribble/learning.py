"""Trains the network that finds drawings: `python -m generation.engines.scribble.learning [minutes] [seed]`.

Two roughened drawings of one thing shall lie near each other and far from those of all other things (InfoNCE, van den
Oord et al. 2018, both ways, with the other drawings of the batch as negatives). The drawings in `held_out` are never
seen by it: they are only put into the index afterwards, where each drawing lies at the mean of itself and of its
roughened copies.
"""

import hashlib
import math
import sys
import time
from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from generation.engines.scribble.embedding import FILE, STRIDE
from generation.engines.scribble.library import Drawing, load_library
from generation.engines.scribble.maps import DIRECTIONS, SIDE, draw_maps
from generation.engines.scribble.roughening import roughen

HELD_OUT = 200
SIZE = 128
CHANNELS, REACHES = (32, 64, 128, 128), (5, 3, 3, 3)
TEMPERATURE = 0.07
RATE, DECAY = 2e-3, 1e-3
BATCH = 256  # drawings, each twice
BANK = 8  # roughened copies of each drawing, made beforehand: making one costs more than learning from it
SHIFT, PATCH = 1, SIDE // 4  # pixels: how far a picture is moved, and the side of what is left out
_TOLD = 50  # steps


def held_out(library: Sequence[Drawing]) -> list[Drawing]:
    """The drawings that nothing is learned from: chosen by the hash of their ids, so that none was picked."""
    return sorted(library, key=lambda drawing: hashlib.sha256(drawing.id.encode()).digest())[:HELD_OUT]


class Network(nn.Module):
    """Maps (n, DIRECTIONS, SIDE, SIDE) to directions (n, SIZE) of length 1."""

    def __init__(self) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        for before, after, reach in zip((DIRECTIONS, *CHANNELS), CHANNELS, REACHES, strict=False):
            convolution = nn.Conv2d(before, after, reach, STRIDE, reach // 2, bias=False)
            layers += [convolution, nn.BatchNorm2d(after), nn.ReLU()]
        self.body = nn.Sequential(*layers)
        self.last = nn.Linear(CHANNELS[-1] * (SIDE // STRIDE ** len(CHANNELS)) ** 2, SIZE)

    def forward(self, maps: Tensor) -> Tensor:
        return functional.normalize(self.last(functional.dropout(self.body(maps).flatten(1), 0.2, self.training)))

    def arrays(self) -> dict[str, NDArray[np.float16]]:
        """The weights as `Embedder` reads them, each normalisation folded into the kernel before it."""
        found: dict[str, Tensor] = {"last": self.last.weight, "last_bias": self.last.bias}
        for at in range(len(CHANNELS)):
            convolution, norm = self.body[3 * at], self.body[3 * at + 1]
            assert isinstance(convolution, nn.Conv2d)
            assert isinstance(norm, nn.BatchNorm2d)
            assert norm.running_var is not None
            assert norm.running_mean is not None
            scale = norm.weight / torch.sqrt(norm.running_var + norm.eps)
            found[f"kernel{at}"] = convolution.weight * scale[:, None, None, None]
            found[f"bias{at}"] = norm.bias - norm.running_mean * scale
        return {name: value.detach().numpy().astype(np.float16) for name, value in found.items()}


def make_bank(drawings: Sequence[Drawing], copies: int, generator: np.random.Generator) -> Tensor:
    """The maps of each drawing and of its roughened copies, as bytes: (n, copies + 1, DIRECTIONS, SIDE, SIDE)."""
    bank = torch.empty((len(drawings), copies + 1, DIRECTIONS, SIDE, SIDE), dtype=torch.uint8)
    for at, drawing in enumerate(drawings):
        strokes = drawing.strokes
        each = [strokes, *(roughen(strokes, generator) for _ in range(copies))]
        bank[at] = torch.from_numpy(np.stack([np.rint(draw_maps(one) * 255) for one in each]).astype(np.uint8))
    return bank


def train(bank: Tensor, seconds: float, generator: torch.Generator) -> Network:
    """Learn for as many seconds, the rate falling to nought along half a cosine."""
    network = Network()
    optimizer = torch.optim.AdamW(network.parameters(), RATE, weight_decay=DECAY)
    began, step, spent = time.monotonic(), 0, 0.0
    while (spent := (time.monotonic() - began) / seconds) < 1.0:
        for group in optimizer.param_groups:
            group["lr"] = RATE * min(1.0, (step + 1) / 50) * (1 + math.cos(math.pi * spent)) / 2
        which = torch.randperm(len(bank), generator=generator)[:BATCH]
        views = [bank[which, torch.randint(bank.shape[1], (len(which),), generator=generator)] for _ in range(2)]
        loss = contrast(network(_shaken(torch.cat(views), generator)))
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        step += 1
        if step % _TOLD == 0:
            print(f"{spent:5.1%}  step {step}  loss {loss.item():.3f}", flush=True)  # noqa: T201
    return network.eval()


def contrast(places: Tensor) -> Tensor:
    """How badly the first half's places find their counterparts in the second half, and the other way round."""
    one, other = places.chunk(2)
    alike = one @ other.T / TEMPERATURE
    own = torch.arange(len(one))
    return (functional.cross_entropy(alike, own) + functional.cross_entropy(alike.T, own)) / 2


def _shaken(maps: Tensor, generator: torch.Generator) -> Tensor:
    """Bytes as numbers, moved a little, and here and there a patch left out."""
    moved = functional.pad(maps.float() / 255, (SHIFT,) * 4)
    x, y = torch.randint(2 * SHIFT + 1, (2,), generator=generator).tolist()
    moved = moved[..., y : y + SIDE, x : x + SIDE].contiguous()
    for at in torch.randperm(len(moved), generator=generator)[: len(moved) // 4].tolist():
        left, top = torch.randint(SIDE - PATCH, (2,), generator=generator).tolist()
        moved[at, :, top : top + PATCH, left : left + PATCH] = 0
    return moved


@torch.inference_mode()
def place(network: Network, bank: Tensor) -> NDArray[np.float16]:
    """Where each drawing lies: the mean of its own place and of its roughened copies' (n, SIZE)."""
    means = torch.cat([network(one.float() / 255).mean(dim=0, keepdim=True) for one in bank])
    return functional.normalize(means).numpy().astype(np.float16)


def main(minutes: str = "4", seed: str = "1") -> None:
    """Train, place the library, and write both down."""
    torch.manual_seed(int(seed))
    library = load_library()
    unseen = {drawing.id for drawing in held_out(library)}
    seen = torch.tensor([drawing.id not in unseen for drawing in library])
    bank = make_bank(library, BANK, np.random.default_rng(int(seed)))
    network = train(bank[seen], float(minutes) * 60, torch.Generator().manual_seed(int(seed)))
    arrays: dict[str, Any] = {"ids": np.array([drawing.id for drawing in library]), "places": place(network, bank)}
    np.savez_compressed(FILE, **(arrays | network.arrays()))
    print(f"{FILE.stat().st_size / 1e6:.2f} MB")  # noqa: T201


if __name__ == "__main__":
    main(*sys.argv[1:])
