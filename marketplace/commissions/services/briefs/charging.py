"""What is to be paid for a brief, paid; and what comes of it, whenever and however often that is heard of."""

from uuid import UUID

import structlog
from django.db import transaction
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.models import User
from marketplace.commissions.models import Brief, Instalment, InstalmentKind
from marketplace.commissions.selectors import due_instalment
from marketplace.commissions.services.briefs.answering import begin_revision, deliver, revision_of
from marketplace.commissions.services.briefs.escrow import prepare_tip, settle_instalment
from marketplace.commissions.services.briefs.steps import locked, locked_for_collector, move
from marketplace.commissions.services.briefs.telling import day, tell
from marketplace.core.errors import InvalidInput, NotFound
from marketplace.core.languages import kept
from marketplace.core.machine import NotNow
from marketplace.listings.services import LEAST_PRICE, MOST_PRICE
from payments import services as payments
from payments.errors import PaymentDeclined, TaxPlaceNeeded
from payments.models import Payment

log = structlog.get_logger(__name__)
Kind, State = InstalmentKind, Brief.State


def pay_instalment(
    *, collector: User, instalment_id: UUID, payment_method: str | None = None, saved_card: bool = False
) -> Payment:
    """Prepare what is to be paid with the provider, or pay it with a given method or the kept card.

    Not inside a transaction. Raises NotFound, NotNow where it is not due, PaymentDeclined, GatewayRefused,
    GatewayUnavailable (nothing is lost: asking again continues).
    """
    found = Instalment.objects.select_related("brief", "payment")
    instalment = found.filter(pk=instalment_id, brief__collector=collector).first()
    if instalment is None:
        raise NotFound(gettext("There is nothing like this to pay."))
    if instalment.payment.state == Payment.State.CAPTURED:
        return instalment.payment
    if not is_due(instalment):
        state = instalment.brief.state
        raise NotNow(
            gettext("Nothing is to be paid while it is %(get_state_display)s.")
            % {"get_state_display": instalment.brief.get_state_display().lower()},
            state=state,
        )
    return payments.authorise(payment_id=instalment.payment_id, payment_method=payment_method, saved_card=saved_card)


def is_due(instalment: Instalment) -> bool:
    """Whether it may be paid at present."""
    brief = instalment.brief
    if instalment.kind == Kind.TIP:
        return brief.state == State.DELIVERED
    if instalment.kind == Kind.REVISION:
        return brief.state == State.PROOF
    state = State.AWAITING_DEPOSIT if instalment.kind == Kind.DEPOSIT else State.AWAITING_BALANCE
    return brief.state == state and brief.pay_by is not None and brief.pay_by > timezone.now()


def charge_balance(*, brief_id: UUID) -> None:
    """Charge the balance to the kept card without the collector's doing, or ask them to pay it. Not in a transaction.

    Raises GatewayUnavailable, so that it is tried again.
    """
    brief = Brief.objects.filter(pk=brief_id, state=State.AWAITING_BALANCE).first()
    instalment = due_instalment(brief) if brief else None
    if brief is None or instalment is None or instalment.is_paid:
        return
    try:
        paid = payments.authorise(payment_id=instalment.payment_id, saved_card=True, off_session=True)
    except (PaymentDeclined, TaxPlaceNeeded) as error:  # no card, a declined one, or something to hear from them
        log.info("brief.balance_not_charged", brief=str(brief_id), code=error.code)
    else:
        if paid.state == Payment.State.CAPTURED:
            return
    with transaction.atomic():
        assert brief.pay_by is not None
        told = format_lazy(_("The balance of {brief_title} is to be paid"), brief_title=brief.title)
        body = format_lazy(
            _("{instalment_amount}, until {day}; then the work is yours."),
            instalment_amount=instalment.amount,
            day=day(brief.pay_by),
        )
        tell(brief, brief.collector, "commission.due", told, body, once="balance")


@transaction.atomic
def take_note_of_payment(*, payment_id: UUID) -> None:
    """Something was paid: the work begins, goes on, or is delivered; what came too late goes back whole."""
    instalment = Instalment.objects.select_related("payment", "revision").filter(payment=payment_id).first()
    brief = locked(instalment.brief_id) if instalment else None
    if instalment is None or brief is None or brief.quote is None:
        return
    instalment.refresh_from_db()
    if instalment.payment.state != Payment.State.CAPTURED:
        return
    if instalment.kind == Kind.TIP:
        told = format_lazy(
            _("{collector_name} tipped you {instalment_amount}"),
            collector_name=brief.collector.name,
            instalment_amount=instalment.amount,
        )
        tell(
            brief,
            brief.artist.user,
            "tip.received",
            told,
            format_lazy(_("For {brief_title}."), brief_title=brief.title),
            once=instalment.pk,
        )
    elif instalment.settled_at is None and instalment.refunded_bps is None:
        _take(brief, instalment)


def _take(brief: Brief, instalment: Instalment) -> None:
    assert brief.quote is not None
    if instalment.kind == Kind.DEPOSIT and brief.state == State.AWAITING_DEPOSIT:
        due_at = timezone.now() + brief.quote.time
        move(brief, "begin", due_at=due_at, pay_by=None)
        told, body = (
            format_lazy(_("The deposit of {brief_title} is paid"), brief_title=brief.title),
            format_lazy(_("The first proof is due until {day}."), day=day(due_at)),
        )
        for person in (brief.artist.user, brief.collector):
            tell(brief, person, "commission.due", told, body, once="begun")
    elif instalment.kind == Kind.BALANCE and brief.state == State.AWAITING_BALANCE:
        deliver(brief, "deliver")
    elif instalment.kind == Kind.REVISION and brief.state == State.PROOF and revision_of(instalment).asked_at is None:
        begin_revision(brief, revision_of(instalment))
    elif brief.is_over or _came_late(brief, instalment):
        settle_instalment(
            instalment, refund_bps=10_000, why="late", reason=kept("It was paid too late, and goes back.")
        )


def _came_late(brief: Brief, instalment: Instalment) -> bool:
    """A revision that was paid for when the proof had been answered otherwise."""
    return instalment.kind == Kind.REVISION and revision_of(instalment).asked_at is None


@transaction.atomic
def give_tip(*, collector: User, brief_id: UUID, amount: int) -> Instalment:
    """Thank the artist after delivery; paid by `pay_instalment`. Raises NotFound, NotNow, InvalidInput."""
    brief = locked_for_collector(collector, brief_id)
    if brief.state != State.DELIVERED:
        raise NotNow(gettext("Tips are given once the work is delivered."), state=brief.state)
    if not LEAST_PRICE <= amount <= MOST_PRICE:
        raise InvalidInput(
            gettext("Out of range."),
            errors={
                "amount": [
                    gettext("From %(least_price)s to %(most_price)s minor units.")
                    % {"least_price": LEAST_PRICE, "most_price": MOST_PRICE}
                ]
            },
        )
    return prepare_tip(brief, amount)
