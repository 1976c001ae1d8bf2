"""How surely copies are told from new pictures: `python -m tests.looks.copies`, over Twitter's emoji at 64 pixels.

Prints the share of held-out pictures that would be held back (they are new, so each is one too many), and of altered
copies of pictures that were learnt from (each that is missed is one too few).
"""

import json
from collections.abc import Callable, Mapping

import torch
from torch import Tensor
from torch.nn import functional

from generation.engines.looks.memory import gauge
from generation.engines.training.features import FeatureNetwork, features_of
from tests.benchmarks.emoji import emoji
from tests.looks.gathering import CPU

LEARNT, NEW, SEED = 600, 120, 1


def _noisy(pictures: Tensor) -> Tensor:
    noise = torch.randn(pictures.shape, generator=torch.Generator().manual_seed(SEED))
    return pictures + 0.06 * noise


def _blurred(pictures: Tensor) -> Tensor:
    return functional.interpolate(functional.avg_pool2d(pictures, 2), scale_factor=2, mode="bilinear")


ALTERED: Mapping[str, Callable[[Tensor], Tensor]] = {
    "the same": lambda pictures: pictures,
    "darker by a tenth": lambda pictures: (pictures + 1.0) * 0.9 - 1.0,
    "noise": _noisy,
    "half the detail": _blurred,
    "two pixels aside": lambda pictures: pictures.roll(2, 3),
    "mirrored": lambda pictures: pictures.flip(3),
}


def main() -> None:
    """Measure and print, one JSON object."""
    network, found = FeatureNetwork.load(CPU), emoji(64)
    shown = found.train.pictures[:LEARNT].float() / 127.5 - 1.0
    new = torch.cat([found.validation.pictures, found.test.pictures])[:NEW].float() / 127.5 - 1.0
    learnt = features_of(network, shown)
    typical, threshold = gauge(learnt)

    def held(pictures: Tensor) -> float:
        nearest = torch.cdist(features_of(network, pictures.clamp(-1.0, 1.0)), learnt).amin(1)
        return round(float((nearest < threshold).float().mean()), 3)

    shares = {name: held(alter(shown[:NEW])) for name, alter in ALTERED.items()}
    print(json.dumps({"threshold over typical": round(threshold / typical, 3), "new": held(new), **shares}))


if __name__ == "__main__":
    main()
