"""Asking for works: one, or several variations of one, checked, given their turn, and told to a worker."""

import secrets
from collections import Counter
from collections.abc import Mapping, Sequence
from copy import copy
from typing import Any, TypedDict, Unpack
from uuid import UUID

import structlog
from django.db import IntegrityError, connection, transaction
from django.db.models import Q
from django.utils.translation import gettext

from generation import selectors
from generation.engines import registry
from generation.engines.base import EngineDeclaration, Parameters
from generation.engines.errors import InvalidInputs, InvalidParameters, NotUnderstood, TextModelMissing, UnknownEngine
from generation.engines.looks.declarations import LOOK
from generation.errors import LanguageNotUnderstood, ModelUnavailable, ReadingUnavailable
from generation.models import Artwork, Job, JobInput, Priority, Purpose, TrainedModel
from generation.services.announcing import send_wakes
from marketplace.accounts.models import Artist, User
from marketplace.core import tracing
from marketplace.core.errors import InvalidInput
from marketplace.core.ids import uuid7
from marketplace.core.languages import translated

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


MOST_VARIATIONS = 64


class _Asked(TypedDict):
    owner: User
    engine: str
    parameters: Mapping[str, Any]


class JobRequest(_Asked, total=False):
    """What is asked of an engine, and what may be left out.

    The work's artist is the owner, where the owner is one, and the style's artist that of the inputs, unless named.
    A work made `as_proof` is nobody's, nor any artist's, until `transfer_artwork`. `model_hash` names the weights, by
    default the engine's own; `trained_model` an artist's, whose style it then is. With purpose CHECK the work is not
    kept but compared with `subject`. The `lender`'s uploads may go into it beside the owner's. The same `request_key`
    asks only once.
    """

    inputs: Sequence[JobInput]
    lender: User | None
    seed: int | None
    priority: Priority
    title: str
    artist: Artist | None
    style_artist: Artist | None
    as_proof: bool
    purpose: Purpose
    subject: Artwork | None
    model_hash: str | None
    trained_model: TrainedModel | None
    request_key: str | None


def submit_job(**asked: Unpack[JobRequest]) -> Job:
    """Ask an engine for a work.

    Raises InvalidInput, whose `errors` name `engine`, `seed`, `parameters.<name>` or `inputs.<name>`.
    """
    return _submit(asked, 1)[0]


def submit_variations(*, count: int, **asked: Unpack[JobRequest]) -> list[Job]:
    """Ask for the same work `count` times in one transaction, each with the next seed; otherwise as `submit_job`.

    Raises InvalidInput, whose `errors` may name `count` too.
    """
    if not 1 <= count <= MOST_VARIATIONS:
        raise InvalidInput(
            gettext("That many variations are not made at once."),
            errors={"count": [gettext("1 to %(most_variations)s.") % {"most_variations": MOST_VARIATIONS}]},
        )
    return _submit(asked, count)


def check_request(*, engine: str, parameters: Mapping[str, Any], counts: Mapping[str, int]) -> dict[str, Any]:
    """The parameters with every default filled in, if the engine would take them with so many pictures of each name.

    Raises InvalidInput, as `submit_job` would.
    """
    return _check(_declaration(engine), parameters, counts).model_dump(mode="json")


def _submit(asked: JobRequest, count: int) -> list[Job]:
    if known := _known(asked):
        return known
    with tracing.span("job.submit", engine=asked["engine"], jobs=count):
        jobs = _variations(_draft(asked), count)
        try:
            with transaction.atomic():
                Job.objects.bulk_create(jobs)
                send_wakes(jobs)
        except IntegrityError:
            # Somebody else came first with the same key between our look and our writing.
            if known := _known(asked):
                return known
            raise
    for job in jobs:
        log.info("job.submitted", job=str(job.pk), engine=job.engine, queue=job.queue)
    return jobs


def _known(asked: JobRequest) -> list[Job]:
    """What was made of this request before."""
    key = asked.get("request_key")
    if not key:
        return []
    return list(Job.objects.filter(Q(request_key=key) | Q(request_key__startswith=f"{key}#")).order_by("turn", "pk"))


def _draft(asked: JobRequest) -> Job:
    """The job as a row that is not written yet. Raises InvalidInput."""
    owner, inputs, seed = asked["owner"], asked.get("inputs", ()), asked.get("seed")
    priority, purpose = asked.get("priority", Priority.ORDINARY), asked.get("purpose", Purpose.WORK)
    declaration = _declaration(asked["engine"])
    if bool(declaration.trains) != (purpose is Purpose.TRAIN):
        raise InvalidInput(
            gettext("A model is trained from a dataset."), errors={"engine": [gettext("Start a training instead.")]}
        )
    if (declaration is LOOK) != (purpose is Purpose.LOOK):
        raise InvalidInput(
            gettext("No work comes of a look."), errors={"engine": [gettext("Search with a picture instead.")]}
        )
    complete = _check(declaration, asked["parameters"], Counter(given.name for given in inputs))
    model = _model(asked, declaration, purpose)
    if inputs and purpose is not Purpose.CHECK:  # a check uses what its work was made from, whoever asks for it
        _check_pictures(inputs, owner, asked.get("lender"))
    if seed is not None and not 0 <= seed < SEED_BOUND:
        raise InvalidInput(gettext("The seed is out of range."), errors={"seed": [gettext("From 0 to 2**53 - 1.")]})
    named = asked.get("model_hash")
    weights = (model.model_hash if model else declaration.weights) if named is None else named
    as_proof = asked.get("as_proof", False)
    return Job(
        owner=owner,
        engine=declaration.name,
        engine_version=declaration.version,
        parameters=complete.model_dump(mode="json"),
        inputs=[given.as_dict() for given in inputs],
        seed=secrets.randbelow(SEED_BOUND) if seed is None else seed,
        model_hash=weights,
        trained_model=model,
        queue=declaration.resource,
        priority=priority,
        turn=next_turn(owner_id=owner.pk, queue=declaration.resource, priority=priority),
        batch_key=declaration.batch_key(complete, weights),
        memory=complete.memory_needed(),
        title=asked.get("title", "")[:120],
        artist=asked.get("artist") or (None if as_proof else getattr(owner, "artist", None)),
        style_artist=asked.get("style_artist") or (model.artist if model else selectors.artist_of_inputs(inputs)),
        as_proof=as_proof,
        purpose=purpose,
        subject=asked.get("subject"),
        request_key=asked.get("request_key"),
        **_origin(),
    )


