"""What may be chosen for any training. No torch here: the web process reads this."""

from collections.abc import Mapping
from typing import Literal

from pydantic import Field

from generation.engines.base import Parameters
from generation.engines.training.space import Entry, Range
from generation.engines.training.splits import Split

Precision = Literal["auto", "float32", "bfloat16", "float16"]
Resolution = Literal[32, 64, 128, 256, 512, 1024]
Judge = Literal["method", "likeness"]
Classes = Mapping[str, Mapping[Split, int]]  # how many pictures of each class a dataset has in each split
_SLACK = 900.0  # seconds beyond the budget: reading the pictures, the last measures, the samples


class TrainingParameters(Parameters):
    """The choices that every trainable engine has; a method adds its own."""

    resolution: Resolution = Field(64, title="Resolution", description="The side of the model's pictures, in pixels.")
    minutes: float = Field(
        60.0, gt=0.0, le=2880.0, title="Minutes", description="Training stops after so many minutes of work."
    )
    images: int = Field(
        0, ge=0, le=100_000_000, title="Images", description="Or after so many pictures were shown to it; 0: no bound."
    )
    batch_size: int = Field(16, ge=1, le=1024, title="Batch size", description="Pictures a step, on all devices.")
    accumulate: int = Field(
        1, ge=1, le=64, title="Accumulate", description="Into how many parts a step is cut to fit into memory."
    )
    learning_rate: float = Field(2e-4, gt=0.0, le=0.1, title="Learning rate", description="Adam's step size.")
    average_images: int = Field(
        5_000, ge=0, le=1_000_000, title="Average over",
        description="Half-life, in pictures shown, of the moving average of weights that is kept; 0: none.",
    )  # fmt: skip
    mirror: bool = Field(True, title="Mirror", description="Pictures may be turned left to right.")
    precision: Precision = Field("auto", title="Precision", description="How networks are computed; auto: by device.")
    patience: int = Field(
        0, ge=0, le=1000, title="Patience",
        description="Stop early after so many validations without a better one; 0: never.",
    )  # fmt: skip
    validate_every: int = Field(
        10_000, ge=1, title="Validate every", description="Pictures shown between two validations."
    )
    judged_by: Judge = Field(
        "method", title="Judged by",
        description="What validations measure: the method's own loss, or likeness to pictures held out, which says the "
        "same of every method and so compares trainings.",
    )  # fmt: skip

    def search_space(self) -> dict[str, Entry]:
        """What a search tries around these choices, unless told otherwise; a method adds its own."""
        return {
            "learning_rate": Range(low=1e-4, high=1e-2, log=True),
            "batch_size": Range(low=8, high=64, log=True, whole=True),
            "average_images": Range(low=200, high=20_000, log=True, whole=True),
        }

    def problems_with_classes(self, counts: Classes) -> dict[str, list[str]]:
        """Say what a dataset lacks, by the parameter that asks for it; a method overrides this where classes matter."""
        return {}

    def time_needed(self) -> float:
        """The budget, and some slack for what comes before and after."""
        return self.minutes * 60.0 + _SLACK
