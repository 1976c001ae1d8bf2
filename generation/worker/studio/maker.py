"""Making what an order asks for, and telling the worker of each job as soon as there is something to tell."""

import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, cast

import structlog
from PIL import Image

from generation.engines import registry
from generation.engines.base import Artifact, Request
from generation.engines.device import open_context
from generation.engines.errors import EngineError, OutOfMemory, UserError
from generation.engines.looks.declarations import LOOK
from generation.engines.training.learner import Learner
from generation.worker.studio.decoding import decode_inputs
from generation.worker.studio.devices import memory_of
from generation.worker.studio.encoding import encode, fit
from generation.worker.studio.filming import develop
from generation.worker.studio.shelf import Shelf, free_memory
from generation.worker.studio.together import Result, Task, run_together
from generation.worker.studio.training import train
from generation.worker.studio.wire import Message, Wire

if TYPE_CHECKING:  # it is imported when something is first looked at
    from generation.engines.looks.engine import Looking

log = structlog.get_logger(__name__)
BETWEEN_REPORTS = 0.25  # seconds
WIDEST_PREVIEW = 512
COMPARED_FRAMES = 8  # of a film, with what its model learnt from


class Maker:
    """Carries orders out, one after the other."""

    def __init__(self, wire: Wire, shelf: Shelf, prints: Path) -> None:
        """Tell the worker through `wire`; originals too large for it lie in the folder `prints` until it has them."""
        self.wire, self.shelf, self.prints = wire, shelf, prints
        self._order = ""
        self._called_off: set[str] = set()
        self._leaving = False

    def call_off(self, order: str, job: str) -> None:
        """The job's engine finds out when it next looks. Of another order than the present one it is too late."""
        if order == self._order:
            self._called_off.add(job)

    def call_off_all(self) -> None:
        self._leaving = True

    def make(self, order: Message) -> None:
        """Make an order: {order, engine, model_hash, jobs: [{id, seed, parameters, inputs}]}, its pictures as blobs.

        A job that is `compared_at` a resolution has its work's features told beside it, for the pictures that its model
        learnt from at that resolution.
        """
        self._called_off, self._order = set(), order.fields["order"]
        blobs = iter(order.blobs)
        given = [(job, [next(blobs) for _ in job["inputs"]]) for job in order.fields["jobs"]]
        started = time.monotonic()
        try:
            engine = self.shelf.engine(order.fields["engine"], order.fields["model_hash"])
        except Exception as error:  # noqa: BLE001  # whatever an engine's loading raises, each job is told
            for job, _ in given:
                self._fail(job["id"], error)
            return self._rest()
        if isinstance(engine, Learner):
            for job, _ in given:
                self._train(engine, order.fields["engine"], job)
            return self._rest()
        tasks = [task for job, pictures in given if (task := self._task(order.fields["engine"], job, pictures))]
        compared = {job["id"]: job.get("compared_at", 0) for job, _ in given}
        for result in run_together(engine, tasks):
            told = {"model_hash": engine.model_hash or "", "seconds": round(time.monotonic() - started, 4)}
            self._tell(order.fields["engine"], result, told, compared[result.task.job])
        return self._rest()

    def remember(self, order: Message) -> None:
        """Look at what a model learnt from, {order, shards, resolution, path}, and leave what was seen in that file."""
        self._called_off, self._order = set(), order.fields["order"]
        try:
            shards = [Path(shard) for shard in order.fields["shards"]]
            self._looking().remember(shards, order.fields["resolution"]).save(Path(order.fields["path"]))
        except Exception as error:  # noqa: BLE001  # whatever is in the shards, the worker is told
            self._fail(order.fields["order"], error)
            return self._rest()
        self.wire.send("remembered", job=order.fields["order"])
        return self._rest()

    def _looking(self) -> "Looking":
        return cast("Looking", self.shelf.engine(LOOK.name))

    def _features(self, artifact: Artifact, resolution: int) -> list[list[float]]:
        """What a work is compared by: of a film, frames from its first to its last."""
        step = max(1, -(-len(artifact.frames) // COMPARED_FRAMES))
        shown = list(artifact.frames[::step]) or [artifact.image]
        return [self._looking().features(picture, resolution) for picture in shown]

    def _task(self, engine: str, job: dict[str, Any], blobs: Sequence[bytes]) -> Task | None:
        try:
            parameters = registry.declaration(engine).validate_parameters(job["parameters"])
            request = Request(parameters=parameters, seed=job["seed"], inputs=decode_inputs(job["inputs"], blobs))
        except EngineError as error:
            self._fail(job["id"], error)
            return None
        reporter = Reporter(self.wire, job["id"])
        is_cancelled = partial(self._should_stop, job["id"])
        context = open_context(self.shelf.device, job["seed"], on_progress=reporter.report, is_cancelled=is_cancelled)
        return Task(job["id"], request, context)

    def _train(self, engine: Learner, name: str, job: dict[str, Any]) -> None:
        report, is_cancelled = Reporter(self.wire, job["id"]).report, partial(self._should_stop, job["id"])
        try:
            train(engine, job, self.wire, name=name, device=self.shelf.device, report=report, is_cancelled=is_cancelled)
        except ConnectionError:
            raise  # the worker is gone
        except Exception as error:  # noqa: BLE001  # whatever a method raises, the worker is told
            self._fail(job["id"], error)
        finally:
            free_memory(self.shelf.device)

    def _should_stop(self, job: str) -> bool:
        return self._leaving or job in self._called_off

    def _tell(self, engine: str, result: Result, told: dict[str, Any], resolution: int) -> None:
        job = result.task.job
        if result.error is not None:
            return self._fail(job, result.error)
        decided = result.artifacts[0].parameters if result.artifacts else None
        told |= {
            "job": job, "batch": result.batch,
            "parameters": (decided or result.task.request.parameters).model_dump(mode="json"),
        }  # fmt: skip
        if registry.declaration(engine).medium is None:
            told["findings"] = result.artifacts[0].findings if result.artifacts else None
        if not result.artifacts or registry.declaration(engine).medium is None:
            return self.wire.send(
                "made", **told, pixels_sha256="", width=0, height=0, frames=1, duration_ms=0, files=[], paths=[]
            )
        is_film = registry.declaration(engine).makes_films
        try:
            going_on = partial(result.task.context.progress, 1.0, None, "Developing")
            aside = self.prints / f"{job}-{self._order}.png"
            made = develop(result.artifacts[0], is_film=is_film, going_on=going_on, aside=aside)
            if resolution:
                told["features"] = self._features(result.artifacts[0], resolution)
        except OSError:
            raise  # the worker is gone
        except Exception as error:  # noqa: BLE001  # whatever an engine handed over as frames, the worker is told
            return self._fail(job, error)
        told["files"] = [[file.role, file.format, file.width, file.height] for file in made.files]
        told |= {"width": made.width, "height": made.height, "frames": made.frames, "duration_ms": made.duration_ms}
        told["paths"] = [str(file.data) if isinstance(file.data, Path) else "" for file in made.files]
        blobs = [b"" if isinstance(file.data, Path) else file.data for file in made.files]
        return self.wire.send("made", blobs, **told, pixels_sha256=made.pixels_sha256)

    def _fail(self, job: str, error: Exception) -> None:
        if isinstance(error, OutOfMemory):
            self.shelf.clear()  # it is tried again: then without networks that nobody uses just now
        if isinstance(error, EngineError):
            told: dict[str, Any] = {"code": error.code, "detail": error.detail, "transient": error.transient}
            return self.wire.send("failed", job=job, users_fault=isinstance(error, UserError), **told)
        # An engine's own mistake: its words are for the log, not for the person who waits.
        log.error("studio.engine_crashed", job=job, exc_info=error)
        detail = "The engine failed in a way that was not foreseen."
        crashed: dict[str, Any] = {"code": "engine-crashed", "detail": detail, "transient": False}
        return self.wire.send("failed", job=job, users_fault=False, **crashed)

    def _rest(self) -> None:
        """The order is done: say so, with what is held."""
        shelf = self.shelf
        memory = memory_of(shelf.device)
        self.wire.send(
            "rest", engines=shelf.names, hits=shelf.hits, misses=shelf.misses, held=shelf.held, memory=memory
        )


class Reporter:
    """Passes an engine's reports on, at most four a second; of those in between the latest picture is kept."""

    def __init__(self, wire: Wire, job: str) -> None:
        self.wire, self.job = wire, job
        self._reported = 0.0
        self._unseen: Image.Image | None = None
        self._lock = Lock()

    def report(self, fraction: float, preview: Image.Image | None, stage: str) -> None:
        with self._lock:
            preview = self._unseen if preview is None else preview
            if time.monotonic() - self._reported < BETWEEN_REPORTS:
                self._unseen = preview
                return
            self._reported, self._unseen = time.monotonic(), None
        picture = [] if preview is None else [encode(fit(preview, WIDEST_PREVIEW), "webp", quick=True)]
        self.wire.send("progress", picture, job=self.job, fraction=round(fraction, 4), stage=stage)
