"""Buying, owning, giving. One public function a use case, all arguments by keyword."""

from marketplace.orders.services.awarding import charge_award, close_auction, settle_award
from marketplace.orders.services.delivering import refuse_made, stop_making, take_made
from marketplace.orders.services.owning import grant_ownership
from marketplace.orders.services.paying import cancel, check_payment, give_up, lapse, pay
from marketplace.orders.services.placing import place_order
from marketplace.orders.services.rebating import settle_falling, settle_order
from marketplace.orders.services.reselling import auction_owned, offer_for_edition, offer_for_resale, order_accepted
from marketplace.orders.services.returning import finish_refund, refund, reverse
from marketplace.orders.services.settling import settle

__all__ = [
    "auction_owned",
    "cancel",
    "charge_award",
    "check_payment",
    "close_auction",
    "finish_refund",
    "give_up",
    "grant_ownership",
    "lapse",
    "offer_for_edition",
    "offer_for_resale",
    "order_accepted",
    "pay",
    "place_order",
    "refund",
    "refuse_made",
    "reverse",
    "settle",
    "settle_award",
    "settle_falling",
    "settle_order",
    "stop_making",
    "take_made",
]
