"""An artist says whether, and how, they take commissions by brief."""

from collections.abc import Sequence

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext

from marketplace.accounts import selectors as accounts
from marketplace.accounts.models import User
from marketplace.commissions.models import CommissionTerms
from marketplace.commissions.models.terms import MOST_IN_QUEUE
from marketplace.commissions.services.briefs.steps import PLACE_FREE
from marketplace.core import outbox
from marketplace.core.errors import InvalidInput
from marketplace.listings.models import Licence
from marketplace.listings.services import LEAST_PRICE, MOST_PRICE


@transaction.atomic
def set_terms(
    *,
    artist_user: User,
    is_open: bool,
    queue_limit: int,
    min_price_amount: int,
    licences: Sequence[str],
    text: str = "",
) -> CommissionTerms:
    """Open or close one's door, and say on which terms; what was agreed before stands.

    Raises NotAnArtist, ArtistSuspended, InvalidInput.
    """
    artist = accounts.approved_artist(artist_user)
    offered = list(Licence.objects.filter(pk__in=licences, is_offered=True))
    errors: dict[str, list[str]] = {}
    if not 1 <= queue_limit <= MOST_IN_QUEUE:
        errors["queue_limit"] = [gettext("From 1 to %(most_in_queue)s.") % {"most_in_queue": MOST_IN_QUEUE}]
    if not LEAST_PRICE <= min_price_amount <= MOST_PRICE:
        errors["min_price_amount"] = [
            gettext("From %(least_price)s to %(most_price)s minor units.")
            % {"least_price": LEAST_PRICE, "most_price": MOST_PRICE}
        ]
    if len(offered) != len(set(licences)) or not offered:
        errors["licences"] = [gettext("At least one, of those that the house offers.")]
    if len(text) > 4000:
        errors["text"] = [gettext("At most 4,000 characters.")]
    if errors:
        raise InvalidInput(gettext("These terms cannot be."), errors=errors)
    terms, _ = CommissionTerms.objects.update_or_create(
        artist=artist,
        defaults={
            "is_open": is_open, "queue_limit": queue_limit, "min_price_amount": min_price_amount,
            "text": text.strip(), "currency": settings.ATELIER.currency,
        },
    )  # fmt: skip
    terms.licences.set(offered)
    outbox.emit(PLACE_FREE, artist.pk)
    return terms
