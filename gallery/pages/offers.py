"""What a model's page offers: its seeds and portraits at a price, and for its artist the price itself."""

from dataclasses import dataclass, field
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from gallery.pages.answering import attempt
from gallery.pages.forms import PriceForm
from gallery.pages.visitors import MemberRequest
from generation.models import ModelState, TrainedModel
from marketplace.accounts.models import User
from marketplace.commissions import selectors as commissions
from marketplace.commissions.ways import Way, ways_of
from marketplace.listings import selectors, services
from marketplace.listings.models import LEAST_REROLL_BPS, MOST_REROLLS, Listing, ListingState


@dataclass(frozen=True)
class Offer:
    """What may be commissioned from a model just now, and what its artist may change about that."""

    listing: Listing | None = None  # open to all
    taken: set[int] = field(default_factory=set)  # seeds
    seeds: Way | None = None
    portrait: Way | None = None
    kept: Listing | None = None  # the artist's own, open or not
    price: PriceForm | None = None
    rerolls: "RerollTermsForm | None" = None


class RerollTermsForm(forms.Form):
    """On which terms a collector who has seen a proof may ask for more pictures."""

    included_rerolls = forms.IntegerField(label=_("More pictures included"), min_value=0, max_value=MOST_REROLLS)
    most_rerolls = forms.IntegerField(label=_("In all, with those that are paid"), min_value=0, max_value=MOST_REROLLS)
    percent = forms.IntegerField(
        label=_("Each beyond costs, in percent of the price"), min_value=LEAST_REROLL_BPS // 100, max_value=100
    )

    @classmethod
    def of(cls, listing: Listing) -> "RerollTermsForm":
        """The form as the listing stands."""
        told = {"included_rerolls": listing.included_rerolls, "most_rerolls": listing.most_rerolls}
        return cls(initial=told | {"percent": listing.reroll_bps // 100})


def offer_of(model: TrainedModel, person: User | None) -> Offer:
    """The offer of a model as this person sees it."""
    listing = selectors.listing_of_model(model.pk)
    ways = ways_of(listing) if listing else ()
    kept, price, rerolls = None, None, None
    if person is not None and model.artist.user_id == person.pk and model.state == ModelState.PUBLISHED:
        kept = selectors.kept_listing_of_model(model.pk)
        rerolls = RerollTermsForm.of(kept) if kept else None
        price = PriceForm(currency=settings.ATELIER.currency, initial={"price": kept.price.decimal if kept else None})
    return Offer(
        listing=listing,
        taken=commissions.taken_seeds(model.pk),
        seeds=next((way for way in ways if way.photograph is None), None),
        portrait=next((way for way in ways if way.photograph), None),
        kept=kept,
        price=price,
        rerolls=rerolls,
    )


@login_required
@require_POST
def publish(request: MemberRequest, model_id: UUID) -> HttpResponse:
    """Offer pictures from one's model at a price, or at another one."""
    form = PriceForm(request.POST, currency=settings.ATELIER.currency)
    if not form.is_valid():
        messages.error(request, gettext("The price: %(why)s") % {"why": " ".join(map(str, form.errors["price"]))})
        return redirect("model", model_id)
    said = gettext("It can be commissioned now.")
    offered = {"artist_user": request.user, "model_id": model_id, "price_amount": form.amount}
    attempt(request, services.publish_model_listing, said, **offered)
    return redirect("model", model_id)


@login_required
@require_POST
def rerolls(request: MemberRequest, model_id: UUID) -> HttpResponse:
    """Say how many more pictures of one commission may be asked for, and what they cost."""
    listing = selectors.kept_listing_of_model(model_id)
    if listing is None:
        raise Http404
    form = RerollTermsForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(f"{form[name].label}: {why[0]}" for name, why in form.errors.items()))
        return redirect("model", model_id)
    attempt(
        request,
        services.change_listing,
        gettext("New orders are on these terms."),
        artist_user=request.user,
        listing_id=listing.pk,
        included_rerolls=form.cleaned_data["included_rerolls"],
        most_rerolls=form.cleaned_data["most_rerolls"],
        reroll_bps=form.cleaned_data["percent"] * 100,
    )
    return redirect("model", model_id)


@login_required
@require_POST
def pause(request: MemberRequest, model_id: UUID) -> HttpResponse:
    """Take no new commissions for a while."""
    listing = selectors.kept_listing_of_model(model_id)
    if listing is None:
        raise Http404
    said = gettext("No new commissions are taken. Those that are ordered stand.")
    paused = {"artist_user": request.user, "listing_id": listing.pk, "state": ListingState.PAUSED}
    attempt(request, services.change_listing, said, **paused)
    return redirect("model", model_id)
