"""What a model's page offers: its seeds and portraits at a price, and for its artist the price itself."""

from dataclasses import dataclass, field
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from gallery.pages.answering import attempt
from gallery.pages.forms import PriceForm
from gallery.pages.visitors import MemberRequest
from generation.models import ModelState, TrainedModel
from marketplace.accounts.models import User
from marketplace.commissions import selectors as commissions
from marketplace.commissions.ways import Way, ways_of
from marketplace.listings import selectors, services
from marketplace.listings.models import Listing, ListingState


@dataclass(frozen=True)
class Offer:
    """What may be commissioned from a model just now, and what its artist may change about that."""

    listing: Listing | None = None  # open to all
    taken: set[int] = field(default_factory=set)  # seeds
    seeds: Way | None = None
    portrait: Way | None = None
    kept: Listing | None = None  # the artist's own, open or not
    price: PriceForm | None = None


def offer_of(model: TrainedModel, person: User | None) -> Offer:
    """The offer of a model as this person sees it."""
    listing = selectors.listing_of_model(model.pk)
    ways = ways_of(listing) if listing else ()
    kept, price = None, None
    if person is not None and model.artist.user_id == person.pk and model.state == ModelState.PUBLISHED:
        kept = selectors.kept_listing_of_model(model.pk)
        price = PriceForm(currency=settings.ATELIER.currency, initial={"price": kept.price.decimal if kept else None})
    return Offer(
        listing=listing,
        taken=commissions.taken_seeds(model.pk),
        seeds=next((way for way in ways if way.photograph is None), None),
        portrait=next((way for way in ways if way.photograph), None),
        kept=kept,
        price=price,
    )


@login_required
@require_POST
def publish(request: MemberRequest, model_id: UUID) -> HttpResponse:
    """Offer pictures from one's model at a price, or at another one."""
    form = PriceForm(request.POST, currency=settings.ATELIER.currency)
    if not form.is_valid():
        messages.error(request, " ".join(["The price:", *form.errors["price"]]))
        return redirect("model", model_id)
    said = "It can be commissioned now."
    offered = {"artist_user": request.user, "model_id": model_id, "price_amount": form.amount}
    attempt(request, services.publish_model_listing, said, **offered)
    return redirect("model", model_id)


@login_required
@require_POST
def pause(request: MemberRequest, model_id: UUID) -> HttpResponse:
    """Take no new commissions for a while."""
    listing = selectors.kept_listing_of_model(model_id)
    if listing is None:
        raise Http404
    said = "No new commissions are taken. Those that are ordered stand."
    paused = {"artist_user": request.user, "listing_id": listing.pk, "state": ListingState.PAUSED}
    attempt(request, services.change_listing, said, **paused)
    return redirect("model", model_id)
