"""What the texture engine is and what may be chosen for it. No torch here: the web process reads this."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from generation.engines.base import Effort, EngineDeclaration, InputSpec, Parameters

Share = Annotated[float, Field(ge=0.0, le=1.0)]
Method = Literal["fast", "fine"]
Shows = Literal["colour", "height", "normal", "roughness", "occlusion"]

LEAST_PATCH = 8
_SEARCHED_BYTES = 700  # a pixel of the result, where patches are searched for
_JOINED_BYTES = 150  # a pixel of the result, where blocks are joined


class TextureParameters(Parameters):
    """What may be chosen for a texture."""

    efforts = (
        Effort("fast", "Fast, up to 2,048 pixels", 100, only={"method": "fast"}),
        Effort("fine", "Fine, up to 1,024 pixels", 100, most={"size": 1024}),
        Effort("large-fine", "Fine, up to 2,048 pixels", 200, most={"size": 2048}),
    )

    method: Method = Field(
        "fine",
        title="Method",
        description="“fast” joins whole blocks of the exemplar; “fine” then refines them patch by patch.",
    )
    shows: Shows = Field(
        "colour",
        title="Shows",
        description="The texture itself, or one of its maps; with the same seed and choices they fit pixel for pixel.",
    )
    size: int = Field(1024, ge=64, le=2048, title="Size", description="The side of the square result, in pixels.")
    tiling: bool = Field(True, title="Tiling", description="Whether copies laid side by side show no seam.")
    scale: float = Field(
        0.5,
        ge=0.1,
        le=1.0,
        title="Scale",
        description="How large the exemplar comes out, as a share of the result; a small one is never enlarged.",
    )
    patch: int = Field(
        0,
        ge=0,
        le=256,
        title="Patch size",
        description="What is kept whole, in pixels of the result: 8 or more, or 0 to go by the exemplar's own scale.",
    )
    variation: Share = Field(
        0.4, title="Variation", description="From long stretches of the exemplar to each part of it used as often."
    )
    relief: Share = Field(
        0.5,
        title="Relief",
        description="How deep the surface is taken to be, in the normal and the occlusion map.",
        json_schema_extra={"counts_with": {"shows": ["normal", "occlusion"]}},
    )

    @model_validator(mode="after")
    def _patch_holds_something(self) -> Self:
        """Refuse patches in which nothing can be told apart."""
        if 0 < self.patch < LEAST_PATCH:
            raise ValueError(f"A patch has {LEAST_PATCH} pixels at least; 0 goes by the exemplar's own scale.")
        return self

    def memory_needed(self) -> int:
        """Count the result's pixels, and those of an exemplar as large as the scale lets it be."""
        pixels = self.size**2 * (1 + self.scale**2)
        return round(pixels * (_SEARCHED_BYTES if self.method == "fine" else _JOINED_BYTES))


TEXTURE = EngineDeclaration(
    name="texture",
    version="1",
    title="Texture",
    description="A surface grown from a small picture of it: larger, tiling, and with its maps.",
    medium="image",
    resource="cpu",
    parameters=TextureParameters,
    implementation="generation.engines.texture.engine:Texture",
    inputs=(InputSpec(name="exemplar", title="Exemplar", help="A picture of the surface: bricks, moss, cloth."),),
)
