"""Orders, and who owns what."""

from marketplace.orders.models.orders import ORDER, Order, OrderState
from marketplace.orders.models.ownership import Acquisition, Ownership

__all__ = ["ORDER", "Acquisition", "Order", "OrderState", "Ownership"]
