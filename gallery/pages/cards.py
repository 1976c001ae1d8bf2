"""The cards that one keeps: kept here, preferred, forgotten."""

from uuid import UUID

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST, require_safe

from gallery.pages.answering import attempt
from gallery.pages.visitors import MemberRequest
from payments import selectors, services


@login_required
@require_safe
def index(request: MemberRequest) -> HttpResponse:
    """The list; coming back from the provider's form the card is written down, though its webhook may be late."""
    if setup_id := request.GET.get("setup_intent"):
        attempt(request, services.save_card, gettext("The card is kept."), user=request.user, setup_id=setup_id)
        return redirect("cards")
    return render(request, "gallery/cards.html", {"cards": selectors.saved_cards(request.user)})


@login_required
@require_GET
def new(request: MemberRequest) -> HttpResponse:
    """The provider's form for a card to keep."""
    secret = attempt(request, services.begin_saving_card, user=request.user)
    if secret is None:
        return redirect("cards")
    context = {
        "client_secret": secret,
        "publishable_key": settings.ATELIER.stripe_publishable_key,
        "stripe_js_url": settings.ATELIER.stripe_js_url,
        "return_url": request.build_absolute_uri(reverse("cards")),
    }
    response = render(request, "gallery/card_new.html", context)
    response["Cache-Control"] = "no-store"
    return response


@login_required
@require_POST
def prefer(request: MemberRequest, card_id: UUID) -> HttpResponse:
    """Pay with this one from now on."""
    attempt(request, services.prefer_card, user=request.user, card_id=card_id)
    return redirect("cards")


@login_required
@require_POST
def forget(request: MemberRequest, card_id: UUID) -> HttpResponse:
    """Keep it no longer."""
    attempt(request, services.forget_card, gettext("The card is forgotten."), user=request.user, card_id=card_id)
    return redirect("cards")
