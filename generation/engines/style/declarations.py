"""What the style engines are and what may be chosen for them. No torch here: the web process reads this."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self, get_args

from pydantic import Field, ValidationInfo, field_validator, model_validator

from generation.engines.base import Effort, EngineDeclaration, InputSpec, Parameters
from generation.engines.style.features.offering import is_offered, leave_out_missing
from generation.engines.style.masterpiece.schedule import pixels_looked_at

MOST_STYLES = 8
# Of the safetensors file that `weights.py` writes.
MODEL_HASH = "566a999a8e8a9279b7b0af560a39e2db9c3ff6328949d8d08dd5c1303b3b2228"

Quality = Literal["draft", "print", "masterpiece"]
Features = Literal["best", "efficientnet-lite0", "vgg-19"]
Unmasked = Literal["photograph", "styles"]
QUALITIES: tuple[Quality, ...] = get_args(Quality)
MOST_SIDE: Mapping[Quality, int] = {"draft": 2048, "print": 16_384, "masterpiece": 1024}
# Parameters that count in some qualities alone: elsewhere anything but their default is refused.
COUNTS_IN: Mapping[str, tuple[Quality, ...]] = {"steps": ("masterpiece",), "features": ("masterpiece",)}

MASK_TOLERANCE = 0.02  # by how much the shape of a mask may differ from the photograph's

_BYTES_A_PIXEL = 600  # what the widest layers hold at once in float32, and where each style counts
_STRIP_BYTES = 1_200_000_000  # what a print's strips do, with the photograph
# After so many seconds, and so many more a million pixels, a work is late: ten times what one core takes.
_SECONDS: Mapping[Quality, tuple[float, float]] = {"draft": (300.0, 0.0), "print": (300.0, 25.0)}

_MASTERPIECE_BYTES_A_PIXEL = 4000  # what every layer keeps for the way back, and L-BFGS of its last steps
# Seconds a pixel and look after which a masterpiece is late: four to five times what one core takes.
_LATE_AFTER: Mapping[Features, float] = {"efficientnet-lite0": 2.5e-5, "vgg-19": 1e-4, "best": 1e-4}


def _features_of_this_house(schema: dict[str, Any]) -> None:
    schema["counts_with"] = {"quality": [*COUNTS_IN["features"]]}
    leave_out_missing(schema)


def _effort(name: str, title: str, percent: int, **most: float) -> Effort:
    """A price class of the quality that its name ends with."""
    return Effort(name, title, percent, most=most, only={"quality": name.rpartition("-")[2]})


class ArbitraryStyleParameters(Parameters):
    """What may be chosen for style transfer."""

    efforts = (
        _effort("draft", "Draft, up to 1,024 pixels", 100, size=1024),
        _effort("large-draft", "Draft, up to 2,048 pixels", 150, size=2048),
        _effort("print", "Print, up to 4,096 pixels", 200, size=4096),
        _effort("large-print", "Print, up to 8,192 pixels", 300, size=8192),
        _effort("huge-print", "Print, up to 16,384 pixels", 500, size=16_384),
        _effort("masterpiece", "Masterpiece, up to 150 steps", 300, steps=150),
        _effort("long-masterpiece", "Masterpiece, up to 600 steps", 600, steps=600),
    )

    # First, because what comes after is looked at by it.
    quality: Quality = Field(
        "draft",
        title="Quality",
        description=f"“draft” is there at once, up to {MOST_SIDE['draft']} pixels; “print” takes its time, up to "
        f"{MOST_SIDE['print']}, and is the same picture; “masterpiece” is another one, worked at for minutes until it "
        f"shows the photograph and is painted like the styles, up to {MOST_SIDE['masterpiece']}.",
    )
    strength: float = Field(
        1.0, ge=0.0, le=1.0, title="Strength", description="From the photograph's own manner to the style's."
    )
    luminance_only: bool = Field(
        False,
        title="Luminance only",
        description="The style acts on light and dark alone; the photograph's colours stay exactly as they are.",
    )
    keep_colours: float = Field(
        0.0, ge=0.0, le=1.0, title="Keep colours", description="How much of the photograph's own colour stays."
    )
    match_colours: bool = Field(
        False,
        title="Match colours",
        description="The styles are given the photograph's range of colours before they are looked at.",
    )
    size: int = Field(
        1024, ge=256, le=max(MOST_SIDE.values()), title="Size", description="The longer side of the result, in pixels."
    )
    steps: int = Field(
        150,
        ge=20,
        le=600,
        title="Steps",
        description="How often a masterpiece is looked at and improved in each of its sizes, from coarse to fine.",
        json_schema_extra={"counts_with": {"quality": [*COUNTS_IN["steps"]]}},
    )
    features: Features = Field(
        "best",
        title="Seen by",
        description="The network that judges a masterpiece: the best that this house has, or one of them by name.",
        json_schema_extra=_features_of_this_house,
    )
    weights: tuple[Annotated[float, Field(ge=0.0, le=1000.0)], ...] = Field(
        (),
        max_length=MOST_STYLES,
        title="Weights",
        description="How much each style counts, in the order of the styles; none means all the same.",
    )
    unmasked: Unmasked = Field(
        "photograph",
        title="Outside the masks",
        description="What no mask covers: the photograph as it is, or all styles blended.",
    )

    @field_validator("*")
    @classmethod
    def _counts_in_this_quality(cls, value: Any, about: ValidationInfo) -> Any:
        """Refuse what would be ignored in the quality that was chosen."""
        name, quality = str(about.field_name), about.data.get("quality")
        if quality in COUNTS_IN.get(name, QUALITIES) or quality is None or value == cls.model_fields[name].default:
            return value
        raise ValueError(f"This counts in the quality {' and '.join(COUNTS_IN[name])} alone.")

    @field_validator("size")
    @classmethod
    def _fits_the_quality(cls, size: int, about: ValidationInfo) -> int:
        """Refuse what the quality that was chosen cannot paint."""
        if (most := MOST_SIDE.get(about.data.get("quality", ""))) and size > most:
            raise ValueError(f"At most {most} pixels in the quality {about.data['quality']}.")
        return size

    @field_validator("features")
    @classmethod
    def _looks_in_this_house(cls, features: Features) -> Features:
        """Refuse a network that is not there: better now than once it is to look."""
        if not is_offered(features):
            raise ValueError("This house has no weights of it; “best” takes the best that there is.")
        return features

    @field_validator("keep_colours")
    @classmethod
    def _has_colours_to_keep(cls, keep_colours: float, about: ValidationInfo) -> float:
        """Refuse to keep colours twice."""
        if keep_colours and about.data.get("luminance_only"):
            raise ValueError("With luminance only, all colours are kept: leave this at nought.")
        return keep_colours

    @model_validator(mode="after")
    def _weights_amount_to_something(self) -> Self:
        """Refuse weights that are all nought: no style would be left."""
        if self.weights and not any(self.weights):
            raise ValueError("At least one weight must be above nought.")
        return self

    def draws(self) -> bool:
        """A masterpiece begins with noise; the other two are told by the pictures alone."""
        return self.quality == "masterpiece"

    def problems_with_inputs(self, counts: Mapping[str, int]) -> dict[str, list[str]]:
        """Ask for one weight a style or none at all, and for one mask a style or none at all."""
        styles, masks = counts.get("style", 0), counts.get("mask", 0)
        problems: dict[str, list[str]] = {}
        if self.weights and len(self.weights) != styles:
            problems["weights"] = [f"{len(self.weights)} given for {styles} styles; give one for each, or none."]
        if masks and masks != styles:
            problems["mask"] = [f"{masks} given for {styles} styles; give one for each, or none."]
        if not masks and self.unmasked != "photograph":
            problems["unmasked"] = ["This counts where there are masks alone."]
        return problems

    def batch_shape(self) -> str | None:
        """Drafts of one size may be painted together."""
        return str(self.size) if self.quality == "draft" else None

    def memory_needed(self) -> int:
        """Take a square picture: others have fewer pixels."""
        if self.quality == "masterpiece":
            return self.size * self.size * _MASTERPIECE_BYTES_A_PIXEL
        at_once = self.size * self.size * _BYTES_A_PIXEL
        return at_once if self.quality == "draft" else min(at_once, _STRIP_BYTES)

    def time_needed(self) -> float:
        """Go by the quality, by the pixels of a square, and by how often they are looked at."""
        if self.quality == "masterpiece":
            return 300.0 + _LATE_AFTER[self.features] * pixels_looked_at(self.size, self.steps)
        least, a_million = _SECONDS[self.quality]
        return least + a_million * self.size * self.size / 1e6


ARBITRARY_STYLE = EngineDeclaration(
    name="arbitrary-style",
    version="3",
    title="Style transfer",
    description="Your photograph, painted in the manner of any work or of several at once.",
    medium="image",
    resource="gpu",
    most_together=8,
    time_limit=300.0,
    weights=MODEL_HASH,
    parameters=ArbitraryStyleParameters,
    implementation="generation.engines.style.arbitrary:ArbitraryStyle",
    inputs=(
        InputSpec(name="content", title="Photograph", help="The picture to be painted."),
        InputSpec(
            name="style",
            title="Styles",
            help="The picture whose manner is taken, or several to be blended.",
            many=True,
            most=MOST_STYLES,
        ),
        InputSpec(
            name="mask",
            title="Masks",
            help="Where each style counts, in the order of the styles: white where it does, black where it does not.",
            required=False,
            many=True,
            most=MOST_STYLES,
        ),
    ),
)
