"""What a search finds against the default parameters: `python -m tests.benchmarks.search`.

A VAE learns Twitter's emoji at 32 pixels for SEARCH_SECONDS (20) at a time, on one thread; SEARCH_TRIALS (12) of these
are the budget, and pruned trials leave theirs to others. Then the defaults and the best parameters are trained anew for
as long, with three fresh seeds each and in turns.

`search-best-vs-default`: likeness of the models to the TEST pictures, which neither training nor search ever saw (KID
of samples, and what remaking them loses; lower is better), the mean of the three.

Time is this process's CPU time: a busy machine gives neither side more.
"""

import os
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import fmean
from types import SimpleNamespace
from typing import Any

import torch

from generation.engines.autoencoder.declarations import TRAIN_AUTOENCODER
from generation.engines.autoencoder.methods import METHODS
from generation.engines.autoencoder.parameters import AutoencoderTrainingParameters
from generation.engines.errors import Cancelled
from generation.engines.training import trainer
from generation.engines.training.method import Facts
from generation.engines.training.pictures import Part, PictureSet
from generation.engines.training.searching import Tried, best_at_rungs, importance, is_hopeless, suggest
from generation.engines.training.space import choose_space
from generation.engines.training.trainer import Point, Trainer, TrainingContext
from generation.engines.training.validation import Validation
from tests.benchmarks.emoji import emoji
from tests.benchmarks.reporting import report

CPU = torch.device("cpu")
SECONDS = float(os.environ.get("SEARCH_SECONDS", "20"))
TRIALS = int(os.environ.get("SEARCH_TRIALS", "12"))
JUDGED, MEASURED = 96, 256  # pictures by which trials and the models at the end are judged
SEED, FRESH = 7, (101, 102, 103)


def main() -> None:
    """Search, train, and print one line."""
    torch.set_num_threads(1)
    trainer.time = SimpleNamespace(monotonic=_cpu_seconds)  # type: ignore[attr-defined,assignment]  # see above
    pictures = emoji(32)
    defaults = AutoencoderTrainingParameters.model_validate(
        {"kind": "vae", "resolution": 32, "minutes": SECONDS / 60, "judged_by": "likeness", "validate_every": 2_500}
    )
    tried, spent = search(defaults, pictures)
    complete = [one for one in tried if one.value is not None]
    best = min(complete, key=lambda one: one.value or 0.0)
    found = defaults.model_copy(update=dict(best.parameters))
    scores: dict[str, list[float]] = {"best": [], "default": []}
    for seed in FRESH:
        for name, parameters in (("best", found), ("default", defaults)):
            scores[name].append(score(parameters, pictures, seed))
            print(f"# {name} seed {seed}: {scores[name][-1]:.4f} on the test pictures", flush=True)
    report(
        "search-best-vs-default", fmean(scores["best"]), fmean(scores["default"]), "likeness", len(FRESH),
        trials=len(tried), pruned=sum(one.state == "pruned" for one in tried), search_seconds=round(spent, 1),
        seconds_each=SECONDS, best=str(dict(best.parameters)), ours_each=str([round(one, 3) for one in scores["best"]]),
        baseline_each=str([round(one, 3) for one in scores["default"]]),
    )  # fmt: skip


def search(base: AutoencoderTrainingParameters, pictures: PictureSet) -> tuple[list[Tried], float]:
    """Trials one after the other, the defaults first, until the budget is spent; and how many seconds that took."""
    space = choose_space(TRAIN_AUTOENCODER, base, None)
    default = {name: value for name, value in base.model_dump().items() if name in space}
    tried: list[Tried] = []
    spent = 0.0
    while spent + SECONDS <= TRIALS * SECONDS * 1.01 and len(tried) < 3 * TRIALS:
        chosen = suggest(space, tried, seed=SEED, planned=TRIALS) if tried else default
        points, is_over = run_trial(base.model_copy(update=chosen), pictures, chosen, space, tried)
        spent += points[-1]["seconds"] if points else 0.0
        tried.append(_tried(chosen, points, "complete" if is_over else "pruned"))
        print(f"# {len(tried) - 1} {tried[-1].state} {_last(points):.4f} {chosen}", flush=True)
    print(f"# {importance(space, tried)}", flush=True)
    return tried, spent


def run_trial(
    parameters: AutoencoderTrainingParameters, pictures: PictureSet, chosen: Mapping[str, Any], space: Any,
    tried: Sequence[Tried],
) -> tuple[list[Point], bool]:  # fmt: skip
    """The learning curve of one trial, and whether it came to its end."""
    points: list[Point] = []
    verdicts = [False]

    def hear(curve: Sequence[Point]) -> None:
        points[:] = curve
        verdicts.append(is_hopeless(space, [*tried, _tried(chosen, points, "running")], len(tried)))

    try:
        _train(parameters, pictures, SEED, on_point=hear, is_cancelled=lambda: verdicts[-1])
    except Cancelled:
        return points, False
    return points, True


def score(parameters: AutoencoderTrainingParameters, pictures: PictureSet, seed: int) -> float:
    """How like the test pictures a model is that was trained anew."""
    trained = _train(parameters, pictures, seed)
    validation = Validation(trained.method, _some(pictures.test, MEASURED), seed, CPU)
    with trained.arithmetic.autocast():
        measured = validation.measure(trained.best.network)
    assert measured is not None
    return measured


def _train(parameters: AutoencoderTrainingParameters, pictures: PictureSet, seed: int, **heard: Any) -> Trainer:
    torch.manual_seed(seed)
    method = METHODS[parameters.kind](parameters, Facts(pictures=len(pictures.train)), CPU)
    with tempfile.TemporaryDirectory() as folder:
        context = TrainingContext(device=CPU, folder=Path(folder), checkpoint_seconds=1e9, **heard)
        made = Trainer(method, pictures, seed, context)
        made.validation.held_out = _some(pictures.validation, JUDGED)
        made.run()
    return made


def _some(part: Part, count: int) -> Part:
    """Evenly from all of it: emoji of one kind lie side by side."""
    chosen = torch.linspace(0, len(part) - 1, min(count, len(part))).long()
    return Part(part.pictures[chosen], part.classes[chosen])


def _tried(chosen: Mapping[str, Any], points: Sequence[Point], state: Any) -> Tried:
    rungs = best_at_rungs(points, minutes=SECONDS / 60, images=0)
    return Tried(parameters=chosen, state=state, value=_last(points) if state == "complete" else None, rungs=rungs)


def _last(points: Sequence[Point]) -> float:
    return min((point["validation"] for point in points), default=float("nan"))


def _cpu_seconds() -> float:
    times = os.times()
    return times.user + times.system


if __name__ == "__main__":
    main()
