"""What the style engines are and what may be chosen for them. No torch here: the web process reads this."""

from collections.abc import Mapping
from typing import Annotated, Self

from pydantic import Field, model_validator

from generation.engines.base import EngineDeclaration, InputSpec, Parameters

MOST_STYLES = 8
# Of the safetensors file that `weights.py` writes.
MODEL_HASH = "566a999a8e8a9279b7b0af560a39e2db9c3ff6328949d8d08dd5c1303b3b2228"
_BYTES_A_PIXEL = 400  # what the widest layers hold at once, in float32


class ArbitraryStyleParameters(Parameters):
    """What may be chosen for style transfer."""

    strength: float = Field(
        1.0, ge=0.0, le=1.0, title="Strength", description="From the photograph's own manner to the style's."
    )
    keep_colours: float = Field(
        0.0, ge=0.0, le=1.0, title="Keep colours", description="How much of the photograph's own colour stays."
    )
    size: int = Field(1024, ge=256, le=2048, title="Size", description="The longer side of the result, in pixels.")
    weights: tuple[Annotated[float, Field(ge=0.0, le=1000.0)], ...] = Field(
        (),
        max_length=MOST_STYLES,
        title="Weights",
        description="How much each style counts, in the order of the styles; none means all the same.",
    )

    @model_validator(mode="after")
    def _weights_amount_to_something(self) -> Self:
        """Refuse weights that are all nought: no style would be left."""
        if self.weights and not any(self.weights):
            raise ValueError("At least one weight must be above nought.")
        return self

    def problems_with_inputs(self, counts: Mapping[str, int]) -> dict[str, list[str]]:
        """Ask for one weight a style, or none at all."""
        styles = counts.get("style", 0)
        if self.weights and len(self.weights) != styles:
            return {"weights": [f"{len(self.weights)} given for {styles} styles; give one for each, or none."]}
        return {}

    def batch_shape(self) -> str:
        """Pictures of one size may be painted together."""
        return str(self.size)

    def memory_needed(self) -> int:
        """Take a square picture: others have fewer pixels."""
        return self.size * self.size * _BYTES_A_PIXEL


ARBITRARY_STYLE = EngineDeclaration(
    name="arbitrary-style",
    version="1",
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
    ),
)
