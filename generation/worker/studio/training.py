"""Trainings in the studio: datasets and checkpoints lie on this machine's disk; only their paths go over the wire."""

import hashlib
import math
import os
import shutil
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import torch
from PIL import Image

from generation.engines import registry
from generation.engines.device import memory_guard
from generation.engines.looks.memory import remember
from generation.engines.training import logs
from generation.engines.training.collections import CollectionParameters
from generation.engines.training.features import FeatureNetwork
from generation.engines.training.learner import Learner, Trained
from generation.engines.training.parameters import TrainingParameters
from generation.engines.training.pictures import PictureSet, held_out
from generation.engines.training.showing import PAIRS
from generation.engines.training.trainer import Checkpoint, TrainingContext
from generation.worker.studio.encoding import encode
from generation.worker.studio.sampling import sample
from generation.worker.studio.wire import Wire

LEARNT = "learnt.safetensors"
Report = Callable[[float, Image.Image | None, str], None]
_TOO_LARGE = (
    "The device had too little memory for this training: choose a smaller batch size, or cut a step into more parts."
)


def train(
    engine: Learner, job: dict[str, Any], wire: Wire, *, name: str, device: torch.device, report: Report,
    is_cancelled: Callable[[], bool],
) -> None:  # fmt: skip
    """Train to the end of the budget, and tell the worker of each checkpoint and of the model.

    The job brings {training: {shards, resume, logs, folder, checkpoint_seconds, inception, shown}}. Raises EngineError.
    """
    given = job["training"]
    declaration = registry.declaration(name)
    parameters = declaration.validate_parameters(job["parameters"])
    assert isinstance(parameters, TrainingParameters)
    folder = Path(given["folder"])
    _lay_out_logs(folder / logs.FOLDER, given["logs"])
    with memory_guard(_TOO_LARGE):
        report(0.0, None, "Reading the pictures")
        pictures = PictureSet.from_shards(map(Path, given["shards"]), parameters.resolution, folder)
        context = TrainingContext(
            device=device, folder=folder, on_progress=report, is_cancelled=is_cancelled,
            on_checkpoint=partial(_tell_checkpoint, wire, job["id"], folder),
            on_point=lambda points: wire.send("validated", job=job["id"], curve=_numbers(points)),
            checkpoint_seconds=given["checkpoint_seconds"],
            inception=Path(given["inception"]) if given["inception"] else None,
        )  # fmt: skip
        resume = Path(given["resume"]) if given["resume"] else None
        trained = engine.train(parameters, job["seed"], pictures, context, resume)
        images = []
        if given["shown"]:
            report(1.0, None, "Painting its samples")
            photographs = _held_out(given["shards"], parameters, pictures)
            images = sample(declaration.trains, trained.model, device, is_cancelled, photographs)
            report(1.0, None, "Remembering what it learnt from")
            shards = [Path(shard) for shard in given["shards"]]
            remember(FeatureNetwork.load(device), shards, parameters.resolution).save(folder / LEARNT)
    told = _about(trained, pictures) | {"logs": _packed_logs(folder, "end")}
    if given["shown"]:
        told["learnt"] = str(folder / LEARNT)
    wire.send("trained", [encode(image, "webp") for image in images], job=job["id"], **told)


def _held_out(shards: Sequence[str], parameters: TrainingParameters, pictures: PictureSet) -> list[Image.Image]:
    """Photographs that a model which paints such can be shown by; none where it learnt from no photographs."""
    if not isinstance(parameters, CollectionParameters):
        return []
    names, (photographs, _) = pictures.class_names, parameters.halves(pictures.class_names)
    return held_out(map(Path, shards), [names[number] for number in photographs], PAIRS)


def _tell_checkpoint(wire: Wire, job: str, folder: Path, kept: Checkpoint) -> None:
    """Under a name of its own, so that the next one does not replace it while the worker reads it."""
    aside = kept.path.with_name(f"checkpoint-{kept.step}.safetensors")
    aside.unlink(missing_ok=True)
    os.link(kept.path, aside)
    told: dict[str, Any] = {"path": str(aside), "sha256": _sha256(aside), "step": kept.step, "images": kept.images}
    told |= {"logs": _packed_logs(folder, str(kept.step)), "seconds": round(kept.seconds, 3)}
    wire.send("checkpoint", job=job, curve=_numbers(kept.points), **told)


def _about(trained: Trained, pictures: PictureSet) -> dict[str, Any]:
    return {
        "path": str(trained.model), "sha256": trained.sha256, "measures": _numbers([trained.measures])[0],
        "curve": _numbers(trained.curve), "reason": trained.reason, "step": trained.steps, "images": trained.images,
        "seconds": round(trained.seconds, 3), "classes": list(pictures.class_names), "broken": pictures.broken,
        "counts": {"train": len(pictures.train), "validation": len(pictures.validation), "test": len(pictures.test)},
    }  # fmt: skip


def _numbers(points: Sequence[Mapping[str, float]]) -> list[dict[str, float]]:
    """Without what is no number: JSON has no word for it."""
    return [{name: value for name, value in point.items() if math.isfinite(value)} for point in points]


def _lay_out_logs(folder: Path, packed: str) -> None:
    """The logs as they were at the checkpoint that this run begins at: what came after it is written again."""
    shutil.rmtree(folder, ignore_errors=True)
    if packed:
        logs.unpack(Path(packed), folder)


def _packed_logs(folder: Path, name: str) -> str:
    packed = folder / f"logs-{name}.zip"
    logs.pack(folder / logs.FOLDER, packed)
    return str(packed)


def _sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
