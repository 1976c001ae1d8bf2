"""Searches as artists deal with them: begun, stopped, and what they found trained in full."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import structlog
from django.db import IntegrityError, transaction
from django.db.models.functions import Now
from django.utils.translation import gettext

from generation import selectors
from generation.engines import registry
from generation.engines.errors import InvalidParameters, UnknownEngine
from generation.engines.training.parameters import TrainingParameters
from generation.engines.training.space import Space, choose_space, write_space
from generation.errors import DatasetNotOpen, DatasetTooSmall, NotCancellable, SearchFoundNothing, SearchRunning
from generation.models import Dataset, DatasetState, JobState, Search, SearchState, Split, Training, Trial, TrialState
from generation.services.jobs import cancel_job
from generation.services.submitting import SEED_BOUND
from generation.services.training import require_classes, start_training
from marketplace.accounts.models import User
from marketplace.core import outbox
from marketplace.core.errors import InvalidInput, NotFound
from marketplace.core.languages import translated

log = structlog.get_logger(__name__)

FEWEST_HELD_OUT = 4  # pictures by which trials are compared
MOST_TRIALS, MOST_PARALLEL, MOST_MINUTES = 200, 8, 20_160.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """What a search may spend: trials, how many of them at a time, minutes of training in all and a trial."""

    planned: int = 20
    parallel: int = 1
    minutes: float = 200.0
    trial_minutes: float = 10.0


def start_search(
    *, owner: User, dataset_id: UUID, engine: str, name: str, parameters: Mapping[str, Any] | None = None,
    space: Mapping[str, Any] | None = None, bounds: Bounds | None = None, seed: int | None = None,
    request_key: str | None = None,
) -> Search:  # fmt: skip
    """Search for the parameters that a training over one's own frozen dataset does best with.

    Its trials are begun in the background. The same `request_key` begins only once. Raises NotFound, DatasetNotOpen,
    DatasetTooSmall, SearchRunning, InvalidInput (`engine`, `name`, `seed`, `parameters.<name>`, `space.<name>`, and the
    names of the bounds).
    """
    bounds = bounds or Bounds()
    name, seed = name.strip()[:80], secrets.randbelow(SEED_BOUND) if seed is None else seed
    base, chosen = _choose(engine, parameters or {}, space)
    _check(name, seed, bounds)
    with transaction.atomic():
        dataset = Dataset.objects.owned_by(owner.pk).select_for_update(of=("self",)).filter(pk=dataset_id).first()
        if dataset is None:
            raise NotFound(gettext("There is no such dataset."))
        if request_key and (known := Search.objects.filter(request_key=request_key, artist__user=owner).first()):
            return known
        require_classes(dataset, engine, base.model_dump())
        _check_dataset(dataset)
        search = _write(
            artist=dataset.artist, dataset=dataset, engine=engine, name=name, seed=seed, request_key=request_key,
            parameters=base.model_dump(mode="json"), space=write_space(chosen), planned=bounds.planned,
            parallel=bounds.parallel, minutes=bounds.minutes, trial_minutes=bounds.trial_minutes,
        )  # fmt: skip
        outbox.emit("search.started", search.pk)
    log.info("search.started", search=str(search.pk), dataset=str(dataset_id), engine=engine)
    return search


def stop_search(*, search_id: UUID, owner: User) -> Search:
    """Stop a search and call off the trials that run; what it found so far stays. Doing it again changes nothing.

    Raises NotFound.
    """
    with transaction.atomic():
        search = _locked(search_id, owner)
        if not search.is_running:
            return search
        for trial in search.trials.filter(state=TrialState.RUNNING).select_related("training"):
            _call_off(trial)
        Search.objects.filter(pk=search.pk).update(state=SearchState.STOPPED, finished_at=Now(), updated_at=Now())
        search.refresh_from_db()
    log.info("search.stopped", search=str(search_id))
    return search


def train_best(*, search_id: UUID, owner: User) -> Training:
    """Train the model for which the search was made: its best parameters, with the whole budget that was chosen.

    Asking twice begins once, unless the one before failed or was called off. Raises NotFound, SearchFoundNothing,
    DatasetNotOpen, TooManyTrainings.
    """
    with transaction.atomic():
        search = _locked(search_id, owner)
        best = selectors.best_trial(search)
        if best is None:
            raise SearchFoundNothing()
        key = f"search:{search.pk}:{best.number}"
        earlier = Training.objects.filter(job__request_key__startswith=f"{key}:").select_related("job")
        for training in earlier:
            if training.job.state not in {JobState.FAILED, JobState.CANCELLED}:
                return training
        parameters = {**search.parameters_of(best.parameters), "minutes": search.parameters["minutes"]}
        return start_training(
            owner=owner, dataset_id=search.dataset_id, engine=search.engine, name=search.name, parameters=parameters,
            seed=search.seed, request_key=f"{key}:{len(earlier)}",
        )  # fmt: skip


def _choose(
    engine: str, parameters: Mapping[str, Any], space: Mapping[str, Any] | None
) -> tuple[TrainingParameters, Space]:
    """Raises InvalidInput."""
    try:
        declaration = registry.declaration(engine)
        base = declaration.validate_parameters(parameters)
    except UnknownEngine as error:
        raise InvalidInput(translated(error.detail), errors={"engine": [translated(error.detail)]}) from error
    except InvalidParameters as error:
        raise InvalidInput(translated(error.detail), errors=_below("parameters", error)) from error
    if not isinstance(base, TrainingParameters):
        raise InvalidInput(
            gettext("This engine trains no models."), errors={"engine": [gettext("Choose one that trains.")]}
        )
    try:
        return base, choose_space(declaration, base, space)
    except InvalidParameters as error:
        raise InvalidInput(translated(error.detail), errors=_below("space", error)) from error


def _below(field: str, error: InvalidParameters) -> dict[str, list[str]]:
    return {
        field if name == field else f"{field}.{name}": [*map(translated, why)] for name, why in error.errors.items()
    }


def _check(name: str, seed: int, bounds: Bounds) -> None:
    """Raises InvalidInput."""
    most_parallel = min(MOST_PARALLEL, bounds.planned)
    rules = {
        "name": (bool(name), gettext("1 to 80 characters.")),
        "seed": (0 <= seed < SEED_BOUND, gettext("From 0 to 2**53 - 1.")),
        "planned": (
            2 <= bounds.planned <= MOST_TRIALS,
            gettext("2 to %(most_trials)s trials.") % {"most_trials": MOST_TRIALS},
        ),
        "parallel": (
            1 <= bounds.parallel <= most_parallel,
            gettext("1 to %(most_parallel)s, and no more than there are trials.") % {"most_parallel": MOST_PARALLEL},
        ),
        "trial_minutes": (bounds.trial_minutes > 0.0, gettext("More than nought.")),
        "minutes": (
            bounds.trial_minutes <= bounds.minutes <= MOST_MINUTES,
            gettext("At least the minutes of one trial, at most %(most_minutes)s.")
            % {"most_minutes": f"{MOST_MINUTES:,.0f}"},
        ),
    }
    if wrong := {field: [rule] for field, (is_right, rule) in rules.items() if not is_right}:
        raise InvalidInput(gettext("A search cannot be made like that."), errors=wrong)


def _check_dataset(dataset: Dataset) -> None:
    """Raises DatasetNotOpen, DatasetTooSmall."""
    if dataset.state != DatasetState.FROZEN:
        raise DatasetNotOpen(gettext("Freeze the dataset first: trials compare only over what cannot change any more."))
    if selectors.summary_of(dataset).splits.get(Split.VALIDATION, 0) < FEWEST_HELD_OUT:
        raise DatasetTooSmall(
            gettext("Trials are compared by %(fewest_held_out)s pictures held out at least: add some more.")
            % {"fewest_held_out": FEWEST_HELD_OUT}
        )


def _write(**fields: Any) -> Search:
    """Raises SearchRunning."""
    try:
        with transaction.atomic():
            return Search.objects.create(**fields)
    except IntegrityError as error:
        if Search.objects.filter(artist=fields["artist"], state=SearchState.RUNNING).exists():
            raise SearchRunning() from error
        raise


def _call_off(trial: Trial) -> None:
    assert trial.training is not None
    try:
        cancel_job(job_id=trial.training.job_id)
    except NotCancellable:
        return  # it has just ended, and its event will say how
    Trial.objects.filter(pk=trial.pk).update(state=TrialState.CANCELLED, updated_at=Now())


def _locked(search_id: UUID, owner: User) -> Search:
    owned = Search.objects.owned_by(owner.pk).select_for_update(of=("self",)).select_related("artist")
    search = owned.filter(pk=search_id).first()
    if search is None:
        raise NotFound(gettext("There is no such search."))
    return search
