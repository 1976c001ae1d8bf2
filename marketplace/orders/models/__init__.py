"""Orders, gifts, who owns what, and the certificates that say so."""

from marketplace.orders.models.certificates import Certificate, SigningKey
from marketplace.orders.models.gifts import GIFT, Gift, GiftState
from marketplace.orders.models.orders import ORDER, Order, OrderState
from marketplace.orders.models.ownership import Acquisition, Ownership

__all__ = [
    "GIFT",
    "ORDER",
    "Acquisition",
    "Certificate",
    "Gift",
    "GiftState",
    "Order",
    "OrderState",
    "Ownership",
    "SigningKey",
]
