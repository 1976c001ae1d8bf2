"""What artists do with their listings."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext

from generation import services as generation
from generation.engines import registry
from generation.engines.errors import UnknownEngine
from generation.errors import ModelUnavailable
from generation.models import Artwork, ModelState, TrainedModel
from marketplace.accounts import selectors as accounts
from marketplace.accounts.models import Artist, User
from marketplace.core.errors import InvalidInput, NotFound
from marketplace.core.languages import translated
from marketplace.listings.errors import NotTheHouse, NotYourWork
from marketplace.listings.models import LEAST_REROLL_BPS, MOST_REROLLS, Listing

LEAST_PRICE, MOST_PRICE = 100, 100_000_00  # minor units: below, a card's fee would eat the artist's part


@transaction.atomic
def publish_listing(*, artist_user: User, artwork_id: UUID, price_amount: int) -> Listing:
    """Offer commissions in the style of one's own work; publishing again sets the price anew.

    Raises NotYourWork, NotFound, ArtistSuspended, InvalidInput.
    """
    artwork = Artwork.objects.select_for_update(of=("self",)).filter(pk=artwork_id).first()
    if artwork is None:
        raise NotFound(gettext("There is no such work."))
    if artwork.artist is None or artwork.artist.user_id != artist_user.pk:
        raise NotYourWork()
    accounts.approved_artist(artist_user)
    return _publish(artwork.artist, price_amount, artwork=artwork)


@transaction.atomic
def publish_model_listing(*, artist_user: User, model_id: UUID, price_amount: int) -> Listing:
    """Offer commissions from one's own model, once that is open to all; publishing again sets the price anew.

    Raises NotYourWork, NotFound, ArtistSuspended, ModelUnavailable, InvalidInput.
    """
    # Locked, so that a model which is being withdrawn is not offered at the same moment.
    model = TrainedModel.objects.select_for_update(of=("self",)).select_related("artist").filter(pk=model_id).first()
    is_theirs = model is not None and model.artist.user_id == artist_user.pk
    if model is None or (not is_theirs and model.state == ModelState.DRAFT):
        raise NotFound(gettext("There is no such model."))
    if not is_theirs:
        raise NotYourWork(gettext("Only its artist may offer a model."))
    accounts.approved_artist(artist_user)
    if model.state != ModelState.PUBLISHED:
        raise ModelUnavailable(gettext("Publish the model first: nobody commissions what they cannot see."))
    # What is sold is not given away beside it.
    generation.reserve_model(model_id=model.pk)
    return _publish(model.artist, price_amount, trained_model=model)


@transaction.atomic
def publish_engine_listing(*, curator: User, artist: Artist, engine: str, price_amount: int) -> Listing:
    """Offer commissions by an engine of the house, paid to `artist`; publishing again sets price and artist anew.

    It must paint one picture that a collector brings. Raises NotTheHouse, ArtistSuspended, InvalidInput.
    """
    if not curator.is_curator:
        raise NotTheHouse()
    accounts.require_approved(artist)
    try:
        declaration = registry.declaration(engine)
    except UnknownEngine as error:
        raise InvalidInput(translated(error.detail), errors={"engine": [translated(error.detail)]}) from error
    if declaration.medium != "image" or declaration.runs_models or len(declaration.asked) != 1:
        told = gettext(
            "Only an engine that paints one picture which the collector brings can be commissioned by itself."
        )
        raise InvalidInput(told, errors={"engine": [told]})
    return _publish(artist, price_amount, engine=declaration.name)


@transaction.atomic
def change_listing(
    *,
    artist_user: User,
    listing_id: UUID,
    price_amount: int | None = None,
    state: str | None = None,
    included_rerolls: int | None = None,
    most_rerolls: int | None = None,
    reroll_bps: int | None = None,
) -> Listing:
    """Reprice, pause or publish one's own listing, or say on which terms a collector may ask for more pictures.

    What is ordered already keeps the terms that it was ordered on.

    Raises NotYourWork, NotFound, ArtistSuspended, InvalidInput.
    """
    listing = Listing.objects.select_for_update(of=("self",)).select_related("artist").filter(pk=listing_id).first()
    if listing is None:
        raise NotFound(gettext("There is no such listing."))
    if listing.artist.user_id != artist_user.pk:
        raise NotYourWork()
    if price_amount is not None:
        _check_price(price_amount)
        listing.price_amount = price_amount
    if state is not None:
        if state == Listing.State.PUBLISHED:
            accounts.approved_artist(artist_user)
        listing.state = state
    terms = {"included_rerolls": included_rerolls, "most_rerolls": most_rerolls, "reroll_bps": reroll_bps}
    for name, value in terms.items():
        if value is not None:
            setattr(listing, name, value)
    _check_rerolls(listing)
    listing.save(update_fields=["price_amount", "state", *terms, "updated_at"])
    return listing


def _publish(artist: Artist, price_amount: int, **offered: Any) -> Listing:
    _check_price(price_amount)
    listing, _ = Listing.objects.update_or_create(
        **offered,
        defaults={
            "artist": artist,
            "state": Listing.State.PUBLISHED,
            "price_amount": price_amount,
            "currency": settings.ATELIER.currency,
        },
    )
    return listing


def _check_price(amount: int) -> None:
    if not LEAST_PRICE <= amount <= MOST_PRICE:
        hint = gettext("From %(least_price)s to %(most_price)s, in minor units such as cents.") % {
            "least_price": LEAST_PRICE,
            "most_price": MOST_PRICE,
        }
        raise InvalidInput(gettext("The price is out of range."), errors={"price_amount": [hint]})


def _check_rerolls(listing: Listing) -> None:
    errors: dict[str, list[str]] = {}
    if not 0 <= listing.most_rerolls <= MOST_REROLLS:
        errors["most_rerolls"] = [gettext("From 0 to %(most_rerolls)s.") % {"most_rerolls": MOST_REROLLS}]
    if not 0 <= listing.included_rerolls <= listing.most_rerolls:
        errors["included_rerolls"] = [gettext("No more than there are in all.")]
    if not LEAST_REROLL_BPS <= listing.reroll_bps <= 10_000:
        errors["reroll_bps"] = [
            gettext("From %(least_reroll_bps)s to 10,000.") % {"least_reroll_bps": LEAST_REROLL_BPS}
        ]
    if errors:
        raise InvalidInput(gettext("These terms cannot be."), errors=errors)
