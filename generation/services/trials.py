"""How a search goes on: from its trials' rows alone, so that being told twice, or late, does no harm."""

import math
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import structlog
from django.db import transaction
from django.db.models import Model
from django.db.models.functions import Now

from generation import selectors
from generation.engines.training.space import Space, read_space
from generation.errors import NotCancellable
from generation.models import (
    FINAL_STATES,
    DatasetState,
    JobState,
    Outcome,
    Priority,
    Purpose,
    Search,
    SearchState,
    Training,
    Trial,
    TrialState,
)
from generation.services.endings import close_attempts, end
from generation.services.jobs import cancel_job
from generation.services.outcomes import held_job
from generation.services.submitting import submit_job
from marketplace.core.errors import InvalidInput
from marketplace.core.languages import kept

log = structlog.get_logger(__name__)


def advance_search(*, search_id: UUID) -> None:
    """Do whatever is due in a search: note how trials ended, stop hopeless ones, begin others, or come to an end.

    The search's row is locked meanwhile, so no two do it at once; where nothing is due nothing happens.
    """
    with transaction.atomic():
        found = Search.objects.select_for_update(of=("self",)).select_related("artist__user", "dataset")
        search = found.get(pk=search_id)
        trials = selectors.trials_of(search)
        news = [trial for trial in trials if _settle(trial)]
        if search.is_running:
            _stop_hopeless(search, trials)
            _begin_next(search, trials)
        if search.is_running and not any(_is_open(trial) for trial in trials):
            search.state = SearchState.FINISHED
            Search.objects.filter(pk=search.pk).update(state=search.state, finished_at=Now(), updated_at=Now())
            log.info("search.finished", search=str(search_id), trials=len(trials))
        if news:
            _weigh(search, trials)


def advance_searches() -> int:
    """Advance every search that runs, or whose trials do; return how many: what no event told is done here."""
    left = Search.objects.filter(state=SearchState.RUNNING) | Search.objects.filter(trials__state=TrialState.RUNNING)
    ids = list(left.values_list("pk", flat=True).distinct())
    for search_id in ids:
        advance_search(search_id=search_id)
    return len(ids)


def finish_trial(*, job_id: UUID, token: UUID, **told: Any) -> None:
    """A trial's training is over. What counts is its curve: no model comes of it, and its checkpoint goes.

    `told` are the training's step, images, seconds, curve and reason. Raises LeaseLost.
    """
    with transaction.atomic():
        job = held_job(job_id, token)
        Training.objects.filter(job=job).update(**told, updated_at=Now())
        close_attempts([job], Outcome.SUCCEEDED)
        end([job], JobState.SUCCEEDED, progress=1.0, stage="")
    log.info("trial.finished", job=str(job_id))


def _settle(trial: Trial) -> bool:
    """Note how a trial ended, if its job has; True where that was news."""
    training = trial.training
    if training is None or training.job.state not in FINAL_STATES:
        return False
    if training.checkpoint_key or training.logs_key:
        # Nobody goes on from here: the files are orphans now.
        training.checkpoint_key = training.checkpoint_sha256 = training.logs_key = ""
        training.checkpoint_at = None
        _save(training, "checkpoint_key", "checkpoint_sha256", "checkpoint_at", "logs_key")
    if trial.state != TrialState.RUNNING:
        return False
    trial.state, trial.value, trial.problem = _outcome(training)
    _save(trial, "state", "value", "problem")
    log.info("trial.ended", search=str(trial.search_id), number=trial.number, state=trial.state, value=trial.value)
    return True


def _outcome(training: Training) -> tuple[TrialState, float | None, str]:
    job = training.job
    if job.state == JobState.CANCELLED:
        return TrialState.CANCELLED, None, ""
    if job.state == JobState.FAILED:
        return TrialState.FAILED, None, job.error_detail or job.error_code
    best = min((point.get("validation", math.inf) for point in training.curve), default=math.inf)
    if not math.isfinite(best):
        return TrialState.FAILED, None, kept("It was never measured: its budget ended before.")
    return TrialState.COMPLETE, best, ""


