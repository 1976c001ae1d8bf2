"""Reading orders, who owns what, who owned it before, and what was certified."""

from marketplace.orders.selectors.editions import (
    PRIVATE,
    Step,
    certificate_by_id,
    collection_of,
    edition_by_id,
    gift_for,
    gifts_from,
    gifts_to,
    history_of,
    owned_by,
    said_by,
    signing_keys,
    valid_certificate_of,
)
from marketplace.orders.selectors.orders import (
    auctions_to_close,
    fallings_to_settle,
    made_by,
    order_of,
    orders_of,
    orders_of_offers,
    orders_to_settle,
    paid_by,
)
from marketplace.orders.selectors.reselling import edition_and_licence

__all__ = [
    "PRIVATE",
    "Step",
    "auctions_to_close",
    "certificate_by_id",
    "collection_of",
    "edition_and_licence",
    "edition_by_id",
    "fallings_to_settle",
    "gift_for",
    "gifts_from",
    "gifts_to",
    "history_of",
    "made_by",
    "order_of",
    "orders_of",
    "orders_of_offers",
    "orders_to_settle",
    "owned_by",
    "paid_by",
    "said_by",
    "signing_keys",
    "valid_certificate_of",
]
