"""An edition of one's own, giving it away, and certificates that anybody may read."""

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from gallery.pages.answering import attempt, refused_as_pages
from gallery.pages.visitors import MemberRequest
from marketplace.core.errors import NotFound
from marketplace.listings import selectors as listings
from marketplace.orders import selectors, services
from marketplace.orders.models import Certificate, GiftState


@login_required
@require_safe
def show(request: MemberRequest, edition_id: UUID) -> HttpResponse:
    """How one owns it, its history and certificate, and ways to let it go."""
    with refused_as_pages():
        owned = selectors.owned_by(request.user, edition_id)
    context = {
        "owned": owned,
        "history": selectors.history_of(owned.edition),
        "certificate": _certificate(edition_id),
        "sale": listings.resale_of(edition_id),
        "bought_at": _bought_at(owned.source),
        "gift": selectors.gifts_from(request.user).filter(edition=edition_id, state=GiftState.OFFERED).first(),
    }
    return render(request, "gallery/edition.html", context)


@login_required
@require_POST
def name(request: MemberRequest, edition_id: UUID) -> HttpResponse:
    """Choose the name on the certificate."""
    said, chosen = gettext("The certificate was written anew."), request.POST.get("name", "")
    attempt(request, services.show_as, said, owner=request.user, edition_id=edition_id, name=chosen)
    return redirect("edition", edition_id)


@login_required
@require_POST
def give(request: MemberRequest, edition_id: UUID) -> HttpResponse:
    """Offer it to somebody."""
    attempt(
        request,
        services.give_edition,
        gettext("Offered. It is theirs once they accept; until then you can take it back."),
        owner=request.user,
        edition_id=edition_id,
        to=request.POST.get("to", ""),
        message=request.POST.get("message", "")[:300],
    )
    return redirect("edition", edition_id)


@login_required
@require_safe
def gifts(request: MemberRequest) -> HttpResponse:
    """What is given to one."""
    return render(request, "gallery/gifts.html", {"gifts": selectors.gifts_to(request.user)})


@login_required
@require_POST
def answer(request: MemberRequest, gift_id: UUID, step: str) -> HttpResponse:
    """Accept, decline, or take back."""
    if step == "accept":
        gift = attempt(request, services.accept_gift, gettext("It is yours."), gift_id=gift_id, by=request.user)
    elif step == "decline":
        gift = attempt(request, services.decline_gift, gettext("Declined."), gift_id=gift_id, by=request.user)
    else:
        gift = attempt(request, services.withdraw_gift, gettext("You keep it."), gift_id=gift_id, by=request.user)
    if gift is None or step == "decline":
        return redirect("gifts")
    return redirect("edition", gift.edition_id)


@require_safe
def certificate(request: HttpRequest, certificate_id: UUID) -> HttpResponse:
    """A certificate, for anybody: what it says, whether it still holds, and how to verify it."""
    with refused_as_pages():
        found = selectors.certificate_by_id(certificate_id)
    return render(request, "gallery/certificate.html", _said(found))


@require_safe
def certificate_file(request: HttpRequest, certificate_id: UUID) -> HttpResponse:
    """The same as a PDF, while it holds."""
    with refused_as_pages():
        found = selectors.certificate_by_id(certificate_id)
    url = attempt(request, services.certificate_url, certificate=found)
    return redirect(url) if url else redirect("certificate", certificate_id)


def _said(certificate: Certificate) -> dict[str, Any]:
    artwork = certificate.edition.artwork
    is_shown = artwork is not None and certificate.superseded_at is None and not artwork.is_held
    return {
        "certificate": certificate,
        "said": selectors.said_by(certificate),
        "is_genuine": services.is_genuine(certificate),
        "artwork": artwork if is_shown else None,
    }


def _bought_at(source: str) -> str:
    """The address of what an edition was acquired by, where there is a page of it."""
    kind, _, found = source.partition(":")
    return reverse(kind, args=[found]) if kind in {"order", "commission", "brief"} else ""


def _certificate(edition_id: UUID) -> Certificate | None:
    try:
        return selectors.valid_certificate_of(edition_id)
    except NotFound:
        return None  # it is written a moment after the edition changed hands
