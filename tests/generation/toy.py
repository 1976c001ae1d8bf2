"""A tiny engine whose behaviour a test chooses: it paints, fails in each way there is, or waits at a gate.

The engine itself is in `toy_engine.py`: it runs in a studio, another process, so gates are files.
"""

from typing import Literal

from pydantic import Field

from generation.engines.base import EngineDeclaration, InputSpec, Parameters
from generation.engines.training.parameters import TrainingParameters

Behaviour = Literal[
    "paint",
    "fault",
    "user-error",
    "crash",
    "out-of-memory",
    "wait",
    "deaf",
    "die",
    "full-when-many",
    "nothing",
    "decide",
]


class ToyParameters(Parameters):
    """How large, and what is to happen."""

    size: int = Field(64, ge=8, le=2048)
    behaviour: Behaviour = "paint"
    gate: str = ""  # a folder: `seed.started` appears in it when the engine is at it, and `open` lets it go on
    seconds: float = 0.0

    def batch_shape(self) -> str:
        return str(self.size)

    def memory_needed(self) -> int:
        return self.size * 1_000_000


class ToyFilmParameters(Parameters):
    """How large, how many frames, and what is wrong with them."""

    size: int = Field(64, ge=8, le=2048)
    frames: int = Field(5, ge=0, le=3000)
    seconds_each: float = 0.05
    behaviour: Literal["move", "lurid", "uneven", "wait"] = "move"
    gate: str = ""


class NoopParameters(Parameters):
    """There is nothing to choose."""

    def batch_shape(self) -> str:
        return "any"


TOY = EngineDeclaration(
    name="toy",
    version="7",
    title="Toy",
    description="Paints noise at once.",
    medium="image",
    resource="cpu",
    parameters=ToyParameters,
    implementation="tests.generation.toy_engine:Toy",
    inputs=(InputSpec(name="picture", title="Picture", help="Any.", required=False, many=True, most=2),),
    most_together=4,
    time_limit=8.0,
)
TOY_FILM = EngineDeclaration(
    name="toy-film",
    version="2",
    title="Toy film",
    description="Moves a square over noise.",
    medium="animation",
    resource="cpu",
    parameters=ToyFilmParameters,
    implementation="tests.generation.toy_engine:ToyFilm",
)
NOOP = EngineDeclaration(
    name="noop",
    version="1",
    title="Nothing",
    description="Makes nothing at all.",
    medium=None,
    resource="cpu",
    parameters=NoopParameters,
    implementation="tests.generation.toy_engine:Noop",
    most_together=64,
)


class ToyTrainingParameters(TrainingParameters):
    """When something is to happen, and what."""

    behaviour: Literal["learn", "slow", "diverge", "out-of-memory", "die", "die-once"] = "learn"
    at: int = Field(0, ge=0, title="At", description="After so many pictures.")
    gate: str = ""


class ToySampleParameters(Parameters):
    """There is nothing to choose."""


TOY_TRAINING = EngineDeclaration(
    name="train-toy",
    version="1",
    title="Toy training",
    description="Learns one colour.",
    medium=None,
    resource="cpu",
    parameters=ToyTrainingParameters,
    implementation="tests.generation.toy_learner:ToyLearner",
    trains="toy",
)
TOY_MODEL = EngineDeclaration(
    name="toy-model",
    version="1",
    title="Toy model",
    description="Paints the colour that was learnt.",
    medium="image",
    resource="cpu",
    parameters=ToySampleParameters,
    implementation="tests.generation.toy_learner:ToySampler",
    runs_models=("toy", "bowl"),
)
