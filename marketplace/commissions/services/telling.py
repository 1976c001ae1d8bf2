"""What the two sides of a commission are told of its steps, in the transaction of each step."""

from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from marketplace.accounts import services as accounts
from marketplace.commissions.models import Commission, Reroll
from marketplace.commissions.selectors import artist_part_of, total_of
from marketplace.core.languages import Text, translated_lazily
from marketplace.core.moments import moment_words_lazily

State = Commission.State
ENDED_BY_THE_HOUSE = {State.FAILED, State.LAPSED, State.EXPIRED}


def tell_proof(commission: Commission, number: int = 1) -> None:
    """The collector may answer now. A proof that was taken back and is shown again has another deadline: told anew."""
    assert commission.accept_by is not None
    until = moment_words_lazily(commission.accept_by)
    accounts.notify(
        person=commission.collector,
        kind="proof.ready",
        key=f"{commission.pk}:{number}:{commission.accept_by:%Y%m%d%H%M%S}",
        title=format_lazy(_("Your proof of {commission_title} is ready"), commission_title=commission.title)
        if number == 1
        else format_lazy(_("Another one: {commission_title}"), commission_title=commission.title),
        body=_to_answer(commission, number, until),
        link=address(commission),
        data=_data(commission),
    )


def _to_answer(commission: Commission, number: int, until: str) -> Text:
    if number == 1:
        return format_lazy(
            _("Accept or decline it until {until} (UTC); without an answer it then counts as accepted."), until=until
        )
    return format_lazy(
        _(
            "Candidate {number} stands beside the others. Accept one of them until {until} (UTC), or decline; without"
            " an answer this one then counts as accepted. The total is {total}."
        ),
        number=number,
        until=until,
        total=total_of(commission),
    )


def tell_reroll_failed(reroll: Reroll) -> None:
    """Another picture came to nothing; the proof can be answered as before."""
    commission = reroll.commission
    accounts.notify(
        person=commission.collector,
        kind="reroll.failed",
        key=f"{commission.pk}:{reroll.number}",
        title=format_lazy(_("Another picture came to nothing: {commission_title}"), commission_title=commission.title),
        body=format_lazy(
            _("{reason} It does not count, and nothing is charged for it. What you were shown can be answered."),
            reason=translated_lazily(reroll.reason),
        ),
        link=address(commission),
        data=_data(commission) | {"candidate": reroll.number, "reason": reroll.reason},
    )


def tell_ended(commission: Commission) -> None:
    """The collector hears what they did not do themselves."""
    if commission.state not in ENDED_BY_THE_HOUSE:
        return
    accounts.notify(
        person=commission.collector,
        kind="commission.failed",
        key=str(commission.pk),
        title=format_lazy(_("{commission_title} came to nothing"), commission_title=commission.title),
        body=format_lazy(
            _("{reason} Nothing was charged; what was held on your card is released."),
            reason=translated_lazily(commission.reason),
        ),
        link=address(commission),
        data=_data(commission),
    )


def tell_delivered(commission: Commission) -> None:
    """The work is the collector's, and the artist has earned their part."""
    accounts.notify(
        person=commission.collector,
        kind="commission.delivered",
        key=str(commission.pk),
        title=format_lazy(_("{commission_title} is yours"), commission_title=commission.title),
        body=_("The original is in your collection."),
        link=address(commission),
        data=_data(commission),
    )
    accounts.notify(
        person=commission.listing.artist.user,
        kind="work.sold",
        key=f"commission:{commission.pk}",
        title=format_lazy(_("Sold: {commission_title}"), commission_title=commission.title),
        body=format_lazy(
            _("A collector took it for {total_of}; your part is {artist_part_of}."),
            total_of=total_of(commission),
            artist_part_of=artist_part_of(commission),
        ),
        link=f"/artists/{commission.listing.artist.slug}/",
        data=_data(commission),
    )


def _data(commission: Commission) -> dict[str, Any]:
    """What the webhooks of both sides say of a commission."""
    return {
        "commission": str(commission.pk),
        "listing": str(commission.listing_id),
        "state": commission.state,
        "reason": commission.reason,
        "artwork": str(commission.artwork_id) if commission.artwork_id else None,
        "accept_by": commission.accept_by,
        "amount": total_of(commission).amount,
        "currency": commission.currency,
    }


def address(commission: Commission) -> str:
    return f"/commissions/{commission.pk}/"
