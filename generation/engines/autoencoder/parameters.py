"""What may be chosen for training an autoencoder, and for running one. No torch here: the web process reads this."""

from collections.abc import Mapping
from typing import Literal, Self

from pydantic import Field, model_validator

from generation.engines.base import LARGER_COSTS_MORE, Effort, Parameters
from generation.engines.films import FilmParameters
from generation.engines.training.parameters import TrainingParameters
from generation.engines.training.space import Choice, Entry, Range

Kind = Literal["vae", "vq-vae", "adversarial"]
Sampling = Literal["prior", "chain"]
MOST_STOPS, MOST_EXAMPLES = 8, 24
STEPS, TEMPERATURE = 5, 0.85  # what samples best, by KID
_OFTEN, MOST_STEPS = 20, 200  # how often a picture is remade
_NETWORK_BYTES, _PIXEL_BYTES = 64 * 1024 * 1024, 12


class AutoencoderTrainingParameters(TrainingParameters):
    """The choices of the autoencoders."""

    batch_size: int = Field(16, ge=2, le=1024, title="Batch size", description="Pictures a step, on all devices.")
    learning_rate: float = Field(1e-3, gt=0.0, le=0.1, title="Learning rate", description="Adam's step size.")
    kind: Kind = Field(
        "vq-vae", title="Kind",
        description="vq-vae: a grid of codes, sharp; vae: smooth to walk through; adversarial: a judge of the latents.",
    )  # fmt: skip
    latent: int = Field(
        128, ge=8, le=1024, title="Latent size", description="How many numbers a picture becomes (not for vq-vae)."
    )
    width: int = Field(48, ge=8, le=256, title="Width", description="Channels where pictures are 16 pixels wide.")
    sharpness: float = Field(
        0.1, ge=0.0, le=10.0, title="Sharpness",
        description="Weight of a judge that tells remade pictures from real ones; 0: none, and softer.",
    )  # fmt: skip
    beta: float = Field(
        1.0, ge=0.0, le=100.0, title="β",
        description="vae: how strongly latents are pulled to the prior; vq-vae: pictures to their codes.",
    )  # fmt: skip
    beta_images: int = Field(
        20_000, ge=0, le=10_000_000, title="β schedule", description="vae: β grows from nought over so many pictures."
    )
    free_bits: float = Field(
        0.1, ge=0.0, le=10.0, title="Free bits",
        description="vae: what each latent number may tell of a picture at no cost, in nats.",
    )  # fmt: skip
    prior_weight: float = Field(
        1.0, ge=0.0, le=100.0, title="Prior", description="adversarial: how strongly the judge pulls latents to it."
    )
    corruption: float = Field(
        0.2, ge=0.0, le=1.0, title="Corruption",
        description="adversarial: the noise upon pictures that it learns to take away, and that its chain adds.",
    )  # fmt: skip
    grid: Literal[4, 8, 16, 32] = Field(8, title="Grid", description="vq-vae: codes along a side of the picture.")
    codes: int = Field(512, ge=16, le=8192, title="Codes", description="vq-vae: how many different codes there are.")
    levels: int = Field(
        2, ge=1, le=8, title="Levels", description="vq-vae: codes a place, each for what those before it left over."
    )
    prior_width: int = Field(
        96, ge=32, le=1024, multiple_of=32, title="Prior's width", description="vq-vae: channels of its transformer."
    )
    prior_layers: int = Field(3, ge=1, le=24, title="Prior's depth", description="vq-vae: its transformer's layers.")

    def search_space(self) -> dict[str, Entry]:
        """The learning, the size, and what the chosen kind weighs."""
        weighed: dict[Kind, dict[str, Entry]] = {
            "vae": {"beta": Range(low=0.1, high=10.0, log=True), "free_bits": Range(low=0.01, high=1.0, log=True)},
            "vq-vae": {"beta": Range(low=0.1, high=10.0, log=True), "levels": Range(low=1, high=4, whole=True)},
            "adversarial": {
                "prior_weight": Range(low=0.1, high=10.0, log=True), "corruption": Range(low=0.0, high=0.6),
            },
        }  # fmt: skip
        size: dict[str, Entry] = {"width": Choice(options=(16, 24, 32, 48, 64, 96))}
        return super().search_space() | size | weighed[self.kind]

    @model_validator(mode="after")
    def _grid_is_smaller_than_the_picture(self) -> Self:
        """Refuse a code for every two pixels or fewer: nothing would be made smaller."""
        if self.grid * 4 > self.resolution:
            raise ValueError("The grid may be a quarter of the resolution at most.")
        return self


class _PictureParameters(Parameters):
    """What may be chosen for any single picture."""

    efforts = LARGER_COSTS_MORE

    size: int = Field(512, ge=32, le=2048, title="Size", description="The side of the picture, in pixels.")

    def memory_needed(self) -> int:
        """The widest layers, and the picture."""
        return _NETWORK_BYTES + self.size * self.size * _PIXEL_BYTES


class SampleParameters(_PictureParameters):
    """What may be chosen for a picture out of an autoencoder; the seed is the job's."""

    efforts = (
        Effort("usual", f"Up to 1,024 pixels, remade up to {_OFTEN} times", 100, most={"size": 1024, "steps": _OFTEN}),
        Effort("larger", f"Up to 2,048 pixels, remade up to {_OFTEN} times", 150, most={"size": 2048, "steps": _OFTEN}),
        Effort("patient", f"Remade up to {MOST_STEPS} times", 300, most={"steps": MOST_STEPS}),
    )

    sampling: Sampling = Field(
        "chain", title="Sampling",
        description="prior: what the model expects; chain: from there, remade again and again until it looks at home.",
    )  # fmt: skip
    steps: int = Field(STEPS, ge=1, le=MOST_STEPS, title="Steps", description="chain: how often it is remade.")
    temperature: float = Field(
        TEMPERATURE, ge=0.0, le=1.5, title="Temperature", description="Lower is more ordinary, higher is stranger."
    )


class ReconstructParameters(_PictureParameters):
    """What may be chosen for a portrait in a model."""

    strength: float = Field(
        0.0, ge=0.0, le=1.0, title="Strength",
        description="How much chance is blended in: from the nearest it can come to one of many that it could mean.",
    )  # fmt: skip

    def draws(self) -> bool:
        """Only where chance is blended in."""
        return self.strength > 0


class WalkParameters(FilmParameters):
    """What may be chosen for a film between pictures."""

    stops: int = Field(
        4, ge=2, le=24, title="Stops", description="Pictures passed: those given first, then others by seed."
    )

    def problems_with_inputs(self, counts: Mapping[str, int]) -> dict[str, list[str]]:
        """Every picture given needs a stop."""
        given = counts.get("pictures", 0)
        return {"stops": [f"{given} pictures are given: at least as many."]} if given > self.stops else {}


class ArithmeticParameters(_PictureParameters):
    """What may be chosen for giving a picture what others have."""

    strength: float = Field(
        1.0, ge=-3.0, le=3.0, title="Strength", description="How much of it is added; below nought it is taken away."
    )

    def draws(self) -> bool:
        """What is added is known."""
        return False
