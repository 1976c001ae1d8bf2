"""Asking for another picture of a commission that has a proof: what may be asked for, and what it costs."""

import secrets
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext

from generation import services as generation
from marketplace.accounts.models import User
from marketplace.commissions import selectors
from marketplace.commissions.errors import NoMoreRerolls, NotNow, SeedTaken, TooLate
from marketplace.commissions.models import ClaimedSeed, Commission, Reroll
from marketplace.commissions.models.rerolls import COUNTED
from marketplace.commissions.services.deadlines import answer_by, last_answer, leaves_time
from marketplace.commissions.services.steps import announce, locked_for, require
from marketplace.commissions.services.submitting import submit
from marketplace.commissions.ways import Way, choose_way
from marketplace.core.errors import InvalidInput
from marketplace.core.languages import translated
from marketplace.core.moments import moment_words
from marketplace.listings.models import Listing
from payments import services as payments

State, RerollState = Commission.State, Reroll.State
DRAWN_BELOW = 10**9  # seeds by chance: short enough to be read out


@transaction.atomic
def ask_reroll(
    *,
    commission_id: UUID,
    collector: User,
    parameters: Mapping[str, Any] | None = None,
    seed: int | None = None,
    request_key: str | None = None,
) -> Reroll:
    """Ask for another picture: `parameters` is what changes, `seed` (of a model alone) is drawn if left out.

    Within the included number it is painted at once; beyond it a payment is written down, to be authorised by
    `pay_reroll`. The same `request_key` gives the same re-roll. Raises NotFound, NotNow, NoMoreRerolls, TooLate,
    SeedTaken, InvalidInput (`seed`, `parameters`, `parameters.<name>`).
    """
    commission = locked_for(collector, commission_id)
    if known := Reroll.objects.filter(commission=commission, request_key=request_key or "").first():
        return known
    _require_room(commission)
    way = choose_way(commission.listing, commission.engine, with_photograph=commission.photograph_id is not None)
    chosen = _chosen(commission, way, parameters or {})
    reroll = Reroll(
        commission=commission,
        number=selectors.candidates_of(commission)[-1].number + 1,
        parameters=chosen,
        seed=choose_seed(commission.listing, seed),
        request_key=request_key,
    )
    _require_another(commission, way, reroll)
    _claim(commission, reroll)
    commission.accept_by = answer_by(commission)
    if selectors.rerolls_left(commission).included:
        reroll.state = RerollState.PAINTING
        reroll.job = submit(commission, reroll)
    else:
        reroll.state = RerollState.AWAITING_PAYMENT
        reroll.payment = payments.create_payment(
            payer=collector,
            amount=commission.reroll_price,
            reference=f"commission:{commission.pk}:reroll:{reroll.number}",
        )
    reroll.save()
    commission.save()
    announce(commission)
    return reroll


def choose_seed(listing: Listing, chosen: int | None) -> int | None:
    """The seed that was chosen, or one by chance; a style has none to choose. Raises InvalidInput."""
    if listing.trained_model_id is None:
        if chosen is not None:
            raise InvalidInput(gettext("A style has no seeds."), errors={"seed": [gettext("Leave it out.")]})
        return None
    if chosen is None:
        return secrets.randbelow(DRAWN_BELOW)
    if not 0 <= chosen < generation.SEED_BOUND:
        raise InvalidInput(gettext("The seed is out of range."), errors={"seed": [gettext("From 0 to 2**53 - 1.")]})
    return chosen


def _require_room(commission: Commission) -> None:
    require(commission, State.PROOF)
    if selectors.open_reroll(commission):
        raise NotNow(gettext("One is being made already; look at that first."), state=commission.state)
    if not selectors.rerolls_left(commission).most:
        raise NoMoreRerolls(
            gettext("No more than %(most_rerolls)s were agreed.") % {"most_rerolls": commission.most_rerolls}
        )
    if (last := last_answer(commission)) and not leaves_time(commission):
        told = gettext("Your card is held until %(last_answer)s (UTC): too soon for another.")
        raise TooLate(told % {"last_answer": moment_words(last)})


def _chosen(commission: Commission, way: Way, changes: Mapping[str, Any]) -> dict[str, Any]:
    """Everything the engine is told, of no greater effort than was ordered. Raises InvalidInput."""
    ordered = way.engine.validate_parameters(commission.parameters)
    chosen = way.check(commission.listing, ordered.altered(changes), with_mask=commission.mask_id is not None)
    if way.price(commission.listing, chosen).amount > way.price(commission.listing, commission.parameters).amount:
        told = gettext("You ordered “%(title)s”; what takes more is ordered anew.") % {
            "title": translated(ordered.effort().title)
        }
        raise InvalidInput(gettext("This takes more than you ordered."), errors={"parameters": [told]})
    return chosen


def _require_another(commission: Commission, way: Way, reroll: Reroll) -> None:
    """Refuse what would give a picture that is there already. Raises InvalidInput."""
    draws = way.engine.validate_parameters(reroll.parameters).draws()
    for one in selectors.candidates_of(commission):
        is_drawn_anew = draws and (reroll.seed is None or reroll.seed != one.seed)
        has_failed = one.reroll is not None and one.reroll.state not in COUNTED
        if one.parameters == reroll.parameters and not is_drawn_anew and not has_failed:
            told = gettext("It would be the same picture as number %(number)s: change something.")
            if draws:
                told = gettext(
                    "It would be the same picture as number %(number)s: change something, or take another seed."
                )
            told %= {"number": one.number}
            raise InvalidInput(told, errors={"parameters": [told]})


def _claim(commission: Commission, reroll: Reroll) -> None:
    """Nobody else may order the seed. Raises SeedTaken."""
    if reroll.seed is None or commission.claimed_seeds.filter(seed=reroll.seed).exists():
        return
    try:
        with transaction.atomic():
            ClaimedSeed.claim(commission, reroll.seed)
    except IntegrityError as error:
        raise SeedTaken(errors={"seed": [gettext("It is taken: choose another seed.")]}) from error
