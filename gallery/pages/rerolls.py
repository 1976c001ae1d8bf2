"""Another picture of a commission, on pages: asked for, paid where it is not included, shown beside the others."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from gallery.pages.answering import attempt, refused_as_pages
from gallery.pages.forms import CommissionForm, add_problem
from gallery.pages.paying import payment_form, tax_place_first
from gallery.pages.visitors import MemberRequest
from marketplace.commissions import selectors, services
from marketplace.commissions.models import Commission, Reroll
from marketplace.commissions.selectors import Candidate
from marketplace.commissions.ways import Way, choose_way
from marketplace.core.errors import AtelierError


@dataclass(frozen=True, slots=True)
class ShownCandidate:
    """One picture beside the others; `differs` says in what it was asked for otherwise than the first."""

    candidate: Candidate
    differs: list[tuple[str, str]]


def shown_candidates(commission: Commission) -> list[ShownCandidate]:
    """Every picture that was asked for, and how they differ."""
    first, *others = selectors.candidates_of(commission)
    about = _way(commission).engine.json_schema()["properties"]
    return [ShownCandidate(first, [])] + [ShownCandidate(one, _differs(first, one, about)) for one in others]


@login_required
def ask(request: MemberRequest, commission_id: UUID) -> HttpResponse:
    """The form for another picture; one that is not included goes on to its payment."""
    with refused_as_pages():
        commission = selectors.commission_of(request.user, commission_id)
    if commission.state != Commission.State.PROOF or selectors.open_reroll(commission):
        return redirect("commission", commission.pk)
    form = RerollForm(request.POST or None, commission=commission)
    if request.method == "POST" and form.is_valid() and (asked := _ask(request, form, commission)):
        return redirect("commission", commission.pk) if asked.payment is None else redirect(
            "reroll-pay", commission.pk, asked.number
        )  # fmt: skip
    context = {
        "commission": commission,
        "form": form,
        "left": selectors.rerolls_left(commission),
        "candidates": shown_candidates(commission),
    }
    return render(request, "gallery/reroll_new.html", context, status=422 if form.errors else 200)


@login_required
@require_safe
def pay(request: MemberRequest, commission_id: UUID, number: int) -> HttpResponse:
    """The provider's payment form, for as long as there is something to pay."""
    with refused_as_pages():
        reroll = selectors.reroll_of(request.user, commission_id, number)
    if reroll.state != Reroll.State.AWAITING_PAYMENT:
        return redirect("commission", commission_id)
    if asked := tax_place_first(request):
        return asked
    payment = attempt(request, services.pay_reroll, reroll=reroll)
    if payment is None or not payment.is_payable:
        return redirect("commission", commission_id)
    address = reverse("commission", args=[commission_id])
    form = payment_form(request, payment, verb=gettext("Authorise"), back=f"{address}?paid=1")
    return render(request, "gallery/reroll_pay.html", {"reroll": reroll, "commission": reroll.commission, "form": form})


@login_required
@require_POST
def drop(request: MemberRequest, commission_id: UUID, number: int) -> HttpResponse:
    """Give it up before it is paid."""
    attempt(request, services.drop_reroll, commission_id=commission_id, collector=request.user, number=number)
    return redirect("commission", commission_id)


class RerollForm(CommissionForm):
    """What may be chosen anew: the engine's parameters, and the seed of a model; the pictures brought stay."""

    def __init__(self, data: Any = None, *, commission: Commission) -> None:
        chosen = dict(selectors.candidates_of(commission)[-1].parameters)
        chosen |= {f"direction_{number}": far for number, far in enumerate(chosen.get("directions") or [])}
        super().__init__(data, way=_way(commission), model=commission.trained_model, initial=chosen)
        for name in ("photograph", "mask"):
            self.fields.pop(name, None)


def _ask(request: MemberRequest, form: RerollForm, commission: Commission) -> Reroll | None:
    try:
        return services.ask_reroll(
            commission_id=commission.pk,
            collector=request.user,
            parameters=form.chosen,
            seed=form.cleaned_data.get("seed"),
            request_key=f"{request.user.pk}:reroll:{form.cleaned_data['request_key']}",
        )
    except AtelierError as error:
        add_problem(form, error)
        return None


def _way(commission: Commission) -> Way:
    return choose_way(commission.listing, commission.engine, with_photograph=commission.photograph_id is not None)


def _differs(first: Candidate, one: Candidate, about: dict[str, Any]) -> list[tuple[str, str]]:
    """The parameters that were chosen otherwise, in words; of a model the seed too."""
    found = [
        (gettext(about[name].get("title", name)), _words(value, about[name]))
        for name, value in one.parameters.items()
        if name in about and value != first.parameters.get(name)
    ]
    seed = one.reroll.seed if one.reroll and not one.commission.photograph_id else None
    return found if seed is None else [(gettext("Seed"), str(seed)), *found]


def _words(value: Any, about: dict[str, Any]) -> str:
    if isinstance(value, bool):
        return gettext("Yes") if value else gettext("No")
    if isinstance(value, float):
        return f"{value * 100:.0f} %" if about.get("maximum") == 1 else f"{value:g}"
    if isinstance(value, list | dict):
        return gettext("changed")
    return gettext(str(about.get("names", {}).get(value, value)))
