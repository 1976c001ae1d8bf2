"""The clock of benchmarks that train: what a process's threads worked, not what passed while others were at it."""

import os
import time

import torch

THREADS = int(os.environ.get("THREADS", "1"))


def begin() -> None:
    """Keep torch to as many threads as were asked for."""
    torch.set_num_threads(THREADS)


def now() -> float:
    """Seconds of work by all threads together."""
    return time.process_time()


def minutes_since(began: float) -> float:
    """Minutes of work since then."""
    return (now() - began) / 60.0
