"""What a collector owns."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from marketplace.orders import selectors

PAGE = 24


@login_required
def show(request: HttpRequest) -> HttpResponse:
    """One's own works, last acquired first."""
    page = Paginator(selectors.collection_of(request.user), PAGE).get_page(request.GET.get("page"))
    works = [ownership.artwork for ownership in page]
    following = f"?page={page.next_page_number()}" if page.has_next() else ""
    template = "gallery/wall_items.html" if request.htmx else "gallery/collection.html"  # type: ignore[attr-defined]
    return render(request, template, {"works": works, "next": following})
