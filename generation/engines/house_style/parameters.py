"""What may be chosen for learning a house style, and for painting in one. No torch here: the web process reads this."""

from typing import Literal

from pydantic import Field

from generation.engines.base import Parameters, by_size
from generation.engines.style.declarations import MOST_SIDE, ArbitraryStyleParameters
from generation.engines.training.collections import CollectionParameters
from generation.engines.training.parameters import Resolution
from generation.engines.training.space import Choice, Entry, Range

Way = Literal["fine-tune", "johnson"]


class HouseStyleTrainingParameters(CollectionParameters):
    """The choices of the house style."""

    method: Way = Field(
        "fine-tune", title="Method",
        description="fine-tune: the network that knows many styles learns yours, soon and from few works; johnson: a "
        "network of its own from the beginning, which takes hours.",
    )  # fmt: skip
    resolution: Resolution = Field(
        256,
        title="Resolution",
        description="The side of the pictures learnt from, in pixels; strokes come out as large.",
    )
    batch_size: int = Field(
        2, ge=2, le=1024, multiple_of=2, title="Batch size", description="Photographs a step, on all devices."
    )
    learning_rate: float = Field(2e-3, gt=0.0, le=0.1, title="Learning rate", description="Adam's step size.")
    average_images: int = Field(
        400, ge=0, le=1_000_000, title="Average over",
        description="Half-life, in pictures shown, of the moving average of weights that is kept; 0: none.",
    )  # fmt: skip
    validate_every: int = Field(
        1_000, ge=1, title="Validate every", description="Pictures shown between two validations."
    )
    style_weight: float = Field(
        25.0, gt=0.0, le=1000.0, title="Style",
        description="How much the works' manner counts, beside 1 for what the photograph shows.",
    )  # fmt: skip
    smoothness: float = Field(
        0.1, ge=0.0, le=100.0, title="Smoothness", description="How much specks and grain are held against it."
    )
    width: int = Field(16, ge=8, le=32, title="Width", description="johnson: channels at the picture's full size.")

    def search_space(self) -> dict[str, Entry]:
        """The learning, and what is weighed against what; a batch is small."""
        return super().search_space() | {
            "batch_size": Choice(options=(2, 4, 8)),
            "style_weight": Range(low=4.0, high=100.0, log=True),
        }


class HouseStyleParameters(Parameters):
    """What may be chosen for a photograph in a house style."""

    efforts = by_size((1024, 100), (2048, 150), (4096, 200), (8192, 300), (MOST_SIDE["print"], 500))

    keep_colours: float = Field(
        0.0, ge=0.0, le=1.0, title="Keep colours", description="How much of the photograph's own colour stays."
    )
    size: int = Field(
        1024, ge=256, le=MOST_SIDE["print"], title="Size",
        description=f"The longer side of the result, in pixels; beyond {MOST_SIDE['draft']} it takes a while.",
    )  # fmt: skip

    @property
    def quality(self) -> Literal["draft", "print"]:
        """How style transfer paints that size: at once, or as a print, in strips that lie on disk."""
        return "draft" if self.size <= MOST_SIDE["draft"] else "print"

    def memory_needed(self) -> int:
        """As for style transfer of that size, by a network twice as wide as that one."""
        return 2 * ArbitraryStyleParameters(quality=self.quality, size=self.size).memory_needed()

    def time_needed(self) -> float | None:
        """As long, by one four times as slow."""
        least = ArbitraryStyleParameters(quality=self.quality, size=self.size).time_needed()
        return None if least is None else 4 * least

    def draws(self) -> bool:
        """The photograph alone says what comes of it."""
        return False
