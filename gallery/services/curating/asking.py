"""What artists ask of curators: to hang a work, to look at it again after a change, and to think again."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from gallery.errors import NotAppealable
from gallery.models import CASE, LONGEST_WORDS, Appeal, Case, CaseState, Cause, Decision, Verdict
from gallery.selectors.curating import can_be_appealed
from gallery.services.curating.cases import artist_user_of, changed, join_case, lock_case, may_object
from generation.models import Artwork, Visibility
from marketplace.accounts.models import User
from marketplace.core.errors import InvalidInput, NotFound, PermissionRefused
from marketplace.core.machine import NotNow


def submit_artwork(*, artwork_id: UUID, artist: User, words: str = "") -> Case:
    """Ask curators to hang a work, or to look again at one for which they asked for changes; twice is once.

    Raises NotFound, PermissionRefused, InvalidInput, NotNow where it hangs, is held or taken down, or was turned down
    before: that can be appealed against.
    """
    artwork = _theirs(artwork_id, artist)
    if artwork.artist is None or artwork.artist.is_suspended:
        raise PermissionRefused(_("Only artists of the house have works hung."))
    _check(words)
    with transaction.atomic():
        case = lock_case(artwork_id)
        if case is not None and case.state == CaseState.WAITING:
            return case
        if case is None and artwork.visibility != Visibility.PRIVATE:
            raise NotNow(_("Only a private work can be submitted."), state=artwork.visibility)
        last = Decision.objects.standing().filter(artwork=artwork).first()
        if case is None and last is not None and last.verdict == Verdict.REJECT:
            raise NotNow(_("It was turned down: you can appeal against that."), state="rejected")
        cause = case.causes[0] if case is not None else Cause.SUBMITTED
        return join_case(artwork_id, cause, words=words.strip())


def withdraw_submission(*, artwork_id: UUID, artist: User) -> Case:
    """Ask no longer. Raises NotFound, PermissionRefused, NotNow."""
    _theirs(artwork_id, artist)
    with transaction.atomic():
        case = lock_case(artwork_id)
        if case is None:
            raise NotFound(_("Nothing is asked about this work."))
        if case.causes != [Cause.SUBMITTED]:
            raise NotNow(_("It waits for other reasons, too."), state=case.state)
        CASE.move(case, "withdraw")
        case.version += 1
        case.save()
    return case


def appeal_decision(*, decision_id: UUID, person: User, words: str) -> Appeal:
    """Ask another curator to think again about a rejection or a takedown; once, and with words.

    Its artist may, and of what was taken down whoever owns the work or an edition of it: their counter-notice.

    Raises NotFound, PermissionRefused, InvalidInput, NotAppealable.
    """
    decision = Decision.objects.filter(pk=decision_id).first()
    if decision is None:
        raise NotFound(_("There is no such decision."))
    artwork = _seen(decision.artwork_id, person)
    if not may_object(artwork, person):
        raise PermissionRefused(_("Only its artist and its owners object to what was decided about a work."))
    _check(words, must_say=True)
    with transaction.atomic():
        case = lock_case(artwork.pk)
        if not can_be_appealed(decision):
            raise NotAppealable
        if case is not None and case.is_appealed:
            raise changed(artwork.pk)
        appeal = Appeal.objects.create(decision=decision, person=person, words=words.strip())
        join_case(artwork.pk, Cause.APPEALED)
    return appeal


def _theirs(artwork_id: UUID, artist: User) -> Artwork:
    artwork = _seen(artwork_id, artist)
    if artist_user_of(artwork).pk != artist.pk:
        raise PermissionRefused(_("Only its artist asks curators about a work."))
    return artwork


def _seen(artwork_id: UUID, person: User) -> Artwork:
    artwork = Artwork.objects.select_related("artist__user", "maker").filter(pk=artwork_id).first()
    if artwork is None or not Artwork.objects.visible_to(person).filter(pk=artwork_id).exists():
        raise NotFound(_("There is no such work."))
    return artwork


def _check(words: str, *, must_say: bool = False) -> None:
    errors = {}
    if len(words) > LONGEST_WORDS:
        errors["words"] = [_("At most %(most)d characters.") % {"most": LONGEST_WORDS}]
    if must_say and not words.strip():
        errors["words"] = [_("Say why the decision is wrong.")]
    if errors:
        raise InvalidInput(_("Something is missing."), errors=errors)
