"""What becomes of a work after it was made: its title and whose it is."""

from collections.abc import Collection
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from generation.models import Artwork, ArtworkLook, Holder
from marketplace.accounts.models import Artist, User
from marketplace.core import outbox
from marketplace.core.errors import InvalidInput, NotFound, PermissionRefused

TRANSFERRED = "artwork.transferred"
LONGEST_TITLE = 120


def title_artwork(*, artwork_id: UUID, title: str, by: User) -> Artwork:
    """Name a work, or with "" no more; its maker, its artist and staff may.

    Raises NotFound, PermissionRefused, InvalidInput (too long).
    """
    named = " ".join(title.split())
    if len(named) > LONGEST_TITLE:
        raise InvalidInput(errors={"title": [gettext("At most %(most)d characters.") % {"most": LONGEST_TITLE}]})
    with transaction.atomic():
        artwork = lock_artwork(artwork_id)
        is_artist = artwork.artist is not None and artwork.artist.user_id == by.pk
        if not (artwork.maker_id == by.pk or is_artist or by.is_staff):
            raise PermissionRefused(gettext("Only its maker or artist may name a work."))
        artwork.title = named
        artwork.save(update_fields=["title", "updated_at"])
        ArtworkLook.objects.filter(artwork=artwork).update(meaning=None, said="")  # its words are read anew
    return artwork


def transfer_artwork(*, artwork_id: UUID, owner: User | None) -> Artwork:
    """Make a work somebody's own, or nobody's; orders call this in the transaction of the sale. Raises NotFound."""
    with transaction.atomic():
        artwork = lock_artwork(artwork_id)
        artwork.owner = owner
        artwork.save(update_fields=["owner", "updated_at"])
        outbox.emit(TRANSFERRED, artwork.pk)
    return artwork


def credit_artist(*, artist: Artist, artwork_ids: Collection[UUID]) -> int:
    """Works that an artist had made before they were one, and still own, carry their name; returns how many.

    In the transaction that makes them an artist.
    """
    theirs = Artwork.objects.filter(pk__in=artwork_ids, maker=artist.user_id, owner=artist.user_id, artist=None)
    return theirs.update(artist=artist, updated_at=timezone.now())


def admit_holder(*, artwork_id: UUID, user: User) -> None:
    """Let the owner of one of a work's editions see it and have its original; letting them twice is once."""
    Holder.objects.bulk_create([Holder(artwork_id=artwork_id, user=user)], ignore_conflicts=True)


def dismiss_holder(*, artwork_id: UUID, user: User) -> None:
    """Whoever owns no edition of a work any more has no right to its original."""
    Holder.objects.filter(artwork_id=artwork_id, user=user).delete()


def lock_artwork(artwork_id: UUID) -> Artwork:
    """The work, locked until the transaction ends. Raises NotFound."""
    artwork = Artwork.objects.select_for_update(of=("self",)).select_related("artist").filter(pk=artwork_id).first()
    if artwork is None:
        raise NotFound(gettext("There is no such work."))
    return artwork
