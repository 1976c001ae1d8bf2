"""Opening cases, joining them, and having one for oneself while one looks.

Locks, in this order: the gate's review of a work, its open case, the work.
"""

from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gallery.errors import CaseChanged, CaseClaimed
from gallery.models import CASE, OPEN_STATES, Case, CaseState, Decision
from generation.models import Artwork, Visibility
from marketplace.accounts.models import User
from marketplace.core.errors import NotFound, PermissionRefused
from marketplace.orders import selectors as orders


def lock_case(artwork_id: UUID) -> Case | None:
    """The open case of a work, locked, if there is one."""
    found = Case.objects.select_for_update(of=("self",)).filter(artwork_id=artwork_id, state__in=OPEN_STATES)
    return found.first()


def join_case(artwork_id: UUID, cause: str, *, words: str = "") -> Case:
    """The open case of a work, made if need be, with one more cause, waiting and locked; in the caller's transaction.

    It is saved.
    """
    flag = f"is_{cause}"
    case = lock_case(artwork_id)
    while case is None:
        Case.objects.bulk_create([Case(artwork_id=artwork_id, **{flag: True})], ignore_conflicts=True)
        case = lock_case(artwork_id)  # or somebody has opened and closed it in between
    if case.state == CaseState.CHANGES_ASKED:
        CASE.move(case, "resubmit")
        case.waiting_since = timezone.now()
    setattr(case, flag, True)
    case.words = words or case.words
    case.version += 1
    case.save()
    return case


def claim_case(*, case_id: UUID, curator: User) -> Case:
    """Have an open case to oneself for some minutes; again lengthens it. Raises NotFound, CaseClaimed, CaseChanged."""
    require_curator(curator)
    with transaction.atomic():
        case = Case.objects.select_for_update(of=("self",)).filter(pk=case_id).first()
        if case is None:
            raise NotFound(_("There is no such case."))
        if not case.is_open:
            raise changed(case.artwork_id)
        require_unclaimed(case, curator)
        case.claimed_by = curator
        case.claimed_until = timezone.now() + timedelta(minutes=settings.ATELIER.claim_minutes)
        case.save(update_fields=["claimed_by", "claimed_until", "updated_at"])
    return case


def release_case(*, case_id: UUID, curator: User) -> None:
    """Let others look at it; what one has not claimed stays as it is."""
    Case.objects.filter(pk=case_id, claimed_by=curator).update(claimed_by=None, claimed_until=None)


def require_unclaimed(case: Case, curator: User) -> None:
    """Raises CaseClaimed where another curator has the case to themselves."""
    if case.claimed_by_other(curator) and case.claimed_by is not None and case.claimed_until is not None:
        name, until = case.claimed_by.name, timezone.localtime(case.claimed_until)
        detail = _("%(name)s is looking at this work until %(until)s.") % {"name": name, "until": f"{until:%H:%M}"}
        raise CaseClaimed(detail, claimed_by=name, claimed_until=until.isoformat())


def changed(artwork_id: UUID) -> CaseChanged:
    """The error that says what happened to a work last."""
    last = Decision.objects.standing().filter(artwork_id=artwork_id).select_related("curator").first()
    if last is None:
        return CaseChanged(_("Something came up about this work since you looked: look again."))
    told = _("%(name)s decided: %(verdict)s.") % {"name": last.curator.name, "verdict": last.get_verdict_display()}
    return CaseChanged(told, verdict=last.verdict, decided_by=last.curator.name, decision=str(last.pk))


def require_curator(person: User) -> None:
    """Raises PermissionRefused."""
    if not person.is_curator:
        raise PermissionRefused(_("Only curators decide what hangs on the wall."))


def artist_user_of(artwork: Artwork) -> User:
    """Who answers for a work: its artist, or who had it made."""
    return artwork.artist.user if artwork.artist else artwork.maker


def owners_of(artwork: Artwork) -> set[UUID]:
    """Whoever owns the work or an edition of it, but for who answers for it."""
    owners = orders.owners_of_artwork(artwork.pk) | ({artwork.owner_id} if artwork.owner_id else set())
    return owners - {artist_user_of(artwork).pk}


def may_object(artwork: Artwork, person: User) -> bool:
    """Does a person answer for the work, or own it or an edition where it was taken down?"""
    if artist_user_of(artwork).pk == person.pk:
        return True
    return artwork.visibility == Visibility.HIDDEN and person.pk in owners_of(artwork)
