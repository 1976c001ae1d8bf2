"""Pictures in known manners: what the projection of styles is fitted to, and what its choices are judged by.

Two of one label are made alike and show different things; no label says what a picture shows. Everything is drawn here
or lies in wheels, but for the paintings (`tests/benchmarks/paintings.py`, fetched once).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
import torch
from PIL import Image

from generation.engines import registry
from generation.engines.base import Request
from generation.engines.device import open_context
from generation.engines.pictures import centre_square
from generation.engines.style.networks import StyleNetworks
from generation.engines.style.weights import provide_weights
from generation.engines.stylist.library import house_styles
from generation.engines.stylist.painting import Manner, paint
from tests.benchmarks.emoji import CACHE
from tests.benchmarks.paintings import paintings
from tests.benchmarks.style import photograph
from tests.styles.studies import STUDIES

CPU = torch.device("cpu")
SIDE = 256
PHOTOGRAPHS = ("chelsea.png", "coffee.png", "astronaut.png", "rocket.jpg", "hubble_deep_field.jpg", "retina.jpg")
SEEDS = (1, 2, 3)
ENGINES: dict[str, tuple[dict[str, Any], ...]] = {
    "flow-field": (
        {"density": 0.9, "weight": 0.15, "turbulence": 0.2}, {"density": 0.7, "weight": 0.9, "turbulence": 0.3},
        {"density": 0.5, "weight": 0.4, "turbulence": 0.9},
    ),
    "strange-attractor": (
        {"family": "clifford", "points": 3}, {"family": "de-jong", "points": 3}, {"family": "svensson", "points": 3},
    ),
    "reaction-diffusion": tuple(
        {"pattern": pattern, "scale": scale, "relief": relief}
        for pattern, scale, relief in (
            ("coral", 0.3, 0.8), ("labyrinth", 0.4, 0.0), ("cells", 0.5, 0.6), ("worms", 0.4, 0.3), ("lace", 0.4, 0.7)
        )
    ),
}  # fmt: skip
PALETTES = ("tidepool", "ember", "sumi")


@dataclass(frozen=True)
class Labelled:
    """A picture, and the manner it is made in."""

    label: str
    image: Image.Image


def gather() -> Iterator[Labelled]:
    """Every picture, RGB, about `SIDE` pixels; minutes of one core."""
    yield from _painted()
    yield from _computed()
    yield from _studies()
    for name, file in paintings().items():
        with Image.open(file) as whole:
            yield from (Labelled(f"painting {name}", piece) for piece in _pieces(whole.convert("RGB")))
    for name in PHOTOGRAPHS:
        yield from (Labelled(f"photograph {name}", piece) for piece in _pieces(photograph(name)))


def kept() -> list[Labelled]:
    """The same, from the user's cache once they are there."""
    folder = CACHE / "looks"
    if not folder.is_dir():
        aside = folder.with_suffix(".part")
        aside.mkdir(parents=True, exist_ok=True)
        for number, one in enumerate(gather()):
            one.image.save(aside / f"{number:04} {one.label}.png")
        aside.rename(folder)
    return [Labelled(file.stem[5:], Image.open(file).convert("RGB")) for file in sorted(folder.glob("*.png"))]


def _painted() -> Iterator[Labelled]:
    """Each photograph in each described style."""
    networks = StyleNetworks.load(CPU, provide_weights(CACHE))
    subjects = [centre_square(photograph(name), SIDE) for name in PHOTOGRAPHS]
    for style in house_styles().values():
        manner = Manner(vector=torch.tensor(style.vector))
        for subject in subjects:
            with torch.inference_mode():
                yield Labelled(f"style {style.slug}", paint(networks, subject, manner))


def _computed() -> Iterator[Labelled]:
    """What the algorithmic engines draw: one label a setting, whatever the seed and the palette."""
    for name, settings in ENGINES.items():
        engine, declared = registry.load(name, CPU), registry.declaration(name)
        for chosen, (palette, seed) in product(settings, zip(PALETTES, SEEDS, strict=True)):
            asked = declared.validate_parameters({**chosen, "palette": palette, "size": 2 * SIDE})
            made = engine.run(Request(parameters=asked, seed=seed), open_context(CPU, seed))[0].image
            yield Labelled(f"{name} {' '.join(map(str, chosen.values()))}", made.resize((SIDE, SIDE)))


def _studies() -> Iterator[Labelled]:
    for (name, draw), seed in product(STUDIES.items(), SEEDS):
        yield Labelled(f"study {name}", draw(np.random.default_rng(seed)).resize((SIDE, SIDE)))


def _pieces(whole: Image.Image) -> list[Image.Image]:
    """Three pieces of a picture that share a corner at most, so that they show different things."""
    side = min(whole.size) // 2
    corners = ((0, 0), (whole.width - side, whole.height - side), (whole.width - side, 0))
    return [whole.crop((x, y, x + side, y + side)).resize((SIDE, SIDE), Image.Resampling.LANCZOS) for x, y in corners]
