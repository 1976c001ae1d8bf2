"""The toy engine's works: a studio loads this, and nobody else."""

import os
import time
from collections.abc import Sequence
from pathlib import Path

import torch
from PIL import Image

from generation.engines.base import Artifact, Context, Engine, Request
from generation.engines.errors import EngineFault, OutOfMemory, UserError
from tests.generation.toy import NoopParameters, ToyParameters

LONGEST = 60.0


class Toy(Engine[ToyParameters]):
    """The engine beside the declaration."""

    model_hash = "c0ffee"
    size = 1000

    def run(self, request: Request[ToyParameters], context: Context) -> list[Artifact]:
        """Do as told."""
        parameters = request.parameters
        _note(parameters.gate, f"{request.seed}.started")
        noise = torch.randint(0, 256, (parameters.size,) * 2 + (3,), generator=context.generator, dtype=torch.uint8)
        image = Image.fromarray(noise.numpy())
        context.progress(0.5, image, "Halfway")
        time.sleep(parameters.seconds)
        match parameters.behaviour:
            case "fault":
                raise EngineFault("The brush broke.")
            case "user-error":
                raise UserError("This cannot be painted.")
            case "crash":
                raise ZeroDivisionError("secret inner words")
            case "out-of-memory":
                raise OutOfMemory("Too full just now.")
            case "die":
                os._exit(9)
            case "wait":
                _wait(parameters.gate, context)
            case "deaf":
                _wait(parameters.gate, None)
            case "nothing":
                return []
        return [Artifact(image=image)]

    def run_batch(
        self, requests: Sequence[Request[ToyParameters]], contexts: Sequence[Context]
    ) -> list[list[Artifact]]:
        """Make them one by one, unless there is too little room for so many."""
        for request in requests:
            _note(request.parameters.gate, f"batch-{len(requests)}")
            if request.parameters.behaviour == "full-when-many" and len(requests) > 1:
                raise OutOfMemory("Too many at once.")
        return [self.run(request, context) for request, context in zip(requests, contexts, strict=True)]


class Noop(Engine[NoopParameters]):
    """Nothing, quickly."""

    def run(self, request: Request[NoopParameters], context: Context) -> list[Artifact]:
        return []


def _note(gate: str, name: str) -> None:
    if gate:
        (Path(gate) / name).touch()


def _wait(gate: str, context: Context | None) -> None:
    until = time.monotonic() + LONGEST
    while not (Path(gate) / "open").exists() and time.monotonic() < until:
        if context is not None:
            context.check_cancelled()
        time.sleep(0.02)
