"""Reading the library of drawings, and finding in it what somebody scribbles. Nothing here touches the database."""

from typing import Any

from django.utils.translation import gettext

from generation.engines.scribble.cleaning import clean
from generation.engines.scribble.library import Drawing, drawings_by_id
from generation.engines.scribble.retrieval import Suggestion, search, suggest
from generation.engines.scribble.strokes import Stroke, UnusableStrokes, read_strokes
from generation.engines.scribble.svg import curves_svg, drawing_svg
from marketplace.core.errors import InvalidInput, NotFound


def suggest_drawings(*, strokes: Any, count: int) -> list[Suggestion]:
    """The drawings that strokes `[[[x, y], …], …]` are most like, the likest first. Raises InvalidInput (`strokes`)."""
    return suggest(_read(strokes), count)


def search_drawings(*, words: str, count: int) -> list[Drawing]:
    """Drawings by what they are called."""
    return search(words, count)


def drawing_by_id(drawing_id: str) -> Drawing:
    """A drawing of the library. Raises NotFound."""
    drawing = drawings_by_id().get(drawing_id)
    if drawing is None:
        raise NotFound(gettext("The library has no such drawing."))
    return drawing


def drawing_as_svg(drawing: Drawing, *, coloured: bool) -> str:
    """A drawing's file, which names its author and terms."""
    return drawing_svg(drawing, coloured=coloured)


def clean_strokes(*, strokes: Any) -> str:
    """Somebody's own lines, cleaned, as SVG. Raises InvalidInput (`strokes`)."""
    return curves_svg(clean(_read(strokes)))


def _read(strokes: Any) -> list[Stroke]:
    try:
        return read_strokes(strokes)
    except UnusableStrokes as error:
        raise InvalidInput(gettext("These strokes cannot be read."), errors={"strokes": [str(error)]}) from error
