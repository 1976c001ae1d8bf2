"""Private offers: the inbox, making one, and answering."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from gallery.pages.answering import attempt, refused_as_pages
from gallery.pages.forms import add_problem
from gallery.pages.sale_forms import AnswerForm, BidForm
from gallery.pages.sales import new_key
from gallery.pages.shown_sales import SaleShown
from gallery.pages.visitors import MemberRequest
from generation.models import Artwork
from marketplace.core.errors import AtelierError
from marketplace.listings import selectors, services
from marketplace.listings.models import Licence, Offer, OfferState, Sale
from marketplace.listings.services import Bid
from marketplace.orders import selectors as orders
from marketplace.orders import services as ordering

PAGE = 20
TONES = {OfferState.PENDING: "now", OfferState.ACCEPTED: "good"}


@login_required
@require_safe
def inbox(request: MemberRequest) -> HttpResponse:
    """Every talk by its last word, newest first."""
    page = Paginator(selectors.talks_of(request.user), PAGE).get_page(request.GET.get("page"))
    placed, said = orders.orders_of_offers([offer.pk for offer in page]), selectors.words_before(list(page))
    talks = [_talk(offer, request) | {"order": placed.get(offer.pk), "before": said[offer.pk]} for offer in page]
    following = f"?page={page.next_page_number()}" if page.has_next() else ""
    return render(request, "gallery/offers.html", {"talks": talks, "next": following})


@login_required
def on_sale(request: MemberRequest, sale_id: UUID) -> HttpResponse:
    """Offer another price than a sale asks."""
    with refused_as_pages():
        sale = selectors.sale_by_id(sale_id, request.user)
    shown = SaleShown(sale, request.user)
    make = lambda bid, key: services.offer_on_sale(  # noqa: E731  # one expression, used once
        buyer=request.user, sale_id=sale_id, bid=bid, request_key=key
    )
    context = {
        "heading": gettext("An offer for “%(issued)s”") % {"issued": sale.issued},
        "artwork": shown.artwork,
        "model": shown.model,
        "shown": shown,
    }
    return _make(request, [one.licence for one in shown.licences], make, context)


@login_required
def for_edition(request: MemberRequest, edition_id: UUID) -> HttpResponse:
    """Offer an edition's owner a price."""
    with refused_as_pages():
        edition, licence = orders.edition_and_licence(edition_id)
    licences = [licence] if licence else list(selectors.licences())
    make = lambda bid, key: ordering.offer_for_edition(  # noqa: E731  # one expression, used once
        buyer=request.user, edition_id=edition_id, bid=bid, request_key=key
    )
    context = {
        "heading": gettext("An offer for “%(edition)s”") % {"edition": edition},
        "artwork": edition.artwork,
        "model": None,
    }
    return _make(request, licences, make, context)


@login_required
@require_POST
def answer(request: MemberRequest, offer_id: UUID, act: str) -> HttpResponse:
    """Accept, decline or withdraw."""
    acts: dict[str, tuple[Callable[..., Offer], str]] = {
        "accept": (services.accept_offer, gettext("Agreed. The edition is reserved for its buyer, who pays now.")),
        "decline": (services.decline_offer, gettext("Declined.")),
        "withdraw": (services.withdraw_offer, gettext("Withdrawn.")),
    }
    do, said = acts[act]
    attempt(request, do, said, by=request.user, offer_id=offer_id)
    return redirect("offers")


@login_required
@require_POST
def counter(request: MemberRequest, offer_id: UUID) -> HttpResponse:
    """Answer with another price."""
    with refused_as_pages():
        offer = selectors.offer_by_id(offer_id, request.user)
    form = AnswerForm(request.POST, currency=offer.currency)
    if not form.is_valid():
        messages.error(request, _price_problem(form))
    else:
        given: dict[str, Any] = {"amount": form.minor, "message": form.cleaned_data["message"]}
        attempt(
            request, services.counter_offer, gettext("Your price is sent."), by=request.user, offer_id=offer_id, **given
        )
    return redirect("offers")


def _make(
    request: MemberRequest, licences: list[Licence], make: Callable[[Bid, str], Offer], context: dict[str, Any]
) -> HttpResponse:
    form = BidForm(request.POST or None, licences=licences, initial={"request_key": new_key()})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        bid = Bid(form.minor, given["currency"], given["licence"], given["message"], given["days"])
        try:
            make(bid, f"{request.user.pk}:page:{given['request_key']}")
        except AtelierError as error:
            add_problem(form, error)
        else:
            messages.success(request, gettext("Your offer is made. You will be told of the answer."))
            return redirect("offers")
    context["form"] = form
    return render(request, "gallery/offer_new.html", context, status=422 if form.errors else 200)


def _address(sale: Sale | None, artwork: Artwork | None) -> str:
    """Where one sees what is talked about."""
    if sale is not None and not sale.is_private:
        return reverse("sale", args=[sale.pk])
    return reverse("work", args=[artwork.pk]) if artwork else ""


def _talk(offer: Offer, request: MemberRequest) -> dict[str, Any]:
    sale, edition = offer.sale, offer.edition or (offer.sale.edition if offer.sale else None)
    issued = edition.release if edition else sale.issued if sale else None
    is_mine = offer.maker.pk == request.user.pk
    artwork = edition.artwork if edition else issued.artwork if issued else None
    return {
        "offer": offer,
        "artwork": artwork,
        "address": _address(sale, artwork),
        "is_mine": is_mine,
        "other": offer.recipient if is_mine else offer.maker,
        "tone": TONES.get(OfferState(offer.state), ""),
        "form": AnswerForm(currency=offer.currency, prefix=None, auto_id=f"id_{str(offer.pk)[-6:]}_%s"),
    }


def _price_problem(form: AnswerForm) -> str:
    why = form.errors.get("amount")
    return (
        gettext("The price: %(why)s") % {"why": " ".join(map(str, why))}
        if why
        else gettext("The price is not understood.")
    )
