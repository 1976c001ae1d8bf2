"""Buying, owning, giving. One public function a use case, all arguments by keyword."""

from marketplace.orders.services.awarding import charge_award, close_auction, settle_award
from marketplace.orders.services.certificate_files import certificate_key, certificate_url
from marketplace.orders.services.certificate_paper import attachment
from marketplace.orders.services.certifying import certify, show_as
from marketplace.orders.services.delivering import refuse_made, stop_making, take_made
from marketplace.orders.services.giving import accept_gift, decline_gift, give_edition, lapse_gifts, withdraw_gift
from marketplace.orders.services.invoicing import invoice_order
from marketplace.orders.services.owning import grant_ownership
from marketplace.orders.services.paying import cancel, check_payment, give_up, lapse, pay
from marketplace.orders.services.placing import place_order
from marketplace.orders.services.rebating import settle_falling, settle_order
from marketplace.orders.services.reselling import auction_owned, offer_for_edition, offer_for_resale, order_accepted
from marketplace.orders.services.returning import finish_refund, hear_the_bank, refund, revoke_ownership
from marketplace.orders.services.settling import settle
from marketplace.orders.services.signing import is_genuine, sign, signing_key

__all__ = [
    "accept_gift",
    "attachment",
    "auction_owned",
    "cancel",
    "certificate_key",
    "certificate_url",
    "certify",
    "charge_award",
    "check_payment",
    "close_auction",
    "decline_gift",
    "finish_refund",
    "give_edition",
    "give_up",
    "grant_ownership",
    "hear_the_bank",
    "invoice_order",
    "is_genuine",
    "lapse",
    "lapse_gifts",
    "offer_for_edition",
    "offer_for_resale",
    "order_accepted",
    "pay",
    "place_order",
    "refund",
    "refuse_made",
    "revoke_ownership",
    "settle",
    "settle_award",
    "settle_falling",
    "settle_order",
    "show_as",
    "sign",
    "signing_key",
    "stop_making",
    "take_made",
    "withdraw_gift",
]
