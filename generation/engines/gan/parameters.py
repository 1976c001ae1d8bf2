"""What may be chosen for training a GAN, and for sampling one. No torch here: the web process reads this."""

from typing import Literal, Self

from pydantic import Field, model_validator

from generation.engines.base import LARGER_COSTS_MORE, Effort, Parameters
from generation.engines.films import FilmParameters
from generation.engines.training.parameters import TrainingParameters
from generation.engines.training.space import Choice, Entry, Range

LossName = Literal["relativistic", "non-saturating", "minimax"]
AugmentationName = Literal["auto", "none", "full"]
MOST_DIRECTIONS = 16


class GanTrainingParameters(TrainingParameters):
    """The choices of the few-shot GAN."""

    batch_size: int = Field(16, ge=2, le=1024, title="Batch size", description="Pictures a step, on all devices.")
    learning_rate: float = Field(5e-4, gt=0.0, le=0.1, title="Learning rate", description="Adam's step size.")
    architecture: Literal["few-shot", "dcgan"] = Field(
        "few-shot", title="Architecture", description="Ours, or the plain DCGAN of Radford et al. (64 pixels only)."
    )
    loss: LossName = Field(
        "relativistic", title="Loss",
        description="Relativistic pairs (R3GAN), or the article's non-saturating or minimax loss.",
    )  # fmt: skip
    report_weight: float = Field(
        1.0, ge=0.0, le=100.0, title="λ", description="In the curve's combined loss L = L_G + λ·L_D."
    )
    penalty: float = Field(
        10.0,
        ge=0.0,
        le=1000.0,
        title="Gradient penalty",
        description="Gamma of R1 and R2: what keeps the judge smooth.",
    )
    penalty_every: int = Field(
        4, ge=1, le=64, title="Penalty every", description="Steps between two penalties, each as much stronger."
    )
    augmentation: AugmentationName = Field(
        "auto", title="Augmentation",
        description="What the judge sees is moved, cut and recoloured, so that few pictures last; auto: as needed.",
    )  # fmt: skip
    latent: int = Field(128, ge=8, le=512, title="Latent size", description="How many numbers a picture comes from.")
    width: int = Field(
        24, ge=4, le=128, title="Width", description="Channels at 64 pixels; half of it a doubling, twice a halving."
    )

    def search_space(self) -> dict[str, Entry]:
        """The learning, the painter's size, and what keeps the judge in check."""
        return super().search_space() | {
            "penalty": Range(low=0.1, high=100.0, log=True),
            "width": Choice(options=(8, 16, 24, 32, 48, 64)),
            "augmentation": Choice(options=("auto", "none")),
        }

    @model_validator(mode="after")
    def _plain_is_of_one_size(self) -> Self:
        """Refuse what the plain DCGAN cannot paint."""
        if self.architecture == "dcgan" and self.resolution != 64:
            raise ValueError("The plain DCGAN paints 64 pixels only.")
        return self


class StyleParameters(Parameters):
    """What may be chosen of the latent space."""

    truncation: float = Field(
        0.8, ge=0.0, le=1.5, title="Truncation",
        description="How far from the average picture: lower is safer, higher is stranger.",
    )  # fmt: skip
    class_name: str = Field("", max_length=100, title="Class", description="Of the model's classes; empty: by seed.")
    directions: tuple[float, ...] = Field(
        (), max_length=MOST_DIRECTIONS, title="Directions",
        description="How far to move along the model's discovered directions, the strongest first; about -3 to 3.",
    )  # fmt: skip


class SampleParameters(StyleParameters):
    """What may be chosen for a picture from a GAN; the seed is the job's."""

    efforts = LARGER_COSTS_MORE

    size: int = Field(512, ge=32, le=2048, title="Size", description="The side of the picture, in pixels.")

    def batch_shape(self) -> str:
        """Samples of one size may be made together."""
        return str(self.size)

    def memory_needed(self) -> int:
        """The widest layers, and the picture."""
        return 64 * 1024 * 1024 + self.size * self.size * 12


class WalkParameters(StyleParameters, FilmParameters):
    """What may be chosen for a film through the latent space."""

    stops: int = Field(4, ge=2, le=24, title="Stops", description="Pictures that the film passes through.")


class ProjectParameters(Parameters):
    """What may be chosen for finding a picture in a model."""

    efforts = tuple(
        Effort(f"up-to-{steps}-steps", f"Looked for in up to {steps:,} steps", percent, most={"steps": steps})
        for steps, percent in ((200, 100), (600, 200), (2000, 400))
    )

    steps: int = Field(200, ge=20, le=2000, title="Steps", description="How long to look for it.")
    freedom: float = Field(
        0.5, ge=0.0, le=1.0, title="Freedom", description="From what the model knows to whatever comes nearest."
    )
    size: int = Field(512, ge=32, le=2048, title="Size", description="The side of the picture, in pixels.")
