"""Giving an edition away: offered to an address, and handed over when whoever has that address accepts."""

from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from marketplace.accounts import services as accounts
from marketplace.accounts.models import User
from marketplace.core.errors import InvalidInput, NotFound
from marketplace.core.machine import NotNow
from marketplace.listings.models import Edition, EditionState, Sale, SaleState
from marketplace.orders.models import GIFT, Gift, GiftState, Ownership
from marketplace.orders.services.owning import hand_over
from marketplace.orders.services.reserving import give_back


@transaction.atomic
def give_edition(*, owner: User, edition_id: UUID, to: str, message: str = "") -> Gift:
    """Offer an edition of one's own to an e-mail address; until it is answered it can neither be sold nor given again.

    Whether anybody here has that address is told to nobody. Raises NotFound, NotNow, InvalidInput.
    """
    address = to.strip().lower()
    if address == owner.email:
        raise InvalidInput(gettext("It is yours already."), errors={"to": [gettext("It is yours already.")]})
    edition = Edition.objects.select_for_update(no_key=True).filter(pk=edition_id, ownership__owner=owner).first()
    if edition is None:
        raise NotFound(gettext("You own no such edition."))
    is_offered = Sale.objects.filter(edition=edition, state__in=[SaleState.OPEN, SaleState.PAUSED]).exists()
    if is_offered or edition.state != EditionState.SOLD:
        raise NotNow(gettext("It is for sale, or on its way to somebody. End that first."), state=edition.state)
    edition.state = EditionState.RESERVED
    edition.save(update_fields=["state", "updated_at"])
    expires_at = timezone.now() + timedelta(days=settings.ATELIER.gift_days)
    gift = Gift.objects.create(
        edition=edition, giver=owner, to_email=address, message=message.strip(), expires_at=expires_at
    )
    if recipient := User.objects.filter(email=address, is_active=True).first():
        accounts.notify(
            person=recipient,
            kind="gift.offered",
            key=str(gift.pk),
            title=format_lazy(_("{owner} gives you {edition}"), owner=owner, edition=edition),
            body=gift.message,
            link="/collection/gifts/",
        )
    return gift


@transaction.atomic
def accept_gift(*, gift_id: UUID, by: User) -> Gift:
    """Take what was given: it is owned from now on, under the giver's licence. Raises NotFound, NotNow."""
    gift = _locked_to(by, gift_id)
    edition = Edition.objects.select_for_update(no_key=True, of=("self",)).select_related(
        "release__artist__user", "release__artwork", "made"
    ).get(pk=gift.edition_id)  # fmt: skip
    held = Ownership.objects.select_related("licence").filter(edition=edition, owner=gift.giver_id).first()
    if held is None or gift.expires_at <= timezone.now():
        raise NotNow(gettext("This gift is no longer to be had."), state=GiftState.LAPSED)
    gift.recipient = by
    _move(gift, "accept")
    hand_over(edition=edition, owner=by, source=f"gift:{gift.pk}", licence=held.licence)
    accounts.notify(
        person=gift.giver,
        kind="gift.answered",
        key=str(gift.pk),
        title=format_lazy(_("Your gift was accepted: {edition}"), edition=edition),
    )
    return gift


@transaction.atomic
def decline_gift(*, gift_id: UUID, by: User) -> Gift:
    """Do not take it: it stays its owner's. Raises NotFound, NotNow."""
    gift = _end(_locked_to(by, gift_id), "decline")
    accounts.notify(
        person=gift.giver,
        kind="gift.answered",
        key=str(gift.pk),
        title=format_lazy(_("Your gift was declined: {edition}"), edition=gift.edition),
    )
    return gift


@transaction.atomic
def withdraw_gift(*, gift_id: UUID, by: User) -> Gift:
    """Take a gift back that nobody has accepted yet. Raises NotFound, NotNow."""
    return _end(_locked(pk=gift_id, giver=by), "withdraw")


def lapse_gifts() -> None:
    """End those that nobody accepted in time."""
    overdue = Gift.objects.filter(state=GiftState.OFFERED, expires_at__lte=Now())
    for gift_id in list(overdue.values_list("pk", flat=True)[:100]):
        with transaction.atomic():
            gift = _locked(pk=gift_id)
            if GIFT.allows("lapse", gift.state):
                _end(gift, "lapse")


def _locked(**which: object) -> Gift:
    gift = (
        Gift.objects.select_for_update(no_key=True, of=("self",))
        .select_related("edition__release", "giver")
        .filter(**which)
        .first()
    )
    if gift is None:
        raise NotFound(gettext("There is no such gift."))
    return gift


def _locked_to(person: User, gift_id: UUID) -> Gift:
    return _locked(pk=gift_id, to_email=person.email)


def _end(gift: Gift, name: str) -> Gift:
    _move(gift, name)
    give_back(gift.edition_id)
    return gift


def _move(gift: Gift, name: str) -> None:
    GIFT.move(gift, name)
    gift.save()
