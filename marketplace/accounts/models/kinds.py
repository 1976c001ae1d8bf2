"""What people can be told of: every kind of notification, by group; a room that has a new one adds a line here.

A group is what a person silences the e-mails of as a whole; in the house itself everything is shown. E-mails of a group
that is `essential` cannot be silenced.
"""

from dataclasses import dataclass


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
    "orders": Group("Purchases", "What you bought: paid, delivered, refunded."),
    "auctions": Group("Auctions", "Auctions that you bid in or watch."),
    "offers": Group("Offers", "Private offers made, answered and lapsed."),
    "commissions": Group("Commissions", "Quotes, proofs, messages and deadlines of commissions."),
    "searches": Group("Saved searches", "New works that match the searches you keep."),
    "sales": Group("Sales", "What you sold, and what it earned."),
    "curation": Group("Your works and curators", "What curators decided about your works, appeals and reports."),
    "payouts": Group("Payouts", "Money on its way to your bank."),
    "account": Group("Your account", "What you must know: applications, limits, failed webhooks.", essential=True),
}
KINDS = {
    "order.paid": Kind("orders", "A purchase is paid"),
    "order.delivered": Kind("orders", "A work is yours"),
    "order.failed": Kind("orders", "A purchase came to nothing"),
    "order.refunded": Kind("orders", "A purchase is refunded"),
    "gift.offered": Kind("orders", "Somebody gives you a work"),
    "gift.answered": Kind("orders", "A gift of yours was answered"),
    "bid.outbid": Kind("auctions", "Somebody bid more than you"),
    "bid.struck": Kind("auctions", "A bid of yours was struck out"),
    "auction.won": Kind("auctions", "You won an auction"),
    "auction.lost": Kind("auctions", "An auction went to somebody else"),
    "auction.ended": Kind("auctions", "An auction of yours ended"),
    "auction.settled": Kind("auctions", "A Dutch auction's last price is known"),
    "drop.opened": Kind("auctions", "A drop you are on the list of has opened"),
    "offer.received": Kind("offers", "You received an offer"),
    "offer.answered": Kind("offers", "An offer of yours was answered"),
    "offer.lapsed": Kind("offers", "An offer lapsed"),
    "proof.ready": Kind("commissions", "A proof is ready"),
    "reroll.failed": Kind("commissions", "Another picture came to nothing"),
    "commission.requested": Kind("commissions", "Somebody asks you for a commission"),
    "commission.quoted": Kind("commissions", "Your request was quoted"),
    "commission.message": Kind("commissions", "A message about a commission"),
    "commission.due": Kind("commissions", "A deadline comes near"),
    "commission.delivered": Kind("commissions", "A commission is delivered"),
    "commission.failed": Kind("commissions", "A commission ended without a work"),
    "commission.disputed": Kind("commissions", "A commission is disputed"),
    "commission.decided": Kind("commissions", "A dispute is decided"),
    "search.found": Kind("searches", "New works match a search you keep"),
    "work.sold": Kind("sales", "A work or a commission of yours is sold"),
    "sale.failed": Kind("sales", "What was sold could not be delivered, and is refunded"),
    "royalty.earned": Kind("sales", "A resale earned you a royalty"),
    "tip.received": Kind("sales", "You received a tip"),
    "work.decided": Kind("curation", "Curators decided about a work of yours"),
    "work.hidden": Kind("curation", "A work of yours is hidden until curators decide"),
    "appeal.decided": Kind("curation", "An appeal of yours is decided"),
    "report.decided": Kind("curation", "What you reported is decided"),
    "exhibition.changed": Kind("curation", "A work of yours is in an exhibition"),
    "payout.paid": Kind("payouts", "A payout is on its way"),
    "payout.failed": Kind("payouts", "A payout failed"),
    "application.received": Kind("account", "For curators: somebody applies to be an artist"),
    "application.decided": Kind("account", "Your application as an artist is decided"),
    "artist.suspended": Kind("account", "You are suspended as an artist"),
    "artist.reinstated": Kind("account", "You are an artist again"),
    "account.restricted": Kind("account", "Your account is restricted"),
    "account.ready": Kind("account", "Your account can be paid"),
    "payment.disputed": Kind("account", "A buyer disputes a payment"),
    "dispute.closed": Kind("account", "A dispute about a payment is decided"),
    "refund.failed": Kind("account", "A refund failed"),
    "webhook.paused": Kind("account", "A webhook endpoint is paused"),
}
