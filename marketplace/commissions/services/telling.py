"""What the two sides of a commission are told of its steps, in the transaction of each step."""

from typing import Any

from django.utils.formats import date_format

from marketplace.accounts import services as accounts
from marketplace.commissions.models import Commission

State = Commission.State
ENDED_BY_THE_HOUSE = {State.FAILED, State.LAPSED, State.EXPIRED}


def tell_proof(commission: Commission) -> None:
    """The collector may answer now. A proof that was taken back and is shown again has another deadline: told anew."""
    assert commission.accept_by is not None
    until = date_format(commission.accept_by, "j F Y, H:i")
    accounts.notify(
        person=commission.collector,
        kind="proof.ready",
        key=f"{commission.pk}:{commission.accept_by:%Y%m%d%H%M%S}",
        title=f"Your proof of {commission.title} is ready",
        body=f"Accept or decline it until {until} (UTC); without an answer it then counts as accepted.",
        link=address(commission),
        data=_data(commission),
    )


def tell_ended(commission: Commission) -> None:
    """The collector hears what they did not do themselves."""
    if commission.state not in ENDED_BY_THE_HOUSE:
        return
    accounts.notify(
        person=commission.collector,
        kind="commission.failed",
        key=str(commission.pk),
        title=f"{commission.title} came to nothing",
        body=f"{commission.reason} Nothing was charged; what was held on your card is released.",
        link=address(commission),
        data=_data(commission),
    )


def tell_delivered(commission: Commission) -> None:
    """The work is the collector's, and the artist has earned their part."""
    accounts.notify(
        person=commission.collector,
        kind="commission.delivered",
        key=str(commission.pk),
        title=f"{commission.title} is yours",
        body="The original is in your collection.",
        link=address(commission),
        data=_data(commission),
    )
    accounts.notify(
        person=commission.listing.artist.user,
        kind="work.sold",
        key=f"commission:{commission.pk}",
        title=f"Sold: {commission.title}",
        body=f"A collector took it for {commission.price}; your part is {commission.artist_part}.",
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
        "amount": commission.price_amount,
        "currency": commission.currency,
    }


def address(commission: Commission) -> str:
    return f"/commissions/{commission.pk}/"
