"""What a search may try of a training's parameters. No torch and no Optuna here: the web process reads this."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, model_validator

from generation.engines.errors import InvalidParameters

if TYPE_CHECKING:
    from generation.engines.base import EngineDeclaration
    from generation.engines.training.parameters import TrainingParameters

Value = bool | int | float | str
# The budget and the measure are the search's own; trials of several resolutions would learn different pictures.
FIXED = frozenset({"minutes", "images", "resolution", "judged_by", "validate_every", "patience", "precision"})
MOST_ENTRIES, MOST_OPTIONS = 16, 16


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Range(_Entry):
    """Numbers from `low` to `high`, both included; `log`: every doubling is tried as often."""

    kind: Literal["range"] = "range"
    low: float
    high: float
    log: bool = False
    whole: bool = False

    @model_validator(mode="after")
    def _is_a_range(self) -> Self:
        """Refuse what holds no number, or no logarithm."""
        if self.low >= self.high:
            raise ValueError("The lowest must be below the highest.")
        if self.log and self.low <= 0:
            raise ValueError("On a logarithmic scale the lowest is above nought.")
        if self.whole and not (self.low.is_integer() and self.high.is_integer()):
            raise ValueError("Its ends are whole numbers.")
        return self

    @property
    def edges(self) -> tuple[Value, ...]:
        """Values by which the whole entry can be checked."""
        return (int(self.low), int(self.high)) if self.whole else (self.low, self.high)

    def holds(self, value: object) -> bool:
        """Could this value be tried?"""
        return isinstance(value, int | float) and not isinstance(value, bool) and self.low <= value <= self.high


class Choice(_Entry):
    """One of a few values."""

    kind: Literal["choice"] = "choice"
    options: tuple[Value, ...] = Field(min_length=1, max_length=MOST_OPTIONS)

    @property
    def edges(self) -> tuple[Value, ...]:
        """Values by which the whole entry can be checked."""
        return self.options

    def holds(self, value: object) -> bool:
        """Could this value be tried?"""
        return value in self.options


Entry = Range | Choice
Space = Mapping[str, Entry]
_ENTRY: TypeAdapter[Entry] = TypeAdapter(Entry)


def choose_space(engine: EngineDeclaration, base: TrainingParameters, chosen: Mapping[str, Any] | None) -> Space:
    """The space of a search around `base`: the method's own, or just what was chosen.

    `chosen` maps parameters to {low, high}, {low, high, log} or {options}; an empty one takes the method's own entry,
    and whatever is left out stays as it is in `base`. Raises InvalidParameters.
    """
    declared = base.search_space()
    if chosen is None:
        return declared
    if not 1 <= len(chosen) <= MOST_ENTRIES:
        raise InvalidParameters("Nothing would be searched.", {"space": [f"1 to {MOST_ENTRIES} parameters."]})
    space: dict[str, Entry] = {}
    errors: dict[str, list[str]] = {}
    for name, raw in chosen.items():
        try:
            space[name] = _entry(engine, name, raw, declared.get(name))
            _check(engine, base, name, space[name])
        except ValidationError as error:
            errors[name] = sorted({problem["msg"].removeprefix("Value error, ") for problem in error.errors()})
        except InvalidParameters as error:
            errors[name] = [why for reasons in error.errors.values() for why in reasons]
    if errors:
        raise InvalidParameters("Some of it cannot be searched.", errors)
    return space


def read_space(stored: Mapping[str, Any]) -> Space:
    """A space as `write_space` wrote it."""
    return {name: _ENTRY.validate_python(entry) for name, entry in stored.items()}


def write_space(space: Space) -> dict[str, Any]:
    """A space as JSON."""
    return {name: entry.model_dump(mode="json") for name, entry in space.items()}


def _entry(engine: EngineDeclaration, name: str, raw: object, declared: Entry | None) -> Entry:
    """Fill in what was left out. Raises InvalidParameters, ValidationError."""
    about = engine.json_schema()["properties"].get(name)
    if about is None or name in FIXED:
        raise InvalidParameters("", {name: ["This parameter is not searched."]})
    if not isinstance(raw, Mapping):
        raise InvalidParameters("", {name: ["Give {low, high}, {options}, or {} for the usual."]})
    if "options" in raw:
        return Choice.model_validate({"kind": "choice", **raw})
    usual = declared.model_dump() if isinstance(declared, Range) else {"whole": about.get("type") == "integer"}
    if not raw and declared is not None:
        return declared
    return Range.model_validate({**usual, **raw})


def _check(engine: EngineDeclaration, base: TrainingParameters, name: str, entry: Entry) -> None:
    """The engine takes all of it. Raises InvalidParameters."""
    for value in entry.edges:
        engine.validate_parameters({**base.model_dump(), name: value})
