"""Trainings: begun over a frozen dataset, taken up again after they were stopped, and what a worker says of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.db.models.functions import Now
from django.utils.translation import gettext

from generation import selectors
from generation.engines import registry
from generation.engines.errors import InvalidParameters, UnknownEngine
from generation.engines.training.parameters import TrainingParameters
from generation.errors import DatasetNotOpen, TooManyTrainings, TrainingNotResumable
from generation.models import (
    Dataset,
    DatasetState,
    Job,
    JobState,
    ModelState,
    Outcome,
    Priority,
    Purpose,
    TrainedModel,
    Training,
)
from generation.services.endings import close_attempts, end
from generation.services.held_models import hold_model
from generation.services.jobs import cancel_job
from generation.services.memorisation import note_gauge
from generation.services.moderation import Screening
from generation.services.outcomes import held_job
from generation.services.submitting import submit_job
from generation.services.trained_models import DATASET_WITHDRAWN
from marketplace.accounts.models import User
from marketplace.core import outbox
from marketplace.core.errors import InvalidInput, NotFound

if TYPE_CHECKING:  # the web process has no safetensors
    from generation.engines.looks import learnt as learnt_pictures

log = structlog.get_logger(__name__)
_CHECKPOINT = ("checkpoint_key", "checkpoint_sha256", "checkpoint_at", "logs_key")


@dataclass(frozen=True, slots=True, kw_only=True)
class Learnt:
    """What came of a training; its files lie in the object store already."""

    kind: str
    engine_version: str
    model_hash: str
    samples_key: str
    directions_key: str
    logs_key: str
    measures: Mapping[str, float]
    curve: list[dict[str, float]]
    reason: str
    step: int
    images: int
    seconds: float
    classes: list[str]
    counts: Mapping[str, int]
    screening: Screening
    seen: "learnt_pictures.Learnt | None" = None  # what it learnt from, as works are compared with it


def start_training(
    *, owner: User, dataset_id: UUID, engine: str, name: str, parameters: Mapping[str, Any] | None = None,
    seed: int | None = None, request_key: str | None = None,
) -> Training:  # fmt: skip
    """Have a model learn from one's own frozen dataset. The same `request_key` begins only once.

    Raises NotFound, DatasetNotOpen, TooManyTrainings, InvalidInput (`engine`, `name`, `seed`, `parameters.<name>`).
    """
    name = name.strip()
    if not 1 <= len(name) <= 80:
        raise InvalidInput(gettext("The model needs a name."), errors={"name": [gettext("1 to 80 characters.")]})
    _require_trainer(engine)
    with transaction.atomic():
        _lock_artist(owner)
        if request_key and (known := Training.objects.filter(job__request_key=request_key, artist__user=owner).first()):
            return known
        dataset = Dataset.objects.owned_by(owner.pk).select_for_update(of=("self",)).filter(pk=dataset_id).first()
        if dataset is None:
            raise NotFound(gettext("There is no such dataset."))
        if dataset.state != DatasetState.FROZEN:
            raise DatasetNotOpen(gettext("Freeze the dataset first: a model learns from what cannot change any more."))
        require_classes(dataset, engine, parameters or {})
        _require_room(owner)
        job = _submit(owner, engine, parameters or {}, seed, name, request_key)
        training = Training.objects.create(artist=dataset.artist, dataset=dataset, job=job, name=name)
    log.info("training.started", training=str(training.pk), dataset=str(dataset_id), engine=engine)
    return training


def resume_training(*, training_id: UUID, owner: User) -> Training:
    """Take a stopped training up again at its last checkpoint, as a training of its own; asking twice begins once.

    Raises NotFound, TrainingNotResumable, DatasetNotOpen, TooManyTrainings.
    """
    with transaction.atomic():
        _lock_artist(owner)
        stopped = _locked(training_id, owner)
        if hasattr(stopped, "resumed_by"):
            return stopped.resumed_by
        job = stopped.job
        if not stopped.is_resumable:
            raise TrainingNotResumable()
        if stopped.dataset.state != DatasetState.FROZEN:
            raise DatasetNotOpen(gettext("The dataset was withdrawn: nothing new is learnt from it."))
        _require_room(owner)
        again = _submit(owner, job.engine, job.parameters, job.seed, stopped.name, None)
        kept = ("artist", "dataset", "name", "step", "images", "seconds", "curve", *_CHECKPOINT)
        resumed = Training.objects.create(job=again, resumes=stopped, **{name: getattr(stopped, name) for name in kept})
        # The checkpoint is the new one's now: it goes when that one needs it no more.
        Training.objects.filter(pk=stopped.pk).update(
            checkpoint_key="", checkpoint_sha256="", checkpoint_at=None, updated_at=Now()
        )
    log.info("training.resumed", training=str(resumed.pk), stopped=str(training_id))
    return resumed


def stop_training(*, training_id: UUID, owner: User) -> Training:
    """Stop a training: one that runs leaves a checkpoint, at which it can be taken up again.

    Raises NotFound, NotCancellable.
    """
    training = selectors.training_by_id(training_id, owner)
    training.job = cancel_job(job_id=training.job_id, by=owner)
    return training


def note_checkpoint(
    *, job_id: UUID, token: UUID, key: str, sha256: str, logs_key: str, step: int, images: int, seconds: float,
    curve: list[dict[str, float]],
) -> str:  # fmt: skip
    """A worker wrote down how far it is: should it die, another begins here. Raises LeaseLost.

    Returns the key of the checkpoint that the training does not need any more, or "".
    """
    with transaction.atomic():
        held_job(job_id, token)
        training = Training.objects.select_for_update().get(job_id=job_id)
        if training.checkpoint_key and step <= training.step:
            # It came no further: a worker that dies again and again at one place must not look as if it did.
            return key if key != training.checkpoint_key else ""
        Training.objects.filter(pk=training.pk).update(
            checkpoint_key=key, checkpoint_sha256=sha256, checkpoint_at=Now(), logs_key=logs_key, step=step,
            images=images, seconds=seconds, curve=curve, updated_at=Now(),
        )  # fmt: skip
    log.info("training.checkpoint", job=str(job_id), step=step)
    return training.checkpoint_key


def note_validation(*, job_id: UUID, token: UUID, curve: list[dict[str, float]]) -> None:
    """A worker measured how good the model is by now, and tells of it before the next checkpoint. Raises LeaseLost."""
    with transaction.atomic():
        held_job(job_id, token)
        Training.objects.filter(job_id=job_id).update(curve=curve, updated_at=Now())
        outbox.emit("training.validated", job_id)


def finish_training(*, job_id: UUID, token: UUID, learnt: Learnt) -> str:
    """The training is over: its model is written down with its card, once, and the job ended. Raises LeaseLost.

    Returns the key of the checkpoint that the training does not need any more, or "".
    """
    with transaction.atomic():
        # Locked in the order of those who begin trainings and withdraw datasets: artist, dataset, job, training.
        training = Training.objects.select_related("artist__user", "dataset").get(job_id=job_id)
        _lock_artist(training.artist.user)
        state = _state_by(Dataset.objects.select_for_update().get(pk=training.dataset_id))
        job = held_job(job_id, token)
        training.refresh_from_db()
        left = training.checkpoint_key
        for field in ("step", "images", "seconds", "curve", "reason", "logs_key"):
            setattr(training, field, getattr(learnt, field))
        training.checkpoint_key = training.checkpoint_sha256 = ""
        training.checkpoint_at = None
        training.save()
        model = TrainedModel.objects.create(
            artist_id=training.artist_id, training=training, name=training.name, version=_next_version(training),
            kind=learnt.kind, model_hash=learnt.model_hash, measures=dict(learnt.measures),
            samples_key=learnt.samples_key, directions_key=learnt.directions_key, card=_card(training, job, learnt),
            **state,
        )  # fmt: skip
        if learnt.screening.is_flagged:
            hold_model(model, learnt.screening)
        if learnt.seen is not None:
            note_gauge(dataset=training.dataset, resolution=selectors.resolution_of(training), learnt=learnt.seen)
        close_attempts([job], Outcome.SUCCEEDED)
        end([job], JobState.SUCCEEDED, progress=1.0, stage="", model_hash=learnt.model_hash)
    log.info("training.finished", training=str(training.pk), model=str(model.pk), hash=learnt.model_hash)
    return left


def _state_by(dataset: Dataset) -> dict[str, Any]:
    """A model whose dataset was withdrawn while it learnt is born withdrawn."""
    if dataset.state == DatasetState.FROZEN:
        return {}
    return {
        "state": ModelState.WITHDRAWN, "state_before": ModelState.DRAFT, "withdrawn_with_dataset": True,
        "withdrawn_reason": DATASET_WITHDRAWN,
    }  # fmt: skip


def _submit(
    owner: User, engine: str, parameters: Mapping[str, Any], seed: int | None, name: str, request_key: str | None
) -> Job:
    return submit_job(
        owner=owner, engine=engine, parameters=parameters, seed=seed, title=name, purpose=Purpose.TRAIN,
        priority=Priority.TRAINING, request_key=request_key,
    )  # fmt: skip


def _require_trainer(engine: str) -> None:
    try:
        kind = registry.declaration(engine).trains
        if not kind:
            raise InvalidInput(
                gettext("This engine trains no models."), errors={"engine": [gettext("Choose one that trains.")]}
            )
        registry.shower_of(kind)
    except UnknownEngine as error:
        raise InvalidInput(error.detail, errors={"engine": [error.detail]}) from error


def require_classes(dataset: Dataset, engine: str, parameters: Mapping[str, Any]) -> None:
    """The dataset has the classes that the parameters ask for. Raises InvalidInput (`parameters.<name>`).

    What else is wrong with the parameters is left to whoever submits them.
    """
    try:
        chosen = registry.declaration(engine).validate_parameters(parameters)
    except InvalidParameters:
        return
    if isinstance(chosen, TrainingParameters) and (
        problems := chosen.problems_with_classes(selectors.splits_of_classes(dataset))
    ):
        errors = {f"parameters.{name}": list(why) for name, why in problems.items()}
        raise InvalidInput(gettext("The dataset does not have what this learns from."), errors=errors)


def _lock_artist(owner: User) -> None:
    """One at a time, so that what is open is counted rightly."""
    User.objects.select_for_update().get(pk=owner.pk)


def _require_room(owner: User) -> None:
    most = settings.ATELIER.trainings_per_artist
    # A search has a bound of its own for its trials.
    running = Training.objects.owned_by(owner.pk).filter(trial=None, job__state__in=[JobState.QUEUED, JobState.RUNNING])
    if running.count() >= most:
        raise TooManyTrainings(gettext("At most %(most)s models are trained at once for one artist.") % {"most": most})


def _locked(training_id: UUID, owner: User) -> Training:
    found = (
        Training.objects.owned_by(owner.pk).select_for_update(of=("self",)).select_related("job", "dataset", "artist")
    )
    training = found.filter(pk=training_id).first()
    if training is None:
        raise NotFound(gettext("There is no such training."))
    return training


def _next_version(training: Training) -> int:
    """The artist is locked, so that two trainings that end at once get two numbers."""
    named = TrainedModel.objects.filter(artist_id=training.artist_id, name=training.name)
    return int(named.aggregate(latest=Max("version"))["latest"] or 0) + 1


def _card(training: Training, job: Job, learnt: Learnt) -> dict[str, Any]:
    """The model's card (Mitchell et al., "Model Cards for Model Reporting", 2019): drawn from rows, not from claims."""
    summary = selectors.summary_of(training.dataset)
    pictures = training.dataset.pictures.filter(state="ready")
    return {
        "kind": learnt.kind, "engine": job.engine, "engine_version": learnt.engine_version, "seed": job.seed,
        "parameters": job.parameters, "classes": learnt.classes,
        "dataset": {
            "id": str(training.dataset_id), "name": training.dataset.name, "version": training.dataset.version,
            "counts": dict(learnt.counts), "consents": summary.consents,
            "licences": sorted({*pictures.exclude(licence="").values_list("licence", flat=True)}),
            "sources": sorted({*pictures.exclude(source="").values_list("source", flat=True)})[:50],
        },
        "training": {
            "steps": learnt.step, "images": learnt.images, "seconds": learnt.seconds, "ended": learnt.reason,
        },
        "measures": dict(learnt.measures),
    }  # fmt: skip
