"""Measuring a network on pictures it never learnt from, while it trains and at the end."""

from collections.abc import Callable, Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from generation.engines.training.features import FeatureNetwork, Inception, features_of
from generation.engines.training.measures import coverage, fid, kid, nearness, unlikeness
from generation.engines.training.method import Method, RepaintingMethod, SamplingMethod
from generation.engines.training.pictures import Part, PictureSet, pieces_of

FEWEST = 4  # rows that every measure needs
_SAMPLES, _PICTURES = 256, 512  # at most, while it trains
_MEASURED = 32  # photographs, by what a method measures itself


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
        shown, at_once = given_of(self.method, self.held_out), pieces_of(self.method.parameters.resolution)
        for start in range(0, len(shown), at_once):
            pictures = shown.pictures[start : start + at_once]
            given = pictures.to(self.device, torch.float32).div_(127.5).sub_(1.0)
            classes = shown.classes[start : start + at_once].to(self.device)
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
        made = drawn_in_pieces(self.method, kept, min(_SAMPLES, len(shown)), self.seed, shown)
        apart = kid(torch.cat([features_of(self._network, some) for some in made]), self._real)
        remade = self._remade(kept)
        return apart if remade is None else apart + unlikeness(remade, self._real[: len(remade)])

    def _remade(self, kept: nn.Module) -> Tensor | None:
        """Features of as many remade pictures as there are samples."""
        found = []
        for some in torch.split(self.held_out.pictures[:_SAMPLES], pieces_of(self.method.parameters.resolution)):
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


def given_of(method: Method[Any], part: Part, most: int | None = None) -> Part:
    """What of some pictures a method is given: all, or (so many of) the photographs that it paints anew."""
    return part.of(method.halves[0], most) if isinstance(method, RepaintingMethod) else part


def wanted_of(method: Method[Any], part: Part, most: int | None = None) -> Part:
    """What of some pictures a method's own should be like."""
    return part.of(method.halves[1], most) if isinstance(method, RepaintingMethod) else part


def samples(method: Method[Any], kept: nn.Module, pictures: PictureSet, count: int, seed: int) -> Tensor:
    """Pictures to look at, -1..1 on the CPU: by fixed noise, or photographs held out, each before and after."""
    if not isinstance(method, RepaintingMethod):
        return draw(method, kept, count, seed)
    parts = (given_of(method, part, count // 2) for part in (pictures.validation, pictures.test, pictures.train))
    shown = next(part for part in parts if len(part))  # of as few as ten none may be held out
    before = shown.pictures.float() / 127.5 - 1.0
    return torch.stack([before, draw(method, kept, len(before), seed, shown)], 1).flatten(0, 1)


def draw(method: Method[Any], kept: nn.Module, count: int, seed: int, shown: Part | None = None) -> Tensor:
    """Samples, -1..1 on the CPU: by fixed noise, classes in turn where there are any, or what photographs become."""
    return torch.cat(list(drawn_in_pieces(method, kept, count, seed, shown)))


def drawn_in_pieces(
    method: Method[Any], kept: nn.Module, count: int, seed: int, shown: Part | None = None
) -> Iterator[Tensor]:
    """The same, a few at a time, fewer where they are large: hundreds of large pictures fit into no memory."""
    if isinstance(method, RepaintingMethod):
        assert shown is not None
        yield from _repainted(method, kept, shown.pictures[:count])
        return
    assert isinstance(method, SamplingMethod)  # there is no third kind
    chance = torch.Generator().manual_seed(seed)
    kinds = len(method.facts.classes)
    at_once = pieces_of(method.parameters.resolution)
    for start in range(0, count, at_once):
        some = torch.arange(start, min(start + at_once, count))
        with torch.inference_mode():
            drawn = method.sample(kept, len(some), chance, some % kinds if kinds else None)
        yield drawn.float().cpu()


def _repainted(method: RepaintingMethod[Any], kept: nn.Module, photographs: Tensor) -> Iterator[Tensor]:
    for some in torch.split(photographs, pieces_of(method.parameters.resolution)):
        with torch.inference_mode():
            given = some.to(method.device, torch.float32).div_(127.5).sub_(1.0)
            painted = method.repaint(kept, given)
        yield painted.float().clamp(-1.0, 1.0).cpu()


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
    networks: list[FeatureNetwork | Inception] = [network]
    if inception is not None:
        networks.append(Inception(inception).to(device))
    made: list[list[Tensor]] = [[] for _ in networks]
    for some in drawn_in_pieces(method, kept, max(FEWEST, min(count, 2 * len(held_out))), seed + 1, shown):
        for one, kept_features in zip(networks, made, strict=True):
            kept_features.append(features_of(one, some))
    found, real = torch.cat(made[0]), features_of(network, held_out.pictures)
    learnt = features_of(network, wanted_of(method, pictures.train, 4 * count).pictures[: 4 * count])
    share = coverage(found, real)
    measured = {
        "fid": fid(found, real), "kid": kid(found, real), "precision": share.precision, "recall": share.recall,
        "nearness": nearness(found, learnt, real),
    }  # fmt: skip
    if isinstance(method, RepaintingMethod):
        measured["kid_before"] = kid(features_of(network, shown.pictures), real)
    with torch.inference_mode():
        measured |= method.measures(kept, shown.pictures[:_MEASURED].to(device, torch.float32) / 127.5 - 1.0)
    if inception is not None:
        found, real = torch.cat(made[1]), features_of(networks[1], held_out.pictures)
        measured |= {"inception_fid": fid(found, real), "inception_kid": kid(found, real)}
    return {name: round(value, 6) for name, value in measured.items()}


def _held_out(pictures: PictureSet, of: Callable[[Method[Any], Part], Part], method: Method[Any], most: int) -> Part:
    first, then = (of(method, part) for part in (pictures.test, pictures.validation))
    room = most - len(first)
    if room <= 0 or not len(then):  # nothing is copied where nothing is added: these may be many
        return Part(first.pictures[:most], first.classes[:most])
    return Part(torch.cat([first.pictures, then.pictures[:room]]), torch.cat([first.classes, then.classes[:room]]))
