"""A tiny engine whose behaviour a test chooses: it paints, fails in each way there is, or waits at a gate."""

from pathlib import Path
from threading import Event
from typing import Literal, Self

import torch
from PIL import Image
from pydantic import Field

from generation.engines.base import Artifact, Context, Engine, EngineDeclaration, InputSpec, Parameters, Request
from generation.engines.errors import EngineFault, OutOfMemory, UserError

Behaviour = Literal["paint", "fault", "user-error", "crash", "out-of-memory", "wait"]


class ToyParameters(Parameters):
    """How large, and what is to happen."""

    size: int = Field(64, ge=8, le=2048)
    behaviour: Behaviour = "paint"


TOY = EngineDeclaration(
    name="toy",
    version="7",
    title="Toy",
    description="Paints noise at once.",
    medium="image",
    resource="cpu",
    parameters=ToyParameters,
    implementation="tests.generation.toy:Toy",
    inputs=(InputSpec(name="picture", title="Picture", help="Any.", required=False, many=True, most=2),),
)

started, gate = Event(), Event()
runs: list[int] = []


class Toy(Engine[ToyParameters]):
    """The engine beside the declaration."""

    model_hash = "c0ffee"

    @classmethod
    def load(cls, device: torch.device, cache: Path) -> Self:
        torch.zeros(1, device=device)
        return cls()

    def run(self, request: Request[ToyParameters], context: Context) -> list[Artifact]:
        runs.append(request.seed)
        size = request.parameters.size
        noise = torch.randint(0, 256, (size, size, 3), generator=context.generator, dtype=torch.uint8)
        image = Image.fromarray(noise.numpy())
        context.progress(0.5, image, "Halfway")
        match request.parameters.behaviour:
            case "fault":
                raise EngineFault("The brush broke.")
            case "user-error":
                raise UserError("This cannot be painted.")
            case "crash":
                raise ZeroDivisionError("secret inner words")
            case "out-of-memory":
                raise OutOfMemory("Too full just now.")
            case "wait":
                started.set()
                while not gate.wait(0.02):
                    context.check_cancelled()
        return [Artifact(image=image)]
