"""Trainings in the studio: datasets and checkpoints lie on this machine's disk; only their paths go over the wire."""

import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from PIL import Image

from generation.engines import registry
from generation.engines.device import memory_guard
from generation.engines.training.learner import Learner, Trained
from generation.engines.training.parameters import TrainingParameters
from generation.engines.training.pictures import PictureSet
from generation.engines.training.trainer import Checkpoint, TrainingContext
from generation.worker.studio.encoding import encode
from generation.worker.studio.wire import Wire

Report = Callable[[float, Image.Image | None, str], None]


def train(
    engine: Learner, job: dict[str, Any], wire: Wire, *, name: str, device: torch.device, report: Report,
    is_cancelled: Callable[[], bool],
) -> None:  # fmt: skip
    """Train to the end of the budget, and tell the worker of each checkpoint and of the model.

    The job brings {training: {shards, resume, folder, checkpoint_seconds}}. Raises EngineError.
    """
    given = job["training"]
    parameters = registry.declaration(name).validate_parameters(job["parameters"])
    assert isinstance(parameters, TrainingParameters)
    folder = Path(given["folder"])
    report(0.0, None, "Reading the pictures")
    pictures = PictureSet.from_shards(map(Path, given["shards"]), parameters.resolution)
    context = TrainingContext(
        device=device, folder=folder, on_progress=report, is_cancelled=is_cancelled,
        on_checkpoint=lambda kept: _tell_checkpoint(wire, job["id"], kept),
        on_validated=lambda points: wire.send("validated", job=job["id"], curve=list(points)),
        checkpoint_seconds=given["checkpoint_seconds"],
    )  # fmt: skip
    resume = Path(given["resume"]) if given["resume"] else None
    with memory_guard():
        trained = engine.train(parameters, job["seed"], pictures, context, resume)
    _tell_model(wire, job["id"], trained, pictures)


def _tell_checkpoint(wire: Wire, job: str, kept: Checkpoint) -> None:
    """Under a name of its own, so that the next one does not replace it while the worker reads it."""
    aside = kept.path.with_name(f"checkpoint-{kept.step}.safetensors")
    aside.unlink(missing_ok=True)
    os.link(kept.path, aside)
    told: dict[str, Any] = {"path": str(aside), "sha256": _sha256(aside), "step": kept.step, "images": kept.images}
    wire.send("checkpoint", job=job, seconds=round(kept.seconds, 3), curve=list(kept.points), **told)


def _tell_model(wire: Wire, job: str, trained: Trained, pictures: PictureSet) -> None:
    told: dict[str, Any] = {
        "path": str(trained.model), "sha256": trained.sha256, "measures": dict(trained.measures),
        "curve": list(trained.curve), "reason": trained.reason, "step": trained.steps, "images": trained.images,
        "seconds": round(trained.seconds, 3), "classes": list(pictures.class_names), "broken": pictures.broken,
        "counts": {"train": len(pictures.train), "validation": len(pictures.validation), "test": len(pictures.test)},
        "size": list(trained.samples.size),
    }  # fmt: skip
    wire.send("trained", [encode(trained.samples, "webp")], job=job, **told)


def _sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
