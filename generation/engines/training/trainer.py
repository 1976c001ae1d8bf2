"""The trainer: takes steps until the budget is spent, and can be killed at any of them without changing the outcome."""

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from PIL import Image
from torch import Tensor, nn

from generation.engines.base import never, nobody_listens
from generation.engines.errors import Cancelled, InvalidParameters, ModelUnusable, TrainingDiverged
from generation.engines.training import checkpoint, parallel
from generation.engines.training.average import MovingAverage
from generation.engines.training.checkpoint import Snapshot
from generation.engines.training.grids import contact_sheet
from generation.engines.training.logs import FOLDER, Logs
from generation.engines.training.method import Method, Phase
from generation.engines.training.parameters import TrainingParameters
from generation.engines.training.pictures import Batches, PictureSet, mixed
from generation.engines.training.precision import Arithmetic
from generation.engines.training.validation import Validation, samples

CHECKPOINT = "checkpoint.safetensors"
LOOK_EVERY = 20.0  # seconds: samples are shown between validations too, while that takes a twentieth of them at most
_LOOK_SHARE = 20
_SOONEST, _GAP = 500, 10  # a point of the curve after so many pictures, then after each tenth of those shown
Point = dict[str, float]


@dataclass(frozen=True)
class Checkpoint:
    """Where a run can be taken up again, and what its curve has gained since the last."""

    path: Path
    step: int
    images: int
    seconds: float
    points: Sequence[Point]


def forget(kept: Checkpoint) -> None:
    """Take a checkpoint and do nothing more with it."""


def unheard(points: Sequence[Point]) -> None:
    """Take the learning curve and do nothing with it."""


@dataclass(frozen=True, kw_only=True)
class TrainingContext:
    """What a training is given to work with."""

    device: torch.device
    folder: Path  # for its checkpoints, its model and its logs
    on_progress: Callable[[float, Image.Image | None, str], None] = nobody_listens
    is_cancelled: Callable[[], bool] = never
    on_checkpoint: Callable[[Checkpoint], None] = forget
    on_point: Callable[[Sequence[Point]], None] = unheard  # the whole curve, its newest point last
    checkpoint_seconds: float = 300.0
    inception: Path | None = None  # torchvision's weights, where there are any: for measures that others know


@dataclass
class Progress:
    """How far a run has come; all of it is in a checkpoint."""

    step: int = 0
    images: int = 0
    seconds: float = 0.0
    validated: int = 0  # pictures shown when it was last validated
    fitted: int = 0  # pictures shown when what is not learnt was last reckoned
    best: float = math.inf
    worse: int = 0  # validations since the best
    points: list[Point] = field(default_factory=list)


