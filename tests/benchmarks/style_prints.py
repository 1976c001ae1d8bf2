"""Prints: how much memory they take, and whether they are what is painted at once.

`python -m tests.benchmarks.style_prints` measures; with a size, it makes one print and tells its peak and its seconds,
in a process of its own, because a process never forgets its peak. The photograph is small and enlarged on the way.
"""

import json
import resource
import subprocess
import sys
import time
from typing import Any

import numpy as np
import torch

from generation.engines import registry
from generation.engines.base import Artifact, InputPicture, Request
from generation.engines.device import open_context
from tests.benchmarks.reporting import report
from tests.benchmarks.style import THREADS, photograph

SIZES = (4096, 8192)
BOUND = 3 << 30  # bytes
COMPARED = 2048  # the largest that is painted at once
MOST_LEVELS = 2  # of 255
PAIR = ("astronaut.png", "coffee.png")


def paint(**parameters: Any) -> Artifact:
    """Load the engine as a worker does, and paint."""
    cpu = torch.device("cpu")
    engine, declared = registry.load("arbitrary-style", cpu), registry.declaration("arbitrary-style")
    inputs = {name: [InputPicture(photograph(file))] for name, file in zip(("content", "style"), PAIR, strict=True)}
    request = Request(parameters=declared.validate_parameters(parameters), seed=1, inputs=inputs)
    return engine.run(request, open_context(cpu, 1))[0]


def make_print(size: int) -> None:
    """Make one print; say how many bytes this process had at most, and how long it took."""
    torch.set_num_threads(THREADS)
    began = time.perf_counter()
    canvas = paint(size=size, quality="print").canvas
    assert canvas is not None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(json.dumps({"peak": peak, "seconds": time.perf_counter() - began, "sha256": canvas.pixels_sha256}))


def largest_difference() -> int:
    """Of any channel of any pixel, between a print in strips and the same picture painted at once, in levels."""
    at_once, printed = paint(size=COMPARED), paint(size=COMPARED, quality="print")
    assert printed.canvas is not None
    strips = np.concatenate(list(printed.canvas.strips()))
    return int(np.abs(np.asarray(at_once.image.convert("RGB"), np.int16) - strips).max())


def main() -> None:
    """Measure memory and difference."""
    for size in SIZES:
        told = subprocess.run(
            [sys.executable, "-m", "tests.benchmarks.style_prints", str(size)],
            capture_output=True,
            text=True,
            check=True,
        )
        made = json.loads(told.stdout)
        report(f"style-{size}-memory", made["peak"], BOUND, "bytes", 1, seconds=round(made["seconds"], 1))
    torch.set_num_threads(THREADS)
    report("style-tiled-difference", largest_difference(), MOST_LEVELS, "levels of 255", 1)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        make_print(int(sys.argv[1]))
    else:
        main()
