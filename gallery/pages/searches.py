"""Searches for better parameters on pages: begun, watched, stopped, and what they found trained."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from gallery.pages import search_charts
from gallery.pages.answering import attempt, refused_as_pages
from gallery.pages.search_form import SearchForm
from gallery.pages.visitors import MemberRequest
from generation import selectors, services
from generation.engines import registry
from generation.engines.base import EngineDeclaration
from generation.models import Dataset, Search, Trial
from marketplace.core.errors import AtelierError

PAGE = 20
BOARD = "gallery/search_board.html"


@login_required
@require_safe
def index(request: MemberRequest) -> HttpResponse:
    """One's searches, newest first."""
    page = Paginator(selectors.searches_of(request.user), PAGE).get_page(request.GET.get("page"))
    following = f"?page={page.next_page_number()}" if page.has_next() else ""
    return render(request, "gallery/searches.html", {"searches": page, "next": following})


@login_required
def new(request: MemberRequest) -> HttpResponse:
    """The form; a good one goes on to its search, a bad one says what is wrong and keeps what was entered."""
    asked = request.POST or request.GET
    trainers = [engine for engine in registry.declarations() if engine.trains]
    engine = next((one for one in trainers if one.name == asked.get("engine")), trainers[0])
    datasets = list(selectors.datasets_of(request.user).filter(state=Dataset.State.FROZEN))
    dataset = next((one for one in datasets if str(one.pk) == asked.get("dataset")), datasets[0] if datasets else None)
    form = SearchForm(request.POST or None, engine=engine)
    if dataset and request.method == "POST" and form.is_valid() and (search := _start(request, form, engine, dataset)):
        return redirect("search", search.pk)
    context = {"form": form, "engine": engine, "engines": trainers, "dataset": dataset, "datasets": datasets}
    return render(request, "gallery/search_new.html", context, status=422 if form.errors else 200)


@login_required
@require_safe
def show(request: MemberRequest, search_id: UUID) -> HttpResponse:
    """One search; htmx asks for its board alone while it runs."""
    search = _mine(request, search_id)
    template = BOARD if request.htmx else "gallery/search.html"
    response = render(request, template, _state(search))
    response["Cache-Control"] = "no-store"
    return response


@login_required
@require_POST
def stop(request: MemberRequest, search_id: UUID) -> HttpResponse:
    """Stop it; what it found stays."""
    return _step(request, search_id, services.stop_search, gettext("The search is stopped."))


@login_required
@require_POST
def train(request: MemberRequest, search_id: UUID) -> HttpResponse:
    """Train the model with the best parameters."""
    return _step(
        request, search_id, services.train_best, gettext("The model is being trained with the best parameters.")
    )


def _start(request: MemberRequest, form: SearchForm, engine: EngineDeclaration, dataset: Dataset) -> Search | None:
    try:
        return services.start_search(
            owner=request.user, dataset_id=dataset.pk, engine=engine.name, name=form.cleaned_data["name"],
            parameters=form.parameters, space=form.chosen, bounds=form.bounds,
            request_key=f"{request.user.pk}:page:{form.cleaned_data['request_key']}",
        )  # fmt: skip
    except AtelierError as error:
        form.add_problems(error.data.get("errors", {"": [error.detail]}))
        return None


def _step(request: MemberRequest, search_id: UUID, step: Callable[..., object], done: str) -> HttpResponse:
    attempt(request, step, done, search_id=search_id, owner=request.user)
    return redirect("search", search_id)


@refused_as_pages()
def _mine(request: MemberRequest, search_id: UUID) -> Search:
    return selectors.search_by_id(search_id, request.user)


def _state(search: Search) -> dict[str, Any]:
    trials, best = selectors.trials_of(search), selectors.best_trial(search)
    about = registry.declaration(search.engine).json_schema()["properties"]
    titles = {name: about.get(name, {}).get("title", name) for name in search.space}
    return {
        "search": search,
        "best": best,
        "titles": list(titles.values()),
        "rows": [_row(trial, list(titles), best) for trial in trials],
        "shares": sorted(((titles[name], share) for name, share in search.importance.items()), key=lambda one: -one[1]),
        "found": search_charts.found(trials),
        "courses": search_charts.courses(search, trials, best),
        "best_values": [(title, best.parameters[name]) for name, title in titles.items()] if best else [],
    }


def _row(trial: Trial, names: list[str], best: Trial | None) -> dict[str, Any]:
    tones = {"running": "now", "failed": "bad"}
    is_best = best is not None and trial.pk == best.pk
    return {
        "trial": trial, "is_best": is_best, "tone": "good" if is_best else tones.get(trial.state, ""),
        "values": [trial.parameters.get(name) for name in names],
        "last": _last(trial), "job": trial.training.job if trial.training else None,
    }  # fmt: skip


def _last(trial: Trial) -> float | None:
    """The best that it has come to so far."""
    values = [
        point["validation"] for point in (trial.training.curve if trial.training else []) if "validation" in point
    ]
    return trial.value if trial.value is not None else min(values, default=None)
