"""What programs can be told of by webhooks: every type of event; a room that has a new one adds a line here.

`subject` names the fields of `data` in words, for the documentation and for whoever chooses types on the page.
"""

EVENT_TYPES = {
    "ping": "Nothing happened: sent on demand, to try an endpoint.",
    "order.paid": "A purchase of yours, or of a work of yours, is paid.",
    "order.delivered": "An edition has a new owner.",
    "order.failed": "A purchase came to nothing.",
    "order.refunded": "A purchase was refunded, wholly or in part.",
    "order.disputed": "A buyer disputes a payment.",
    "listing.published": "A listing of yours is open.",
    "listing.paused": "A listing of yours is paused or withdrawn.",
    "listing.sold_out": "The last edition of a listing of yours is sold.",
    "auction.bid": "A bid was placed in an auction of yours.",
    "auction.ended": "An auction of yours, or one that you bid in, ended.",
    "offer.received": "You received an offer or a counter-offer.",
    "offer.answered": "An offer of yours was accepted, declined, countered, or lapsed.",
    "commission.requested": "Somebody asks you for a commission.",
    "commission.quoted": "A request of yours was quoted.",
    "commission.proof_ready": "A proof can be accepted or declined.",
    "commission.delivered": "A commission was delivered.",
    "commission.failed": "A commission ended without a work.",
    "commission.disputed": "A commission is disputed.",
    "commission.decided": "A dispute over a commission is decided.",
    "sale.earned": "A sale earned you a share, a royalty or a tip.",
    "payout.paid": "A payout is on its way to your bank.",
    "payout.failed": "A payout failed.",
    "account.updated": "What your account as an artist may do has changed.",
}
EVERYTHING = "*"
