"""What the algorithmic engines are and what may be chosen for them. No torch here: the web process reads this."""

from typing import Annotated, Literal

from pydantic import Field

from generation.engines.base import LARGER_COSTS_MORE, EngineDeclaration, Parameters
from generation.engines.palettes import PaletteName

Share = Annotated[float, Field(ge=0.0, le=1.0)]


class CanvasParameters(Parameters):
    """What every picture made from nothing has: a size, a shape and a palette."""

    efforts = LARGER_COSTS_MORE

    palette: PaletteName = Field("nocturne", title="Palette", description="The colours the picture is made of.")
    shape: Literal["square", "portrait", "landscape"] = Field(
        "square", title="Shape", description="Square, or upright or lying at five to four."
    )
    size: int = Field(1024, ge=256, le=2048, title="Size", description="The longer side, in pixels.")

    @property
    def dimensions(self) -> tuple[int, int]:
        """Width and height in pixels."""
        short = self.size * 4 // 5
        return {
            "square": (self.size, self.size),
            "portrait": (short, self.size),
            "landscape": (self.size, short),
        }[self.shape]


class FlowFieldParameters(CanvasParameters):
    """What may be chosen for a flow field."""

    palette: PaletteName = Field("tidepool", title="Palette", description="The colours the picture is made of.")
    density: Share = Field(0.6, title="Density", description="How much of the paper is covered.")
    turbulence: Share = Field(0.4, title="Turbulence", description="From long calm sweeps to tight curls.")
    weight: Share = Field(0.5, title="Line weight", description="From fine pen lines to broad ribbons.")


class StrangeAttractorParameters(CanvasParameters):
    """What may be chosen for a strange attractor."""

    family: Literal["any", "clifford", "de-jong", "svensson"] = Field(
        "any", title="Family", description="Which equations the point follows; “any” lets the seed choose."
    )
    exposure: Share = Field(0.5, title="Exposure", description="How far the faintest paths are brought out.")
    colouring: Literal["heading", "speed"] = Field(
        "heading", title="Colour by", description="Whether colour tells where the point was heading or how fast."
    )
    points: int = Field(12, ge=2, le=60, title="Points", description="How many million points are drawn.")


class ReactionDiffusionParameters(CanvasParameters):
    """What may be chosen for a reaction-diffusion picture."""

    palette: PaletteName = Field("abyss", title="Palette", description="The colours the picture is made of.")
    pattern: Literal["coral", "labyrinth", "cells", "worms", "lace"] = Field(
        "coral", title="Pattern", description="The chemistry: what grows where the two substances meet."
    )
    variation: Share = Field(0.5, title="Variation", description="How much the chemistry differs across the picture.")
    scale: Share = Field(0.4, title="Scale", description="From fine grain to large forms.")
    relief: Share = Field(0.6, title="Relief", description="From flat ink to a surface in raking light.")


FLOW_FIELD = EngineDeclaration(
    name="flow-field",
    version="1",
    title="Flow field",
    description="Thousands of strokes follow an invisible current and never cross.",
    medium="image",
    resource="cpu",
    parameters=FlowFieldParameters,
    implementation="generation.engines.algorithmic.flow_field:FlowField",
)

STRANGE_ATTRACTOR = EngineDeclaration(
    name="strange-attractor",
    version="1",
    title="Strange attractor",
    description="One point, moved by four numbers millions of times, leaves a veil of light where it lingers.",
    medium="image",
    resource="cpu",
    parameters=StrangeAttractorParameters,
    implementation="generation.engines.algorithmic.strange_attractor:StrangeAttractor",
)

REACTION_DIFFUSION = EngineDeclaration(
    name="reaction-diffusion",
    version="1",
    title="Reaction-diffusion",
    description="Two substances feed on one another and grow into coral, cells and labyrinths, lit from the side.",
    medium="image",
    resource="cpu",
    parameters=ReactionDiffusionParameters,
    implementation="generation.engines.algorithmic.reaction_diffusion:ReactionDiffusion",
)
