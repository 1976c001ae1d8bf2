"""Having the work made: inputs fetched and checked, the engine run, the files stored, the recipe written."""

import hashlib
import io
from collections import defaultdict
from typing import Any

import torch
from PIL import Image

from generation.engines import registry
from generation.engines.base import Artifact, Engine, EngineDeclaration, InputPicture, Request
from generation.engines.device import memory_guard, open_context
from generation.engines.errors import EngineFault, InvalidInputs
from generation.models import Job, JobInput
from generation.services import Finished
from generation.worker.encoding import store_work
from generation.worker.engines import device, loaded_engine
from generation.worker.keeper import LeaseKeeper
from generation.worker.stage import Stage
from marketplace.core import storage
from marketplace.core.storage import Bucket


def make_work(job: Job, keeper: LeaseKeeper) -> Finished:
    """Make what the job asks for and store it; nothing in the database changes.

    Raises EngineError (Cancelled among them), ObjectMissing, StorageUnavailable.
    """
    declaration = registry.declaration(job.engine)
    # Checked again: the engine may have been replaced by a newer version since the job was submitted.
    parameters = declaration.validate_parameters(job.parameters)
    pictures = _fetch_pictures(job)
    stage = Stage(job)
    stage.report(0.0, None, "Getting ready")
    engine = loaded_engine(job.engine)
    request = Request(parameters=parameters, seed=job.seed, inputs=pictures)
    image = _original(_run(engine, request, job, keeper, stage))
    return Finished(
        engine_version=declaration.version,
        width=image.width,
        height=image.height,
        medium=declaration.medium,
        model_hash=engine.model_hash or "",
        recipe=_recipe(job, declaration, engine, request),
        files=store_work(image),
    )


def _run(engine: Engine[Any], request: Request[Any], job: Job, keeper: LeaseKeeper, stage: Stage) -> list[Artifact]:
    context = open_context(device(), job.seed, on_progress=stage.report, is_cancelled=keeper.should_stop)
    with memory_guard(), torch.inference_mode():
        artifacts = engine.run(request, context)
    # The last place to stop: from here on the work exists.
    context.check_cancelled()
    return artifacts


def _original(artifacts: list[Artifact]) -> Image.Image:
    if not artifacts:
        raise EngineFault("The engine made nothing.")
    return artifacts[0].image.convert("RGB")


def _fetch_pictures(job: Job) -> dict[str, list[InputPicture]]:
    pictures: defaultdict[str, list[InputPicture]] = defaultdict(list)
    for given in job.pictures:
        pictures[given.name].append(InputPicture(image=_fetch(given)))
    return dict(pictures)


def _fetch(given: JobInput) -> Image.Image:
    data = storage.get(Bucket.PRIVATE, given.key)
    if hashlib.sha256(data).hexdigest() != given.sha256:
        raise InvalidInputs(f"The picture “{given.name}” is not the one that was given.")
    with Image.open(io.BytesIO(data)) as image:
        return image.convert("RGB")


def _recipe(job: Job, declaration: EngineDeclaration, engine: Engine[Any], request: Request[Any]) -> dict[str, Any]:
    """All that is needed to make the work again and compare it byte for byte."""
    return {
        "engine": job.engine,
        "engine_version": declaration.version,
        "medium": declaration.medium,
        "model_hash": engine.model_hash,
        "seed": job.seed,
        "parameters": request.parameters.model_dump(mode="json"),
        "inputs": job.inputs,
        "torch": torch.__version__,
        "device": device().type,
    }
