"""What a search tries next and what it stops early: Optuna, asked anew each time about what was tried so far.

Nothing is kept here: a study is built from what is handed in, asked one question, and forgotten. The same trials always
give the same answer, so whoever keeps them may ask twice, and needs no storage of Optuna's.
"""

import hashlib
import math
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import optuna
from optuna.distributions import (
    BaseDistribution,
    CategoricalDistribution,
    FloatDistribution,
    IntDistribution,
)
from optuna.exceptions import ExperimentalWarning
from optuna.importance import PedAnovaImportanceEvaluator, get_param_importances
from optuna.trial import FrozenTrial, TrialState, create_trial

from generation.engines.training.space import Choice, Entry, Space, Value

optuna.logging.set_verbosity(optuna.logging.WARNING)

RUNGS = 10  # parts of a trial's budget at which it is compared with the others
_WARM_UP = 3  # rungs before which nothing is stopped
_COMPARED = 3  # trials that must be complete before any is stopped
_WEIGHED = 4  # and before anything is said of what matters
_STATES = {
    "running": TrialState.RUNNING, "complete": TrialState.COMPLETE, "pruned": TrialState.PRUNED,
    "failed": TrialState.FAIL, "cancelled": TrialState.FAIL,
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Tried:
    """One trial: what it tried of the space, and how it fared. Values are lower for what is better."""

    parameters: Mapping[str, Value]
    state: str  # running, complete, pruned, failed or cancelled
    value: float | None = None  # of a complete one
    rungs: Mapping[int, float] = field(default_factory=dict)  # see `best_at_rungs`


def suggest(space: Space, tried: Sequence[Tried], *, seed: int, planned: int) -> dict[str, Value]:
    """What the next of `planned` trials should try, by a tree-structured Parzen estimator that knows of running ones.

    Bergstra et al., "Algorithms for Hyper-Parameter Optimization" (2011). A first third, three to ten, is drawn freely.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ExperimentalWarning)
        sampler = optuna.samplers.TPESampler(
            seed=_mixed(seed, len(tried)), n_startup_trials=max(3, min(10, planned // 3)), constant_liar=True
        )
    study = _study(space, tried, sampler)
    return study.ask({name: _distribution(entry) for name, entry in space.items()}).params


def is_hopeless(space: Space, tried: Sequence[Tried], number: int) -> bool:
    """Is trial `number` so far worse than the median of the complete ones was at the same share of the budget?

    The first trial is what the others are measured by: it always runs to its end.
    """
    if number == 0:
        return False
    pruner = optuna.pruners.MedianPruner(n_startup_trials=_COMPARED, n_warmup_steps=_WARM_UP)
    study = _study(space, tried, optuna.samplers.RandomSampler(seed=0))
    return pruner.prune(study, study.trials[number])


def importance(space: Space, tried: Sequence[Tried]) -> dict[str, float]:
    """How much of what makes trials good each parameter decides: shares of one, the greatest first.

    PED-ANOVA (Watanabe et al., 2023). Nothing before four trials are complete.
    """
    values = {one.value for one in tried if one.state == "complete"}
    if len(values) < _WEIGHED:
        return {}
    study = _study(space, tried, optuna.samplers.RandomSampler(seed=0))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ExperimentalWarning)
        evaluator = PedAnovaImportanceEvaluator()
        found = get_param_importances(study, evaluator=evaluator, params=_tried_by_all(space, tried))
    return {name: round(share, 4) for name, share in found.items() if math.isfinite(share)}


def best_at_rungs(points: Sequence[Mapping[str, float]], *, minutes: float, images: int) -> dict[int, float]:
    """The best validation so far after each tenth of the budget, as far as the curve `points` has come.

    Trials differ in speed and in when they validate; at equal shares of the budget they can be compared.
    """
    rungs: dict[int, float] = {}
    best = math.inf
    for point in points:
        share = max(point["seconds"] / (minutes * 60), point["images"] / images if images else 0.0)
        reached = min(RUNGS, math.floor(share * RUNGS + 1e-9))
        if math.isfinite(best):
            rungs |= {rung: best for rung in range(reached) if rung > max(rungs, default=0)}
        value = point.get("validation", math.inf)
        best = min(best, value if math.isfinite(value) else math.inf)
        if reached and math.isfinite(best):
            rungs[reached] = best
    return rungs


def _study(space: Space, tried: Sequence[Tried], sampler: optuna.samplers.BaseSampler) -> optuna.Study:
    study = optuna.create_study(direction="minimize", sampler=sampler)
    study.add_trials([_trial(space, one) for one in tried])
    return study


def _trial(space: Space, one: Tried) -> FrozenTrial:
    """What was tried outside the space (the first trial's, where the space was narrowed) tells nothing within it."""
    within = {name: value for name, value in one.parameters.items() if name in space and space[name].holds(value)}
    return create_trial(
        state=_STATES[one.state], params=within, value=one.value if one.state == "complete" else None,
        distributions={name: _distribution(space[name]) for name in within}, intermediate_values=dict(one.rungs),
    )  # fmt: skip


def _tried_by_all(space: Space, tried: Sequence[Tried]) -> list[str]:
    complete = [one for one in tried if one.state == "complete"]
    return [name for name, entry in space.items() if all(entry.holds(one.parameters.get(name)) for one in complete)]


def _distribution(entry: Entry) -> BaseDistribution:
    if isinstance(entry, Choice):
        return CategoricalDistribution(entry.options)
    if entry.whole:
        return IntDistribution(int(entry.low), int(entry.high), log=entry.log)
    return FloatDistribution(entry.low, entry.high, log=entry.log)


def _mixed(seed: int, number: int) -> int:
    digest: Any = hashlib.sha256(f"{seed} {number}".encode()).digest()
    return int.from_bytes(digest[:4])
