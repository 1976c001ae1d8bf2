"""Which engines exist. Reading the declarations imports no engine; loading one imports that one alone."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from generation.engines.algorithmic.declarations import FLOW_FIELD, REACTION_DIFFUSION, STRANGE_ATTRACTOR
from generation.engines.base import Engine, EngineDeclaration
from generation.engines.errors import UnknownEngine
from generation.engines.style.declarations import ARBITRARY_STYLE

if TYPE_CHECKING:
    import torch

_ENGINES: dict[str, EngineDeclaration] = {
    engine.name: engine
    for engine in (
        ARBITRARY_STYLE,
        FLOW_FIELD,
        STRANGE_ATTRACTOR,
        REACTION_DIFFUSION,
    )
}


def declarations() -> tuple[EngineDeclaration, ...]:
    """List every engine's declaration, in the order in which they are shown."""
    return tuple(_ENGINES.values())


def declaration(name: str) -> EngineDeclaration:
    """Find an engine's declaration by its name; raises UnknownEngine."""
    try:
        return _ENGINES[name]
    except KeyError:
        known = ", ".join(_ENGINES)
        raise UnknownEngine(f"There is no engine “{name}”. There are: {known}.") from None


def load(name: str, device: torch.device, cache: Path | None = None) -> Engine[Any]:
    """Import an engine and make it ready to run on `device`; raises UnknownEngine, WeightsMissing.

    What is costly to prepare is kept in `cache`, by default ~/.cache/atelier.
    """
    module, _, attribute = declaration(name).implementation.partition(":")
    implementation: type[Engine[Any]] = getattr(import_module(module), attribute)
    return implementation.load(device, cache or Path.home() / ".cache" / "atelier")
