"""What a sentence was read as: which styles, how much of each, and why."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Reason:
    """Words of the sentence that pulled something this way (or, negative, away), and how strongly."""

    words: str
    pull: float


@dataclass(frozen=True)
class Chosen:
    """One style of the answer. `weight` is its share of the mix, nought where it is offered beside it."""

    slug: str
    title: str
    score: float
    weight: float = 0.0
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True)
class Suggestion:
    """How a sentence would be painted. Values and `because` name the engine's parameters."""

    mix: tuple[Chosen, ...]
    others: tuple[Chosen, ...] = ()  # the next best, to swap in
    offered: tuple[Chosen, ...] = ()  # of what artists offer, the best
    palette: tuple[str, ...] = ()
    values: dict[str, float] = field(default_factory=dict)  # those that the sentence moves from where they rest
    because: dict[str, tuple[Reason, ...]] = field(default_factory=dict)

    def parameters(self, sentence: str) -> dict[str, Any]:
        """As the engine takes it."""
        mix = [{"style": one.slug, "weight": one.weight} for one in self.mix]
        return {"sentence": sentence, "mix": mix, "palette": list(self.palette), **self.values}
