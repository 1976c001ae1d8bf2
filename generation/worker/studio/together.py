"""Running requests together: stacked into one batch where that is quicker, smaller batches when memory runs out.

Each request keeps its own seed, progress, result and failure: whatever goes wrong in a batch, the others are made.
"""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from typing import Any

import structlog
import torch

from generation.engines.base import Artifact, Context, Engine, Request
from generation.engines.device import memory_guard
from generation.engines.errors import Cancelled, OutOfMemory
from generation.worker.studio.shelf import free_memory

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Task:
    """One job's request and the context it runs in."""

    job: str
    request: Request[Any]
    context: Context


@dataclass(frozen=True, slots=True)
class Result:
    """What came of a task, and with how many others it was made."""

    task: Task
    batch: int
    artifacts: Sequence[Artifact] = ()
    error: Exception | None = None


def run_together(engine: Engine[Any], tasks: Sequence[Task]) -> Iterator[Result]:
    """Make every task's work; a result comes as soon as it is there."""
    if not tasks:
        return
    device = tasks[0].context.device
    if len(tasks) == 1:
        yield _alone(engine, tasks[0])
    elif device.type in engine.stacks_on:
        yield from _stacked(engine, tasks)
    elif device.type == "cpu":
        yield from _side_by_side(engine, tasks)
    else:
        for task in tasks:
            yield _alone(engine, task)


def _alone(engine: Engine[Any], task: Task) -> Result:
    return _guarded(lambda: [engine.run(task.request, task.context)], [task])[0]


def _stacked(engine: Engine[Any], tasks: Sequence[Task]) -> Iterator[Result]:
    if len(tasks) == 1:
        yield _alone(engine, tasks[0])
        return
    requests, contexts = [task.request for task in tasks], [task.context for task in tasks]
    results = _guarded(lambda: engine.run_batch(requests, contexts), tasks)
    error = results[0].error
    if error is None:
        yield from results
    elif isinstance(error, OutOfMemory):
        log.warning("studio.batch_split", jobs=len(tasks))
        half = len(tasks) // 2
        yield from _stacked(engine, tasks[:half])
        yield from _stacked(engine, tasks[half:])
    else:
        # Somebody was called off, or one of them is at fault: each alone tells which.
        for task in tasks:
            yield _alone(engine, task)


def _side_by_side(engine: Engine[Any], tasks: Sequence[Task]) -> Iterator[Result]:
    """One work a core: their threads then have nobody to wait for."""
    cores = min(torch.get_num_threads(), len(tasks))
    with ThreadPoolExecutor(cores, initializer=torch.set_num_threads, initargs=(1,)) as pool:
        running = [pool.submit(_alone, engine, task) for task in tasks]
        for done in as_completed(running):
            yield _with_batch(done.result(), len(tasks))


def _with_batch(result: Result, batch: int) -> Result:
    return Result(result.task, batch, result.artifacts, result.error)


def _guarded(make: Callable[[], Sequence[Sequence[Artifact]]], tasks: Sequence[Task]) -> list[Result]:
    """One result a task: what was made, or for all of them the error."""
    error: Exception
    try:
        with memory_guard(), torch.inference_mode():
            made = make()
        return [_finished(task, artifacts, len(tasks)) for task, artifacts in zip(tasks, made, strict=True)]
    except Cancelled as cancelled:
        error = cancelled
        free_memory(tasks[0].context.device)
    except MemoryError:
        error = OutOfMemory("The machine had too little memory free for this.")
    except Exception as raised:  # noqa: BLE001  # an engine may raise anything: the worker is told, and says it
        error = raised
    return [Result(task, len(tasks), error=error) for task in tasks]


def _finished(task: Task, artifacts: Sequence[Artifact], batch: int) -> Result:
    # The last place to stop: from here on the work exists.
    if task.context.is_cancelled():
        return Result(task, batch, error=Cancelled())
    return Result(task, batch, artifacts)
