"""What is for sale: the market, and the page of one sale."""

import secrets
from uuid import UUID

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from gallery.pages.answering import refused_as_pages, uuid_in
from gallery.pages.shown_sales import SaleShown, shown
from gallery.pages.visitors import person_of
from gallery.services.sharing import shared
from marketplace.listings import selectors
from marketplace.listings.models import SaleKind
from marketplace.listings.models.sales import SaleQuerySet

PAGE = 24
KINDS = (
    ("", _("Everything")),
    ("single", _("Single works")),
    ("edition", _("Editions")),
    ("series", _("Series")),
    ("auction", _("Auctions")),
    ("drop", _("Drops to come")),
    ("resale", _("Resold")),
)


@require_safe
@shared
def index(request: HttpRequest) -> HttpResponse:
    """All that is for sale, newest first, by kind."""
    chosen = request.GET.get("kind", "")
    sales = list(_of_kind(selectors.sales_shown().before(uuid_in(request.GET.get("before", ""))), chosen)[: PAGE + 1])
    context = {
        "sales": list(shown(sales[:PAGE], person_of(request))),
        "kinds": KINDS,
        "chosen": chosen,
        "next": f"?{urlencode({'kind': chosen, 'before': str(sales[PAGE - 1].pk)})}" if len(sales) > PAGE else "",
    }
    return render(request, "gallery/market.html", context)


@require_safe
@shared
def show(request: HttpRequest, sale_id: UUID) -> HttpResponse:
    """One sale, as long as one may see it."""
    with refused_as_pages():
        sale = selectors.sale_by_id(sale_id, person_of(request))
    if sale.kind == SaleKind.ENGLISH:
        return redirect("auction", sale.pk)
    return render(request, "gallery/sale.html", {"shown": SaleShown(sale, person_of(request))})


def _of_kind(sales: SaleQuerySet, kind: str) -> SaleQuerySet:
    if kind == "resale":
        return sales.resold()
    parts = {
        "single": Q(release__size=1) | (Q(edition__release__size=1) & ~Q(edition__state="sold")),
        "edition": Q(release__artwork__isnull=False) & (Q(release__size=None) | Q(release__size__gt=1)),
        "series": Q(release__trained_model__isnull=False),
        "auction": Q(kind__in=[SaleKind.ENGLISH, SaleKind.DUTCH]),
        "drop": Q(opens_at__gt=timezone.now()),
    }
    return sales.filter(parts[kind]) if kind in parts else sales


def new_key() -> str:
    """A form's own key: a double click is one request."""
    return secrets.token_urlsafe(24)
