"""The picture that is shown with a link to a work."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from gallery import services
from gallery.pages.answering import refused_as_pages
from gallery.services.sharing import shared
from generation import selectors
from marketplace.core.storage import ObjectMissing


@require_safe
@shared
def share_image(request: HttpRequest, artwork_id: UUID) -> HttpResponse:
    """1200 by 630 pixels of a work that hangs; gone as soon as it is taken down."""
    with refused_as_pages():
        artwork = selectors.artwork_by_id(artwork_id, None)
    try:
        data = services.share_image(artwork=artwork)
    except ObjectMissing as error:
        raise Http404 from error
    return HttpResponse(data, content_type="image/jpeg")
