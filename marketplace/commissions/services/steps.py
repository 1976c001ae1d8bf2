"""How each step of a commission begins and ends: the commission locked first, then moved, and its watchers told."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext

from generation import services as generation
from marketplace.accounts.models import User
from marketplace.commissions.errors import NotNow
from marketplace.commissions.models import REROLL, Commission, Reroll
from marketplace.commissions.models.rerolls import COUNTED, SEEN
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
        raise NotFound(gettext("You have no such commission."))
    return commission


def require(commission: Commission, *states: str) -> None:
    if commission.state not in states:
        raise NotNow(
            gettext("The commission is %(get_state_display)s.")
            % {"get_state_display": commission.get_state_display().lower()},
            state=commission.state,
        )


def announce(commission: Commission) -> None:
    """Have its watchers look again, once this is committed."""
    notify.publish(CHANNEL, str(commission.pk))


def end(commission: Commission, state: str, reason: str) -> Commission:
    """Finish without a work: whatever was authorised is released, for re-rolls too, and every seed is free again."""
    commission.reason = reason[:300]
    payments.request_release(payment_id=commission.payment_id)
    close_rerolls(commission)
    commission.claimed_seeds.all().delete()
    move(commission, state)
    tell_ended(commission)
    return commission


def move(commission: Commission, state: str) -> Commission:
    commission.state = state
    commission.save()
    announce(commission)
    return commission


def close_rerolls(commission: Commission, *, chosen: Reroll | None = None, is_accepted: bool = False) -> None:
    """The proof is answered: one is chosen, or none; what is not shown is given up, and nothing is charged for it.

    Of what was shown the holds stay where a candidate is accepted, to be taken once the price is.
    """
    for reroll in commission.rerolls.select_related("payment", "job__artwork"):
        if reroll.is_open:
            if reroll.job is not None and not reroll.job.is_final:
                generation.cancel_job(job_id=reroll.job.pk)
            release_reroll(reroll)
            move_reroll(reroll, "drop")
        elif reroll.state in SEEN:
            if not is_accepted:
                release_reroll(reroll)
            if reroll.state == Reroll.State.SHOWN:
                move_reroll(reroll, "choose" if reroll == chosen else "pass")


def release_reroll(reroll: Reroll) -> None:
    """Let go whatever is held for it."""
    if reroll.payment_id is not None:
        payments.request_release(payment_id=reroll.payment_id)


def move_reroll(reroll: Reroll, how: str) -> None:
    """Move and save it; a seed that nothing comes of is anybody's again."""
    REROLL.move(reroll, how)
    reroll.save()
    seed, kept = reroll.seed, reroll.commission.seed
    if reroll.state in COUNTED or seed is None or seed == kept:
        return
    if not reroll.commission.rerolls.filter(seed=seed, state__in=COUNTED).exists():
        reroll.commission.claimed_seeds.filter(seed=seed).delete()
