"""Models on pages: everybody walks through what is open; artists name, publish and withdraw their own."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from gallery.pages.answering import attempt, refused_as_pages
from gallery.pages.asked_pictures import Asked
from gallery.pages.engine_forms import EngineForm
from gallery.pages.visitors import MemberRequest, person_of
from gallery.services.sharing import shared
from generation import selectors, services
from generation.engines import registry
from generation.engines.base import EngineDeclaration
from generation.engines.training import showing
from generation.models import TrainedModel
from marketplace.accounts.models import User

PAGE = 18
FIRST = ("truncation", "temperature", "strength", "class_name", "size", "seconds", "stops")
MEASURES = {
    "fid": (_("FID"), _("How far its pictures lie from the ones held back, taken as a whole: the lower the better.")),
    "kid_before": (_("KID before"), _("How far photographs lie from works as they are: KID must be lower than this.")),
    "kid": (_("KID"), _("The same distance, judged fairly even by few pictures: near 0 is best.")),
    "style": (
        _("Style"),
        _("How far its paintings are from the works' manner, as seen by a network: 0 is their mean."),
    ),
    "content": (_("Content"), _("How much of what photographs show is lost: 0 is nothing, 1 is all.")),
    "precision": (_("Precision"), _("The share of its pictures that look real: 1 is best.")),
    "recall": (_("Recall"), _("How much of what there is it can paint: 1 is best.")),
    "nearness": (
        _("Nearness"),
        _("Around 1 its pictures are as new as new ones are; near 0 it repeats what it was shown."),
    ),
}


@dataclass(frozen=True)
class Square:
    """One seed on the sheet: where it lies, in the sheet's pixels."""

    seed: int
    left: int
    top: int
    side: int = showing.CELL


SQUARES = [
    Square(seed, (seed - 1) % showing.ACROSS * showing.CELL, (seed - 1) // showing.ACROSS * showing.CELL)
    for seed in range(1, showing.SEEDS + 1)
]


@require_safe
@shared
def index(request: HttpRequest) -> HttpResponse:
    """Models that are open to all, and one's own."""
    person = person_of(request)
    page = Paginator(selectors.models_shown(person), PAGE).get_page(request.GET.get("page"))
    shown = [(model, selectors.samples_url(model)) for model in page]
    following = f"?page={page.next_page_number()}" if page.has_next() else ""
    return render(request, "gallery/models.html", {"models": shown, "next": following})


@require_safe
def show(request: HttpRequest, model_id: UUID) -> HttpResponse:
    """One model: its sheet to walk through, its card, and for its artist all that can be done with it."""
    person = person_of(request)
    model = seen_model(model_id, person)
    return render(request, "gallery/model.html", context_of(request, model, person))


def context_of(request: HttpRequest, model: TrainedModel, person: User | None) -> dict[str, Any]:
    """All that a model's page shows to somebody: its sheet, its card, and the form to have something made with it."""
    is_own = person is not None and model.artist.user_id == person.pk
    may_use = person is not None and selectors.may_use_model(model, person)
    engines, engine = _engines(model, request.GET.get("engine") or request.POST.get("engine"))
    # What asks for one photograph alone is given it as a commission is.
    photograph = next(iter(engine.required_inputs), None) if len(engine.inputs) == 1 else None
    known = {"class_name": model.card.get("classes", [])}
    form = EngineForm(request.POST or None, engine=engine, first=FIRST, options=known, directions=model.directions)
    return {
        "model": model,
        "is_of_seeds": not registry.shower_of(model.kind).required_inputs,
        "sheet": selectors.samples_url(model),
        "review": model.standing_review if model.is_held else None,
        "squares": SQUARES,
        "square": _square(request.GET.get("seed") or request.POST.get("seed")),
        "measures": [(*words, model.measures[name]) for name, words in MEASURES.items() if name in model.measures],
        "is_own": is_own,
        "may_use": may_use,
        "is_house": person is not None and (person.is_staff or person.is_curator),
        "engines": engines,
        "engine": engine,
        "form": form,
        "photograph": photograph,
        "asked": [] if photograph else [Asked(spec) for spec in engine.inputs],
        "most_megabytes": settings.ATELIER.upload_max_bytes // 1_000_000,
        **_directions(model),
    }


def _engines(model: TrainedModel, name: str | None) -> tuple[list[EngineDeclaration], EngineDeclaration]:
    """What can be made with it, and which of it was chosen."""
    offered = list(registry.runners_of(model.kind))
    return offered, next((one for one in offered if one.name == name), registry.shower_of(model.kind))


def _square(seed: str | None) -> Square:
    known = {str(square.seed): square for square in SQUARES}
    return known.get(seed or "", SQUARES[0])


def _directions(model: TrainedModel) -> dict[str, Any]:
    if not (sheet := selectors.directions_url(model)):
        return {}
    named = {one["number"]: one["name"] for one in model.directions}
    high, wide = len(showing.FACES) * showing.SMALL, len(showing.STRENGTHS) * showing.SMALL
    rows = [
        {"number": number, "name": named.get(number, ""), "top": number * high} for number in range(showing.DIRECTIONS)
    ]
    return {
        "directions": rows, "directions_sheet": sheet, "strip_width": wide,
        "strip_height": high, "directions_height": high * showing.DIRECTIONS,
    }  # fmt: skip


@login_required
@require_POST
def describe(request: MemberRequest, model_id: UUID) -> HttpResponse:
    """Say what a model paints, and name its directions."""
    names = [(number, request.POST.get(f"direction_{number}", "").strip()) for number in range(showing.DIRECTIONS)]
    # Each of the page's two forms sends its own part; the other stays as it is.
    details = {"description": request.POST["description"]} if "description" in request.POST else {}
    named = {"directions": [(number, name) for number, name in names if name]}
    has_names = any(f"direction_{number}" in request.POST for number, _ in names)
    return _act(
        request,
        model_id,
        services.describe_model,
        gettext("It is written down."),
        **details,
        **named if has_names else {},
    )


@login_required
@require_POST
def publish(request: MemberRequest, model_id: UUID) -> HttpResponse:
    """Open a model to all."""
    return _act(request, model_id, services.publish_model, gettext("It is open to all now. You can undo this."))


@login_required
@require_POST
def deprecate(request: MemberRequest, model_id: UUID) -> HttpResponse:
    """Offer a model to nobody new."""
    return _act(request, model_id, services.deprecate_model, gettext("It is offered to nobody new. You can undo this."))


@login_required
@require_POST
def withdraw(request: MemberRequest, model_id: UUID) -> HttpResponse:
    """Let nobody use a model any more."""
    reason = request.POST.get("reason", "")
    return _act(
        request, model_id, services.withdraw_model, gettext("It is withdrawn. You can undo this."), reason=reason
    )


@login_required
@require_POST
def restore(request: MemberRequest, model_id: UUID) -> HttpResponse:
    """Bring a withdrawn model back."""
    return _act(request, model_id, services.restore_model, gettext("It is what it was before."))


def _act(
    request: MemberRequest, model_id: UUID, act: Callable[..., TrainedModel], said: str, **details: Any
) -> HttpResponse:
    attempt(request, act, said, model_id=model_id, by=request.user, **details)
    return redirect("model", model_id)


@refused_as_pages()
def seen_model(model_id: UUID, person: User | None) -> TrainedModel:
    """A model that this person may look at. Raises Http404."""
    return selectors.model_by_id(model_id, person)
