"""Selling: an artist's overview and forms, and an owner's resale."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from gallery.pages.answering import attempt, refused_as_pages
from gallery.pages.forms import add_problem
from gallery.pages.sale_forms import ResaleForm, SaleForm, SellForm, as_initial, usual_prices
from gallery.pages.shown_sales import shown
from gallery.pages.visitors import MemberRequest
from generation import selectors as generation
from generation.engines import registry
from generation.engines.errors import UnknownEngine
from marketplace.accounts import selectors as accounts
from marketplace.core.errors import AtelierError
from marketplace.listings import selectors, services
from marketplace.listings.models import Sale
from marketplace.listings.services import Series
from marketplace.orders import selectors as orders
from marketplace.orders import services as ordering

PAGE = 20


@login_required
@require_safe
def index(request: MemberRequest) -> HttpResponse:
    """All that one sells or sold, newest first, and what could be sold besides."""
    page = Paginator(selectors.sales_of(request.user), PAGE).get_page(request.GET.get("page"))
    context = {
        "sales": list(shown(list(page), request.user)),
        "next": f"?page={page.next_page_number()}" if page.has_next() else "",
        "works": selectors.unissued_works(request.user)[:12] if accounts.artist_of(request.user) else [],
    }
    return render(request, "gallery/selling.html", context)


@login_required
def work(request: MemberRequest, artwork_id: UUID) -> HttpResponse:
    """Issue a work and put it on sale; one that was issued before is led to its release's form."""
    with refused_as_pages():
        artwork = generation.artwork_by_id(artwork_id, request.user)
    if (release := selectors.release_of(artwork)) and release.artist.user_id == request.user.pk:
        return redirect("release-sell", release.pk)
    if not selectors.is_issuable(artwork, request.user):
        raise Http404
    usual = usual_prices(request.user)
    form = SellForm(request.POST or None, request.FILES or None, initial=usual | {"title": artwork.display_title})
    sold = _sell(request, form, lambda: _put_on_sale(request, form, artwork.pk))
    return sold or _page(
        request,
        form,
        artwork=artwork,
        heading=gettext("Sell “%(display_title)s”") % {"display_title": artwork.display_title},
    )


@login_required
def series(request: MemberRequest, model_id: UUID) -> HttpResponse:
    """Issue what one's model makes, each edition another picture, and put it on sale."""
    with refused_as_pages():
        model = generation.model_by_id(model_id, request.user)
    if not selectors.may_issue_model(model, request.user):
        raise Http404
    try:
        engine = registry.sampler_of(model.kind)
    except UnknownEngine as error:  # it paints what one brings: nothing that could be made by itself
        raise Http404 from error
    usual = usual_prices(request.user)
    form = SellForm(request.POST or None, request.FILES or None, initial=usual | {"title": model.name}, is_series=True)
    made_by = Series(model.pk, engine.name)
    sold = _sell(request, form, lambda: _put_on_sale(request, form, made_by))
    return sold or _page(
        request, form, model=model, heading=gettext("Sell a series of %(model_name)s") % {"model_name": model.name}
    )


@login_required
def release(request: MemberRequest, release_id: UUID) -> HttpResponse:
    """Sell what was issued before."""
    with refused_as_pages():
        issued = selectors.release_by_id(release_id, request.user)
    if issued.artist.user_id != request.user.pk:
        raise Http404
    form = SaleForm(request.POST or None, request.FILES or None, initial=usual_prices(request.user))
    given: dict[str, Any] = {"artist_user": request.user, "release_id": issued.pk}
    sold = _sell(request, form, lambda: services.sell_release(**given, **_asked(request, form)))
    context = {"artwork": issued.artwork, "model": issued.trained_model, "release": issued}
    return sold or _page(request, form, **context, heading=gettext("Sell “%(issued)s”") % {"issued": issued})


