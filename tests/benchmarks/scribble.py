"""Scribbles: is what was meant among the first five, and how soon: `python -m tests.benchmarks.scribble [sheet.webp]`.

Asked for are the 200 drawings that the network never learnt from (`learning.held_out`), each roughened once as a hand
would (`roughening.py`) with a seed that neither training nor index used, among all drawings of the library. The
baseline of `scribble-top5` is the 0.8 that is wanted, that of `scribble-against-chamfer` the chamfer distance between
the very same strokes; `-clumsy` roughens half as strongly again. The time is from strokes to five drawings, on one
thread, beside the 50 ms that are wanted. With a file's name, a contact sheet: what was drawn, the first five, one's own
lines cleaned, and two pictures.
"""

import sys
import time
from collections.abc import Sequence
from statistics import median
from typing import Any

import numpy as np
import torch
from PIL import Image, ImageDraw

from generation.engines.scribble.cleaning import clean
from generation.engines.scribble.declarations import ScribbleParameters
from generation.engines.scribble.learning import held_out
from generation.engines.scribble.library import Drawing, load_library
from generation.engines.scribble.painting import paint
from generation.engines.scribble.retrieval import suggest
from generation.engines.scribble.roughening import roughen
from generation.engines.scribble.strokes import Stroke, fit_box, flatten
from tests.benchmarks.chamfer import Chamfer
from tests.benchmarks.reporting import report

SEED, FIRST, WANTED, SOON = 20_261, 5, 0.8, 50.0
SHOWN = ("openmoji-26F5", "openmoji-1F418", "openmoji-1F6B2", "tabler-cat", "openmoji-1F680", "openmoji-1F3E0")
CELL = 150


def drawn(drawings: Sequence[Drawing], strength: float = 1.0) -> list[list[Stroke]]:
    """Every drawing as a hand would have drawn it."""
    generator = np.random.default_rng(SEED)
    return [roughen(drawing.strokes, generator, strength) for drawing in drawings]


def found(drawings: Sequence[Drawing], scribbles: Sequence[Sequence[Stroke]], first: int = FIRST) -> float:
    """How often what was meant is among the first few."""
    hits = (
        drawing.id in {one.drawing.id for one in suggest(strokes, first)}
        for drawing, strokes in zip(drawings, scribbles, strict=True)
    )
    return sum(hits) / len(drawings)


def found_by_chamfer(drawings: Sequence[Drawing], scribbles: Sequence[Sequence[Stroke]]) -> tuple[float, float]:
    """The same by the baseline, and its median time in milliseconds."""
    library = load_library()
    chamfer, hits, times = Chamfer([one.strokes for one in library]), 0, []
    for drawing, strokes in zip(drawings, scribbles, strict=True):
        began = time.perf_counter()
        nearest = np.argsort(chamfer.distances(strokes))[:FIRST]
        times.append((time.perf_counter() - began) * 1e3)
        hits += drawing.id in {library[at].id for at in nearest}
    return hits / len(drawings), median(times)


def measure() -> None:
    """Ask, and report."""
    wanted = held_out(load_library())
    scribbles, clumsy = drawn(wanted), drawn(wanted, 1.5)
    suggest(scribbles[0])  # the library and the network are read once, not at every question
    times = []
    for strokes in scribbles:
        began = time.perf_counter()
        suggest(strokes, FIRST)
        times.append((time.perf_counter() - began) * 1e3)
    plain, plain_time = found_by_chamfer(wanted, scribbles)
    top, among = found(wanted, scribbles), f"of {len(wanted)} among {len(load_library())}"
    report("scribble-top5", top, WANTED, among, len(wanted), found=round(top * len(wanted)))
    report("scribble-top1", found(wanted, scribbles, 1), WANTED, among, len(wanted))
    report("scribble-top5-clumsy", found(wanted, clumsy), WANTED, among, len(wanted))
    report("scribble-against-chamfer", top, plain, among, len(wanted), chamfer_ms=round(plain_time, 2))
    report("scribble-time", median(times), SOON, "ms", len(times), worst=round(max(times), 2))


def draw(where: str) -> None:
    """Save the contact sheet."""
    drawings = {one.id: one for one in load_library()}
    sheet = Image.new("RGB", (9 * CELL, len(SHOWN) * CELL), "white")
    for row, name in enumerate(SHOWN):
        strokes = roughen(drawings[name].strokes, np.random.default_rng(row), 0.9)
        cells = [lines(strokes), *(coloured(one.drawing) for one in suggest(strokes))]
        cells.append(lines([flatten(curve) for curve in clean(strokes)]))
        own: dict[str, Any] = {"strokes": [stroke.tolist() for stroke in strokes]}
        palettes, grounds = ("tidepool", "fresco", "indigo", "opal", "nocturne", "orchard"), ("sun", "hills", "wash")
        for number, chosen in enumerate((own, {"drawing": name})):
            look = {"palette": palettes[row], "ground": grounds[(row + number) % 3], "size": 512}
            *_, picture = paint(ScribbleParameters.model_validate(chosen | look), np.random.default_rng(row))
            cells.append(picture.resize((CELL, CELL), Image.Resampling.LANCZOS))
        for column, cell in enumerate(cells):
            sheet.paste(cell, (column * CELL, row * CELL))
    sheet.save(where, quality=78, method=6)


def lines(strokes: Sequence[Stroke]) -> Image.Image:
    """Strokes, black on white."""
    return _sketch(fit_box(strokes, 1.0, 0.08))


def coloured(drawing: Drawing) -> Image.Image:
    """A drawing's own lines and colours, small."""
    picture = _canvas()
    pen = ImageDraw.Draw(picture)
    for area in drawing.areas:
        for ring in area.rings:
            pen.polygon([tuple(point) for point in (flatten(ring) * 0.84 + 0.08) * picture.width], fill=area.colour)
    return _sketch([flatten(line.curve) * 0.84 + 0.08 for line in drawing.lines], picture)


def _canvas() -> Image.Image:
    return Image.new("RGB", (CELL * 3,) * 2, "white")


def _sketch(strokes: Sequence[Stroke], picture: Image.Image | None = None) -> Image.Image:
    picture = picture or _canvas()
    pen = ImageDraw.Draw(picture)
    for stroke in strokes:
        points = [tuple(point) for point in stroke * picture.width]
        pen.line(points if len(points) > 1 else points * 2, fill="black", width=8, joint="curve")
    return picture.resize((CELL, CELL), Image.Resampling.LANCZOS)


def main(where: str = "") -> None:
    """Measure, and draw if asked to."""
    torch.set_num_threads(1)
    measure()
    if where:
        draw(where)


if __name__ == "__main__":
    main(*sys.argv[1:])
