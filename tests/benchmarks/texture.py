"""Textures: speed, seams and likeness over ten exemplars: `python -m tests.benchmarks.texture [sheet.webp]`.

The baseline of `texture-fast-time` is the same quilt written plainly in numpy (`plain_quilting.py`), with blocks and
overlaps of the same size, on the same exemplar, in turns with ours; neither tiles, because the plain one cannot.

A seam is the mean step between pixels that meet across the wrapped edges, beside the mean step between neighbours in
the exemplar, the same way (across or down): about 1 where nothing tells the edge from the inside. The line of results
that do not tile shows what the measure says of a seam.

Likeness is taken at three scales, by patches of 8 pixels: `texture-patches` is the sliced Wasserstein distance between
the result's patches and the exemplar's (is everything there, as often?); `texture-nearest` the distance from each of
the result's patches to the nearest of the exemplar's (is everything there real?). With a file's name, a contact sheet.
"""

import sys
import time
from collections.abc import Iterator
from functools import cache
from statistics import fmean, median
from typing import Any

import numpy as np
import torch
from PIL import Image
from torch import Tensor
from torch.nn import functional

from generation.engines import registry
from generation.engines.base import InputPicture, Request
from generation.engines.device import open_context
from generation.engines.pictures import to_tensor
from generation.engines.texture.exemplar import natural_patch, prepare
from tests.benchmarks.paintings import painting
from tests.benchmarks.plain_quilting import plain_quilt
from tests.benchmarks.reporting import report
from tests.benchmarks.style import photograph

CPU = torch.device("cpu")
SIDE, EXEMPLAR = 512, 256
TIMED, ROUNDS = 192, 3
PROJECTIONS, NEAREST_OF = 32, 1024
CELL, GAP, SHEET_QUALITY = 168, 4, 48  # of the contact sheet, in pixels


@cache
def engine(name: str) -> Any:
    """Load an engine as a worker does."""
    return registry.load(name, CPU)


def make(name: str, inputs: dict[str, Image.Image], seed: int = 1, **chosen: Any) -> Image.Image:
    """Let an engine make one picture."""
    parameters = registry.declaration(name).validate_parameters(chosen)
    pictures = {kind: [InputPicture(picture)] for kind, picture in inputs.items()}
    request = Request(parameters=parameters, seed=seed, inputs=pictures)
    artifacts = engine(name).run(request, open_context(CPU, seed))
    image: Image.Image = artifacts[0].image
    return image


def grow(picture: Image.Image, **chosen: Any) -> Image.Image:
    """Grow a texture from an exemplar."""
    return make("texture", {"exemplar": picture}, **({"size": SIDE} | chosen))


def exemplars() -> dict[str, Image.Image]:
    """Ten surfaces: photographs, what our own engines paint, and a painter's strokes."""
    whole = {name: photograph(f"{name}.png") for name in ("brick", "grass", "gravel", "ihc")}
    pieces = {
        "sky": photograph("hubble_deep_field.jpg").crop((0, 0, 600, 600)),
        "wood": photograph("coffee.png").crop((0, 286, 84, 370)),
        "fur": photograph("chelsea.png").crop((100, 0, 184, 84)),
        "coral": make("reaction-diffusion", {}, 3, size=512).crop((175, 230, 385, 440)),
        "ribbons": make("flow-field", {}, 5, size=768).crop((180, 180, 588, 588)),
        "strokes": painting("gogh_auvert").crop((150, 372, 235, 457)),
    }
    return {
        name: picture.convert("RGB").resize((EXEMPLAR, EXEMPLAR), Image.Resampling.LANCZOS)
        for name, picture in (whole | pieces).items()
    }