def _stop_hopeless(search: Search, trials: Sequence[Trial]) -> None:
    from generation.engines.training import searching  # Optuna takes a second to import: only where it is asked

    for trial in trials:
        if trial.state != TrialState.RUNNING or not searching.is_hopeless(
            _space(search), _tried(search, trials), trial.number
        ):
            continue
        assert trial.training is not None
        try:
            trial.training.job = cancel_job(job_id=trial.training.job_id)
        except NotCancellable:
            continue  # it has just ended, and its event will say how
        trial.state = TrialState.PRUNED
        _save(trial, "state")
        log.info("trial.pruned", search=str(search.pk), number=trial.number)


def _begin_next(search: Search, trials: list[Trial]) -> None:
    """As many trials as are run at a time, while there are some to make and there is budget for them."""
    if search.dataset.state != DatasetState.FROZEN:
        return  # withdrawn meanwhile
    while len(trials) < search.planned and sum(map(_is_open, trials)) < search.parallel:
        if _spent(search, trials) + search.trial_minutes > search.minutes + 1e-6:
            return
        trials.append(_begin(search, trials))


def _begin(search: Search, trials: Sequence[Trial]) -> Trial:
    """The next trial and its training; what the engine does not take has failed already."""
    number = len(trials)
    trial = Trial(search=search, number=number, parameters=_next(search, trials))
    name = f"{search.name[:65]} · trial {number}"
    try:
        job = submit_job(
            owner=search.artist.user, engine=search.engine, parameters=search.parameters_of(trial.parameters),
            seed=search.seed, title=name, purpose=Purpose.TRAIN, priority=Priority.TRAINING,
            request_key=f"search:{search.pk}#{number}",
        )  # fmt: skip
    except InvalidInput as error:
        trial.state, trial.problem = TrialState.FAILED, str(error.data.get("errors") or error.detail)
    else:
        trial.training = Training.objects.create(artist=search.artist, dataset=search.dataset, job=job, name=name)
    trial.save(force_insert=True)
    log.info("trial.begun", search=str(search.pk), number=number, state=trial.state)
    return trial


def _next(search: Search, trials: Sequence[Trial]) -> dict[str, Any]:
    """First what was searched around, so that the search never ends with something worse."""
    if not trials:
        return {name: search.parameters[name] for name in search.space}
    from generation.engines.training import searching

    return searching.suggest(_space(search), _tried(search, trials), seed=search.seed, planned=search.planned)


def _weigh(search: Search, trials: Sequence[Trial]) -> None:
    """Note what the parameters' shares in what is good are by now."""
    from generation.engines.training import searching

    search.importance = searching.importance(_space(search), _tried(search, trials))
    _save(search, "importance")


def _space(search: Search) -> Space:
    return read_space(search.space)


def _tried(search: Search, trials: Sequence[Trial]) -> list[Any]:
    """The trials as the searcher knows them."""
    from generation.engines.training.searching import Tried, best_at_rungs

    minutes, images = search.trial_minutes, search.parameters["images"]
    return [
        Tried(
            parameters=trial.parameters, state=trial.state, value=trial.value,
            rungs=best_at_rungs(trial.training.curve if trial.training else [], minutes=minutes, images=images),
        )
        for trial in trials
    ]  # fmt: skip


def _is_open(trial: Trial) -> bool:
    """Does its job still wait or run? One that was stopped early holds its place until it has."""
    return trial.training is not None and trial.training.job.state not in FINAL_STATES


def _spent(search: Search, trials: Sequence[Trial]) -> float:
    """Minutes of training: what trials took that are over, and all that the others may."""
    minutes = 0.0
    for trial in trials:
        if _is_open(trial):
            minutes += search.trial_minutes
        elif trial.training is not None:
            curve = trial.training.curve
            seconds = max(trial.training.seconds, curve[-1]["seconds"] if curve else 0.0)
            minutes += min(seconds / 60, search.trial_minutes)  # the last step may take a little longer
    return minutes


def _save(row: Model, *fields: str) -> None:
    row.save(update_fields=[*fields, "updated_at"])
