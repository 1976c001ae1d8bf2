"""Fits the projection of styles and says how well it finds works of one manner: `python -m tests.looks.fitting`.

Writes `generation/engines/looks/projection.safetensors`. After a change raise `VERSION` in that folder's declarations:
numbers of two projections cannot be compared. `--judge` only says how well: of the five nearest pictures among
those of `gathering.py`, how many are of the same manner and how many show the same photograph (both shares; by halves:
the projection is fitted to the labels of one half and judged on those of the other).
"""

import argparse
import json
from collections.abc import Sequence

import torch
from safetensors.torch import save_file
from torch import Tensor

from generation.engines.looks.declarations import STYLE_WIDTH, VERSION
from generation.engines.looks.style import LAYERS, PROJECTION, statistics
from generation.engines.style.features.efficientnet import EfficientNetLite
from tests.looks.gathering import CPU, kept

NEAREST = 5
WHITENING = 0.25  # power of the variance that directions are divided by: 0 none, 0.5 all
STILL = 0.05  # deviation, in logarithms, below which a channel tells pictures apart by noise
SHRINKING = 0.1  # share of the mean variance that is added within manners


def fit(seen: Tensor, labels: Sequence[str]) -> dict[str, Tensor]:
    """`mean`, `scale` (n,) and `directions` (n, 128) from statistics (m, n) of pictures in known manners.

    Every layer counts the same. What varies within a manner (the subject, the seed, the palette) is made small before
    the directions are looked for along which manners differ: linear discriminant analysis, shrunk.
    """
    mean, scale = seen.mean(0), seen.std(0).clamp(min=STILL)  # a channel that never sees anything stays silent
    weights = torch.cat([torch.full((2 * EfficientNetLite.channels[layer],),
                                    (2 * EfficientNetLite.channels[layer]) ** 0.5) for layer in LAYERS])  # fmt: skip
    scale = scale * weights
    given = ((seen - mean) / scale).double()
    within = _within(given, labels)
    within += torch.eye(len(within), dtype=torch.float64) * SHRINKING * within.diagonal().mean()
    values, vectors = torch.linalg.eigh(within)
    calm = (
        vectors / values.clamp(min=values.max() * 1e-12).sqrt()
    ) @ vectors.T  # what varies within a manner has length one now
    _, spread, directions = torch.linalg.svd((given @ calm) - (given @ calm).mean(0), full_matrices=False)
    kept_ = directions[:STYLE_WIDTH].T / (spread[:STYLE_WIDTH].square() / len(given)).pow(WHITENING)
    return {"mean": mean, "scale": scale, "directions": (calm @ kept_).float()}


def judge(style: Tensor, labels: Sequence[str], among: Sequence[int]) -> float:
    """The share of the nearest pictures that are of the same manner, over the pictures `among`."""
    unit = style / style.norm(dim=1, keepdim=True)
    near = unit @ unit.T
    near.fill_diagonal_(-1.0)
    hits = near.topk(NEAREST).indices
    right = [sum(labels[int(hit)] == labels[at] for hit in hits[at]) / min(NEAREST, labels.count(labels[at]) - 1)
             for at in among]  # fmt: skip
    return sum(min(1.0, one) for one in right) / len(right)


def main() -> None:
    """Look at every picture, judge by halves, and write the projection that all of them give."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--judge", action="store_true", help="write nothing")
    only_judge = options.parse_args().judge
    network, pictures = EfficientNetLite.load(CPU), kept()
    labels = [one.label for one in pictures]
    seen = torch.stack([statistics(network, one.image, CPU) for one in pictures])
    print(json.dumps({"pictures": len(labels), "manners": len(set(labels)), **_judged(seen, labels)}))
    if not only_judge:
        projection = {name: tensor.half() if name == "directions" else tensor for name, tensor in
                      fit(seen, labels).items()}  # fmt: skip
        save_file(
            projection, PROJECTION, {"version": str(VERSION), "pictures": str(len(labels)), "made_by": __spec__.name}
        )


def _judged(seen: Tensor, labels: list[str]) -> dict[str, float]:
    names = sorted(set(labels))
    whole = {"raw": judge((seen - seen.mean(0)) / seen.std(0).clamp(min=STILL), labels, range(len(labels)))}
    shares = []
    for half in (0, 1):
        learnt = [at for at, label in enumerate(labels) if names.index(label) % 2 == half]
        other = [at for at, label in enumerate(labels) if names.index(label) % 2 != half]
        projection = fit(seen[learnt], [labels[at] for at in learnt])
        style = ((seen - projection["mean"]) / projection["scale"]) @ projection["directions"]
        shares.append(judge(style, labels, other))
    return {name: round(share, 3) for name, share in (whole | {"unseen manners": sum(shares) / 2}).items()}


def _within(given: Tensor, labels: Sequence[str]) -> Tensor:
    """Covariance around each manner's own mean."""
    centred = given.clone()
    for name in set(labels):
        places = [at for at, label in enumerate(labels) if label == name]
        centred[places] -= centred[places].mean(0)
    return centred.T @ centred / len(given)


if __name__ == "__main__":
    main()
