"""The ways in which a listing can be painted: which engine, and whether the collector brings a photograph.

Nothing here knows an engine of models by its name: their declarations say which kinds of models they run, what they
make, and what they ask for.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext

from generation import services as generation
from generation.engines import registry
from generation.engines.base import Effort, EngineDeclaration, InputSpec
from generation.models import JobInput, Upload
from marketplace.core.errors import InvalidInput
from marketplace.core.money import Money
from marketplace.listings.models import Listing

# What paints in the style of a work: as it is, or mixed by a sentence with the house's own styles.
STYLE_ENGINE, WORDS_ENGINE = "arbitrary-style", "stylist"
PHOTOGRAPH, STYLE, MASK = "content", "style", "mask"


@dataclass(frozen=True)
class Way:
    """An engine that paints a listing, and under which of its inputs the collector's photograph goes, if under any."""

    engine: EngineDeclaration
    photograph: InputSpec | None

    @property
    def takes_mask(self) -> bool:
        """Whether a part of the photograph alone can be painted."""
        return self.photograph is not None and any(spec.name == MASK for spec in self.engine.inputs)

    def check(self, listing: Listing, parameters: Mapping[str, Any], *, with_mask: bool = False) -> dict[str, Any]:
        """The parameters with every default filled in. Raises InvalidInput."""
        if with_mask and not self.takes_mask:
            raise InvalidInput(gettext("All of it is painted here."), errors={"mask": [gettext("Leave it out.")]})
        counts = {self.photograph.name: 1} if self.photograph else {}
        counts |= {STYLE: 1} if listing.artwork_id else {}
        counts |= {MASK: 1} if with_mask else {}
        chosen = generation.check_request(engine=self.engine.name, parameters=parameters, counts=counts)
        model = listing.trained_model
        if model and (name := chosen.get("class_name")) and name not in model.card.get("classes", []):
            raise InvalidInput(
                gettext("The model has no such class."),
                errors={"parameters.class_name": [gettext("Choose one it has.")]},
            )
        return chosen

    def price(self, listing: Listing, parameters: Mapping[str, Any]) -> Money:
        """What a listing costs with these parameters: its price is for the usual effort."""
        effort = self.engine.validate_parameters(parameters).effort()
        return self._price(listing, effort)

    def prices(self, listing: Listing) -> list[tuple[Effort, Money]]:
        """What it costs by effort, from the least to the most."""
        return [(effort, self._price(listing, effort)) for effort in self.engine.efforts]

    def _price(self, listing: Listing, effort: Effort) -> Money:
        return Money(-(-listing.price_amount * effort.percent // 100), listing.currency)

    def inputs(self, listing: Listing, photograph: Upload | None, mask: Upload | None = None) -> list[JobInput]:
        """The pictures that the engine is given. Raises NotFound where the work has none."""
        given = []
        if self.photograph and photograph:
            given.append(JobInput.of_upload(self.photograph.name, photograph))
        if listing.artwork:
            given.append(JobInput.of_artwork(STYLE, listing.artwork))
        if mask:
            given.append(JobInput.of_upload(MASK, mask))
        return given


def ways_of(listing: Listing) -> tuple[Way, ...]:
    """Every way in which a listing can be painted, the usual one first."""
    if listing.engine:
        return _by_engine(listing.engine)
    if listing.trained_model is None:
        painters = [registry.declaration(name) for name in (STYLE_ENGINE, WORDS_ENGINE)]
        return tuple(
            Way(engine, next(spec for spec in engine.inputs if spec.name == PHOTOGRAPH)) for engine in painters
        )
    kind = listing.trained_model.kind
    painters = [engine for engine in registry.declarations() if kind in engine.runs_models and engine.medium == "image"]
    found = [Way(engine, next(iter(engine.asked), None)) for engine in painters if len(engine.asked) <= 1]
    return tuple(sorted(found, key=lambda way: way.photograph is not None))


def choose_way(listing: Listing, engine: str | None, *, with_photograph: bool) -> Way:
    """The way that was asked for, or the first that goes with what the collector brings.

    Raises InvalidInput, whose `errors` name `engine` or `photograph`.
    """
    ways = ways_of(listing)
    if engine is None:
        fitting = (way for way in ways if (way.photograph is not None) == with_photograph)
        way = next(fitting, None) or next(iter(ways), None)
    else:
        way = next((way for way in ways if way.engine.name == engine), None)
    if way is None:
        offered = ", ".join(way.engine.name for way in ways) or "none"
        raise InvalidInput(
            gettext("This is not painted by that engine."),
            errors={"engine": [gettext("There are: %(offered)s.") % {"offered": offered}]},
        )
    if with_photograph and way.photograph is None:
        raise InvalidInput(gettext("No photograph goes into this."), errors={"photograph": [gettext("Leave it out.")]})
    if way.photograph and not with_photograph:
        raise InvalidInput(
            gettext("A photograph is needed."), errors={"photograph": [gettext("This picture is required.")]}
        )
    return way


def _by_engine(name: str) -> tuple[Way, ...]:
    """How the house's own engine paints what a collector brings; not at all once it was taken out of the house."""
    found = [engine for engine in registry.declarations() if engine.name == name]
    return tuple(Way(engine, engine.asked[0]) for engine in found)
