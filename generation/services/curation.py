"""What hangs on the wall: curators hang works, take them down and bring them back, and every act can be undone.

Each act tells `artwork.curated`, with the work's id, upon which its files follow it (`shelve_artwork`).
"""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from generation import selectors
from generation.errors import MemorisationUnknown, NothingToUndo, WorkHeld
from generation.models import Artwork, CurationAct, Visibility
from generation.services.artworks import lock_artwork
from marketplace.accounts.models import User
from marketplace.core import outbox
from marketplace.core.errors import PermissionRefused

CURATED = "artwork.curated"
Action = CurationAct.Action


def hang_artwork(*, artwork_id: UUID, curator: User, reason: str = "") -> Artwork:
    """Hang a work on the wall; hanging it again changes nothing.

    Raises NotFound, PermissionRefused, WorkHeld, MemorisationUnknown.
    """
    _require_curator(curator)
    return _act(artwork_id, curator, Action.HANG, reason)


def take_down_artwork(*, artwork_id: UUID, curator: User, reason: str = "") -> Artwork:
    """Take a work off the wall, out of everybody's sight; taking it down again changes nothing.

    Its files leave the public bucket at once; who owns it, or an edition of it, keeps its original. Raises NotFound,
    PermissionRefused, WorkHeld.
    """
    _require_curator(curator)
    return _act(artwork_id, curator, Action.TAKE_DOWN, reason)


def hide_artwork(*, artwork_id: UUID, reason: str) -> Artwork:
    """Take a work down as the house itself, until a curator decides. Raises NotFound, WorkHeld."""
    return _act(artwork_id, None, Action.TAKE_DOWN, reason)


def bring_back_artwork(*, artwork_id: UUID, curator: User, reason: str = "") -> Artwork:
    """Have a work that was taken down as it was before: on the wall where it hung, or private.

    One that is not taken down stays as it is. Raises NotFound, PermissionRefused, WorkHeld.
    """
    _require_curator(curator)
    return _act(artwork_id, curator, Action.BRING_BACK, reason)


def undo_curation(*, artwork_id: UUID, curator: User, act_id: int | None = None) -> Artwork:
    """Undo the last act on a work that still stands, which is `act_id` where that is given; again for the one before.

    Raises NotFound, PermissionRefused, NothingToUndo, WorkHeld.
    """
    _require_curator(curator)
    with transaction.atomic():
        artwork = lock_artwork(artwork_id)
        _require_unheld(artwork)
        act = artwork.curation_acts.filter(undone_at=None).first()
        if act is None:
            raise NothingToUndo()
        if act_id is not None and act.pk != act_id:
            raise NothingToUndo(_("Something else was done with this work since: undo that first."))
        _set(artwork, act.before)
        act.undone_at, act.undone_by = timezone.now(), curator
        act.save(update_fields=["undone_at", "undone_by"])
    return artwork


def _act(artwork_id: UUID, curator: User | None, action: Action, reason: str) -> Artwork:
    with transaction.atomic():
        artwork = lock_artwork(artwork_id)
        _require_unheld(artwork)
        wanted = _wanted(artwork, action)
        if wanted["visibility"] == artwork.visibility:
            return artwork
        if wanted["visibility"] == Visibility.WALL:
            _require_measured(artwork)
        CurationAct.objects.create(
            artwork=artwork, curator=curator, action=action, reason=reason[:200], before=_present(artwork)
        )
        _set(artwork, wanted)
    return artwork


def _wanted(artwork: Artwork, action: Action) -> dict[str, str | None]:
    """How the work is to stand afterwards."""
    present, now = _present(artwork), timezone.now().isoformat()
    if action is Action.HANG:
        return {"visibility": Visibility.WALL, "hung_at": now, "taken_down_at": None}
    if action is Action.TAKE_DOWN:
        return present | {"visibility": Visibility.HIDDEN, "taken_down_at": now}
    if artwork.visibility != Visibility.HIDDEN:
        return present
    downs = artwork.curation_acts.filter(undone_at=None, action=Action.TAKE_DOWN)
    last = downs.first()
    return last.before if last else present | {"visibility": Visibility.PRIVATE}


def _set(artwork: Artwork, stand: dict[str, str | None]) -> None:
    artwork.visibility = stand["visibility"] or ""
    artwork.hung_at, artwork.taken_down_at = _time(stand["hung_at"]), _time(stand["taken_down_at"])
    artwork.save(update_fields=["visibility", "hung_at", "taken_down_at", "updated_at"])
    outbox.emit(CURATED, artwork.pk)


def _require_curator(person: User) -> None:
    if not person.is_curator:
        raise PermissionRefused(_("Only curators decide what hangs on the wall."))


def _require_unheld(artwork: Artwork) -> None:
    if artwork.is_held:
        raise WorkHeld(_("This work is held back: decide about it in the review queue."))


def _require_measured(artwork: Artwork) -> None:
    if selectors.learnt_at(artwork.job) and selectors.memorisation_of(artwork.pk) is None:
        raise MemorisationUnknown()


def _present(artwork: Artwork) -> dict[str, str | None]:
    return {
        "visibility": artwork.visibility,
        "hung_at": artwork.hung_at.isoformat() if artwork.hung_at else None,
        "taken_down_at": artwork.taken_down_at.isoformat() if artwork.taken_down_at else None,
    }


def _time(text: str | None) -> datetime | None:
    return parse_datetime(text) if text else None
