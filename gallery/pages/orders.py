"""Buying an edition on pages: reserved, paid, and watched until it is one's own."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST, require_safe

from gallery.pages.answering import attempt, refused_as_pages
from gallery.pages.paying import payment_form, tax_place_first
from gallery.pages.visitors import MemberRequest
from marketplace.core.errors import AtelierError
from marketplace.orders import selectors, services
from marketplace.orders.models import Order, OrderState

PAGE = 20
WAITS = {OrderState.RESERVED, OrderState.PAID, OrderState.MAKING, OrderState.REFUNDING}


@login_required
@require_POST
def new(request: MemberRequest, sale_id: UUID) -> HttpResponse:
    """Reserve an edition; what is wrong with that is said on the sale's page."""
    key, licence = request.POST.get("request_key", "")[:100], request.POST.get("licence", "")
    order = attempt(
        request,
        services.place_order,
        buyer=request.user,
        sale_id=sale_id,
        licence=licence,
        currency=request.POST.get(f"currency-{licence}") or request.POST.get("currency", ""),
        request_key=f"{request.user.pk}:page:{key}" if key else None,
    )
    return redirect("order-pay", order.pk) if order else redirect("sale", sale_id)


@login_required
@require_safe
def index(request: MemberRequest) -> HttpResponse:
    """What one bought or reserved, newest first."""
    page = Paginator(selectors.pictured_orders_of(request.user), PAGE).get_page(request.GET.get("page"))
    following = f"?page={page.next_page_number()}" if page.has_next() else ""
    return render(request, "gallery/orders.html", {"orders": page, "next": following})


@login_required
@require_GET
def pay(request: MemberRequest, order_id: UUID) -> HttpResponse:
    """The provider's payment form, for as long as the reservation stands."""
    order = _mine(request, order_id)
    if order.state != OrderState.RESERVED:
        return redirect("order", order.pk)
    if asked := tax_place_first(request):
        return asked
    payment = attempt(request, services.pay, order=order)
    if payment is None or not payment.is_payable:
        return redirect("order", order.pk)
    order.payment = payment  # with its tax
    form = payment_form(request, payment, verb=gettext("Pay"), back=f"{reverse('order', args=[order.pk])}?paid=1")
    response = render(request, "gallery/order_pay.html", {"order": order, "form": form})
    response["Cache-Control"] = "no-store"
    return response


@login_required
@require_safe
def show(request: MemberRequest, order_id: UUID) -> HttpResponse:
    """One order; coming back from the payment it asks the provider, so that a late webhook does not matter."""
    order = _mine(request, order_id)
    if "paid" in request.GET and order.state == OrderState.RESERVED:
        try:
            services.check_payment(order=order)
        except AtelierError:
            messages.info(request, gettext("The payment provider has not answered yet; this page follows by itself."))
        order = _mine(request, order_id)
    return render(request, "gallery/order.html", _shown(order))


@login_required
@require_safe
def state(request: MemberRequest, order_id: UUID) -> HttpResponse:
    """What the page asks again and again: nothing new, or the part that changed."""
    shown = _shown(_mine(request, order_id))
    if request.GET.get("seen") == shown["moment"]:
        return HttpResponse(status=204)
    return render(request, "gallery/order_state.html", shown)


@login_required
@require_POST
def cancel(request: MemberRequest, order_id: UUID) -> HttpResponse:
    """Give a reservation up."""
    attempt(request, services.cancel, order_id=order_id, buyer=request.user)
    return redirect("order", order_id)


@refused_as_pages()
def _mine(request: MemberRequest, order_id: UUID) -> Order:
    return selectors.order_of(request.user, order_id)


def _shown(order: Order) -> dict[str, Any]:
    progress = f"{order.job.progress:.2f}" if order.job and order.state == OrderState.MAKING else ""
    return {
        "order": order,
        "artwork": order.edition.artwork,
        "progress": progress,
        "is_still_mine": order.state == OrderState.OWNED and selectors.owns(order.buyer, order.edition_id),
        "moment": f"{order.state} {order.payment.state} {progress}".strip(),
        "is_watched": order.state in WAITS,
    }
