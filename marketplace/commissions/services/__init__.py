"""What happens to a commission, one function a step; each locks the commission first, then what it needs of others.

Money is only ever moved by `payments`, which hears of it in the same transaction that changes the commission.
"""

from marketplace.commissions.services.answering import accept, cancel, decline, deliver, lapse
from marketplace.commissions.services.asking import ask_reroll
from marketplace.commissions.services.invoicing import invoice_commission, invoice_instalment, invoice_reroll
from marketplace.commissions.services.ordering import expire, order_commission, pay, ready_photograph, reroll_price
from marketplace.commissions.services.painting import (
    end_orders_from,
    show_cleared_proof,
    show_proof,
    start_painting,
    stop_painting,
    take_proof_back,
    withdraw_proof,
)
from marketplace.commissions.services.rerolling import (
    begin_reroll,
    drop_reroll,
    expire_reroll,
    forget_hold,
    pay_reroll,
    show_cleared_reroll,
    show_reroll,
    stop_reroll,
    take_reroll_back,
    withdraw_reroll,
)
from marketplace.commissions.services.steps import CHANNEL

__all__ = [
    "CHANNEL",
    "accept",
    "ask_reroll",
    "begin_reroll",
    "cancel",
    "decline",
    "deliver",
    "drop_reroll",
    "end_orders_from",
    "expire",
    "expire_reroll",
    "forget_hold",
    "invoice_commission",
    "invoice_instalment",
    "invoice_reroll",
    "lapse",
    "order_commission",
    "pay",
    "pay_reroll",
    "ready_photograph",
    "reroll_price",
    "show_cleared_proof",
    "show_cleared_reroll",
    "show_proof",
    "show_reroll",
    "start_painting",
    "stop_painting",
    "stop_reroll",
    "take_proof_back",
    "take_reroll_back",
    "withdraw_proof",
    "withdraw_reroll",
]