def _model(asked: JobRequest, declaration: EngineDeclaration, purpose: Purpose) -> TrainedModel | None:
    """The artist's model that the engine is to run, if it runs any. Raises InvalidInput, ModelUnavailable."""
    model = asked.get("trained_model")
    if not declaration.runs_models:
        if model is not None:
            raise InvalidInput(gettext("This engine runs no models."), errors={"model": [gettext("Leave it out.")]})
        return None
    if model is None:
        raise InvalidInput(
            gettext("This engine runs an artist's model: name one."), errors={"model": [gettext("This is required.")]}
        )
    if model.kind not in declaration.runs_models:
        raise InvalidInput(
            gettext("This engine cannot run such a model."),
            errors={"model": [gettext("It is of the kind %(kind)s.") % {"kind": model.kind}]},
        )
    # A check makes again what was made before the model was withdrawn.
    is_ordered = asked.get("as_proof", False)
    if purpose is not Purpose.CHECK and not selectors.may_use_model(model, asked["owner"], is_ordered=is_ordered):
        raise ModelUnavailable(gettext("Its artist sells what it paints: commission it.") if model.is_reserved else "")
    return model


def _variations(first: Job, count: int) -> list[Job]:
    """The job and others like it: the next seeds, the next turns, keys of their own."""
    jobs = [first]
    for number in range(1, count):
        other = copy(first)
        other._state = copy(first._state)
        other.pk = uuid7()
        other.seed, other.turn = (first.seed + number) % SEED_BOUND, first.turn + number
        other.request_key = f"{first.request_key}#{number}" if first.request_key else None
        jobs.append(other)
    return jobs


def next_turn(*, owner_id: UUID, queue: str, priority: int) -> int:
    """The place in line that lets people take turns: after one's own waiting jobs, never before the line's head.

    Start-time fair queueing (Goyal, Vin, Cheng 1996) with jobs of equal cost: a person's hundredth job waits for
    ninety-nine turns, another person's first for the present one only.
    """
    with connection.cursor() as cursor:
        cursor.execute(_TURN, {"owner": owner_id, "queue": queue, "priority": priority})
        return int(cursor.fetchone()[0])


def _origin() -> dict[str, str]:
    """The HTTP request that a job comes from, for its logs and its trace."""
    request_id = str(structlog.contextvars.get_contextvars().get("request_id", ""))
    return {"request_id": request_id[:64], "traceparent": tracing.current_traceparent()}


def _declaration(engine: str) -> EngineDeclaration:
    try:
        return registry.declaration(engine)
    except UnknownEngine as error:
        raise InvalidInput(translated(error.detail), errors={"engine": [translated(error.detail)]}) from error


def _check(declaration: EngineDeclaration, parameters: Mapping[str, Any], counts: Mapping[str, int]) -> Parameters:
    try:
        valid = declaration.validate_parameters(parameters)
        declaration.check_inputs(valid, counts)
        settled = valid.settled(counts)
    except NotUnderstood as error:
        raise LanguageNotUnderstood(translated(error.detail), errors=_below("parameters", error.errors)) from error
    except TextModelMissing as error:
        raise ReadingUnavailable(translated(error.detail)) from error
    except InvalidParameters as error:
        raise InvalidInput(translated(error.detail), errors=_below("parameters", error.errors)) from error
    except InvalidInputs as error:
        raise InvalidInput(translated(error.detail), errors=_below("inputs", error.errors)) from error
    return settled


def _check_pictures(inputs: Sequence[JobInput], owner: User, lender: User | None) -> None:
    keys = {given.key for given in inputs}
    usable = selectors.usable_keys(keys, owner)
    if lender is not None:
        usable |= selectors.usable_keys(keys, lender)
    if strangers := [given.name for given in inputs if usable.get(given.key) != given.sha256]:
        errors = {f"inputs.{name}": [gettext("This picture is not ready, or not yours to use.")] for name in strangers}
        raise InvalidInput(gettext("Some pictures cannot be used."), errors=errors)


def _below(field: str, errors: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    return {field if name == field else f"{field}.{name}": [*map(translated, why)] for name, why in errors.items()}
