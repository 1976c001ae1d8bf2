"""One batch from its lease to its end. However a job ends, exactly one sentence is said of it, under its lease."""

import time
from collections.abc import Callable, Sequence
from typing import Any, TypeVar
from uuid import UUID

import structlog
from django.db import DatabaseError, InterfaceError, OperationalError, close_old_connections

from generation import selectors, services
from generation.engines import registry
from generation.engines.errors import Cancelled, InvalidParameters, UnknownEngine
from generation.errors import LeaseLost
from generation.models import Job, JobState, Outcome, Purpose
from generation.services import Finished
from generation.worker import meters, prints, training, weights
from generation.worker.developing import develop, original_of
from generation.worker.insisting import AWAY, insist
from generation.worker.stage import show_progress
from generation.worker.studio.wire import Message
from generation.worker.studios import Studio, StudioGone
from generation.worker.warden import Warden
from marketplace.core import storage, tracing
from marketplace.core.errors import AtelierError
from marketplace.core.storage import Bucket, ObjectMissing, StorageUnavailable

log = structlog.get_logger(__name__)
Told = TypeVar("Told")
LISTEN_SECONDS = 0.5
LOOK_SECONDS = 2.0  # between two looks for something more urgent than a training


class Batch:
    """Jobs that share a lease, an engine and its weights, and the studio that makes them."""

    def __init__(self, jobs: Sequence[Job], studio: Studio) -> None:
        token = jobs[0].lease_token
        assert token is not None
        self.token, self.studio = token, studio
        self.started = self.looked = time.monotonic()
        self.made_way = False
        self.jobs = {str(job.pk): job for job in jobs}
        self.engine, self.model_hash = jobs[0].engine, jobs[0].model_hash
        self.warden = Warden(jobs, token, studio, _time_limit(jobs))

    def run(self) -> None:
        """Have the jobs made, and say of each how it ended."""
        with self.warden:
            try:
                with self.warden.aside():
                    self._send()
                while self.studio.is_busy:
                    messages = list(self.studio.messages(LISTEN_SECONDS))
                    with self.warden.aside():
                        self._hear(messages)
                    self._make_way()
                self._share_weights()
            except StudioGone as gone:
                self._mourn(gone)
            except BaseException:
                # The worker is told to stop, or something we did not foresee: others make what is left.
                self._hand_back(self.warden.still_open)
                raise
            finally:
                prints.forget(self.jobs, self.token)
                for job in self._trainings:
                    training.forget(job)

    def _send(self) -> None:
        orders: list[dict[str, Any]] = []
        blobs: list[bytes] = []
        self._insist(lambda: weights.fetch(self.model_hash))
        for job in self.jobs.values():
            try:
                pictures = [
                    self._insist(lambda key=given.key: storage.get(Bucket.PRIVATE, key)) for given in job.pictures
                ]
                is_training = job.purpose == Purpose.TRAIN
                brought = {"training": self._insist(lambda job=job: training.prepare(job))} if is_training else {}
            except ObjectMissing as error:
                self._fail(job, error.code, error.detail, transient=False)
                continue
            except StorageUnavailable as error:
                self._fail(job, error.code, error.detail, transient=True)
                continue
            inputs = [{"name": given.name, "sha256": given.sha256} for given in job.pictures]
            order = {"id": str(job.pk), "seed": job.seed, "parameters": job.parameters, "inputs": inputs}
            if job.purpose == Purpose.WORK and (resolution := selectors.learnt_at(job)):
                order["compared_at"] = resolution
            orders.append(order | brought)
            blobs += pictures
        if orders:
            self.studio.order(blobs, order=str(self.token), engine=self.engine, model_hash=self.model_hash, jobs=orders)

    def _hear(self, messages: Sequence[Message]) -> None:
        made = {message.fields["job"]: message for message in messages if message.kind == "made"}
        latest = [message for message in messages if message.kind == "checkpoint"][-1:]
        for message in messages:
            if message.kind == "rest":
                self._note_rest(message.fields)
            job = self.jobs.get(message.fields.get("job", ""))
            if job is None or not self.warden.is_open(job.pk):
                continue  # of the house, or of a job that is somebody else's by now
            if message.kind == "progress" and str(job.pk) not in made:
                show_progress(job, message)
            elif message.kind == "checkpoint" and message in latest:
                self._keep_checkpoint(job, message)
            elif message.kind == "checkpoint":
                training.let_go(message.fields)  # another came while this one waited
            elif message.kind == "validated":
                self._note_validation(job, message)
            elif message.kind == "trained":
                self._finish_training(job, message)
            elif message.kind == "failed":
                self._hear_failure(job, message.fields)
        self._finish([message for key, message in made.items() if self.warden.is_open(self.jobs[key].pk)])

    def _keep_checkpoint(self, job: Job, message: Message) -> None:
        try:
            self._insist(lambda: training.keep_checkpoint(job, self.token, message.fields), job)
        except (*AWAY, AtelierError) as error:
            # The training goes on: should it die, it begins at the checkpoint before.
            log.warning("checkpoint.not_kept", job=str(job.pk), error=str(error))

    def _note_validation(self, job: Job, message: Message) -> None:
        try:
            self._insist(
                lambda: services.note_validation(job_id=job.pk, token=self.token, curve=message.fields["curve"]), job
            )
        except (*AWAY, AtelierError) as error:
            # The next one tells the whole curve.
            log.warning("validation.not_noted", job=str(job.pk), error=str(error))

    def _finish_training(self, job: Job, message: Message) -> None:
        try:
            self._insist(lambda: training.finish(job, self.token, message), job)
            self._note_end(job, Outcome.SUCCEEDED)
            self.warden.close(job.pk)
        except LeaseLost:
            self.warden.close(job.pk)
        except AtelierError as error:
            self._fail(job, error.code, error.detail, error.transient)

    @property
    def _trainings(self) -> list[Job]:
        return [job for job in self.jobs.values() if job.purpose == Purpose.TRAIN]

    def _make_way(self) -> None:
        """A training is put off for what is more urgent: it leaves a checkpoint and is taken up again later."""
        if self.made_way or not self._trainings or time.monotonic() - self.looked < LOOK_SECONDS:
            return
        self.looked = time.monotonic()
        (job,) = self._trainings  # trainings are never made together
        try:
            self.made_way = selectors.is_overtaken(job, worker=job.worker)
        except DatabaseError:
            close_old_connections()
        if self.made_way:
            log.info("training.makes_way", job=str(job.pk))
            self.studio.call_off(str(self.token), str(job.pk))

    def _hear_failure(self, job: Job, told: dict[str, Any]) -> None:
        if told["code"] == Cancelled.code:
            stopped = self._say(job, lambda: services.stop_job(job_id=job.pk, token=self.token))
            if stopped is not None:
                # It may have been called off for good in the very moment in which it was to make way.
                is_over = stopped.state == JobState.CANCELLED
                self._note_end(job, Outcome.CANCELLED if is_over else Outcome.MADE_WAY)
        else:
            self._fail(job, told["code"], told["detail"], told["transient"], told["users_fault"])

    def _finish(self, made: Sequence[Message]) -> None:
        """Store what was made, and finish all of it in one transaction."""
        finished: dict[UUID, Finished] = {}
        for message in made:
            job = self.jobs[message.fields["job"]]
            told = {"engine": job.engine, "batch": message.fields["batch"], "job": str(job.pk)}
            tracing.record("engine.run", seconds=message.fields["seconds"], parent=job.traceparent, **told)
            try:
                if job.purpose == Purpose.CHECK:
                    self._compare(job, message)
                elif job.purpose == Purpose.LOOK:
                    self._note_look(job, message)
                else:
                    finished[job.pk] = self._insist(lambda job=job, made=message: develop(job, made, self.studio), job)
            except AtelierError as error:
                self._fail(job, error.code, error.detail, error.transient)
        if finished:
            self._write_down(finished)

    def _compare(self, job: Job, made: Message) -> None:
        compared = {"job_id": job.pk, "token": self.token, "pixels_sha256": made.fields["pixels_sha256"]}
        self._say(job, lambda: services.finish_check(**compared, original=original_of(made)))

    def _note_look(self, job: Job, made: Message) -> None:
        seen = services.Seen.of(made.fields["findings"])
        self._say(job, lambda: services.finish_look(job_id=job.pk, token=self.token, seen=seen))

    def _write_down(self, finished: dict[UUID, Finished]) -> None:
        try:
            self._insist(lambda: services.finish_jobs(token=self.token, finished=finished))
            for job_id in finished:
                self._note_end(self.jobs[str(job_id)], Outcome.SUCCEEDED)
            self.warden.close(*finished)
        except AWAY as error:
            # The database cannot be told: the lease lapses, and the jobs are taken back.
            log.warning("batch.database_gone", error=str(error), jobs=len(finished))
            self.warden.close(*finished)
        except DatabaseError:
            # One of them breaks a rule of the database: alone, the others are kept.
            log.exception("batch.not_written", jobs=[str(job_id) for job_id in finished])
            for job_id, one in finished.items():
                if len(finished) > 1:
                    self._write_down({job_id: one})
                else:
                    self._fail(self.jobs[str(job_id)], "not-kept", "What was made could not be kept.")

    def _mourn(self, gone: StudioGone) -> None:
        """The studio died: by the warden's hand, or of one of the jobs."""
        left = [self.jobs[str(job_id)] for job_id in self.warden.still_open]
        for job in left:
            if self.warden.killed_late and len(self.jobs) == 1:
                limit = f"It took longer than {_time_limit([job]):.0f} seconds."
                self._fail(job, "time-limit", limit)
            elif self.warden.killed_late:
                self._fail(job, "time-limit", "Its batch took too long; it is made alone.", transient=True)
            elif self.warden.killed:
                self._hand_back([job.pk])
            else:
                self._fail(job, gone.code, gone.detail, transient=True)

    def _hand_back(self, job_ids: Sequence[UUID]) -> None:
        for job_id in job_ids:
            self.warden.close(job_id)
            services.release_job(job_id=job_id, token=self.token)

    def _fail(self, job: Job, code: str, detail: str, transient: bool = False, users_fault: bool = False) -> None:
        token = self.token
        self._note_end(job, Outcome.RETRIED if transient else Outcome.FAILED, code)
        if transient:
            self._say(job, lambda: services.retry_job(job_id=job.pk, token=token, code=code, detail=detail))
        else:
            self._say(
                job,
                lambda: services.fail_job(
                    job_id=job.pk, token=token, code=code, detail=detail, users_fault=users_fault
                ),
            )

    def _say(self, job: Job, sentence: Callable[[], Told]) -> Told | None:
        """Tell the database how a job ended; None where it could not be told, or did not want to know."""
        told: Told | None = None
        try:
            told = self._insist(sentence, job)
        except LeaseLost:
            # Somebody else has the job, or it is over: what was made here is an orphan for the sweeper.
            log.warning("job.lease_lost", job=str(job.pk), engine=job.engine)
        except (OperationalError, InterfaceError) as error:
            log.warning("job.database_gone", job=str(job.pk), error=str(error))
            close_old_connections()
        self.warden.close(job.pk)
        return told

    def _insist(self, act: Any, job: Job | None = None) -> Any:
        wanted = (lambda: self.warden.is_open(job.pk)) if job else (lambda: bool(self.warden.still_open))
        return insist(act, while_wanted=wanted)

    def _note_end(self, job: Job, outcome: Outcome, code: str = "") -> None:
        meters.job_ended(job, outcome, code, time.monotonic() - self.started)

    def _note_rest(self, told: dict[str, Any]) -> None:
        used, total = told["memory"]
        meters.studio_said(
            device=self.studio.device, memory_used=used, memory_total=total, engines=told["engines"],
            hits=told["hits"], misses=told["misses"],
        )  # fmt: skip

    def _share_weights(self) -> None:
        try:
            weights.share(self.model_hash)
        except StorageUnavailable as error:
            log.warning("weights.not_shared", error=error.detail)


def _time_limit(jobs: Sequence[Job]) -> float:
    """Seconds that a batch may take: as long as its jobs would one after the other."""
    try:
        declaration = registry.declaration(jobs[0].engine)
        chosen = declaration.validate_parameters(jobs[0].parameters).time_needed()
    except (UnknownEngine, InvalidParameters):
        return 60.0  # the studio will say so at once
    return (chosen or declaration.time_limit) * len(jobs)
