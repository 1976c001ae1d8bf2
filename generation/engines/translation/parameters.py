"""What may be chosen for learning a translation, and for painting by one. No torch here: the web process reads this."""

from pydantic import Field

from generation.engines.base import LARGER_COSTS_MORE, Parameters
from generation.engines.training.collections import CollectionParameters
from generation.engines.training.parameters import Resolution
from generation.engines.training.space import Choice, Entry, Range

_PIXEL_BYTES = 700  # what the widest layers hold at once


class TranslationTrainingParameters(CollectionParameters):
    """The choices of the unpaired translation."""

    resolution: Resolution = Field(
        128, title="Resolution", description="The side of the pictures learnt from, in pixels."
    )
    learning_rate: float = Field(2e-3, gt=0.0, le=0.1, title="Learning rate", description="Adam's step size.")
    average_images: int = Field(
        1_000, ge=0, le=1_000_000, title="Average over",
        description="Half-life, in pictures shown, of the moving average of weights that is kept; 0: none.",
    )  # fmt: skip
    width: int = Field(
        8, ge=8, le=32, multiple_of=8, title="Width",
        description="Channels at the picture's full size: 8 learn soonest; more learn more, in hours.",
    )  # fmt: skip
    faithfulness: float = Field(
        1.0, ge=0.0, le=100.0, title="Faithfulness",
        description="How much shapes, light and dark must stay the photograph's.",
    )  # fmt: skip
    strictness: float = Field(
        0.4, ge=0.0, le=100.0, title="Strictness",
        description="How much counts what a judge, which learns to tell them from your works, finds wrong with them.",
    )  # fmt: skip

    def search_space(self) -> dict[str, Entry]:
        """The learning, the size, and what holds the picture together."""
        return super().search_space() | {
            "batch_size": Choice(options=(4, 8, 16, 32)),
            "width": Choice(options=(8, 16, 24)),
            "faithfulness": Range(low=0.1, high=10.0, log=True),
            "strictness": Range(low=0.1, high=2.0, log=True),
        }


class TranslateParameters(Parameters):
    """What may be chosen for a photograph painted by a translation."""

    efforts = LARGER_COSTS_MORE

    size: int = Field(1024, ge=64, le=2048, title="Size", description="The longer side of the result, in pixels.")
    detail: float = Field(
        4.0, ge=0.5, le=8.0, title="Detail",
        description="How large the model sees the photograph, by the pictures it learnt from: more is finer.",
    )  # fmt: skip

    def memory_needed(self) -> int:
        """Take a square picture, seen as large as it comes out."""
        return self.size * self.size * _PIXEL_BYTES

    def draws(self) -> bool:
        """The photograph alone says what comes of it."""
        return False
