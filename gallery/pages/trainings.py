"""Trainings on pages: begun from a dataset, watched while they learn, stopped and taken up again."""

import hashlib
import json
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from gallery.pages.answering import attempt, refused_as_pages
from gallery.pages.curves import charts_of
from gallery.pages.engine_forms import EngineForm
from gallery.pages.visitors import MemberRequest
from gallery.pages.waiting import duration_words, wait_words
from generation import selectors, services
from generation.engines import registry
from generation.engines.base import EngineDeclaration
from generation.models import Dataset, DatasetState, Job, Training
from marketplace.core.errors import AtelierError

PAGE = 20
FIRST = ("photographs", "works", "method", "resolution", "minutes", "kind", "augmentation", "mirror")
ROWS = 30  # of the curve's table


@login_required
@require_safe
def index(request: MemberRequest) -> HttpResponse:
    """One's trainings, newest first."""
    page = Paginator(selectors.trainings_of(request.user), PAGE).get_page(request.GET.get("page"))
    following = f"?page={page.next_page_number()}" if page.has_next() else ""
    return render(request, "gallery/trainings.html", {"trainings": page, "next": following})


@login_required
def new(request: MemberRequest) -> HttpResponse:
    """Choose what is learnt from and what learns, then how; a good form begins the training."""
    asked = request.POST if request.method == "POST" else request.GET
    datasets = list(selectors.datasets_of(request.user).filter(state=DatasetState.FROZEN))
    dataset = next((one for one in datasets if str(one.pk) == asked.get("dataset")), datasets[0] if datasets else None)
    trainers = registry.trainers()
    engine = next((one for one in trainers if one.name == asked.get("engine")), trainers[0])
    context: dict[str, Any] = {"datasets": datasets, "dataset": dataset, "engines": trainers, "engine": engine}
    if dataset is None:
        return render(request, "gallery/training_new.html", context)
    summary = selectors.summary_of(dataset)
    # What asks for classes can only mean those that the dataset has.
    classes = [name for name in summary.classes if name]
    known = {"photographs": classes, "works": classes}
    form = EngineForm(request.POST or None, engine=engine, first=FIRST, options=known)
    name = asked.get("name", dataset.name)
    if request.method == "POST" and form.is_valid() and (training := _start(request, form, dataset, engine)):
        return redirect("training", training.pk)
    context |= {"form": form, "name": name, "summary": summary}
    context["is_augmenting"] = "augmentation" in engine.parameters.model_fields
    return render(request, "gallery/training_new.html", context, status=422 if form.errors else 200)


def _start(request: MemberRequest, form: EngineForm, dataset: Dataset, engine: EngineDeclaration) -> Training | None:
    name = request.POST.get("name", "")
    chosen = [str(dataset.pk), engine.name, name, form.cleaned_data["request_key"], form.chosen]
    digest = hashlib.sha256(json.dumps(chosen, sort_keys=True).encode()).hexdigest()
    try:
        return services.start_training(
            owner=request.user, dataset_id=dataset.pk, engine=engine.name, name=name, parameters=form.chosen,
            request_key=f"{request.user.pk}:page:{digest}",
        )  # fmt: skip
    except AtelierError as error:
        form.add_problems(error.data.get("errors", {"": [error.detail]}))
        return None


@login_required
@require_safe
def show(request: MemberRequest, training_id: UUID) -> HttpResponse:
    """One training; with `?logs`, its logs."""
    training = _mine(request, training_id)
    if "logs" in request.GET and training.logs_key:
        return redirect(selectors.logs_url(training))
    return render(request, "gallery/training.html", _state(training))


@login_required
@require_safe
def state(request: MemberRequest, training_id: UUID) -> HttpResponse:
    """What the page asks again and again: nothing new, or the part that changed."""
    training = _mine(request, training_id)
    if request.GET.get("seen") == _moment(training):
        return HttpResponse(status=204)
    return render(request, "gallery/training_state.html", _state(training))


@login_required
@require_POST
def stop(request: MemberRequest, training_id: UUID) -> HttpResponse:
    """Stop it where it is."""
    return _step(request, training_id, services.stop_training)


@login_required
@require_POST
def resume(request: MemberRequest, training_id: UUID) -> HttpResponse:
    """Take it up again."""
    return _step(request, training_id, services.resume_training)


def _step(request: MemberRequest, training_id: UUID, step: Callable[..., Training]) -> HttpResponse:
    stepped = attempt(request, step, training_id=training_id, owner=request.user)
    return redirect("training", stepped.pk if stepped else training_id)


@refused_as_pages()
def _mine(request: MemberRequest, training_id: UUID) -> Training:
    return selectors.training_by_id(training_id, request.user)


def _state(training: Training) -> dict[str, Any]:
    job = training.job
    wait = selectors.estimate_wait(training.job)
    words = wait_words(wait) if wait and job.state == Job.State.QUEUED else ""
    if wait and job.state == Job.State.RUNNING and wait.ready_in is not None:
        words = capfirst(gettext("%(duration)s left at most") % {"duration": duration_words(wait.ready_in)})
    names = list(dict.fromkeys(name for point in training.curve for name in point))
    return {
        "training": training,
        "job": job,
        "engine": registry.declaration(job.engine).title,
        "moment": _moment(training),
        "wait": words,
        "charts": charts_of(training.curve),
        "names": names,
        "rows": [[point.get(name) for name in names] for point in training.curve[-ROWS:]],
        "model": getattr(training, "model", None),
        "resumed_by": getattr(training, "resumed_by", None),
    }


def _moment(training: Training) -> str:
    """What the page would have to change for."""
    job = training.job
    asked = "stopping" if job.cancel_requested_at else ""
    return f"{job.state} {asked} {len(training.curve)} {training.step} {job.attempt} {training.is_resumable}"
