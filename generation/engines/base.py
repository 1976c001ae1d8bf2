"""What an engine is: a declaration anyone can read, and an implementation only a worker loads.

The declaration (name, parameters, inputs) needs neither torch nor numpy, so that the web process can draw its form and
its documentation. The implementation beside it is found by its dotted name, loaded once, and run many times.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Literal, Self, TypeVar, get_args

from pydantic import BaseModel, ConfigDict, ValidationError

from generation.engines.errors import Cancelled, InvalidInputs, InvalidParameters, WeightsMissing

if TYPE_CHECKING:  # nothing heavy may be imported by the web process
    import torch
    from PIL.Image import Image

    from generation.engines.canvas import Canvas

# What the house can keep and show. Tunes and drawings in vectors join when something keeps them: until then an engine
# that declared them could only fail once it was done.
Medium = Literal["image", "animation", "video"]
FILMS: frozenset[Medium] = frozenset({"animation", "video"})
Resource = Literal["cpu", "gpu"]


@dataclass(frozen=True, slots=True)
class Effort:
    """A class of work that costs more, or less, than an engine's usual one: all that lies within its bounds."""

    name: str
    title: str
    percent: int  # of what the usual one costs
    most: Mapping[str, float] = field(default_factory=dict)  # the largest value of parameters, or of their properties
    only: Mapping[str, str] = field(default_factory=dict)  # choices for which it is meant alone

    def holds(self, parameters: Parameters) -> bool:
        """Say whether what was chosen lies within its bounds."""
        bounded = all(getattr(parameters, name) <= most for name, most in self.most.items())
        return bounded and all(getattr(parameters, name) == choice for name, choice in self.only.items())


USUAL = Effort("usual", "As usual", 100)


def by_size(*classes: tuple[int, int]) -> tuple[Effort, ...]:
    """Price classes by `size` alone: (most pixels of a side, percent), from the least to the most."""
    return tuple(
        Effort(f"up-to-{side}", f"Up to {side:,} pixels", percent, most={"size": side}) for side, percent in classes
    )


LARGER_COSTS_MORE = by_size((1024, 100), (2048, 150))