class Trainer:
    """Has a method learn from pictures."""

    def __init__(
        self, method: Method[Any], pictures: PictureSet, seed: int, context: TrainingContext, resume: Path | None = None
    ) -> None:
        """Begin anew, or where the checkpoint `resume` was written. Raises InvalidParameters, ModelUnusable."""
        self.method, self.pictures, self.seed, self.context = method, pictures, seed, context
        self.parameters: TrainingParameters = method.parameters
        self.arithmetic = Arithmetic(context.device, self.parameters.precision)
        method.networks.to(device=context.device, memory_format=torch.channels_last)  # type: ignore[call-overload]  # torch's stub lacks it
        parallel.begin(context.device)
        parts = parallel.world() * len(method.shown or [()])
        if self.parameters.batch_size % parts:
            why = f"It must be divisible by {parts}: processes and collections get equal parts."
            raise InvalidParameters("A batch must fall into equal parts.", {"batch_size": [why]})
        method.begin(pictures)
        self._batches = Batches(pictures.train, method.shown)
        parallel.share_weights(method.networks)
        self.average = MovingAverage(method.kept, self.parameters.average_images)
        self.best = MovingAverage(self.average.network, 0)
        self.validation = Validation(method, pictures.validation, seed, context.device)
        self.progress = Progress()
        self._saved = 0  # the step of the last checkpoint
        self._next_look = math.inf  # by the clock
        self._losses: dict[str, tuple[float, int]] = {}  # sums and counts since the last point of the curve
        if resume is not None:
            self._restore(checkpoint.read(resume, context.device))
        self.logs = Logs(context.folder / FOLDER, self.progress.images) if parallel.rank() == 0 else None

    def run(self) -> str:
        """Train until the end, and say why it came: budget, images or patience. Raises Cancelled, TrainingDiverged."""
        try:
            return self._run()
        finally:
            if self.logs:
                self.logs.close()

    def _run(self) -> str:
        saved = last = time.monotonic()
        self._next_look = last + LOOK_EVERY / 2
        while not (reason := self._is_over()):
            self.step()
            now = time.monotonic()
            self.progress.seconds = parallel.agree(self.progress.seconds + now - last)
            last = now
            self._report(self._look(now))
            if now - saved > self.context.checkpoint_seconds:
                self._save()
                saved = now
            if parallel.any_of(self.context.is_cancelled()):
                self._save()
                raise Cancelled
        if self.progress.validated < self.progress.images:
            self._report(self._validate())
        self._save()
        return reason

    def samples(self, count: int = 16) -> Tensor:
        """Pictures of the average, -1..1: by the run's own noise, or photographs held out, before and after."""
        with self.arithmetic.autocast():
            return samples(self.method, self.average.network, self.pictures, count, self.seed)

    def _is_over(self) -> str:
        progress, chosen = self.progress, self.parameters
        if chosen.images and progress.images >= chosen.images:
            return "images"
        if progress.seconds >= chosen.minutes * 60:
            return "budget"
        return "patience" if chosen.patience and progress.worse >= chosen.patience else ""

    def step(self) -> None:
        """Show the method one batch, and move its weights."""
        chosen, progress = self.parameters, self.progress
        found = self._batches.at(self.seed, progress.images, chosen.batch_size, mirror=chosen.mirror)
        pictures = parallel.own(found[0]).to(self.context.device, torch.float32).div_(127.5).sub_(1.0)
        pictures = pictures.contiguous(memory_format=torch.channels_last)
        chance = torch.Generator().manual_seed(mixed(self.seed, f"noise {parallel.rank()}", progress.step))
        parts: dict[str, Tensor] = {}
        for phase in self.method.phases:
            parts |= self._take(phase, pictures, parallel.own(found[1]).to(self.context.device), chance)
        parallel.average_buffers(self.method.networks)
        progress.step += 1
        progress.images += chosen.batch_size
        self.average.follow(self.method.kept, chosen.batch_size, progress.images)
        self.method.after_step(progress.images)
        for name, part in parts.items():
            total, count = self._losses.get(name, (0.0, 0))
            self._losses[name] = total + float(part), count + 1

    def _take(self, phase: Phase, pictures: Tensor, classes: Tensor, chance: torch.Generator) -> dict[str, Tensor]:
        """One update of the phase's weights, from as many pieces of the batch as were chosen."""
        pieces = self.parameters.accumulate
        phase.optimiser.zero_grad(set_to_none=True)
        parts: dict[str, Tensor] = {}
        is_sound = True
        # Gradients for the weights that this phase moves, and for no other.
        self.method.networks.requires_grad_(False)
        phase.trained.requires_grad_(True)
        for some, kinds in zip(pictures.chunk(pieces), classes.chunk(pieces), strict=True):
            with self.arithmetic.autocast():
                loss = self.method.loss(phase.name, some, kinds, chance)
            share = len(some) / len(pictures)
            is_sound = is_sound and bool(torch.isfinite(loss.total))
            torch.autograd.backward(self.arithmetic.scaler.scale(loss.total * share))
            for name, part in loss.parts.items():
                parts[name] = parts.get(name, torch.zeros(())) + part.detach().float().cpu() * share
        if parallel.any_of(not is_sound):
            raise TrainingDiverged(f"The loss of the {phase.name} is no number any more.")
        parallel.average_gradients(phase.trained)
        self.arithmetic.scaler.step(phase.optimiser)
        self.arithmetic.scaler.update()
        return parts

    def _look(self, now: float) -> Image.Image | None:
        """Validate, or write a point of the curve, or only take a look, as it is time for; samples, if any are drawn.

        Whatever a run comes to depends on the pictures shown alone: what time decides is whether somebody sees it.
        """
        progress = self.progress
        seen = None
        if progress.images - progress.validated >= self.parameters.validate_every:
            seen = self._validate()
        else:
            last = progress.points[-1]["images"] if progress.points else 0.0
            if progress.images - last >= max(_SOONEST, progress.images / _GAP):
                if progress.images >= 2 * progress.fitted:  # for the samples until the first validation
                    self.fit()
                self._note(None)
            if self.logs and now >= self._next_look:
                seen = contact_sheet(self.samples())
        if seen is not None:
            after = time.monotonic()
            self._next_look = after + max(LOOK_EVERY, _LOOK_SHARE * (after - now))
        return seen

    def _validate(self) -> Image.Image:
        """Measure where the run is, write it down, and return samples to look at."""
        progress = self.progress
        progress.validated = progress.images
        self.fit()
        measured = parallel.first(self._measure)
        if measured is not None:
            progress.worse = 0 if measured < progress.best else progress.worse + 1
        if measured is None or measured < progress.best:
            progress.best = measured if measured is not None else progress.best
            self.best.follow(self.average.network, 1, progress.images)
        self._note(measured)
        seen = contact_sheet(self.samples())
        if self.logs:
            self.logs.grid(seen, progress.images)
        return seen

    def _note(self, measured: float | None) -> None:
        """Write a point of the curve down: the losses since the last, and what was measured."""
        progress = self.progress
        before = progress.points[-1] if progress.points else None
        point = {"images": float(progress.images), "seconds": round(progress.seconds, 3)}
        point |= {name: total / count for name, (total, count) in self._losses.items()}
        self._losses.clear()
        if measured is not None:
            point["validation"] = measured
        progress.points.append(point)
        if self.logs:
            self.logs.point(point, before)
            self.context.on_point(progress.points)

    def fit(self) -> None:
        """Reckon what is not learnt; the training's networks have it too, since their buffers become the average's."""
        self.progress.fitted = self.progress.images
        found = parallel.first(self._fitted)
        for network in (self.average.network, self.method.kept):
            held = dict(network.named_buffers())
            for name, buffer in found.items():
                held[name].copy_(buffer)

    def _fitted(self) -> dict[str, Tensor]:
        with self.arithmetic.autocast():
            return dict(self.method.fitted(self.average.network, self.pictures.train.pictures))

    def _measure(self) -> float | None:
        with self.arithmetic.autocast():
            return self.validation.measure(self.average.network)

    def _report(self, preview: Image.Image | None) -> None:
        chosen, progress = self.parameters, self.progress
        done = max(progress.seconds / (chosen.minutes * 60), progress.images / chosen.images if chosen.images else 0.0)
        self.context.on_progress(min(1.0, done), preview, f"{progress.images:,} pictures")

    def _save(self) -> None:
        """Write down everything that what comes next depends on."""
        if self.logs is None or self._saved == self.progress.step:
            return
        self.logs.flush()
        tensors: dict[str, Tensor] = {}
        groups = {}
        for prefix, network in self._kept_networks().items():
            tensors |= {f"{prefix}.{name}": tensor for name, tensor in network.state_dict().items()}
        for phase in self.method.phases:
            packed, groups[phase.name] = checkpoint.pack_optimiser(phase.optimiser)
            tensors |= {f"optimiser.{phase.name}.{name}": tensor for name, tensor in packed.items()}
        state, progress = self.method.state(), self.progress
        notes = {"progress": progress.__dict__, "method": state, "groups": groups, "seed": self.seed}
        notes["losses"] = self._losses
        notes["scaler"] = self.arithmetic.scaler.state_dict()
        path = self.context.folder / CHECKPOINT
        checkpoint.write(path, Snapshot(tensors, _finite(notes)))
        self._saved = progress.step
        self.context.on_checkpoint(Checkpoint(path, progress.step, progress.images, progress.seconds, progress.points))

    def _restore(self, snapshot: Snapshot) -> None:
        """Take back what `_save` wrote down. Raises ModelUnusable."""
        try:
            for prefix, network in self._kept_networks().items():
                network.load_state_dict(snapshot.below(prefix))
            for phase in self.method.phases:
                tensors = snapshot.below(f"optimiser.{phase.name}")
                checkpoint.unpack_optimiser(phase.optimiser, tensors, snapshot.notes["groups"][phase.name])
            self.method.load_state(snapshot.notes["method"])
            noted = snapshot.notes["progress"]
            self.progress = Progress(**{**noted, "best": math.inf if noted["best"] is None else noted["best"]})
            self.arithmetic.scaler.load_state_dict(snapshot.notes["scaler"])
            self._saved = self.progress.step
            self._losses = {name: (total, count) for name, (total, count) in snapshot.notes["losses"].items()}
        except (KeyError, RuntimeError, TypeError, ValueError) as error:
            raise ModelUnusable("The checkpoint is not one of this training.") from error

    def _kept_networks(self) -> dict[str, nn.Module]:
        return {"network": self.method.networks, "average": self.average.network, "best": self.best.network}


def _finite(notes: dict[str, Any]) -> dict[str, Any]:
    """JSON knows no infinity: no best yet is null."""
    progress = dict(notes["progress"])
    progress["best"] = progress["best"] if math.isfinite(progress["best"]) else None
    return {**notes, "progress": progress}
