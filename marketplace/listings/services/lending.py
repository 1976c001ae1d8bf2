"""An artist lends a style or a model to others, and takes it back."""

from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from generation.models import Artwork, ModelState, TrainedModel
from marketplace.accounts import selectors as accounts
from marketplace.accounts.models import Artist, User
from marketplace.core.errors import InvalidInput, NotFound
from marketplace.listings.errors import NotYourWork
from marketplace.listings.models import MOST_LENT, StyleTerms
from marketplace.listings.services.commissioned import MOST_PRICE


@transaction.atomic
def lend_style(
    *,
    artist_user: User,
    artwork_id: UUID | None = None,
    model_id: UUID | None = None,
    share_bps: int = 0,
    fee_amount: int = 0,
) -> StyleTerms:
    """Offer the style of a work of one's own, or one's model, at a share of each sale or a fee for each commission.

    Other terms than those that stand take their place; the same change nothing.
    Raises NotFound, NotYourWork, ArtistSuspended, InvalidInput (`share_bps`, `fee_amount`, `artwork`).
    """
    artist, lent = _lent(artist_user, artwork_id, model_id)
    accounts.require_approved(artist)
    if bool(share_bps) == bool(fee_amount):
        told = [gettext("A share of each sale, or a fee for each commission: one of the two.")]
        raise InvalidInput(gettext("Say what it costs."), errors={"share_bps": told})
    if not 0 <= share_bps <= MOST_LENT:
        raise InvalidInput(
            gettext("The share is out of range."),
            errors={"share_bps": [gettext("At most %(most_lent)s of 10,000.") % {"most_lent": MOST_LENT}]},
        )
    if not 0 <= fee_amount <= MOST_PRICE:
        raise InvalidInput(
            gettext("The fee is out of range."),
            errors={"fee_amount": [gettext("At most %(most_price)s minor units.") % {"most_price": MOST_PRICE}]},
        )
    standing = StyleTerms.objects.standing().filter(**lent).first()
    if standing is not None and (standing.share_bps, standing.fee_amount) == (share_bps, fee_amount):
        return standing
    if standing is not None:
        _withdraw(standing)
    return StyleTerms.objects.create(
        artist=artist, share_bps=share_bps, fee_amount=fee_amount, currency=settings.ATELIER.currency, **lent
    )


@transaction.atomic
def withdraw_style(*, artist_user: User, terms_id: UUID) -> StyleTerms:
    """Lend it no longer: new commissions may not use it, what was sold or agreed stands. Raises NotFound."""
    terms = StyleTerms.objects.select_for_update(of=("self",)).filter(pk=terms_id, artist__user=artist_user).first()
    if terms is None:
        raise NotFound(gettext("You lend no such style."))
    return terms if terms.withdrawn_at else _withdraw(terms)


def _withdraw(terms: StyleTerms) -> StyleTerms:
    terms.withdrawn_at = timezone.now()
    terms.save(update_fields=["withdrawn_at", "updated_at"])
    return terms


def _lent(
    artist_user: User, artwork_id: UUID | None, model_id: UUID | None
) -> tuple[Artist, dict[str, Artwork | TrainedModel]]:
    """What is to be lent, locked, so that two terms of it are not made at once. Raises as `lend_style`."""
    if (artwork_id is None) == (model_id is None):
        raise InvalidInput(
            gettext("Name a work or a model."), errors={"artwork": [gettext("A work, or a model: one of the two.")]}
        )
    if artwork_id is not None:
        work = Artwork.objects.select_for_update(of=("self",)).select_related("artist").filter(pk=artwork_id).first()
        if work is None:
            raise NotFound(gettext("There is no such work."))
        if work.artist is None or work.artist.user_id != artist_user.pk:
            raise NotYourWork(gettext("Only its artist may lend a work's style."))
        return work.artist, {"artwork": work}
    models = TrainedModel.objects.select_for_update(of=("self",)).select_related("artist")
    model = None if model_id is None else models.filter(pk=model_id).first()
    if model is None or (model.state == ModelState.DRAFT and model.artist.user_id != artist_user.pk):
        raise NotFound(gettext("There is no such model."))
    if model.artist.user_id != artist_user.pk:
        raise NotYourWork(gettext("Only its artist may lend a model."))
    return model.artist, {"trained_model": model}