class Parameters(BaseModel):
    """What a person may choose; the base of every engine's own parameter schema."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    # What works cost beside one another, from the least to the most; the last holds whatever may be chosen.
    efforts: ClassVar[tuple[Effort, ...]] = (USUAL,)

    @property
    def credits(self) -> tuple[str, ...]:
        """Whose drawings or pictures are among what was chosen, and on which terms; named beside what comes of it."""
        return ()

    def problems_with_inputs(self, counts: Mapping[str, int]) -> dict[str, list[str]]:
        """Say which parameters or pictures do not fit the number of pictures given; by the name of either."""
        return {}

    def settled(self, counts: Mapping[str, int]) -> Self:
        """Fill in what follows from what was chosen, so that a recipe says all; asked once, when a work is ordered.

        `counts` says how many pictures of each kind there are. Raises EngineError.
        """
        return self

    def altered(self, changes: Mapping[str, Any]) -> dict[str, Any]:
        """What was chosen, with some of it chosen anew; not checked yet."""
        return self.model_dump(mode="json") | dict(changes)

    def batch_shape(self) -> str | None:
        """What must be equal for two requests to be made in one batch; None where each is made alone."""
        return None

    def memory_needed(self) -> int:
        """About how many bytes of device memory one work takes while it is made, beyond the network itself."""
        return 0

    def effort(self) -> Effort:
        """Find the first of `efforts` that holds what was chosen: whoever sells it sets the price by it."""
        return next((one for one in self.efforts if one.holds(self)), self.efforts[-1])

    def draws(self) -> bool:
        """Say whether chance has a part in it, so that another seed gives another picture."""
        return True

    def time_needed(self) -> float | None:
        """After how many seconds one work is late, where that depends on what was chosen."""
        return None


ParametersT = TypeVar("ParametersT", bound=Parameters)


@dataclass(frozen=True, kw_only=True)
class InputSpec:
    """One kind of picture that an engine asks for."""

    name: str
    title: str
    help: str
    required: bool = True
    many: bool = False
    most: int = 8  # how many may be given where `many` is true

    def problem_with(self, count: int) -> str | None:
        """Say what is wrong with being given `count` pictures, or None."""
        if self.required and count == 0:
            return "This picture is required."
        most = self.most if self.many else 1
        if count > most:
            if most == 1:
                return f"One picture can be given here, not {count}."
            return f"At most {most} pictures can be given, not {count}."
        return None


@dataclass(frozen=True, kw_only=True)
class EngineDeclaration:
    """Everything about an engine except how it works."""

    name: str
    version: str  # raise it whenever the same request and seed would give other bytes
    title: str
    description: str
    medium: Medium | None  # None: it makes nothing to look at, and no work comes of it
    resource: Resource  # where it is best run; it must run on either
    parameters: type[Parameters]
    implementation: str  # "module:Class", imported by workers alone
    inputs: tuple[InputSpec, ...] = ()
    most_together: int = 1  # how many requests of one shape may be made in one batch
    time_limit: float = 600.0  # seconds for one work; whatever takes longer is killed
    weights: str = ""  # SHA-256 of the safetensors file it loads, where it always loads the same
    trains: str = ""  # the kind of model that comes of it, where it learns from a dataset
    runs_models: tuple[str, ...] = ()  # the kinds of trained models of which it needs one

    def __post_init__(self) -> None:
        """Refuse a medium that nothing keeps; raises ValueError."""
        if self.medium not in (None, *get_args(Medium)):
            raise ValueError(f"“{self.name}” makes “{self.medium}”, and nothing here keeps that.")

    @property
    def efforts(self) -> tuple[Effort, ...]:
        """Its price classes, from the least to the most: see `Parameters.efforts`."""
        return self.parameters.efforts

    @property
    def asked(self) -> tuple[InputSpec, ...]:
        """The pictures without which it cannot work."""
        return tuple(spec for spec in self.inputs if spec.required)

    @property
    def makes_films(self) -> bool:
        """Whether what it makes has frames."""
        return self.medium in FILMS

    @property
    def required_inputs(self) -> tuple[InputSpec, ...]:
        """What one has to bring."""
        return tuple(spec for spec in self.inputs if spec.required)

    def batch_key(self, parameters: Parameters, model_hash: str = "") -> str:
        """Name what a request has in common with those it may be made together with; "" where it is made alone."""
        shape = parameters.batch_shape() if self.most_together > 1 else None
        return "" if shape is None else f"{self.name}@{self.version}:{model_hash[:16]}:{shape}"[:100]

    def json_schema(self) -> dict[str, Any]:
        """Describe the parameters as JSON Schema, for the API, its documentation and the form."""
        return self.parameters.model_json_schema()

    def validate_parameters(self, raw: Mapping[str, Any]) -> Parameters:
        """Turn what was sent into parameters with every default filled in; raises InvalidParameters."""
        try:
            return self.parameters.model_validate(dict(raw))
        except ValidationError as error:
            errors: dict[str, list[str]] = {}
            for problem in error.errors(include_url=False, include_context=False, include_input=False):
                where = ".".join(str(part) for part in problem["loc"]) or "parameters"
                errors.setdefault(where, []).append(problem["msg"].removeprefix("Value error, "))
            raise InvalidParameters(f"Some parameters do not suit the engine “{self.name}”.", errors) from error

    def check_inputs(self, parameters: Parameters, counts: Mapping[str, int]) -> None:
        """Check how many pictures of each kind were given; raises InvalidInputs, InvalidParameters."""
        specs = {spec.name: spec for spec in self.inputs}
        errors = {name: ["This engine does not take such a picture."] for name in counts if name not in specs}
        for spec in self.inputs:
            if problem := spec.problem_with(counts.get(spec.name, 0)):
                errors[spec.name] = [problem]
        if errors:
            raise InvalidInputs(f"The pictures given do not suit the engine “{self.name}”.", errors)
        misfits = parameters.problems_with_inputs(counts)
        if pictures := {name: why for name, why in misfits.items() if name in specs}:
            raise InvalidInputs(f"The pictures given do not suit the engine “{self.name}”.", pictures)
        if misfits:
            raise InvalidParameters("Some parameters do not fit the number of pictures given.", misfits)


@dataclass(frozen=True)
class InputPicture:
    """One picture given to an engine: decoded, upright, RGB."""

    image: Image


@dataclass(frozen=True, kw_only=True)
class Request(Generic[ParametersT]):
    """One piece of work: with the same seed on the same device it always gives the same bytes."""

    parameters: ParametersT
    seed: int
    inputs: Mapping[str, Sequence[InputPicture]] = field(default_factory=dict)

    def images(self, name: str) -> list[Image]:
        """Return the pictures given under `name`, in the order they were given."""
        return [picture.image for picture in self.inputs.get(name, ())]


@dataclass(frozen=True, kw_only=True)
class Artifact:
    """One thing that an engine made. The worker encodes and stores it.

    A picture too large for memory lies on a canvas, and `image` is a smaller one of it to be shown.
    A film has frames, all of one size and each shown for as many seconds, and the picture that stands for it. They are
    read in their order, once or twice: a `reel.Reel` keeps many of them in little memory.
    Where the request left a choice to the engine, `parameters` are those of the request with that choice made.
    """

    image: Image
    role: str = "original"
    frames: Sequence[Image] = ()
    frame_seconds: float = 0.0
    canvas: Canvas | None = None
    parameters: Parameters | None = None
    findings: Mapping[str, Any] | None = None  # of an engine that makes nothing to look at: what it found, for JSON


def nobody_listens(fraction: float, preview: Image | None, stage: str) -> None:
    """Take a progress report and do nothing with it."""


def never() -> bool:
    """Answer that nobody asked for the work to stop."""
    return False


@dataclass(frozen=True, kw_only=True)
class Context:
    """What an engine is given to work with; `device.open_context` makes one."""

    device: torch.device
    generator: torch.Generator  # on the CPU, so that a seed means the same on every device
    on_progress: Callable[[float, Image | None, str], None] = nobody_listens
    is_cancelled: Callable[[], bool] = never

    def progress(self, fraction: float, preview: Image | None = None, stage: str = "") -> None:
        """Report how far the work has come, with a picture of it if there is one; also a place to stop."""
        self.check_cancelled()
        self.on_progress(min(1.0, max(0.0, fraction)), preview, stage)

    def check_cancelled(self) -> None:
        """Raise Cancelled if somebody asked for the work to stop."""
        if self.is_cancelled():
            raise Cancelled


class Engine(ABC, Generic[ParametersT]):
    """The implementation beside a declaration: loaded once for a device, run many times."""

    model_hash: str | None = None  # SHA-256 of the weights used; None where there are none
    size: int = 0  # bytes of device memory that it holds once loaded
    stacks_on: frozenset[str] = frozenset({"cpu", "cuda", "mps"})  # device types where `run_batch` beats a work a core

    @classmethod
    def load(cls, device: torch.device, weights: Path | None = None) -> Self:
        """Make the engine ready to run on `device` with the numbers in the safetensors file `weights`.

        Raises WeightsMissing.
        """
        return cls()

    @classmethod
    def provide_weights(cls, folder: Path) -> Path:
        """Write the weights that the declaration names as a safetensors file into `folder`, and return it.

        Called only where neither this machine nor the object store has that file. Raises WeightsMissing.
        """
        raise WeightsMissing("The weights of this engine are not here, and it cannot make them.")

    @abstractmethod
    def run(self, request: Request[ParametersT], context: Context) -> list[Artifact]:
        """Make what was asked for; raises EngineError. The first artifact is the original."""

    def run_batch(
        self, requests: Sequence[Request[ParametersT]], contexts: Sequence[Context]
    ) -> Sequence[Sequence[Artifact]]:
        """Make several works of one `batch_shape` together; a work differs from one made alone by rounding only.

        An engine overrides this where together is quicker. Raises EngineError for all of them: whoever calls makes
        them smaller batches, or each alone, to find which is at fault.
        """
        return [self.run(request, context) for request, context in zip(requests, contexts, strict=True)]
