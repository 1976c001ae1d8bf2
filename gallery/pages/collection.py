"""What a collector owns."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from gallery.pages.visitors import MemberRequest
from marketplace.orders import selectors

PAGE = 24


@login_required
@require_safe
@vary_on_headers("HX-Request")
def show(request: MemberRequest) -> HttpResponse:
    """One's own works, last acquired first."""
    page = Paginator(selectors.collection_of(request.user), PAGE).get_page(request.GET.get("page"))
    following = f"?page={page.next_page_number()}" if page.has_next() else ""
    template = "gallery/collection_items.html" if request.htmx else "gallery/collection.html"
    return render(request, template, {"editions": page, "next": following})
