"""What people can be told of: every kind of notification, by group; a room that has a new one adds a line here.

A group is what a person silences the e-mails of as a whole; in the house itself everything is shown. E-mails of a group
that is `essential` cannot be silenced.
"""

from dataclasses import dataclass

from django.utils.translation import gettext_noop as _


@dataclass(frozen=True, slots=True)
class Group:
    """Kinds that are silenced together."""

    title: str
    help: str
    essential: bool = False


@dataclass(frozen=True, slots=True)
class Kind:
    """One thing that may happen, as the settings name it."""

    group: str
    title: str


GROUPS = {
    "orders": Group(_("Purchases"), _("What you bought: paid, delivered, refunded.")),
    "auctions": Group(_("Auctions"), _("Auctions that you bid in or watch.")),
    "offers": Group(_("Offers"), _("Private offers made, answered and lapsed.")),
    "commissions": Group(_("Commissions"), _("Quotes, proofs, messages and deadlines of commissions.")),
    "searches": Group(_("Saved searches"), _("New works that match the searches you keep.")),
    "sales": Group(_("Sales"), _("What you sold, and what it earned.")),
    "curation": Group(_("Your works and curators"), _("What curators decided about your works, appeals and reports.")),
    "payouts": Group(_("Payouts"), _("Money on its way to your bank.")),
    "account": Group(
        _("Your account"), _("What you must know: applications, limits, failed webhooks."), essential=True
    ),
}
KINDS = {
    "order.paid": Kind("orders", _("A purchase is paid")),
    "order.delivered": Kind("orders", _("A work is yours")),
    "order.failed": Kind("orders", _("A purchase came to nothing")),
    "order.refunded": Kind("orders", _("A purchase is refunded")),
    "gift.offered": Kind("orders", _("Somebody gives you a work")),
    "gift.answered": Kind("orders", _("A gift of yours was answered")),
    "bid.outbid": Kind("auctions", _("Somebody bid more than you")),
    "bid.struck": Kind("auctions", _("A bid of yours was struck out")),
    "auction.won": Kind("auctions", _("You won an auction")),
    "auction.lost": Kind("auctions", _("An auction went to somebody else")),
    "auction.ended": Kind("auctions", _("An auction of yours ended")),
    "auction.settled": Kind("auctions", _("A Dutch auction's last price is known")),
    "drop.opened": Kind("auctions", _("A drop you are on the list of has opened")),
    "offer.received": Kind("offers", _("You received an offer")),
    "offer.answered": Kind("offers", _("An offer of yours was answered")),
    "offer.lapsed": Kind("offers", _("An offer lapsed")),
    "proof.ready": Kind("commissions", _("A proof is ready")),
    "reroll.failed": Kind("commissions", _("Another picture came to nothing")),
    "commission.requested": Kind("commissions", _("Somebody asks you for a commission")),
    "commission.quoted": Kind("commissions", _("Your request was quoted")),
    "commission.message": Kind("commissions", _("A message about a commission")),
    "commission.due": Kind("commissions", _("A deadline comes near")),
    "commission.delivered": Kind("commissions", _("A commission is delivered")),
    "commission.failed": Kind("commissions", _("A commission ended without a work")),
    "commission.disputed": Kind("commissions", _("A commission is disputed")),
    "commission.decided": Kind("commissions", _("A dispute is decided")),
    "search.found": Kind("searches", _("New works match a search you keep")),
    "work.sold": Kind("sales", _("A work or a commission of yours is sold")),
    "sale.failed": Kind("sales", _("What was sold could not be delivered, and is refunded")),
    "royalty.earned": Kind("sales", _("A resale earned you a royalty")),
    "tip.received": Kind("sales", _("You received a tip")),
    "work.decided": Kind("curation", _("Curators decided about a work of yours")),
    "work.hidden": Kind("curation", _("A work of yours is hidden until curators decide")),
    "appeal.decided": Kind("curation", _("An appeal of yours is decided")),
    "report.decided": Kind("curation", _("What you reported is decided")),
    "exhibition.changed": Kind("curation", _("A work of yours is in an exhibition")),
    "payout.paid": Kind("payouts", _("A payout is on its way")),
    "payout.failed": Kind("payouts", _("A payout failed")),
    "work.withdrawn": Kind("account", _("A work that you made or own was taken down, or hangs again")),
    "application.received": Kind("account", _("For curators: somebody applies to be an artist")),
    "application.decided": Kind("account", _("Your application as an artist is decided")),
    "artist.suspended": Kind("account", _("You are suspended as an artist")),
    "artist.reinstated": Kind("account", _("You are an artist again")),
    "account.restricted": Kind("account", _("Your account is restricted")),
    "account.ready": Kind("account", _("Your account can be paid")),
    "payment.disputed": Kind("account", _("A buyer disputes a payment")),
    "dispute.closed": Kind("account", _("A dispute about a payment is decided")),
    "refund.failed": Kind("account", _("A refund failed")),
    "webhook.paused": Kind("account", _("A webhook endpoint is paused")),
}
