"""The commissions' deadlines."""

from collections.abc import Callable
from datetime import timedelta

import structlog
from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from generation import services as generation
from generation.models import Artwork
from marketplace.commissions import selectors, services
from marketplace.commissions.models import Brief, Commission, Reroll
from marketplace.commissions.models.life import REMINDED_BEFORE
from marketplace.commissions.models.rerolls import TIME_TO_PAY
from marketplace.commissions.services import briefs
from marketplace.core.errors import AtelierError
from marketplace.core.periodic import periodic

log = structlog.get_logger(__name__)


@periodic(seconds=60)
def accept_what_nobody_answered() -> None:
    """Silence until `accept_by` is acceptance: the artist's work was done, and the authorisation would lapse."""
    overdue = Commission.objects.filter(state=Commission.State.PROOF, accept_by__lt=timezone.now())
    # A proof that a curator has just taken back is no proof, though the commission may not have heard of it yet.
    overdue = overdue.exclude(artwork__visibility=Artwork.Visibility.HELD)
    for commission_id in overdue.values_list("pk", flat=True)[:500]:
        services.accept(commission_id=commission_id)


@periodic(seconds=60)
def expire_what_nobody_paid() -> None:
    """An order that is not paid in time ends: of a seed after minutes, of anything else after a day."""
    for commission_id in Commission.objects.overdue().order_by("pk").values_list("pk", flat=True)[:100]:
        try:
            services.expire(commission_id=commission_id)
        except AtelierError as error:
            log.warning("commission.expiry_failed", commission=str(commission_id), error=error.detail)
            if error.transient:
                return


@periodic(seconds=60)
def drop_what_nobody_paid() -> None:
    """A re-roll that is not paid in time is given up; the provider is asked first whether it was."""
    unpaid = Reroll.objects.filter(state=Reroll.State.AWAITING_PAYMENT, created_at__lt=timezone.now() - TIME_TO_PAY)
    for reroll in unpaid.order_by("pk")[:100]:
        try:
            services.expire_reroll(reroll=reroll)
        except AtelierError as error:
            log.warning("reroll.expiry_failed", reroll=str(reroll.pk), error=error.detail)
            if error.transient:
                return


@periodic(seconds=3600)
def strip_what_nobody_took() -> None:
    """Of candidates that were not taken the watermarked proofs alone are kept, some time after the end."""
    ended = timezone.now() - timedelta(days=settings.ATELIER.candidate_days)
    for artwork_id in selectors.untaken_proofs(ended)[:200]:
        generation.strip_proof(artwork_id=artwork_id)


@periodic(seconds=60)
def keep_deadlines_of_briefs() -> None:
    """What was to be answered, paid or made by now: accepted, expired, given back, each as its deadline says."""
    now, state = timezone.now(), Brief.State
    chores: list[tuple[Q, Callable[..., None]]] = [
        (Q(state__in=[state.WAITLISTED, state.REQUESTED, state.QUOTED], answer_by__lt=now), briefs.expire_brief),
        (Q(state=state.AWAITING_DEPOSIT, pay_by__lt=now), briefs.expire_brief),
        (Q(state=state.PROOF, accept_by__lt=now), briefs.accept_silently),
        (Q(state=state.IN_PROGRESS, due_at__lt=now), briefs.miss_deadline),
        (Q(state=state.AWAITING_BALANCE, pay_by__lt=now), briefs.abandon_brief),
    ]
    for overdue, keep in chores:
        for brief_id in Brief.objects.filter(overdue).order_by("pk").values_list("pk", flat=True)[:500]:
            try:
                keep(brief_id=brief_id)
            except AtelierError as error:
                log.warning("brief.deadline_failed", brief=str(brief_id), error=error.detail)


@periodic(seconds=600)
def remind_of_deadlines() -> None:
    """Whoever has something to do is told before it is too late."""
    near = timezone.now() + REMINDED_BEFORE
    due = Q(state=Brief.State.IN_PROGRESS, due_at__lt=near) | Q(state=Brief.State.PROOF, accept_by__lt=near)
    due |= Q(state__in=[Brief.State.AWAITING_DEPOSIT, Brief.State.AWAITING_BALANCE], pay_by__lt=near)
    for brief_id in Brief.objects.filter(due, reminded_at=None).values_list("pk", flat=True)[:500]:
        briefs.remind(brief_id=brief_id)
