"""Drawings as SVG: plain paths and no more, so that the files are as safe to show as they are small."""

from collections.abc import Sequence
from xml.sax.saxutils import escape, quoteattr

from generation.engines.scribble.library import Drawing
from generation.engines.scribble.strokes import Curve

SIDE = 720
INK = "#1a1a1a"
WIDTH = 18  # of a line


def drawing_svg(drawing: Drawing, *, coloured: bool = True) -> str:
    """A drawing of the library, with its title, and whose it is on which terms."""
    areas = [
        f'<path fill="{area.colour}" fill-rule="evenodd" d="{" ".join(path_data(ring) + "Z" for ring in area.rings)}"/>'
        for area in (drawing.areas if coloured else ())
    ]
    lines = [_line(line.curve, is_solid=line.is_solid) for line in drawing.lines]
    about = f"{drawing.credit}. {drawing.source.url} {drawing.source.licence_url}"
    return _svg([*areas, *lines], title=drawing.name, about=about)


def curves_svg(curves: Sequence[Curve], *, title: str = "A scribble, cleaned") -> str:
    """Curves in 0..1 as a line drawing."""
    return _svg([_line(curve) for curve in curves], title=title)


def path_data(curve: Curve) -> str:
    """A curve in 0..1 as the data of a path."""
    scaled = [f"{_number(x)} {_number(y)}" for x, y in curve * SIDE]
    pieces = (" ".join(scaled[at : at + 3]) for at in range(1, len(scaled), 3))
    return f"M{scaled[0]}" + "".join(f"C{piece}" for piece in pieces)


def _line(curve: Curve, *, is_solid: bool = False) -> str:
    fill = f' fill="{INK}"' if is_solid else ""
    return f'<path{fill} d="{path_data(curve)}"/>'


def _svg(paths: Sequence[str], *, title: str, about: str = "") -> str:
    known = [path for path in paths if " fill-rule" in path]
    lines = [path for path in paths if " fill-rule" not in path]
    described = f"<desc>{escape(about)}</desc>" if about else ""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIDE} {SIDE}" role="img" aria-label={quoteattr(title)}>'
        f"<title>{escape(title)}</title>{described}{''.join(known)}"
        f'<g fill="none" stroke="{INK}" stroke-width="{WIDTH}" stroke-linecap="round" stroke-linejoin="round">'
        f"{''.join(lines)}</g></svg>"
    )


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
