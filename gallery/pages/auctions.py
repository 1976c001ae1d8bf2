"""Auctions: the page on which one bids, which follows the others' bids, and the forms by which one is prepared."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from gallery.pages.answering import attempt, refused_as_pages
from gallery.pages.auction_forms import DutchForm, EnglishForm, MostForm
from gallery.pages.forms import add_problem
from gallery.pages.sales import new_key
from gallery.pages.shown_sales import SaleShown
from gallery.pages.visitors import MemberRequest, person_of
from marketplace.core.errors import AtelierError
from marketplace.listings import selectors, services
from marketplace.listings.errors import BidTooLow, CardNeeded
from marketplace.listings.models import Release, Sale, SaleState
from marketplace.orders import selectors as orders
from marketplace.orders import services as ordering


@require_safe
@vary_on_headers("HX-Request")
def show(request: HttpRequest, sale_id: UUID) -> HttpResponse:
    """How an auction stands; the page asks for that alone, again and again while it goes on.

    It is answered with nothing new, with how it stands now, or, where bidding began or ended, to ask for all of it.
    """
    shown = _context(request, sale_id)
    if not getattr(request, "htmx", False):
        return render(request, "gallery/auction.html", shown)
    seen = request.GET.get("seen", "")
    if seen == shown["moment"]:
        return HttpResponse(status=204)
    if seen and seen.partition(" ")[0] != shown["moment"].partition(" ")[0]:
        return HttpResponse(headers={"HX-Refresh": "true"})
    return render(request, "gallery/auction_stand.html", shown | {"is_alone": shown["may_bid"]})


@login_required
@require_POST
def bid(request: MemberRequest, sale_id: UUID) -> HttpResponse:
    """Bid up to an amount."""
    with refused_as_pages():
        auction = selectors.auction_of(sale_id)
    least = services.least_for(auction, request.user)
    form = MostForm(request.POST, currency=auction.currency, least=least)
    if form.is_valid():
        try:
            placed = services.place_bid(
                bidder=request.user, sale_id=sale_id, most_amount=form.most_amount,
                request_key=f"{request.user.pk}:{form.cleaned_data['request_key']}",
            )  # fmt: skip
        except CardNeeded as error:
            messages.error(request, error.detail)
            return redirect("cards")
        except BidTooLow as error:
            form.add_error("most", error.detail)
        except AtelierError as error:
            add_problem(form, error)
        else:
            messages.success(
                request, gettext("You lead.") if placed.leads else gettext("Somebody else would pay more.")
            )
            return redirect("auction", sale_id)
    return render(request, "gallery/auction.html", _context(request, sale_id) | {"form": form}, status=422)


@login_required
@require_POST
def issue(request: MemberRequest, artwork_id: UUID) -> HttpResponse:
    """Issue a work as one alone, to have it bid for."""
    terms = services.Terms(size=1)
    release = attempt(request, services.issue_release, artist_user=request.user, artwork_id=artwork_id, terms=terms)
    return redirect("release-auction", release.pk) if release else redirect("work-sell", artwork_id)


@login_required
def english(request: MemberRequest, release_id: UUID) -> HttpResponse:
    """Have the first free edition of one's release bid for."""
    release = _release(request, release_id)
    edition = release.editions.filter(state="free").order_by("number").first()
    if edition is None:
        raise Http404
    form = EnglishForm(request.POST or None, licences=selectors.licences())
    begin = lambda: services.draft_auction(  # noqa: E731  # one expression, used once
        artist_user=request.user, release_id=release_id, number=edition.number, terms=form.terms, schedule=form.schedule
    )
    heading = (
        gettext("Auction “%(edition)s”") % {"edition": edition}
        if release.size != 1
        else gettext("Auction “%(release)s”") % {"release": release}
    )
    return _prepare(
        request, form, begin, heading=heading, artwork=edition.artwork, other="release-dutch", thing=release
    )


@login_required
def dutch(request: MemberRequest, release_id: UUID) -> HttpResponse:
    """Sell the editions of one's release at a falling price."""
    release = _release(request, release_id)
    form = DutchForm(request.POST or None, licences=selectors.licences())
    begin = lambda: services.draft_dutch_auction(  # noqa: E731
        artist_user=request.user, release_id=release_id, terms=form.terms, schedule=form.schedule
    )
    heading = gettext("Sell “%(release)s” at a falling price") % {"release": release}
    return _prepare(
        request, form, begin, heading=heading, artwork=release.artwork, other="release-auction", thing=release
    )


@login_required
def owned(request: MemberRequest, edition_id: UUID) -> HttpResponse:
    """Have an edition that one owns bid for."""
    with refused_as_pages():
        ownership = orders.owned_by(request.user, edition_id)
    form = EnglishForm(request.POST or None, licences=[ownership.licence])
    begin = lambda: ordering.auction_owned(  # noqa: E731
        owner=request.user, edition_id=edition_id, terms=form.terms, schedule=form.schedule
    )
    return _prepare(
        request,
        form,
        begin,
        heading=gettext("Auction “%(edition)s”") % {"edition": ownership.edition},
        artwork=ownership.artwork,
    )


def _prepare(
    request: MemberRequest, form: EnglishForm | DutchForm, begin: Callable[[], Sale], **context: Any
) -> HttpResponse:
    """Draft and publish at once, if the form is good; else show it, with what is wrong."""
    if request.method == "POST" and form.is_valid():
        try:
            with refused_as_pages():
                sale = services.publish_drafted(seller=request.user, draft=begin)
        except AtelierError as error:
            add_problem(form, error)
        else:
            messages.success(request, gettext("It is announced.") if sale.opens_at else gettext("Bidding is open."))
            return redirect("sale", sale.pk)
    context |= {"form": form, "is_dutch": isinstance(form, DutchForm)}
    return render(request, "gallery/auction_new.html", context, status=422 if form.errors else 200)


def _release(request: MemberRequest, release_id: UUID) -> Release:
    with refused_as_pages():
        release = selectors.release_by_id(release_id, request.user)
    if release.artist.user_id != request.user.pk:
        raise Http404
    return release


def _context(request: HttpRequest, sale_id: UUID) -> dict[str, Any]:
    viewer = person_of(request)
    with refused_as_pages():
        auction = selectors.auction_of(sale_id)
        sale = selectors.sale_by_id(sale_id, viewer)
    least = services.least_for(auction, viewer)
    shown = SaleShown(sale, viewer)
    stand, is_running = selectors.stand_of(auction, viewer), sale.is_open_at(shown.now)
    return {
        "auction": auction,
        "stand": stand,
        "shown": shown,
        "sale": sale,
        "is_running": is_running,
        "may_bid": is_running and viewer is not None and not shown.is_own,
        "is_watched": sale.state == SaleState.OPEN,
        "moment": f"{sale.state}-{is_running} {auction.leader_id} {stand.price} {stand.your_most} {sale.closes_at}",
        "form": MostForm(currency=auction.currency, least=least, initial={"request_key": new_key()}),
    }
