"""A search's two drawings, as points of an SVG: what was found with each trial, and how each trial came on."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import quantiles

from django.utils.translation import gettext

from gallery.pages.drawing import BOTTOM, LEFT, RIGHT, TOP, Frame, Scale, Tick, path
from generation.models import Search, Trial, TrialState


@dataclass(frozen=True)
class Dot:
    """A trial's value."""

    x: float
    y: float
    tone: str
    words: str


@dataclass(frozen=True)
class Line:
    """A way through the drawing."""

    points: str
    tone: str
    words: str


@dataclass(frozen=True, kw_only=True)
class Chart(Frame):
    """What trials came to, with what it says in a sentence."""

    says: str
    lines: Sequence[Line]
    dots: Sequence[Dot] = ()


def found(trials: Sequence[Trial]) -> Chart | None:
    """Each complete trial's value, and the best so far."""
    values = [(trial.number, trial.value) for trial in trials if trial.value is not None]
    if not values:
        return None
    up = _upwards([value for _, value in values])
    across = Scale(0, max(1, trials[-1].number), LEFT + 14, RIGHT - 14)
    best, dots = math.inf, []
    corners: list[tuple[float, float]] = []
    for number, value in values:
        x = across.place(number)
        if corners:
            corners.append((x, up.place(best)))
        is_better = value < best
        best = min(best, value)
        corners.append((x, up.place(best)))
        dots.append(Dot(x, up.place(value), "best" if is_better else "plain", f"{_trial(number)}: {value:.4g}"))
    corners.append((across.place(trials[-1].number), up.place(best)))
    numbers = sorted({0, trials[-1].number // 2, trials[-1].number})
    return Chart(
        title=gettext("Found so far"),
        says=gettext("The best of %(len)s complete trials is %(best)s.") % {"len": len(values), "best": f"{best:.4g}"},
        up=up.ticks(),
        across=[Tick(across.place(number), str(number)) for number in numbers],
        unit="trial",
        lines=[Line(path(corners), "best", gettext("Best so far"))],
        dots=dots,
    )


def courses(search: Search, trials: Sequence[Trial], best: Trial | None) -> Chart | None:
    """How each trial came on over its own budget."""
    curves = [(trial, _course(search, trial)) for trial in trials]
    values = [value for _, course in curves for _, value in course]
    if not values:
        return None
    up, across = _upwards(values), Scale(0.0, 1.0, LEFT, RIGHT)
    lines = [
        Line(
            path((across.place(share), up.place(value)) for share, value in course), _tone(trial, best),
            f"{_trial(trial.number)}, {trial.get_state_display().lower()}",
        )
        for trial, course in curves if course
    ]  # fmt: skip
    lines.sort(key=lambda line: line.tone == "best")  # drawn last, on top
    pruned = sum(trial.state == TrialState.PRUNED for trial in trials)
    return Chart(
        title=gettext("How they came on"),
        says=gettext("%(len)s trials were measured; %(pruned)s of them were stopped early.")
        % {"len": len(lines), "pruned": pruned},
        up=up.ticks(),
        across=[Tick(across.place(share / 4), f"{share * 25} %") for share in range(5)],
        unit=gettext("of the budget of a trial"),
        lines=lines,
    )


def _course(search: Search, trial: Trial) -> list[tuple[float, float]]:
    images = search.parameters["images"]
    return [
        (max(point["seconds"] / (60 * search.trial_minutes), point["images"] / images if images else 0.0), value)
        for point in (trial.training.curve if trial.training else [])
        if math.isfinite(value := point.get("validation", math.inf))
    ]


def _trial(number: int) -> str:
    return gettext("Trial %(number)d") % {"number": number}


def _tone(trial: Trial, best: Trial | None) -> str:
    if best is not None and trial.pk == best.pk:
        return "best"
    return {TrialState.PRUNED: "pruned", TrialState.RUNNING: "now"}.get(TrialState(trial.state), "plain")


def _upwards(values: Sequence[float]) -> Scale:
    """Lower is better and lies lower; a few hopeless values do not press all others flat."""
    low = min(values)
    high = quantiles(values, n=4, method="inclusive")[2] if len(values) > 3 else max(values)
    return Scale(low, min(max(values), high + 0.6 * (high - low)), BOTTOM - 8, TOP)
