"""What the stylist is and what may be chosen for it. No torch here: the web process reads this."""

from collections.abc import Mapping
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from generation.engines.base import LARGER_COSTS_MORE, EngineDeclaration, InputSpec, Parameters
from generation.engines.style.declarations import MODEL_HASH
from generation.engines.stylist.library import house_styles

LISTED = "listed"  # in a mix: the manner of the picture that is given as the input `style`
MOST_MIXED, MOST_COLOURS, LONGEST = 6, 6, 300
# Of `library.json`. Redrawing it changes what recipes mean: raise the engine's version with it.
LIBRARY_HASH = "73ec89942e3fd1aef3d80c62b1179fbd99580575e3287e2408e786b4d21fb380"
_BYTES_A_PIXEL = 500  # what the widest layers hold at once, in float32
_LISTED_SHARE = 0.5  # what a listed style gets where only a sentence says what to mix it with

Share = Annotated[float, Field(ge=-1.0, le=1.0)]


class Part(BaseModel):
    """One style of a mix, and how much it counts."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    style: str = Field(max_length=60, title="Style", description=f"A style of the house, or “{LISTED}”.")
    weight: float = Field(1.0, ge=0.0, le=1.0, title="Weight", description="How much it counts beside the others.")


class StylistParameters(Parameters):
    """What may be chosen: a sentence, or what was made of one, part by part."""

    efforts = LARGER_COSTS_MORE

    sentence: str = Field(
        "a calm evening in soft light",
        max_length=LONGEST,
        title="In words",
        description="How the picture should look and feel. Whatever of the rest is left out is read from it.",
    )
    mix: tuple[Part, ...] = Field(
        (),
        max_length=MOST_MIXED,
        title="Styles",
        description="The styles and how much each counts; none: as the sentence says.",
    )
    palette: tuple[Annotated[str, Field(pattern=r"^#[0-9a-fA-F]{6}$")], ...] = Field(
        (), max_length=MOST_COLOURS, title="Palette", description="Colours, as #rrggbb, that the painting moves toward."
    )
    palette_strength: float = Field(
        0.0, ge=0.0, le=1.0, title="Palette strength", description="How far the colours move toward the palette."
    )
    strength: float = Field(
        1.0, ge=0.0, le=1.0, title="Strength", description="From the photograph's own manner to the styles'."
    )
    keep_colours: float = Field(
        0.0, ge=0.0, le=1.0, title="Keep colours", description="How much of the photograph's own colour stays."
    )
    light: Share = Field(0.0, title="Light", description="From dark to light; nought as painted.")
    warmth: Share = Field(0.0, title="Warmth", description="From cold to warm; nought as painted.")
    contrast: Share = Field(0.0, title="Contrast", description="From soft to dramatic; nought as painted.")
    vividness: Share = Field(0.0, title="Vividness", description="From muted to vivid; nought as painted.")
    size: int = Field(1024, ge=256, le=2048, title="Size", description="The longer side of the result, in pixels.")

    @field_validator("mix")
    @classmethod
    def _of_styles_that_are_there(cls, mix: tuple[Part, ...]) -> tuple[Part, ...]:
        """Refuse unknown styles, the same one twice, and weights that amount to nothing."""
        names = [part.style for part in mix]
        if unknown := [name for name in names if name != LISTED and name not in house_styles()]:
            raise ValueError(f"There is no style “{unknown[0]}”.")
        if len(set(names)) < len(names):
            raise ValueError("Name each style once.")
        if mix and not any(part.weight for part in mix):
            raise ValueError("At least one weight must be above nought.")
        return mix

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        """Refuse to paint in no manner at all."""
        if not self.mix and not self.sentence.strip():
            raise ValueError("Write a sentence, or choose styles.")
        return self

    def problems_with_inputs(self, counts: Mapping[str, int]) -> dict[str, list[str]]:
        """A listed style is used where one is given, and nowhere else."""
        uses = any(part.style == LISTED and part.weight for part in self.mix)
        if uses and not counts.get("style"):
            return {"mix": [f"“{LISTED}” stands for a given style, and none is given."]}
        if self.mix and counts.get("style") and not uses:
            return {"mix": [f"The style that is given is not used: name it as “{LISTED}”."]}
        return {}

    def settled(self, counts: Mapping[str, int]) -> Self:
        """With everything that the sentence says written down, beside what was changed by hand.

        Where the mix is given, all is as given. Raises NotUnderstood, TextModelMissing.
        """
        if self.mix:
            return self
        from generation.engines.stylist.answering import read_for_house  # only who reads a sentence needs numpy

        said = read_for_house(self.sentence)
        is_listed = bool(counts.get("style"))
        left = 1 - _LISTED_SHARE if is_listed else 1
        mix = [Part(style=one.slug, weight=round(one.weight * left, 4)) for one in said.mix]
        mix += [Part(style=LISTED, weight=_LISTED_SHARE)] if is_listed else []
        found = {"mix": tuple(mix), "palette": said.palette, **said.values}
        rests = {name: getattr(self, name) == type(self).model_fields[name].default for name in found}
        return self.model_copy(update={name: value for name, value in found.items() if rests[name]})

    def altered(self, changes: Mapping[str, Any]) -> dict[str, Any]:
        """Another sentence is read anew: of the rest the size alone stays."""
        if changes.get("sentence", self.sentence) == self.sentence:
            return super().altered(changes)
        return {"size": self.size} | dict(changes)

    def draws(self) -> bool:
        """What is written down says all."""
        return False

    def memory_needed(self) -> int:
        """Take a square picture: others have fewer pixels."""
        return self.size * self.size * _BYTES_A_PIXEL


STYLIST = EngineDeclaration(
    name="stylist",
    version="1",
    title="Picture and words",
    description="Your photograph and a sentence: the sentence picks and mixes styles, colours and mood.",
    medium="image",
    resource="gpu",
    time_limit=300.0,
    weights=MODEL_HASH,
    parameters=StylistParameters,
    implementation="generation.engines.stylist.engine:Stylist",
    inputs=(
        InputSpec(name="content", title="Photograph", help="The picture to be painted."),
        InputSpec(
            name="style",
            title="A listed style",
            help="A work whose manner is mixed in, as an artist offers it.",
            required=False,
        ),
    ),
)
