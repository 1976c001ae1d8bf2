"""Measuring a network on pictures it never learnt from, while it trains and at the end."""

from functools import cached_property
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from generation.engines.training.features import FeatureNetwork, Inception, features_of
from generation.engines.training.measures import coverage, fid, kid, nearness, unlikeness
from generation.engines.training.method import Method
from generation.engines.training.pictures import Part, PictureSet

_AT_ONCE = 32
FEWEST = 4  # rows that every measure needs
_SAMPLES, _PICTURES = 256, 512  # at most, while it trains


class Validation:
    """The measure by which a run goes on, stops, and keeps its best: lower is better."""

    def __init__(self, method: Method[Any], held_out: Part, seed: int, device: torch.device) -> None:
        self.method, self.held_out, self.seed, self.device = method, held_out, seed, device

    @torch.inference_mode()
    def measure(self, kept: nn.Module) -> float | None:
        """The mean validation loss, or likeness where there is none or it was chosen; None with too few held out."""
        if self.method.parameters.judged_by == "likeness":
            return self._likeness(kept)
        losses = []
        for start in range(0, len(self.held_out), _AT_ONCE):
            pictures = self.held_out.pictures[start : start + _AT_ONCE]
            given = pictures.to(self.device, torch.float32).div_(127.5).sub_(1.0)
            classes = self.held_out.classes[start : start + _AT_ONCE].to(self.device)
            loss = self.method.validation_loss(kept, given, classes)
            if loss is None:
                return self._likeness(kept)
            losses.append(float(loss) * len(pictures))
        return sum(losses) / len(self.held_out) if losses else None

    def _likeness(self, kept: nn.Module) -> float | None:
        """KID of samples to the pictures held out, and for what remakes pictures their unlikeness to these besides.

        Neither knows of the method's losses: their weights (a β, a judge's say) move a validation loss, and so no such
        losses of two runs can be compared. Both are near nought for what is perfect and about one for what is useless.
        """
        if len(self.held_out) < FEWEST:
            return None
        count = min(_SAMPLES, len(self.held_out))
        apart = kid(features_of(self._network, draw(self.method, kept, count, self.seed)), self._real)
        remade = self._remade(kept)
        return apart if remade is None else apart + unlikeness(remade, self._real[: len(remade)])

    def _remade(self, kept: nn.Module) -> Tensor | None:
        """Features of as many remade pictures as there are samples."""
        found = []
        for some in torch.split(self.held_out.pictures[:_SAMPLES], _AT_ONCE):
            given = some.to(self.device, torch.float32).div_(127.5).sub_(1.0)
            remade = self.method.remade(kept, given)
            if remade is None:
                return None
            found.append(features_of(self._network, remade.float().clamp(-1.0, 1.0)))
        return torch.cat(found)

    @cached_property
    def _network(self) -> FeatureNetwork:
        return FeatureNetwork.load(self.device)

    @cached_property
    def _real(self) -> Tensor:
        return features_of(self._network, self.held_out.pictures[:_PICTURES])


def draw(method: Method[Any], kept: nn.Module, count: int, seed: int) -> Tensor:
    """Samples by fixed noise, -1..1 on the CPU; classes in turn where there are any."""
    chance = torch.Generator().manual_seed(seed)
    kinds = len(method.facts.classes)
    drawn = []
    with torch.inference_mode():
        for start in range(0, count, _AT_ONCE):
            some = torch.arange(start, min(start + _AT_ONCE, count))
            drawn.append(method.sample(kept, len(some), chance, some % kinds if kinds else None).float().cpu())
    return torch.cat(drawn)


def final_measures(
    method: Method[Any],
    kept: nn.Module,
    pictures: PictureSet,
    seed: int,
    device: torch.device,
    inception: Path | None = None,
    count: int = 500,
) -> dict[str, float]:
    """FID, KID, precision, recall and nearness on the test pictures (with the validation ones where those are few).

    FID and KID by Inception's features besides, where its weights are given. Empty where fewer than four pictures were
    held out. Raises WeightsMissing.
    """
    held_out = torch.cat([pictures.test.pictures, pictures.validation.pictures])[: max(count, len(pictures.test))]
    if len(held_out) < FEWEST:
        return {}
    network = FeatureNetwork.load(device)
    drawn = draw(method, kept, max(FEWEST, min(count, 2 * len(held_out))), seed + 1)
    samples = features_of(network, drawn)
    real, learnt = features_of(network, held_out), features_of(network, pictures.train.pictures[: 4 * count])
    share = coverage(samples, real)
    measured = {
        "fid": fid(samples, real), "kid": kid(samples, real), "precision": share.precision, "recall": share.recall,
        "nearness": nearness(samples, learnt, real),
    }  # fmt: skip
    if inception is not None:
        known = Inception(inception).to(device)
        samples, real = features_of(known, drawn), features_of(known, held_out)
        measured |= {"inception_fid": fid(samples, real), "inception_kid": kid(samples, real)}
    return {name: round(value, 6) for name, value in measured.items()}
