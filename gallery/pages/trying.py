"""Having something made with a model: by whoever may use it, from a seed, or from pictures of their own."""

import hashlib
import json
from collections.abc import Sequence
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from gallery.pages.answering import refused_as_pages
from gallery.pages.asked_pictures import Asked, pictures_given
from gallery.pages.engine_forms import EngineForm
from gallery.pages.models import context_of, seen_model
from gallery.pages.visitors import MemberRequest
from generation import selectors, services
from generation.engines.base import EngineDeclaration, InputSpec
from generation.models import Job, JobInput, TrainedModel
from marketplace.core.errors import AtelierError, InvalidInput, NotFound

_INPUTS = "inputs."


@login_required
@require_POST
def try_out(request: MemberRequest, model_id: UUID) -> HttpResponse:
    """Have a work made with a model that one may use."""
    model = seen_model(model_id, request.user)
    context = context_of(request, model, request.user)
    form: EngineForm = context["form"]
    engine: EngineDeclaration = context["engine"]
    asked = context["asked"] = pictures_given([one.spec for one in context["asked"]], request.POST, request.user)
    is_whole = form.is_valid() and not any(one.errors for one in asked)
    if is_whole and (job := _submit(request, form, model, engine, context["photograph"], asked)):
        return redirect("model-work", model.pk, job.pk)
    return render(request, "gallery/model.html", context, status=422)


def _submit(
    request: MemberRequest, form: EngineForm, model: TrainedModel, engine: EngineDeclaration,
    photograph: InputSpec | None, asked: list[Asked],
) -> Job | None:  # fmt: skip
    """The job; nothing where something is wrong, which then stands at its field."""
    try:
        if photograph:
            seed, inputs = None, [_photograph(request, photograph)]
            title = gettext("A portrait in %(model_name)s") % {"model_name": model.name}
        else:
            seed, inputs = _number(request.POST.get("seed", "")), [given for one in asked for given in one.inputs()]
            title = _title(model, seed, is_after_pictures=bool(inputs))
        brought = [seed, *(f"{given.name} {given.sha256}" for given in inputs)]
        return services.submit_job(
            owner=request.user,
            engine=engine.name,
            parameters=form.chosen,
            seed=seed,
            trained_model=model,
            inputs=inputs,
            title=title,
            request_key=_request_key(request, form, brought),
        )
    except AtelierError as error:
        problems = dict(error.data.get("errors", {"": [error.detail]}))
        for one in asked:
            one.errors += problems.pop(f"{_INPUTS}{one.spec.name}", [])
        form.add_problems(problems)
        return None


def _request_key(request: MemberRequest, form: EngineForm, brought: Sequence[object]) -> str:
    """The form's own key with what was brought: a double click is one work, other pictures are another."""
    digest = hashlib.sha256(json.dumps(brought).encode()).hexdigest()
    return f"{request.user.pk}:page:{form.cleaned_data['request_key']}:{digest}"


def _photograph(request: MemberRequest, asked: InputSpec) -> JobInput:
    """The photograph that was uploaded. Raises InvalidInput."""
    try:
        upload = selectors.upload_by_id(UUID(request.POST.get("photograph", "")), request.user)
    except (ValueError, NotFound) as error:
        raise InvalidInput(
            gettext("Choose a photograph first."), errors={"": [gettext("Choose a photograph first.")]}
        ) from error
    return JobInput.of_upload(asked.name, upload)


def _number(seed: str) -> int:
    if not seed.isdecimal():
        raise InvalidInput(
            gettext("A seed is a number."), errors={"seed": [gettext("The seed is a whole number from 0 on.")]}
        )
    return int(seed)


@login_required
@require_safe
def work(request: MemberRequest, model_id: UUID, job_id: UUID) -> HttpResponse:
    """A work in the making; the work itself once it is there. htmx asks for the part that changes."""
    model = seen_model(model_id, request.user)
    with refused_as_pages():
        job = selectors.job_by_id(job_id, request.user)
    artwork = getattr(job, "artwork", None)
    if artwork is not None:
        address = reverse("work", args=[artwork.pk])
        return (
            HttpResponse(headers={"HX-Redirect": address}) if request.headers.get("HX-Request") else redirect(address)
        )
    template = "gallery/model_work_state.html" if request.headers.get("HX-Request") else "gallery/model_work.html"
    return render(request, template, {"model": model, "job": job})


def _title(model: TrainedModel, seed: int | None, *, is_after_pictures: bool) -> str:
    if is_after_pictures:
        return gettext("%(model)s, after pictures") % {"model": model.name}
    return gettext("%(model)s, seed %(seed)s") % {"model": model.name, "seed": seed}
