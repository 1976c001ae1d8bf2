"""Which engines exist. Reading the declarations imports no engine; loading one imports that one alone."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from generation.engines.algorithmic.declarations import FLOW_FIELD, REACTION_DIFFUSION, STRANGE_ATTRACTOR
from generation.engines.autoencoder.declarations import (
    AUTOENCODER,
    AUTOENCODER_ARITHMETIC,
    AUTOENCODER_RECONSTRUCT,
    AUTOENCODER_WALK,
    TRAIN_AUTOENCODER,
)
from generation.engines.base import Engine, EngineDeclaration
from generation.engines.errors import UnknownEngine
from generation.engines.finished.declarations import FINISHED
from generation.engines.gan.declarations import GAN, GAN_PROJECT, GAN_WALK, TRAIN_GAN
from generation.engines.house_style.declarations import HOUSE_STYLE, TRAIN_HOUSE_STYLE
from generation.engines.looks.declarations import LOOK
from generation.engines.scribble.declarations import SCRIBBLE
from generation.engines.style.declarations import ARBITRARY_STYLE
from generation.engines.stylist.declarations import STYLIST
from generation.engines.texture.declarations import TEXTURE
from generation.engines.translation.declarations import TRAIN_TRANSLATION, TRANSLATE

if TYPE_CHECKING:
    import torch

_ENGINES: dict[str, EngineDeclaration] = {
    engine.name: engine
    for engine in (
        ARBITRARY_STYLE,
        STYLIST,
        FLOW_FIELD,
        STRANGE_ATTRACTOR,
        REACTION_DIFFUSION,
        SCRIBBLE,
        TEXTURE,
        GAN,
        GAN_WALK,
        GAN_PROJECT,
        TRAIN_GAN,
        AUTOENCODER,
        AUTOENCODER_RECONSTRUCT,
        AUTOENCODER_WALK,
        AUTOENCODER_ARITHMETIC,
        TRAIN_AUTOENCODER,
        TRANSLATE,
        TRAIN_TRANSLATION,
        HOUSE_STYLE,
        TRAIN_HOUSE_STYLE,
        FINISHED,
    )
}
_HOUSEHOLD: dict[str, EngineDeclaration] = {LOOK.name: LOOK}  # what the house alone sets to work, and offers nobody


def register(where: str) -> EngineDeclaration:
    """Add an engine from outside this package, by the dotted name of its declaration ("module:NAME")."""
    module, _, name = where.partition(":")
    added: EngineDeclaration = getattr(import_module(module), name)
    _ENGINES[added.name] = added
    return added


def declarations() -> tuple[EngineDeclaration, ...]:
    """List every engine that somebody may ask for something, in the order in which they are shown."""
    return tuple(_ENGINES.values())


def declaration(name: str) -> EngineDeclaration:
    """Find an engine's declaration by its name, also one that the house alone uses; raises UnknownEngine."""
    try:
        return _HOUSEHOLD.get(name) or _ENGINES[name]
    except KeyError:
        known = ", ".join(_ENGINES)
        raise UnknownEngine(f"There is no engine “{name}”. There are: {known}.") from None


def sampler_of(kind: str) -> EngineDeclaration:
    """The engine that makes a new picture from a model of a kind, by seed alone; raises UnknownEngine."""
    for engine in _ENGINES.values():
        if kind in engine.runs_models and engine.medium == "image" and not engine.inputs:
            return engine
    raise UnknownEngine(f"No engine samples models of the kind “{kind}”.")


def shower_of(kind: str) -> EngineDeclaration:
    """The engine that a kind of model is shown by: by seeds alone where one can, else from photographs.

    One of the latter asks for exactly one picture. Raises UnknownEngine.
    """
    try:
        return sampler_of(kind)
    except UnknownEngine:
        for engine in runners_of(kind):
            if engine.medium == "image" and len(engine.required_inputs) == 1:
                return engine
        raise


def runners_of(kind: str) -> tuple[EngineDeclaration, ...]:
    """Every engine that runs models of a kind, in the order in which they are shown."""
    return tuple(engine for engine in _ENGINES.values() if kind in engine.runs_models)


def trainers() -> tuple[EngineDeclaration, ...]:
    """Every engine that learns from a dataset, in the order in which they are shown."""
    return tuple(engine for engine in _ENGINES.values() if engine.trains)


def implementation(name: str) -> type[Engine[Any]]:
    """Import the class that does an engine's work; raises UnknownEngine."""
    module, _, attribute = declaration(name).implementation.partition(":")
    found: type[Engine[Any]] = getattr(import_module(module), attribute)
    return found


def load(name: str, device: torch.device, weights: Path | None = None) -> Engine[Any]:
    """Import an engine and make it ready to run on `device`; raises UnknownEngine, WeightsMissing.

    Without `weights`, those that the engine can make itself are kept in ~/.cache/atelier.
    """
    engine = implementation(name)
    if weights is None and declaration(name).weights:
        weights = engine.provide_weights(Path.home() / ".cache" / "atelier")
    return engine.load(device, weights)
