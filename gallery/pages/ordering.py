"""Ordering a commission: a photograph in the style of a work or by an engine, a seed of a model, a portrait in it."""

import hashlib
import json
from uuid import UUID

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from gallery.pages.forms import CommissionForm, add_problem
from gallery.pages.visitors import MemberRequest
from generation import selectors as generation
from generation.models import Upload
from marketplace.commissions import selectors, services
from marketplace.commissions.models import Commission
from marketplace.commissions.ways import Way, ways_of
from marketplace.core.errors import AtelierError, NotFound
from marketplace.core.money import Money, split
from marketplace.listings import selectors as listings
from marketplace.listings.models import Listing


@login_required
def from_style(request: MemberRequest, artwork_id: UUID) -> HttpResponse:
    """The order form for a photograph in a work's style."""
    listing = listings.listing_of(artwork_id)
    if listing is None:
        raise Http404
    return _page(request, listing, ways_of(listing)[0])


@login_required
def from_engine(request: MemberRequest, engine: str) -> HttpResponse:
    """The order form for what an engine of the house makes of one's picture."""
    listing = listings.listing_of_engine(engine)
    ways = ways_of(listing) if listing else ()
    if listing is None or not ways:
        raise Http404
    return _page(request, listing, ways[0])


@login_required
def from_model(request: MemberRequest, model_id: UUID) -> HttpResponse:
    """The order form for a picture from a model: of `?seed=`, or by `?engine=`, such as one that paints portraits."""
    listing = listings.listing_of_model(model_id)
    ways = ways_of(listing) if listing else ()
    if listing is None or not ways:
        raise Http404
    chosen = request.GET.get("engine")
    return _page(request, listing, next((way for way in ways if way.engine.name == chosen), ways[0]))


def _page(request: MemberRequest, listing: Listing, way: Way) -> HttpResponse:
    """The form; a good order goes on to its payment, a bad one says what is wrong and keeps what was entered."""
    model, seed = listing.trained_model, request.GET.get("seed", "")
    form = CommissionForm(
        request.POST or None, way=way, model=model, initial={"seed": seed if _is_seed(seed) else None}
    )
    if request.method == "POST" and form.is_valid() and (commission := _order(request, form, listing, way)):
        return redirect("commission-pay", commission.pk)
    photograph = _photograph(request, form)
    context = {
        "artwork": generation.artwork_by_id(listing.artwork_id, request.user) if listing.artwork_id else None,
        "model": model,
        "way": way,
        "ways": ways_of(listing),
        "listing": listing,
        "prices": way.prices(listing),
        "form": form,
        "artist_part": _artist_part(listing.price),
        "reroll_price": services.reroll_price(listing, listing.price_amount),
        "photograph": photograph,
        "wanted": way.photograph.help if listing.engine and way.photograph else "",
        "photograph_url": generation.upload_url(photograph) if photograph else "",
        "acceptance_days": settings.ATELIER.acceptance_days,
        "most_megabytes": settings.ATELIER.upload_max_bytes // 1_000_000,
        **(_seed(form, listing) if "seed" in form.fields else {}),
    }
    return render(request, "gallery/commission_new.html", context, status=422 if form.errors else 200)


def _seed(form: CommissionForm, listing: Listing) -> dict[str, object]:
    """The seed that the form shows, and whether it can still be had."""
    shown = str(form["seed"].value() if form["seed"].value() is not None else "")
    seed = int(shown) if _is_seed(shown) else None
    assert listing.trained_model_id is not None
    return {"seed": seed, "is_taken": seed in selectors.taken_seeds(listing.trained_model_id)}


def _is_seed(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 16


def _order(request: MemberRequest, form: CommissionForm, listing: Listing, way: Way) -> Commission | None:
    try:
        return services.order_commission(
            collector=request.user,
            listing_id=listing.pk,
            engine=way.engine.name,
            seed=form.cleaned_data.get("seed"),
            photograph_id=form.cleaned_data.get("photograph"),
            mask_id=form.cleaned_data.get("mask"),
            parameters=form.chosen,
            request_key=_request_key(request, form, listing, way),
        )
    except AtelierError as error:
        add_problem(form, error)
        return None


def _request_key(request: MemberRequest, form: CommissionForm, listing: Listing, way: Way) -> str:
    """The form's own key with what was chosen: a double click is one order, and a changed form is another."""
    brought = [str(form.cleaned_data.get(name)) for name in ("photograph", "mask", "seed", "request_key")]
    chosen = [str(listing.pk), way.engine.name, *brought, form.chosen]
    digest = hashlib.sha256(json.dumps(chosen, sort_keys=True).encode()).hexdigest()
    return f"{request.user.pk}:page:{digest}"


def _artist_part(price: Money) -> Money:
    share = settings.ATELIER.artist_share_bps
    return Money(split(price.amount, [share, 10_000 - share])[0], price.currency)


def _photograph(request: MemberRequest, form: CommissionForm) -> Upload | None:
    """The picture that was uploaded before the form came back with an error, or that one comes with."""
    brought = form.cleaned_data.get("photograph") if form.is_bound else request.GET.get("photograph")
    if brought is None or "photograph" not in form.fields:
        return None
    try:
        upload = generation.upload_by_id(UUID(str(brought)), request.user)
    except (NotFound, ValueError):
        return None
    return upload if upload.state == Upload.State.READY else None
