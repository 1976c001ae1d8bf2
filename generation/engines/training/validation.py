"""Measuring a network on pictures it never learnt from, while it trains and at the end."""

from collections.abc import Callable
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
        shown = given_of(self.method, self.held_out)
        for start in range(0, len(shown), _AT_ONCE):
            pictures = shown.pictures[start : start + _AT_ONCE]
            given = pictures.to(self.device, torch.float32).div_(127.5).sub_(1.0)
            classes = shown.classes[start : start + _AT_ONCE].to(self.device)
            loss = self.method.validation_loss(kept, given, classes)
            if loss is None:
                return self._likeness(kept)
            losses.append(float(loss) * len(pictures))
        return sum(losses) / len(shown) if losses else None

    def _likeness(self, kept: nn.Module) -> float | None:
        """KID of samples to the pictures held out, and for what remakes pictures their unlikeness to these besides.

        Neither knows of the method's losses: their weights (a β, a judge's say) move a validation loss, and so no such
        losses of two runs can be compared. Both are near nought for what is perfect and about one for what is useless.
        """
        shown, wanted = given_of(self.method, self.held_out), wanted_of(self.method, self.held_out)
        if min(len(shown), len(wanted)) < FEWEST:
            return None
        made = draw(self.method, kept, min(_SAMPLES, len(shown)), self.seed, shown)
        apart = kid(features_of(self._network, made), self._real)
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
        return features_of(self._network, wanted_of(self.method, self.held_out).pictures[:_PICTURES])


def given_of(method: Method[Any], part: Part) -> Part:
    """What of some pictures a method is given: all, or the photographs that it paints anew."""
    return part if method.halves is None else part.of(method.halves[0])


def wanted_of(method: Method[Any], part: Part) -> Part:
    """What of some pictures a method's own should be like."""
    return part if method.halves is None else part.of(method.halves[1])


def samples(method: Method[Any], kept: nn.Module, pictures: PictureSet, count: int, seed: int) -> Tensor:
    """Pictures to look at, -1..1 on the CPU: by fixed noise, or photographs held out, each before and after."""
    if method.halves is None:
        return draw(method, kept, count, seed)
    parts = (given_of(method, part) for part in (pictures.validation, pictures.test, pictures.train))
    shown = next(part for part in parts if len(part))  # of as few as ten none may be held out
    before = shown.pictures[: count // 2].float() / 127.5 - 1.0
    return torch.stack([before, draw(method, kept, len(before), seed, shown)], 1).flatten(0, 1)


def draw(method: Method[Any], kept: nn.Module, count: int, seed: int, shown: Part | None = None) -> Tensor:
    """Samples, -1..1 on the CPU: by fixed noise, classes in turn where there are any, or what photographs become."""
    if method.halves is not None:
        assert shown is not None
        return _repainted(method, kept, shown.pictures[:count])
    chance = torch.Generator().manual_seed(seed)
    kinds = len(method.facts.classes)
    drawn = []
    with torch.inference_mode():
        for start in range(0, count, _AT_ONCE):
            some = torch.arange(start, min(start + _AT_ONCE, count))
            drawn.append(method.sample(kept, len(some), chance, some % kinds if kinds else None).float().cpu())
    return torch.cat(drawn)


@torch.inference_mode()
def _repainted(method: Method[Any], kept: nn.Module, photographs: Tensor) -> Tensor:
    painted = []
    for some in torch.split(photographs, _AT_ONCE):
        given = some.to(method.device, torch.float32).div_(127.5).sub_(1.0)
        painted.append(method.repaint(kept, given).float().clamp(-1.0, 1.0).cpu())
    return torch.cat(painted)


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

    Of what paints photographs anew, by those held out, with `kid_before`: how far they were before they were painted.
    FID and KID by Inception's features besides, where its weights are given. Empty where fewer than four pictures were
    held out. Raises WeightsMissing.
    """
    most = max(count, len(pictures.test))
    held_out, shown = (_held_out(pictures, of, method, most) for of in (wanted_of, given_of))
    if min(len(held_out), len(shown)) < FEWEST:
        return {}
    network = FeatureNetwork.load(device)
    drawn = draw(method, kept, max(FEWEST, min(count, 2 * len(held_out))), seed + 1, shown)
    made = features_of(network, drawn)
    real = features_of(network, held_out.pictures)
    learnt = features_of(network, wanted_of(method, pictures.train).pictures[: 4 * count])
    share = coverage(made, real)
    measured = {
        "fid": fid(made, real), "kid": kid(made, real), "precision": share.precision, "recall": share.recall,
        "nearness": nearness(made, learnt, real),
    }  # fmt: skip
    if method.halves is not None:
        measured["kid_before"] = kid(features_of(network, shown.pictures), real)
    with torch.inference_mode():
        measured |= method.measures(kept, shown.pictures[:_AT_ONCE].to(device, torch.float32) / 127.5 - 1.0)
    if inception is not None:
        known = Inception(inception).to(device)
        made, real = features_of(known, drawn), features_of(known, held_out.pictures)
        measured |= {"inception_fid": fid(made, real), "inception_kid": kid(made, real)}
    return {name: round(value, 6) for name, value in measured.items()}


def _held_out(pictures: PictureSet, of: Callable[[Method[Any], Part], Part], method: Method[Any], most: int) -> Part:
    parts = [of(method, part) for part in (pictures.test, pictures.validation)]
    found = Part(torch.cat([part.pictures for part in parts]), torch.cat([part.classes for part in parts]))
    return Part(found.pictures[:most], found.classes[:most])
