"""What happens to a commission, one function a step; each locks the commission first, then what it needs of others.

Money is only ever moved by `payments`, which hears of it in the same transaction that changes the commission.
"""

from marketplace.commissions.services.answering import accept, cancel, decline, deliver, lapse
from marketplace.commissions.services.invoicing import invoice_commission, invoice_instalment
from marketplace.commissions.services.ordering import expire, order_commission, pay, ready_photograph
from marketplace.commissions.services.painting import (
    end_orders_from,
    show_cleared_proof,
    show_proof,
    start_painting,
    stop_painting,
    take_proof_back,
    withdraw_proof,
)
from marketplace.commissions.services.steps import CHANNEL

__all__ = [
    "CHANNEL",
    "accept",
    "cancel",
    "decline",
    "deliver",
    "end_orders_from",
    "expire",
    "invoice_commission",
    "invoice_instalment",
    "lapse",
    "order_commission",
    "pay",
    "ready_photograph",
    "show_cleared_proof",
    "show_proof",
    "start_painting",
    "stop_painting",
    "take_proof_back",
    "withdraw_proof",
]
