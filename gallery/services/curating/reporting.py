"""Reports: what people say against a work, how much that counts, and hiding a work until a curator decides.

What counts towards hiding: people whose account is not new, each with what became of their earlier reports. A crowd of
new accounts hides nothing, nor do those whose reports curators keep dismissing. What a curator has dismissed once about
a work counts no more there.
"""

from datetime import timedelta
from uuid import UUID

import structlog
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from gallery.errors import AlreadyReported
from gallery.models import LONGEST_WORDS, Case, Cause, Report, ReportReason, ReportState
from gallery.services.curating.cases import artist_user_of, join_case
from gallery.services.curating.notices import GIVEN
from gallery.services.curating.telling import tell_hidden
from generation import services as generation
from generation.models import Artwork, Visibility
from marketplace.accounts.models import User
from marketplace.core import outbox
from marketplace.core.errors import InvalidInput, NotFound, PermissionRefused
from marketplace.core.languages import kept

log = structlog.get_logger(__name__)
MOST_A_DAY = 10  # reports of one person that count; whoever finds more in a day is read, and hides nothing
HIDDEN_BECAUSE = kept("Reported by several people.")


def report_artwork(*, artwork_id: UUID, reporter: User, reason: str, words: str = "") -> Report:
    """Say something against a work that hangs; enough of it hides the work until a curator decides.

    Raises NotFound, PermissionRefused for one's own, InvalidInput, AlreadyReported.
    """
    artwork = _hanging(artwork_id)
    if reporter.pk in {artist_user_of(artwork).pk, artwork.maker_id, artwork.owner_id}:
        raise PermissionRefused(_("This work is yours: its page says how to have it taken down."))
    _check(reason, words)
    with transaction.atomic():
        case = join_case(artwork_id, Cause.REPORTED)  # locks: of two reports at once, one counts after the other
        artwork = _hanging(artwork_id)  # still, after who held the lock
        if Report.objects.filter(artwork=artwork, reporter=reporter).exists():
            raise AlreadyReported
        weight = weight_of(reporter)
        report = Report.objects.create(
            artwork=artwork, reporter=reporter, reason=reason, words=words.strip(), weight=weight
        )
        _count(case)
        if weight_against(artwork_id) >= settings.ATELIER.reports_to_hide:
            _hide(artwork, case)
    return report


def give_notice(*, artwork_id: UUID, name: str, email: str, reason: str, words: str) -> Report:
    """A notice by somebody without an account, such as whose right is infringed; a curator reads it.

    It hides nothing by itself, and is confirmed by e-mail. Raises NotFound, InvalidInput, AlreadyReported.
    """
    artwork = _hanging(artwork_id)
    _check(reason, words, must_say=True)
    errors = {"name": [_("Say who you are.")]} if not name.strip() or len(name) > 120 else {}
    try:
        validate_email(email)
    except ValidationError:
        errors["email"] = [_("Give an address at which you can be answered.")]
    if errors:
        raise InvalidInput(_("Something is missing."), errors=errors)
    email = email.strip().lower()
    with transaction.atomic():
        case = join_case(artwork_id, Cause.REPORTED)
        artwork = _hanging(artwork_id)
        if Report.objects.filter(artwork=artwork, email=email).exists():
            raise AlreadyReported
        report = Report.objects.create(
            artwork=artwork, name=name.strip(), email=email, reason=reason, words=words.strip(),
            language=get_language() or "",
        )  # fmt: skip
        _count(case)
        outbox.emit(GIVEN, report.pk)
    return report


def weight_of(person: User) -> float:
    """How much a person's report counts just now, from 0 to 1.

    Nothing for an account that is new or has reported too much today; else the share of their answered reports that
    were upheld, one of them taken for granted.
    """
    now = timezone.now()
    if person.date_joined > now - timedelta(days=settings.ATELIER.report_account_days):
        return 0.0
    theirs = Report.objects.filter(reporter=person)
    if theirs.filter(created_at__gt=now - timedelta(days=1)).count() >= MOST_A_DAY:
        return 0.0
    upheld = theirs.filter(state=ReportState.UPHELD).count()
    dismissed = theirs.filter(state=ReportState.DISMISSED).count()
    return (1 + upheld) / (1 + upheld + dismissed)


def weight_against(artwork_id: UUID) -> float:
    """What is said against a work and not answered yet, for reasons that no curator has dismissed there."""
    said = Report.objects.filter(artwork=artwork_id)
    dismissed = said.filter(state=ReportState.DISMISSED).values("reason")
    counting = said.filter(state=ReportState.OPEN, reporter__is_active=True).exclude(reason__in=dismissed)
    return float(counting.aggregate(sum=Sum("weight"))["sum"] or 0.0)


def _hide(artwork: Artwork, case: Case) -> None:
    hidden = generation.hide_artwork(artwork_id=artwork.pk, reason=HIDDEN_BECAUSE)
    tell_hidden(hidden, case.version)
    log.info("work.hidden_by_reports", artwork=str(artwork.pk))


def _count(case: Case) -> None:
    case.report_count = Report.objects.filter(artwork=case.artwork_id, state=ReportState.OPEN).count()
    case.save(update_fields=["report_count", "updated_at"])


def _hanging(artwork_id: UUID) -> Artwork:
    found = Artwork.objects.select_related("artist__user", "maker")
    artwork = found.filter(pk=artwork_id, visibility=Visibility.WALL).first()
    if artwork is None:
        raise NotFound(_("There is no such work."))
    return artwork


def _check(reason: str, words: str, *, must_say: bool = False) -> None:
    errors = {}
    if reason not in ReportReason.values:
        errors["reason"] = [_("Choose what is wrong with it.")]
    if len(words) > LONGEST_WORDS:
        errors["words"] = [_("At most %(most)d characters.") % {"most": LONGEST_WORDS}]
    if not words.strip() and (must_say or reason == ReportReason.OTHER):
        errors["words"] = [_("Say what is wrong with it.")]
    if errors:
        raise InvalidInput(_("Something is missing."), errors=errors)
