"""Jobs as people deal with them: asking for one, calling it off, and (staff) running it again."""

import secrets
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import structlog
from django.db import IntegrityError, connection, transaction
from django.db.models.functions import Now

from generation import selectors
from generation.engines import registry
from generation.engines.base import EngineDeclaration, Parameters
from generation.engines.errors import InvalidInputs, InvalidParameters, UnknownEngine
from generation.errors import NotCancellable, NotRequeueable
from generation.models import Artwork, Job, JobInput, JobState, Priority, Purpose
from generation.services.announcing import announce, send_wake, wake_worker
from marketplace.accounts.models import Artist, User
from marketplace.core import tracing
from marketplace.core.errors import InvalidInput, NotFound

log = structlog.get_logger(__name__)

SEED_BOUND = 2**53  # JSON's numbers are exact up to here
# Each part reads one row of an index. Where nobody waits, the line's head is where it was last.
_TURN = """
    SELECT greatest(
        coalesce(
            (SELECT turn FROM generation_job WHERE state = 'queued' AND queue = %(queue)s
              AND priority = %(priority)s ORDER BY turn LIMIT 1),
            (SELECT max(turn) FROM generation_job WHERE state = 'running' AND queue = %(queue)s
              AND priority = %(priority)s),
            0),
        coalesce(
            (SELECT turn + 1 FROM generation_job WHERE state = 'queued' AND queue = %(queue)s
              AND priority = %(priority)s AND owner_id = %(owner)s ORDER BY turn DESC LIMIT 1),
            0))
"""


def submit_job(
    *,
    owner: User,
    engine: str,
    parameters: Mapping[str, Any],
    inputs: Sequence[JobInput] = (),
    seed: int | None = None,
    priority: Priority = Priority.ORDINARY,
    title: str = "",
    artist: Artist | None = None,
    style_artist: Artist | None = None,
    as_proof: bool = False,
    purpose: Purpose = Purpose.WORK,
    subject: Artwork | None = None,
    model_hash: str | None = None,
    request_key: str | None = None,
) -> Job:
    """Ask an engine for a work; the same `request_key` asks only once.

    The work's artist is the owner, where the owner is one, and the style's artist that of the inputs, unless named.
    A work made `as_proof` is nobody's, nor any artist's, until `transfer_artwork`. `model_hash` names the weights, by
    default the engine's own. With purpose CHECK the work is not kept but compared with `subject`. Raises InvalidInput,
    whose `errors` name `engine`, `seed`, `parameters.<name>` or `inputs.<name>`.
    """
    if request_key and (known := Job.objects.filter(request_key=request_key).first()):
        return known
    declaration = _declaration(engine)
    complete = _check(declaration, parameters, Counter(given.name for given in inputs))
    if inputs and purpose is Purpose.WORK:  # a check uses what the work was made from, whoever asks for it
        _check_pictures(inputs, owner)
    if seed is not None and not 0 <= seed < SEED_BOUND:
        raise InvalidInput("The seed is out of range.", errors={"seed": ["From 0 to 2**53 - 1."]})
    weights = declaration.weights if model_hash is None else model_hash
    job = Job(
        owner=owner, engine=declaration.name, engine_version=declaration.version, parameters=complete.model_dump(mode="json"),
        inputs=[given.as_dict() for given in inputs], seed=secrets.randbelow(SEED_BOUND) if seed is None else seed,
        queue=declaration.resource, priority=priority, turn=_turn(owner, declaration.resource, priority),
        batch_key=declaration.batch_key(complete, weights), memory=complete.memory_needed(), model_hash=weights,
        title=title[:120], artist=artist or (None if as_proof else getattr(owner, "artist", None)),
        style_artist=style_artist or selectors.artist_of_inputs(inputs), as_proof=as_proof, purpose=purpose,
        subject=subject, request_key=request_key, **_origin(),
    )  # fmt: skip
    try:
        with transaction.atomic():
            job.save(force_insert=True)
            send_wake(job.queue, job.pk)
    except IntegrityError:
        # Somebody else came first with the same key between our look and our writing.
        if request_key and (known := Job.objects.filter(request_key=request_key).first()):
            return known
        raise
    log.info("job.submitted", job=str(job.pk), engine=engine, queue=job.queue)
    return job


