"""What a file says of itself, in the words of C2PA: who generated it, from what, and by which recipe."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

GENERATOR = "Atelier"
VERSION = "0.1.0"
RECIPE = "org.atelier.recipe"
ACTIONS = "c2pa.actions.v2"

# https://cv.iptc.org/newscodes/digitalsourcetype/
SOURCE_TYPES = "http://cv.iptc.org/newscodes/digitalsourcetype/"
TRAINED = SOURCE_TYPES + "trainedAlgorithmicMedia"
ALGORITHMIC = SOURCE_TYPES + "algorithmicMedia"


@dataclass(frozen=True, kw_only=True)
class Ingredient:
    """One file that an engine was given: under which name, and the SHA-256 of its bytes."""

    name: str
    sha256: str


@dataclass(frozen=True, kw_only=True)
class Claim:
    """All that a signed file tells about how it was made."""

    title: str
    engine: str
    engine_title: str
    engine_version: str
    model_hash: str
    seed: int
    parameters: Mapping[str, Any]
    ingredients: tuple[Ingredient, ...]
    medium: str

    @property
    def source_type(self) -> str:
        """IPTC's word for where such a file comes from.

        A hash of weights means that a network learned from data what it paints with. Without one the engine is a
        formula, and IPTC has a word of its own for what no sampled data went into.
        """
        return TRAINED if self.model_hash else ALGORITHMIC

    def definition(self, media_type: str) -> dict[str, Any]:
        """The claim as c2pa's Builder takes it."""
        return {
            "claim_version": 2,
            "title": self.title,
            "format": media_type,
            "ingredients": [
                _ingredient(number, ingredient) for number, ingredient in enumerate(self.ingredients, start=1)
            ],
            "assertions": [
                {"label": ACTIONS, "data": {"actions": [self._created()], "allActionsIncluded": True}},
                # As JSON: seeds and lists of small numbers keep their type, which CBOR's reports do not promise.
                {"label": RECIPE, "kind": "Json", "data": self._recipe()},
            ],
        }

    def _created(self) -> dict[str, Any]:
        """The one thing that happened: an engine made the file, out of its inputs where it was given any."""
        action: dict[str, Any] = {
            "action": "c2pa.created",
            "digitalSourceType": self.source_type,
            "softwareAgent": {"name": self.engine_title, "version": self.engine_version},
        }
        if self.ingredients:
            labels = [_label(number) for number in range(1, len(self.ingredients) + 1)]
            action["parameters"] = {"ingredientIds": labels}
        return action

    def _recipe(self) -> dict[str, Any]:
        return {
            "engine": self.engine,
            "engine_version": self.engine_version,
            "medium": self.medium,
            "model_hash": self.model_hash,
            "seed": self.seed,
            "parameters": dict(self.parameters),
            "inputs": [{"name": given.name, "sha256": given.sha256} for given in self.ingredients],
        }


def _ingredient(number: int, given: Ingredient) -> dict[str, Any]:
    # `inputTo`, whatever the engine: it reads a picture and paints another. Nothing of the input is placed into the
    # work (componentOf), and the work is no later version of it (parentOf, which asks for c2pa.opened).
    return {
        "label": _label(number),
        "title": given.name,
        "instance_id": f"sha256:{given.sha256}",
        "relationship": "inputTo",
        "description": "Known by the SHA-256 of its bytes.",
    }


def _label(number: int) -> str:
    """What binds an ingredient to the action; c2pa replaces it with a hashed address."""
    return f"input-{number}"
