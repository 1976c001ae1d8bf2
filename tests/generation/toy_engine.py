"""The toy engine's works: a studio loads this, and nobody else."""

import os
import time
from collections.abc import Sequence
from pathlib import Path

import torch
from PIL import Image

from generation.engines.base import Artifact, Context, Engine, Request
from generation.engines.errors import EngineFault, OutOfMemory, UserError
from generation.engines.pictures import to_image
from generation.engines.reel import Reel
from tests.generation.toy import NoopParameters, ToyFilmParameters, ToyParameters

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
            case "decide":
                return [Artifact(image=image, parameters=parameters.model_copy(update={"behaviour": "paint"}))]
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


class ToyFilm(Engine[ToyFilmParameters]):
    """A square that moves over soft noise; the middle frame magenta, or another size, if it is told so."""

    model_hash = "c0ffee"

    def run(self, request: Request[ToyFilmParameters], context: Context) -> list[Artifact]:
        """Film."""
        chosen = request.parameters
        noise = torch.rand((1, 3, 8, 8), generator=context.generator)
        ground = to_image(noise).resize((chosen.size, chosen.size), Image.Resampling.BICUBIC)
        reel = Reel()
        for number in range(chosen.frames):
            frame, side = ground.copy(), chosen.size // 4
            left = number % (chosen.size - side)
            frame.paste((20, 60, 160), (left, side, left + side, 2 * side))
            if number == chosen.frames // 2 and chosen.behaviour == "lurid":
                frame.paste((255, 0, 255), (0, 0, *frame.size))
            if number == chosen.frames // 2 and chosen.behaviour == "uneven":
                frame = frame.resize((8, 8))
            reel.append(frame)
            context.progress((number + 1) / chosen.frames, frame, "Filming")
        if chosen.behaviour == "wait":
            _note(chosen.gate, f"{request.seed}.started")
            _wait(chosen.gate, context)
        return [Artifact(image=reel[0] if reel else ground, frames=reel, frame_seconds=chosen.seconds_each)]


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
