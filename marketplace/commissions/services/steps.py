"""How each step of a commission begins and ends: the commission locked first, then moved, and its watchers told."""

from typing import Any
from uuid import UUID

from marketplace.accounts.models import User
from marketplace.commissions.errors import NotNow
from marketplace.commissions.models import Commission
from marketplace.commissions.services.telling import tell_ended
from marketplace.core import notify
from marketplace.core.errors import NotFound
from payments import services as payments

CHANNEL = "commission"
_NEEDED = (
    "listing__artwork", "listing__artist__user", "listing__trained_model", "trained_model__artist", "photograph",
    "mask", "collector", "payment", "job__artwork", "artwork",
)  # fmt: skip


def locked(**which: Any) -> Commission | None:
    """The commission, locked: always the first lock that this module takes."""
    return Commission.objects.select_for_update(of=("self",)).select_related(*_NEEDED).filter(**which).first()


def locked_for(collector: User | None, commission_id: UUID) -> Commission:
    commission = locked(pk=commission_id, **({"collector": collector} if collector else {}))
    if commission is None:
        raise NotFound("You have no such commission.")
    return commission


def require(commission: Commission, *states: str) -> None:
    if commission.state not in states:
        raise NotNow(f"The commission is {commission.get_state_display().lower()}.", state=commission.state)


def end(commission: Commission, state: str, reason: str) -> Commission:
    """Finish without a work: whatever was authorised is released."""
    commission.reason = reason[:300]
    payments.request_release(payment_id=commission.payment_id)
    move(commission, state)
    tell_ended(commission)
    return commission


def move(commission: Commission, state: str) -> Commission:
    commission.state = state
    commission.save()
    notify.publish(CHANNEL, str(commission.pk))
    return commission