def check_request(*, engine: str, parameters: Mapping[str, Any], counts: Mapping[str, int]) -> dict[str, Any]:
    """The parameters with every default filled in, if the engine would take them with so many pictures of each name.

    Raises InvalidInput, as `submit_job` would.
    """
    return _check(_declaration(engine), parameters, counts).model_dump(mode="json")


def cancel_job(*, job_id: UUID, by: User | None = None) -> Job:
    """Call a job off (`by` None: the house does): at once while it waits; a worker that is at it stops soon.

    Raises NotFound, NotCancellable.
    """
    with transaction.atomic():
        job = _lock_job(job_id)
        if by is not None and job.owner_id != by.pk and not by.is_staff:
            raise NotFound("There is no such job.")
        if job.state == JobState.CANCELLED:
            return job
        if job.is_final:
            raise NotCancellable()
        if job.state == JobState.QUEUED:
            Job.objects.filter(pk=job.pk).update(
                state=JobState.CANCELLED, cancel_requested_at=Now(), finished_at=Now(), updated_at=Now()
            )
        elif job.cancel_requested_at is None:
            Job.objects.filter(pk=job.pk).update(cancel_requested_at=Now(), updated_at=Now())
        job.refresh_from_db()
        announce([job])
    return job


def requeue_job(*, job_id: UUID) -> Job:
    """Run a failed or cancelled job again from the start; for staff. Raises NotFound, NotRequeueable."""
    with transaction.atomic():
        job = _lock_job(job_id)
        if job.state not in {JobState.FAILED, JobState.CANCELLED}:
            raise NotRequeueable()
        Job.objects.filter(pk=job.pk).update(
            state=JobState.QUEUED, progress=0.0, stage="", preview_key="", faults=0, error_code="", error_detail="",
            cancel_requested_at=None, started_at=None, finished_at=None, dead_at=None, available_at=Now(),
            updated_at=Now(),
        )  # fmt: skip
        job.refresh_from_db()
        wake_worker(job)
        announce([job])
    log.info("job.requeued", job=str(job.pk))
    return job


def _turn(owner: User, queue: str, priority: int) -> int:
    """The place in line that lets people take turns: after one's own waiting jobs, never before the line's head.

    Start-time fair queueing (Goyal, Vin, Cheng 1996) with jobs of equal cost: a person's hundredth job waits for
    ninety-nine turns, another person's first for the present one only.
    """
    with connection.cursor() as cursor:
        cursor.execute(_TURN, {"owner": owner.pk, "queue": queue, "priority": priority})
        return int(cursor.fetchone()[0])


def _origin() -> dict[str, str]:
    """The HTTP request that a job comes from, for its logs and its trace."""
    request_id = str(structlog.contextvars.get_contextvars().get("request_id", ""))
    return {"request_id": request_id[:64], "traceparent": tracing.current_traceparent()}


def _declaration(engine: str) -> EngineDeclaration:
    try:
        return registry.declaration(engine)
    except UnknownEngine as error:
        raise InvalidInput(error.detail, errors={"engine": [error.detail]}) from error


def _check(declaration: EngineDeclaration, parameters: Mapping[str, Any], counts: Mapping[str, int]) -> Parameters:
    try:
        valid = declaration.validate_parameters(parameters)
        declaration.check_inputs(valid, counts)
    except InvalidParameters as error:
        raise InvalidInput(error.detail, errors=_below("parameters", error.errors)) from error
    except InvalidInputs as error:
        raise InvalidInput(error.detail, errors=_below("inputs", error.errors)) from error
    return valid


def _check_pictures(inputs: Sequence[JobInput], owner: User) -> None:
    usable = selectors.usable_keys({given.key for given in inputs}, owner)
    if strangers := [given.name for given in inputs if usable.get(given.key) != given.sha256]:
        errors = {f"inputs.{name}": ["This picture is not ready, or not yours to use."] for name in strangers}
        raise InvalidInput("Some pictures cannot be used.", errors=errors)


def _below(field: str, errors: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    return {field if name == field else f"{field}.{name}": list(why) for name, why in errors.items()}


def _lock_job(job_id: UUID) -> Job:
    job = Job.objects.select_for_update().filter(pk=job_id).first()
    if job is None:
        raise NotFound("There is no such job.")
    return job
