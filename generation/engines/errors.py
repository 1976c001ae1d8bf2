"""What can go wrong while an engine works. A worker reads `code` and `transient`; a person reads the sentence.

EngineError
├── Cancelled              somebody asked the engine to stop
├── UserError              the request is at fault; trying it again changes nothing
│   ├── UnknownEngine      no engine goes by that name
│   ├── InvalidParameters  `errors` maps each parameter to what is wrong with it
│   ├── InvalidInputs      `errors` maps each input to what is wrong with it
│   └── NotUnderstood      a sentence in a language that the text model does not read
└── EngineFault            the engine or its machine is at fault
    ├── WeightsMissing     the trained numbers are not on this machine, or are not the ones they should be
    ├── TextModelMissing   the text model is not on this machine, or of a kind that is not read here
    ├── ModelUnusable      the file is no safetensors file, or not one of ours
    ├── TrainingDiverged   the loss is no number any more
    ├── OutOfMemory        the machine was too full just now; another try may do (transient)
    └── ScratchFull        its disk was too full just now (transient)
"""

from collections.abc import Mapping, Sequence
from typing import ClassVar


class EngineError(Exception):
    """An engine could not finish; `detail` says why in words for the person who asked."""

    code: ClassVar[str] = "engine-error"
    transient: ClassVar[bool] = False

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


class Cancelled(EngineError):
    """Somebody asked the engine to stop, and it did."""

    code = "cancelled"

    def __init__(self, detail: str = "The work was stopped before it was finished.") -> None:
        super().__init__(detail)


class UserError(EngineError):
    """The request cannot be met as it stands; `errors` names the fields at fault."""

    code = "bad-request"

    def __init__(self, detail: str, errors: Mapping[str, Sequence[str]] | None = None) -> None:
        super().__init__(detail)
        self.errors: dict[str, list[str]] = {field: list(why) for field, why in (errors or {}).items()}


class UnknownEngine(UserError):
    """No engine goes by that name."""

    code = "unknown-engine"


class InvalidParameters(UserError):
    """A parameter is missing, unknown, of the wrong type or out of its range."""

    code = "invalid-parameters"


class InvalidInputs(UserError):
    """An input picture is missing, unasked for, or unusable."""

    code = "invalid-inputs"


class NotUnderstood(UserError):
    """The sentence is in a language that the text model does not read."""

    code = "language-not-understood"


class EngineFault(EngineError):
    """The engine or its machine failed; the request is not to blame."""

    code = "engine-fault"


class WeightsMissing(EngineFault):
    """The trained weights are not on this machine, or are not the ones they should be."""

    code = "weights-missing"


class TextModelMissing(EngineFault):
    """The text model is not on this machine, or is of a kind that is not read here."""

    code = "text-model-missing"


class ModelUnusable(EngineFault):
    """The file is no safetensors file, or not one that our trainer wrote. Pickles are never opened."""

    code = "model-unusable"


class TrainingDiverged(EngineFault):
    """The loss is no number any more: going on would only spoil the weights."""

    code = "training-diverged"


class OutOfMemory(EngineFault):
    """The machine had too little memory free just now."""

    code = "out-of-memory"
    transient = True


class ScratchFull(EngineFault):
    """The machine had too little disk free just now for what does not fit into memory."""

    code = "scratch-full"
    transient = True
