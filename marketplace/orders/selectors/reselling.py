"""Reading what may be sold on, or offered for."""

from uuid import UUID

from django.utils.translation import gettext

from marketplace.core.errors import NotFound
from marketplace.listings.models import Edition, EditionState, Licence
from marketplace.listings.selectors.buying import UNSELLABLE
from marketplace.orders.models import Ownership


def edition_and_licence(edition_id: UUID) -> tuple[Edition, Licence | None]:
    """An edition that everybody may see, and under which licence it is owned, if it is. Raises NotFound."""
    shown = Edition.objects.exclude(state=EditionState.VOID).select_related(
        "release__artist", "release__artwork", "made"
    )
    edition = shown.filter(pk=edition_id).first()
    if edition is None or (edition.artwork is not None and edition.artwork.visibility in UNSELLABLE):
        raise NotFound(gettext("There is no such edition."))
    owned = Ownership.objects.select_related("licence").filter(edition=edition).first()
    return edition, owned.licence if owned else None
