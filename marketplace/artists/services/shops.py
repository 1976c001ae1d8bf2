"""An artist's shop, as they run it: each part is the service of the room that it belongs to."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext

from marketplace.accounts import selectors as accounts
from marketplace.accounts import services as people
from marketplace.accounts.models import User
from marketplace.artists.selectors import Shop, shop_of
from marketplace.commissions.services import briefs
from marketplace.core.errors import InvalidInput
from marketplace.listings import services as listings
from marketplace.listings.services import AskedPrice
from payments import selectors as payments
from payments.errors import CountryFixed


@transaction.atomic
def change_shop(
    *,
    artist_user: User,
    tax_country: str | None = None,
    usual_prices: Sequence[AskedPrice] | None = None,
    commissions: Mapping[str, Any] | None = None,
) -> Shop:
    """Change what is given, all or nothing. `commissions` has the fields of `briefs.set_terms`.

    Raises NotAnArtist, ArtistSuspended, CountryFixed, InvalidInput.
    """
    accounts.approved_artist(artist_user)
    if tax_country is not None:
        _say_tax_country(artist_user=artist_user, code=tax_country)
    if usual_prices is not None:
        listings.set_usual_prices(artist_user=artist_user, prices=usual_prices)
    if commissions is not None:
        briefs.set_terms(artist_user=artist_user, **commissions)
    return shop_of(artist_user)


def _say_tax_country(*, artist_user: User, code: str) -> None:
    """Where an artist is taxed: the country of their payout account, once there is one.

    Raises InvalidInput, CountryFixed.
    """
    wanted = code.strip().upper()
    if not wanted:
        raise InvalidInput(
            gettext("Say where you are taxed."), errors={"tax_country": [gettext("An artist is taxed somewhere.")]}
        )
    account = payments.payout_account_of(artist_user)
    if account is not None and account.stripe_id and not account.is_closed and account.country != wanted:
        raise CountryFixed(
            gettext("Your payout account is in %(country)s; there you are taxed.") % {"country": account.country},
            errors={"tax_country": [gettext("Your payout account is in %(country)s.") % {"country": account.country}]},
        )
    people.update_profile(user=artist_user, tax_country=wanted)
