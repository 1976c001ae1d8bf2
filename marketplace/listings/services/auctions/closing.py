"""The close of an English auction: it is awarded to the highest bid, and to the next one where that is not paid.

Orders, a floor above, call `close_auction` and place the winner's order in the same transaction, so that nobody else
can have the edition in between.
"""

from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.services import notify, notify_all
from marketplace.core import outbox
from marketplace.core.languages import kept
from marketplace.listings.models import AWARD, Auction, Award, Bid, Sale
from marketplace.listings.services.auctions.bidding import database_now, locked_auction, strike
from marketplace.listings.services.selling import close


@transaction.atomic
def close_auction(*, sale_id: UUID) -> Award | None:
    """End an auction whose time is over, and award it; None where it goes on, is over already, or nothing is sold."""
    auction = locked_auction(sale_id)
    sale, now = auction.sale, database_now()
    if sale.state not in {Sale.State.OPEN, Sale.State.PAUSED} or sale.closes_at is None or now < sale.closes_at:
        return None
    close(sale, "end", kept("The auction has ended."))
    return _award(auction)


@transaction.atomic
def award_bought(*, award_id: UUID) -> None:
    """The winner has paid; told again, nothing changes."""
    award = Award.objects.select_for_update(of=("self",)).get(pk=award_id)
    if award.state == Award.State.OFFERED:
        AWARD.move(award, "buy")
        award.save(update_fields=["state", "updated_at"])


@transaction.atomic
def award_next(*, award_id: UUID) -> Award | None:
    """The winner has not paid: their bids count no more, and the next highest is asked, if it reaches the reserve.

    None where nobody is left, or the award was settled before.
    """
    auction = locked_auction(Award.objects.values_list("auction__sale_id", flat=True).get(pk=award_id))
    award = Award.objects.select_for_update(of=("self",)).select_related("bid__bidder").get(pk=award_id)
    if award.state != Award.State.OFFERED:
        return None
    AWARD.move(award, "default")
    award.save(update_fields=["state", "updated_at"])
    strike(auction, Bid.objects.filter(auction=auction, bidder=award.bid.bidder), kept("It was not paid in time."))
    return _award(auction)


def _award(auction: Auction) -> Award | None:
    bid, price = auction.leader, auction.price_amount
    if bid is None or price is None or not auction.is_reserve_met:
        _tell_unsold(auction)
        return None
    pay_by = database_now() + timedelta(hours=settings.ATELIER.award_hours)
    award = Award.objects.create(auction=auction, bid=bid, amount=price, pay_by=pay_by)
    losers = auction.bids.filter(struck_at=None).exclude(bidder=bid.bidder_id).values_list("bidder_id", flat=True)
    notify_all(
        people=list(losers.order_by("bidder_id").distinct()),
        kind="auction.lost",
        key=str(award.pk),
        title=format_lazy(_("{what} went to somebody else"), what=auction.sale.what),
        body=format_lazy(_("For {price}."), price=award.price),
        link=f"/sales/{auction.sale_id}/",
    )
    outbox.emit("auction.awarded", award.pk)
    return award


def _tell_unsold(auction: Auction) -> None:
    because = _("Nobody bid.") if auction.leader is None else _("The reserve was not met.")
    notify(
        person=auction.sale.seller,
        kind="auction.ended",
        key=str(auction.pk),
        link=f"/sales/{auction.sale_id}/",
        title=format_lazy(_("{what} was not sold"), what=auction.sale.what),
        body=format_lazy(_("The auction has ended. {because}"), because=because),
    )
    outbox.emit("auction.unsold", auction.pk)
