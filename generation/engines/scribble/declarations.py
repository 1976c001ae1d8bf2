"""What the scribble engine is and what may be chosen for it. No torch and no numpy: the web process reads this."""

from typing import Annotated, Literal

from pydantic import Field, field_validator

from generation.engines.base import LARGER_COSTS_MORE, EngineDeclaration, Parameters
from generation.engines.palettes import PaletteName

Ground = Literal["wash", "sun", "hills", "paper"]
Manner = Literal["brush", "ink", "pencil"]
Colours = Literal["palette", "own"]
Coordinate = Annotated[float, Field(ge=-100_000.0, le=100_000.0)]
Point = tuple[Coordinate, Coordinate]

MOST_STROKES, MOST_POINTS = 200, 10_000  # as many as `strokes.py` reads
_BYTES_A_PIXEL = 120


class ScribbleParameters(Parameters):
    """What may be chosen for a scribble: a drawing of the library, or one's own strokes."""

    efforts = LARGER_COSTS_MORE

    drawing: str = Field(
        "openmoji-1F408", max_length=80, title="Drawing", description="The id of a drawing of the library."
    )
    strokes: tuple[Annotated[tuple[Point, ...], Field(min_length=1, max_length=MOST_POINTS)], ...] = Field(
        (),
        max_length=MOST_STROKES,
        title="Strokes",
        description="One's own lines in place of a drawing, each a list of [x, y], y down; they are cleaned.",
    )
    palette: PaletteName = Field("tidepool", title="Palette", description="The colours the picture is made of.")
    colours: Colours = Field(
        "palette",
        title="Colours",
        description="The palette's throughout, or the drawing's own on the palette's ground.",
    )
    ground: Ground = Field("sun", title="Ground", description="What lies behind the drawing.")
    manner: Manner = Field("brush", title="Line", description="What the lines are drawn with.")
    size: int = Field(1024, ge=256, le=2048, title="Size", description="The side of the picture, in pixels.")

    @field_validator("drawing")
    @classmethod
    def _is_in_the_library(cls, drawing: str) -> str:
        """Refuse the id of no drawing."""
        from generation.engines.scribble.library import drawings_by_id  # numpy is not for who only reads the form

        if drawing not in drawings_by_id():
            raise ValueError("The library has no such drawing.")
        return drawing

    @field_validator("strokes")
    @classmethod
    def _show_something(cls, strokes: tuple[tuple[Point, ...], ...]) -> tuple[tuple[Point, ...], ...]:
        """Refuse strokes that are too many, or a single point."""
        from generation.engines.scribble.strokes import read_strokes

        if strokes:
            read_strokes(strokes)
        return strokes

    @property
    def credits(self) -> tuple[str, ...]:
        """Whose drawing it is, unless the lines are one's own."""
        from generation.engines.scribble.library import drawings_by_id

        return () if self.strokes else (drawings_by_id()[self.drawing].credit,)

    def memory_needed(self) -> int:
        """Count the pixels, as they are drawn: larger than they are kept."""
        return self.size * self.size * _BYTES_A_PIXEL


SCRIBBLE = EngineDeclaration(
    name="scribble",
    version="1",
    title="Scribble",
    description="A few strokes, cleaned or exchanged for a drawing that means the same, and coloured.",
    medium="image",
    resource="cpu",
    parameters=ScribbleParameters,
    implementation="generation.engines.scribble.engine:Scribble",
)
