"""The quality “masterpiece” against a plain Gatys: `python -m tests.benchmarks.masterpiece`.

Ten photographs (scikit-image's) and ten paintings (tests/benchmarks/paintings.py), at 256 pixels. We paint first; the
plain implementation, on the same network, is then given as many seconds of the same processor, and goes on until they
are over. Both are judged by the plain one's own two losses, the style's and the content's (plain_gatys.py), on pictures
of eight bits; the lines tell the worst of the ten ratios of each. A third line is neutral: the sliced Wasserstein
distance between colours and activations of painting and style, along directions that neither has seen.

With a file's name, a sheet to be looked at is drawn instead: `… masterpiece sheet.webp`.
"""

import sys
from functools import cache
from pathlib import Path
from typing import Any

import torch
from PIL import Image, ImageOps

from generation.engines import registry
from generation.engines.base import Engine, InputPicture, Request
from generation.engines.device import open_context
from generation.engines.pictures import fit, to_image, to_tensor
from generation.engines.style.features.choosing import load_features
from generation.engines.style.features.network import FeatureNetwork
from generation.engines.style.masterpiece.losses import quantiles, sliced_distance
from generation.engines.style.masterpiece.sampling import directions
from tests.benchmarks import clock
from tests.benchmarks.paintings import painting
from tests.benchmarks.plain_gatys import PlainGatys
from tests.benchmarks.reporting import report
from tests.benchmarks.style import photograph

SIDE, STEPS = 256, 120
CPU = torch.device("cpu")
NETWORK = "efficientnet-lite0"
MASTERPIECE = {"quality": "masterpiece", "features": NETWORK}
SHOWN_SIDE, SHOWN_STEPS, CELL = 320, 100, (288, 216)
SHOWN = (
    ("chelsea.png", "gogh_auvert"),
    ("astronaut.png", "GreatWave"),
    ("rocket.jpg", "cassat_summertime"),
)
PAIRS = (
    ("chelsea.png", "gogh_auvert"),
    ("astronaut.png", "GreatWave"),
    ("coffee.png", "kandinky"),
    ("rocket.jpg", "bazille_rampart"),
    ("motorcycle_left.png", "cassat_summertime"),
    ("brick.png", "HokusaiPoppies"),
    ("grass.png", "renoir-moulin_de_la_galette"),
    ("camera.png", "PieterBruegel"),
    ("hubble_deep_field.jpg", "Arcimboldo_Spring"),
    ("retina.jpg", "KazusaSeaRoute"),
)


def paint(content: Image.Image, style: Image.Image, **wanted: Any) -> Image.Image:
    """Ask the engine as anybody would."""
    parameters = registry.declaration("arbitrary-style").validate_parameters(wanted)
    inputs = {"content": [InputPicture(content)], "style": [InputPicture(style)]}
    return engine().run(Request(parameters=parameters, seed=1, inputs=inputs), open_context(CPU, 1))[0].image


@cache
def engine() -> Engine[Any]:
    """The engine, loaded once."""
    return registry.load("arbitrary-style", CPU)


def plain(network: FeatureNetwork, content: Image.Image, style: Image.Image, size: int, seconds: float) -> torch.Tensor:
    """The plain implementation, for as many seconds of work."""
    until = clock.now() + seconds
    job = PlainGatys(network, to_tensor(fit(content, size)), to_tensor(fit(style, min(size, max(style.size)))))
    return job.paint(lambda: clock.now() < until)


def distance(network: FeatureNetwork, picture: torch.Tensor, style: torch.Tensor) -> float:
    """How far the spreads of colours and of every style layer's activations lie apart, the mean of them."""
    generator = torch.Generator().manual_seed(7)
    with torch.no_grad():
        seen, wanted = ({"": shown, **network(shown, network.style_layers)} for shown in (picture, style))
        found = []
        for layer, activations in seen.items():
            places, others = (one[0].flatten(1).T for one in (activations, wanted[layer]))
            along = directions(places.shape[1], 64, generator, CPU)
            found.append(sliced_distance(places @ along, quantiles(others @ along, len(places))))
    return float(torch.stack(found).mean())


def measure() -> None:
    """Paint the ten pairs both ways."""
    clock.begin()
    network = load_features(NETWORK, CPU, None)
    paint(photograph("camera.png"), painting("GreatWave"), **MASTERPIECE, size=SIDE, steps=20)  # what is done but once
    ratios: list[tuple[float, float, float]] = []
    for content_name, style_name in PAIRS:
        content, style = photograph(content_name), painting(style_name)
        began = clock.now()
        ours = to_tensor(paint(content, style, **MASTERPIECE, size=SIDE, steps=STEPS))
        seconds = clock.now() - began
        theirs = plain(network, content, style, SIDE, seconds)
        wanted = to_tensor(fit(style, SIDE))
        judge = PlainGatys(network, to_tensor(fit(content, SIDE)), wanted)
        one, other = judge.judge(ours), judge.judge(theirs)
        apart = distance(network, ours, wanted) / distance(network, theirs, wanted)
        ratios.append((one.style / other.style, one.content / other.content, apart))
        print(f"# {content_name} {style_name} {seconds:.0f}s", *(f"{ratio:.3f}" for ratio in ratios[-1]), flush=True)
    for name, of_all in zip(("style", "content", "distance"), zip(*ratios, strict=True), strict=True):
        report(f"masterpiece-{name}-worst", max(of_all), 1.0, "times the plain one's", len(of_all))


def sheet(file: Path) -> None:
    """Photograph, style, draft, plain Gatys, masterpiece: a row for each of a few pairs."""
    clock.begin()
    network, rows = load_features(NETWORK, CPU, None), []
    for content_name, style_name in SHOWN:
        content, style = photograph(content_name), painting(style_name)
        began = clock.now()
        ours = paint(content, style, **MASTERPIECE, size=SHOWN_SIDE, steps=SHOWN_STEPS)
        theirs = plain(network, content, style, SHOWN_SIDE, clock.now() - began)
        draft = paint(content, style, size=SHOWN_SIDE)
        rows.append([content, style, draft, to_image(theirs), ours])
    cells = [[ImageOps.fit(image, CELL, Image.Resampling.LANCZOS) for image in row] for row in rows]
    canvas = Image.new("RGB", (len(cells[0]) * CELL[0], len(cells) * CELL[1]))
    for row, images in enumerate(cells):
        for column, image in enumerate(images):
            canvas.paste(image, (column * CELL[0], row * CELL[1]))
    canvas.save(file, quality=55, method=6)


if __name__ == "__main__":
    sheet(Path(sys.argv[1])) if len(sys.argv) > 1 else measure()
