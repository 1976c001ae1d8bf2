"""A toy way to learn whose validation is a known function of its one parameter: best at a depth of 0.3.

The learner itself is in `toy_searcher.py`: it runs in a studio.
"""

from pydantic import Field

from generation.engines.base import EngineDeclaration
from generation.engines.training.parameters import TrainingParameters
from generation.engines.training.space import Entry, Range

STEPS, IMAGES = 10, 100  # a validation each tenth of the budget


class BowlParameters(TrainingParameters):
    """How deep, and where the bottom falls out."""

    images: int = IMAGES
    depth: float = Field(0.9, ge=0.0, le=1.0)
    breaks_above: float = 1.0

    def search_space(self) -> dict[str, Entry]:
        return {"depth": Range(low=0.0, high=1.0)}


def validations(depth: float, upto: int = STEPS) -> list[dict[str, float]]:
    """The learning curve: it comes down to (depth - 0.3)² at the end of the budget."""
    shares = [number / STEPS for number in range(1, upto + 1)]
    return [
        {"images": IMAGES * share, "seconds": 6.0 * share, "validation": (depth - 0.3) ** 2 + 0.1 * (1.0 - share)}
        for share in shares
    ]


BOWL = EngineDeclaration(
    name="train-bowl",
    version="1",
    title="Bowl",
    description="Looks for the bottom of a bowl.",
    medium=None,
    resource="cpu",
    trains="bowl",
    parameters=BowlParameters,
    implementation="tests.generation.learning.toy_searcher:Bowl",
)
