"""What the collector answers to a proof, and what comes of it: accepted and paid for, or to be changed."""

from datetime import timedelta
from uuid import UUID

import structlog
from django.db import transaction
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from generation import services as generation
from generation.models import ReviewState
from marketplace.accounts.models import User
from marketplace.commissions.errors import NoMoreRevisions
from marketplace.commissions.models import Brief, Instalment, Revision
from marketplace.commissions.models.life import TIME_TO_PAY
from marketplace.commissions.services.briefs.escrow import (
    prepare_balance,
    prepare_revision,
    release_unpaid,
    settle_escrow,
)
from marketplace.commissions.services.briefs.making import stop_machines
from marketplace.commissions.services.briefs.steps import (
    BALANCE_DUE,
    locked,
    locked_for_collector,
    move,
)
from marketplace.commissions.services.briefs.telling import day, tell
from marketplace.core import outbox
from marketplace.core.errors import InvalidInput
from marketplace.core.languages import kept
from marketplace.core.machine import NotNow
from marketplace.orders import services as orders

log = structlog.get_logger(__name__)
State = Brief.State


@transaction.atomic
def accept_proof(*, collector: User, brief_id: UUID) -> Brief:
    """Take the work: the balance is charged to a kept card or asked for, and with all paid it is the collector's.

    Accepting twice is accepting once. Raises NotFound, NotNow.
    """
    brief = locked_for_collector(collector, brief_id)
    if brief.state in {State.AWAITING_BALANCE, State.DELIVERED}:
        return brief
    return _accept(brief, "accept")


@transaction.atomic
def accept_silently(*, brief_id: UUID) -> None:
    """Nobody answered until `accept_by`: that counts as acceptance."""
    brief = locked(brief_id)
    if brief is None or brief.state != State.PROOF or brief.accept_by is None or brief.accept_by > timezone.now():
        return
    try:
        _accept(brief, "accept_silently")
    except NotNow:
        log.info("brief.held", brief=str(brief_id))  # a curator has just taken the picture back: its event follows


def _accept(brief: Brief, how: str) -> Brief:
    if brief.state != State.PROOF or brief.quote is None:
        raise NotNow(
            gettext("There is nothing to accept while it is %(get_state_display)s.")
            % {"get_state_display": brief.get_state_display().lower()},
            state=brief.state,
        )
    keep_picture(brief)
    release_unpaid(brief)  # an extra revision that was asked for and not paid
    brief.accepted_at = timezone.now()
    if brief.quote.balance.amount == 0:
        return deliver(brief, "deliver")
    pay_by = timezone.now() + TIME_TO_PAY
    move(brief, how, pay_by=pay_by, accept_by=None)
    prepare_balance(brief)
    outbox.emit(BALANCE_DUE, brief.pk)
    told = format_lazy(_("Your proof of {brief_title} is accepted"), brief_title=brief.title)
    tell(
        brief,
        brief.artist.user,
        "commission.delivered",
        told,
        _("It is delivered once the balance is paid."),
        once="ok",
    )
    return brief


@transaction.atomic
def ask_revision(*, collector: User, brief_id: UUID, text: str) -> Revision:
    """Ask for a change: at once while included ones are left, beyond that as soon as it is paid for.

    Raises NotFound, NotNow, NoMoreRevisions, InvalidInput.
    """
    brief = locked_for_collector(collector, brief_id)
    if not text.strip() or len(text) > 3000:
        raise InvalidInput(
            gettext("Say what should change."), errors={"text": [gettext("From 1 to 3,000 characters.")]}
        )
    if brief.state != State.PROOF or brief.proof is None or brief.quote is None:
        raise NotNow(
            gettext("Nothing is changed while it is %(get_state_display)s.")
            % {"get_state_display": brief.get_state_display().lower()},
            state=brief.state,
        )
    is_included = brief.revisions_used < brief.quote.revisions
    if not is_included and brief.quote.revision_amount is None:
        raise NoMoreRevisions()
    # Asked for again before it was paid: the words are the new ones, the price is asked for once.
    waiting = brief.revisions.filter(asked_at=None).first()
    if waiting is not None:
        waiting.text = text.strip()
        waiting.save(update_fields=["text", "updated_at"])
        return waiting
    revision = Revision.objects.create(
        brief=brief, candidate=brief.proof, number=brief.revisions.count() + 1, text=text.strip(),
        is_paid_extra=not is_included,
    )  # fmt: skip
    if is_included:
        brief.revisions_used += 1
        begin_revision(brief, revision)
    else:
        prepare_revision(brief, revision)
    return revision


def begin_revision(brief: Brief, revision: Revision) -> None:
    """The artist goes on, and has until a new deadline. In the caller's transaction, with the brief locked."""
    assert brief.quote is not None
    revision.asked_at = timezone.now()
    revision.save(update_fields=["asked_at", "updated_at"])
    due_at = timezone.now() + timedelta(days=brief.quote.revision_days)
    move(brief, "revise", due_at=due_at, accept_by=None)
    told = format_lazy(
        _("{collector_name} asks for a change of {brief_title}"),
        collector_name=brief.collector.name,
        brief_title=brief.title,
    )
    body = format_lazy(_("{value} — until {day}."), value=revision.text[:200], day=day(due_at))
    tell(brief, brief.artist.user, "commission.message", told, body, once=revision.pk)


def deliver(brief: Brief, how: str, *, refund_bps: int = 0) -> Brief:
    """The work is the collector's, and what was paid is earned; in the caller's transaction, the brief locked."""
    artwork = brief.artwork
    assert artwork is not None
    orders.grant_ownership(
        artwork=artwork, artist=brief.artist, owner=brief.collector, source=f"brief:{brief.pk}",
        licence_code=brief.licence_id,
    )  # fmt: skip
    stop_machines(brief)
    settle_escrow(brief, refund_bps=refund_bps, why=how, reason=kept(f"Of {brief.title}: decided by the house."))
    move(brief, how, pay_by=None, accept_by=None, due_at=None)
    tell(
        brief,
        brief.collector,
        "commission.delivered",
        format_lazy(_("{brief_title} is yours"), brief_title=brief.title),
        _("The original is in your collection."),
    )
    tell(
        brief,
        brief.artist.user,
        "work.sold",
        format_lazy(_("{brief_title} is delivered"), brief_title=brief.title),
        _("What was in escrow is yours."),
    )
    return brief


def keep_picture(brief: Brief) -> None:
    """No curator takes the picture back any more. Raises NotNow where one is looking at it."""
    assert brief.artwork is not None
    because = kept("The work was accepted, and is paid for.")
    if not generation.settle_review(artwork_id=brief.artwork.pk, state=ReviewState.CLEARED, because=because):
        raise NotNow(gettext("A curator looks at the picture again first."), state=brief.state)


def revision_of(instalment: Instalment) -> Revision:
    """What an instalment of the kind `revision` pays for."""
    assert instalment.revision is not None
    return instalment.revision
