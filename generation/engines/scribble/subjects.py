"""What a picture shows: a drawing of the library as it is, or one's own strokes, cleaned."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from generation.engines.scribble.cleaning import clean
from generation.engines.scribble.library import Area, Line, drawings_by_id
from generation.engines.scribble.strokes import read_strokes

if TYPE_CHECKING:
    from generation.engines.scribble.declarations import ScribbleParameters


@dataclass(frozen=True, slots=True)
class Subject:
    """Lines and areas in 0..1; without areas, what the lines enclose is coloured."""

    lines: tuple[Line, ...]
    areas: tuple[Area, ...]


def subject_of(parameters: "ScribbleParameters") -> Subject:
    """What these parameters ask for: one's own strokes where there are some, else the drawing."""
    if parameters.strokes:
        curves = clean(read_strokes(parameters.strokes))
        return Subject(tuple(Line(curve, is_solid=False) for curve in curves), ())
    drawing = drawings_by_id()[parameters.drawing]
    return Subject(drawing.lines, drawing.areas)
