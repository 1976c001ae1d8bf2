"""Buying, owning, giving. One public function a use case, all arguments by keyword."""

from marketplace.orders.services.delivering import refuse_made, stop_making, take_made
from marketplace.orders.services.owning import grant_ownership
from marketplace.orders.services.paying import cancel, check_payment, give_up, lapse, pay
from marketplace.orders.services.placing import place_order
from marketplace.orders.services.reselling import offer_for_edition, offer_for_resale, order_accepted
from marketplace.orders.services.returning import finish_refund, refund, reverse
from marketplace.orders.services.settling import settle

__all__ = [
    "cancel",
    "check_payment",
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
    "stop_making",
    "take_made",
]