@login_required
def edition(request: MemberRequest, edition_id: UUID) -> HttpResponse:
    """Sell on an edition that one owns."""
    with refused_as_pages():
        owned = orders.owned_by(request.user, edition_id)
    form = ResaleForm(request.POST or None, licences=[owned.licence])
    sold = _sell(
        request,
        form,
        lambda: ordering.offer_for_resale(
            owner=request.user, edition_id=edition_id, prices=form.prices, schedule=form.schedule
        ),
    )
    context = {
        "artwork": owned.artwork,
        "edition": owned.edition,
        "heading": gettext("Sell on “%(edition)s”") % {"edition": owned.edition},
    }
    context["house_bps"] = settings.ATELIER.resale_fee_bps
    return sold or _page(request, form, **context)


@login_required
def change(request: MemberRequest, sale_id: UUID) -> HttpResponse:
    """Set prices and times of a draft or a paused sale anew."""
    with refused_as_pages():
        sale = selectors.sale_by_id(sale_id, request.user)
    is_open_to_change = sale.state in {sale.State.DRAFT, sale.State.PAUSED} and sale.kind == sale.Kind.FIXED
    if sale.seller_id != request.user.pk or sale.edition_id or not is_open_to_change:
        raise Http404
    form = SaleForm(request.POST or None, request.FILES or None, initial=as_initial(sale))
    given: dict[str, Any] = {"seller": request.user, "sale_id": sale.pk}
    if request.method == "POST" and form.is_valid():
        try:
            services.rework_sale(**given, prices=form.prices, schedule=form.schedule, people=form.listed)
        except AtelierError as error:
            add_problem(form, error)
        else:
            messages.success(request, gettext("It is changed."))
            return redirect("selling")
    issued = sale.issued
    context = {"artwork": issued.artwork, "model": issued.trained_model, "is_change": True}
    return _page(request, form, **context, heading=gettext("Change the sale of “%(issued)s”") % {"issued": issued})


@login_required
@require_POST
def publish(request: MemberRequest, sale_id: UUID) -> HttpResponse:
    """Open a sale, or go on with it."""
    return _move(request, services.publish_sale, gettext("It is on sale."), seller=request.user, sale_id=sale_id)


@login_required
@require_POST
def pause(request: MemberRequest, sale_id: UUID) -> HttpResponse:
    """Let nobody buy for a while."""
    return _move(request, services.pause_sale, gettext("It is paused."), seller=request.user, sale_id=sale_id)


@login_required
@require_POST
def cancel(request: MemberRequest, sale_id: UUID) -> HttpResponse:
    """End a sale for good."""
    return _move(
        request, services.cancel_sale, gettext("It is not for sale any more."), by=request.user, sale_id=sale_id
    )


def _move(request: MemberRequest, act: Callable[..., Sale], said: str, **given: Any) -> HttpResponse:
    attempt(request, act, said, **given)
    return redirect("selling")


def _put_on_sale(request: HttpRequest, form: SellForm, what: UUID | Series) -> Sale:
    return services.put_on_sale(artist_user=request.user, what=what, terms=form.terms, **_asked(request, form))  # type: ignore[arg-type]


def _asked(request: HttpRequest, form: SaleForm) -> dict[str, Any]:
    is_draft = "draft" in request.POST
    return {"prices": form.prices, "schedule": form.schedule, "people": form.listed, "publish": not is_draft}


def _sell(request: HttpRequest, form: SaleForm | ResaleForm, act: Callable[[], Sale]) -> HttpResponse | None:
    """Do it if the form is good; None where the form is to be shown (again)."""
    if request.method != "POST" or not form.is_valid():
        return None
    try:
        sale = act()
    except AtelierError as error:
        add_problem(form, error)
        return None
    messages.success(
        request, gettext("It is on sale.") if sale.state == sale.State.OPEN else gettext("It is kept as a draft.")
    )
    return redirect("selling") if sale.state == sale.State.DRAFT else redirect("sale", sale.pk)


def _page(request: HttpRequest, form: SaleForm | ResaleForm, **context: Any) -> HttpResponse:
    context |= {"form": form, "is_resale": isinstance(form, ResaleForm), "is_new": isinstance(form, SellForm)}
    return render(request, "gallery/sell.html", context, status=422 if form.errors else 200)
