"""The bundle of an edition of one's own: all that is needed of the work without this house."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from gallery import services
from gallery.pages.answering import refused_as_pages
from gallery.pages.visitors import MemberRequest
from marketplace.core.errors import AtelierError
from marketplace.orders import selectors as orders


@login_required
@require_GET
def download(request: MemberRequest, edition_id: UUID) -> HttpResponse:
    """To the file; where it is large, a page that waits for it to be packed."""
    with refused_as_pages():
        owned = orders.owned_by(request.user, edition_id)
    try:
        url = services.bundle_url(owner=request.user, edition_id=edition_id)
    except AtelierError as error:
        messages.error(request, error.detail)
        return redirect("edition", edition_id)
    if url:
        return redirect(url)
    return render(request, "gallery/bundle/waiting.html", {"owned": owned}, status=202)