def measure_time(picture: Image.Image) -> None:
    """Time ours beside the plain loop, in turns."""
    pixels = prepare(picture, EXEMPLAR)
    block = natural_patch(pixels)
    plain = np.ascontiguousarray(pixels.permute(1, 2, 0).numpy())
    times: tuple[list[float], list[float]] = ([], [])
    for turn in range(ROUNDS):
        begin = time.perf_counter()
        grow(picture, method="fast", size=TIMED, scale=1.0, tiling=False, patch=block)
        between = time.perf_counter()
        plain_quilt(plain, TIMED, block, block // 4, np.random.default_rng(turn))
        times[0].append(between - begin)
        times[1].append(time.perf_counter() - between)
    report("texture-fast-time", median(times[0]), median(times[1]), "s", ROUNDS, block=block, side=TIMED)


def steps(picture: Image.Image, *, wrapped: bool) -> np.ndarray[Any, np.dtype[np.float64]]:
    """The mean step between neighbours: across and down, inside or over the wrapped edges."""
    pixels = np.asarray(picture, dtype=np.float64)
    found = []
    for axis in (1, 0):
        each = np.abs(pixels - np.roll(pixels, 1, axis)).mean((1 - axis, 2))
        found.append(each[0] if wrapped else each[1:].mean())
    return np.array(found)


def measure_seams(name: str, results: list[Image.Image], pictures: list[Image.Image]) -> None:
    """Report the seams of ten results beside their exemplars' own steps."""
    across = [steps(result, wrapped=True) for result in results]
    inside = [steps(picture, wrapped=False) for picture in pictures]
    ratios = np.array(across) / np.array(inside)
    more = {"least": round(float(ratios.min()), 3), "most": round(float(ratios.max()), 3)}
    report(name, float(np.mean(ratios)), 1.0, "of a step in the exemplar", ratios.size, **more)


def scales(picture: Image.Image) -> Iterator[Tensor]:
    """A picture's patches (n, 192) at its own size, half and a quarter of it."""
    pixels = to_tensor(picture)
    for level in range(3):
        smaller = functional.avg_pool2d(pixels, 2**level)
        yield functional.unfold(smaller, 8)[0].T


def distribution(result: Image.Image, picture: Image.Image) -> float:
    """The sliced Wasserstein distance between two pictures' patches, over three scales."""
    generator, apart = torch.Generator().manual_seed(1), []
    for ours, theirs in zip(scales(result), scales(picture), strict=True):
        lines = functional.normalize(torch.randn(192, PROJECTIONS, generator=generator), dim=0)
        marks = torch.linspace(0, 1, 1000)
        one, other = (
            (patches @ lines).sort(0).values[((len(patches) - 1) * marks).long()] for patches in (ours, theirs)
        )
        apart.append(float((one - other).abs().mean()))
    return fmean(apart)


def nearest(result: Image.Image, picture: Image.Image) -> float:
    """The mean distance from a result's patches to the exemplar's nearest, over three scales."""
    generator, apart = torch.Generator().manual_seed(1), []
    for ours, theirs in zip(scales(result), scales(picture), strict=True):
        some = ours[torch.randperm(len(ours), generator=generator)[:NEAREST_OF]]
        apart.append(fmean(float(torch.cdist(part, theirs).amin(1).mean()) for part in torch.split(some, 512)))
    return fmean(apart)


def draw(where: str, rows: list[list[Image.Image]]) -> None:
    """Save a contact sheet: exemplar (at the results' scale), fast, the fine one laid four times, its normals."""
    places = (0, CELL // 2 + GAP, CELL // 2 + CELL + 2 * GAP, CELL // 2 + 2 * CELL + 3 * GAP)
    width, half = places[-1] + CELL, -(-len(rows) // 2)
    sheet = Image.new("RGB", (2 * width + 3 * GAP, half * (CELL + GAP) - GAP), "white")
    for at, row in enumerate(rows):
        left, top = at // half * (width + 3 * GAP), at % half * (CELL + GAP)
        for place, picture in zip(places, row, strict=True):
            side = CELL * picture.width // SIDE
            small = picture.resize((side, side), Image.Resampling.LANCZOS)
            sheet.paste(small, (left + place, top + (CELL - side) // 2))
    sheet.save(where, quality=SHEET_QUALITY, method=6)


def four(picture: Image.Image) -> Image.Image:
    """Lay a texture two by two."""
    pixels = np.asarray(picture)
    return Image.fromarray(np.tile(pixels, (2, 2, 1))).resize(picture.size, Image.Resampling.LANCZOS)


def main(where: str = "") -> None:
    """Measure, and draw if asked to."""
    torch.set_num_threads(1)
    found = exemplars()
    measure_time(found["gravel"])
    pictures = list(found.values())
    fast, fine = ([grow(picture, method=method) for picture in pictures] for method in ("fast", "fine"))
    open_ended = [grow(picture, method="fast", tiling=False) for picture in pictures]
    measure_seams("texture-seam-fast", fast, pictures)
    measure_seams("texture-seam-fine", fine, pictures)
    measure_seams("texture-seam-without-tiling", open_ended, pictures)
    for name, measure in (("texture-patches", distribution), ("texture-nearest", nearest)):
        ours, theirs = ([measure(*pair) for pair in zip(made, pictures, strict=True)] for made in (fine, fast))
        better = sum(one < other for one, other in zip(ours, theirs, strict=True))
        report(name, fmean(ours), fmean(theirs), "in colours of 0..1", len(ours), better=better)
    if where:
        normals = [grow(picture, shows="normal") for picture in pictures]
        draw(where, [list(row) for row in zip(pictures, fast, map(four, fine), normals, strict=True)])


if __name__ == "__main__":
    main(*sys.argv[1:])
