"""What hangs on the wall: curators hang works and take them down, and every act can be undone."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from generation.errors import NothingToUndo, WorkHeld
from generation.models import Artwork, CurationAct, Visibility
from generation.services.artworks import lock_artwork
from marketplace.accounts.models import User
from marketplace.core.errors import PermissionRefused


def hang_artwork(*, artwork_id: UUID, curator: User, reason: str = "") -> Artwork:
    """Hang a work on the wall; hanging it again changes nothing. Raises NotFound, PermissionRefused, WorkHeld."""
    return _act(artwork_id, curator, CurationAct.Action.HANG, reason)


def take_down_artwork(*, artwork_id: UUID, curator: User, reason: str = "") -> Artwork:
    """Take a work off the wall, out of everybody's sight; taking it down again changes nothing.

    Raises NotFound, PermissionRefused, WorkHeld.
    """
    return _act(artwork_id, curator, CurationAct.Action.TAKE_DOWN, reason)


def undo_curation(*, artwork_id: UUID, curator: User) -> Artwork:
    """Undo the last act on a work that still stands; again for the one before.

    Raises NotFound, PermissionRefused, NothingToUndo, WorkHeld.
    """
    _require_curator(curator)
    with transaction.atomic():
        artwork = lock_artwork(artwork_id)
        _require_unheld(artwork)
        act = artwork.curation_acts.filter(undone_at=None).first()
        if act is None:
            raise NothingToUndo()
        artwork.visibility = act.before["visibility"]
        artwork.hung_at = _time(act.before["hung_at"])
        artwork.taken_down_at = _time(act.before["taken_down_at"])
        artwork.save(update_fields=["visibility", "hung_at", "taken_down_at", "updated_at"])
        act.undone_at, act.undone_by = timezone.now(), curator
        act.save(update_fields=["undone_at", "undone_by"])
    return artwork


def _act(artwork_id: UUID, curator: User, action: CurationAct.Action, reason: str) -> Artwork:
    _require_curator(curator)
    wanted = Visibility.WALL if action is CurationAct.Action.HANG else Visibility.HIDDEN
    with transaction.atomic():
        artwork = lock_artwork(artwork_id)
        _require_unheld(artwork)
        if artwork.visibility == wanted:
            return artwork
        CurationAct.objects.create(
            artwork=artwork, curator=curator, action=action, reason=reason[:200], before=_present(artwork)
        )
        artwork.visibility = wanted
        if wanted == Visibility.WALL:
            artwork.hung_at, artwork.taken_down_at = timezone.now(), None
        else:
            artwork.taken_down_at = timezone.now()
        artwork.save(update_fields=["visibility", "hung_at", "taken_down_at", "updated_at"])
    return artwork


def _require_curator(person: User) -> None:
    if not person.is_curator:
        raise PermissionRefused("Only curators decide what hangs on the wall.")


def _require_unheld(artwork: Artwork) -> None:
    if artwork.is_held:
        raise WorkHeld("This work is held back: decide about it in the review queue.")


def _present(artwork: Artwork) -> dict[str, str | None]:
    return {
        "visibility": artwork.visibility,
        "hung_at": artwork.hung_at.isoformat() if artwork.hung_at else None,
        "taken_down_at": artwork.taken_down_at.isoformat() if artwork.taken_down_at else None,
    }


def _time(text: str | None) -> datetime | None:
    return parse_datetime(text) if text else None
