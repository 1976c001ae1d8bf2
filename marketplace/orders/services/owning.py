"""Giving works to those who paid for them, and keeping the history of who owned them."""

from django.db import transaction
from django.utils import timezone

from generation import services as generation
from generation.models import Artwork
from marketplace.accounts.models import Artist, User
from marketplace.core import outbox
from marketplace.listings import services as listings
from marketplace.listings.models import Edition, EditionState, Licence
from marketplace.orders.errors import AlreadyOwned
from marketplace.orders.models import Acquisition, Ownership

PERSONAL = "personal"


@transaction.atomic
def grant_ownership(
    *, artwork: Artwork, artist: Artist, owner: User, source: str, licence_code: str = PERSONAL
) -> Ownership:
    """Make `owner` the owner of a work made for them, as its one edition; granting it again changes nothing.

    Raises AlreadyOwned.
    """
    edition = listings.issue_single(artwork=artwork, artist=artist)
    ownership = Ownership.objects.filter(edition=edition).first()
    if ownership is not None and ownership.owner_id != owner.pk:
        raise AlreadyOwned()
    licence = Licence.objects.get(pk=licence_code)
    return ownership or hand_over(edition=edition, owner=owner, source=source, licence=licence)


def hand_over(*, edition: Edition, owner: User, source: str, licence: Licence) -> Ownership:
    """Make somebody the owner of an edition, whoever had it before; the caller has locked its row.

    The edition is sold from then on, its history has one step more, and its owner alone, of the two, may have the
    original. The same `source` hands over once.
    """
    ownership = Ownership.objects.select_for_update(no_key=True).filter(edition=edition).first()
    if ownership is not None and ownership.source == source:
        return ownership
    giver = ownership.owner if ownership is not None else None
    ownership = ownership or Ownership(edition=edition)
    ownership.owner, ownership.licence, ownership.source = owner, licence, source
    ownership.acquired_at, ownership.shown_as = timezone.now(), ""
    ownership.save()
    _write_history(edition, giver, owner, licence, source)
    listings.close_edition(edition_id=edition.pk)  # what others, or the giver, offered of it is over
    edition.state = EditionState.SOLD
    edition.save(update_fields=["state", "updated_at"])
    _show_original(edition, giver, owner)
    return ownership


def take_back(*, edition: Edition, source: str, to: User | None, licence: Licence | None) -> None:
    """Undo a sale: the edition goes to `to`, or without one is the artist's again, free to be sold anew."""
    if to is not None and licence is not None:
        hand_over(edition=edition, owner=to, source=source, licence=licence)
        return
    before = Ownership.objects.select_for_update(no_key=True).get(edition=edition)
    before.delete()
    _write_history(edition, before.owner, None, None, source)
    listings.close_edition(edition_id=edition.pk)  # what its former owner offered of it is not theirs to sell
    _show_original(edition, before.owner, None)
    edition.state, edition.seed, edition.made = EditionState.FREE, None, None
    edition.save(update_fields=["state", "seed", "made", "updated_at"])


def _write_history(edition: Edition, giver: User | None, owner: User | None, licence: Licence | None, why: str) -> None:
    last = Acquisition.objects.filter(edition=edition).order_by("-step").values_list("step", flat=True).first()
    step = Acquisition.objects.create(
        edition=edition, step=(last or 0) + 1, giver=giver, owner=owner, licence=licence, source=why
    )
    outbox.emit("edition.acquired", step.pk)


def _show_original(edition: Edition, giver: User | None, owner: User | None) -> None:
    """Who owns an edition may have the work's original. Of a work with one edition the owner owns the work itself."""
    artwork = edition.artwork
    if artwork is None:
        return
    if edition.made_id or edition.release.size == 1:
        artists = None if edition.made_id else edition.release.artist.user
        generation.transfer_artwork(artwork_id=artwork.pk, owner=owner or artists)
        return
    if owner is not None:
        generation.admit_holder(artwork_id=artwork.pk, user=owner)
    if giver is not None and not Ownership.objects.filter(edition__release=edition.release_id, owner=giver).exists():
        generation.dismiss_holder(artwork_id=artwork.pk, user=giver)
