"""Commissions by brief, one function a use case; each locks the brief first (see `steps` for the order of locks).

Money is only ever moved by `payments`, which hears of it in the same transaction that changes the brief.
"""

from marketplace.commissions.services.briefs.answering import accept_proof, accept_silently, ask_revision
from marketplace.commissions.services.briefs.charging import (
    charge_balance,
    give_tip,
    pay_instalment,
    take_note_of_payment,
)
from marketplace.commissions.services.briefs.ending import (
    abandon_brief,
    bring_evidence,
    cancel_brief,
    decide_dispute,
    hear_the_bank,
    miss_deadline,
    open_dispute,
)
from marketplace.commissions.services.briefs.making import (
    Recipe,
    bring_candidate,
    make_candidate,
    submit_proof,
    take_proof_back,
    watch_candidate,
)
from marketplace.commissions.services.briefs.quoting import Offer, accept_quote, make_quote
from marketplace.commissions.services.briefs.reminding import remind
from marketplace.commissions.services.briefs.sending import (
    Wishes,
    admit_waiting,
    decline_brief,
    expire_brief,
    send_brief,
    withdraw_brief,
    write_message,
)
from marketplace.commissions.services.briefs.steps import CHANNEL
from marketplace.commissions.services.briefs.terms import set_terms

__all__ = [
    "CHANNEL",
    "Offer",
    "Recipe",
    "Wishes",
    "abandon_brief",
    "accept_proof",
    "accept_quote",
    "accept_silently",
    "admit_waiting",
    "ask_revision",
    "bring_candidate",
    "bring_evidence",
    "cancel_brief",
    "charge_balance",
    "decide_dispute",
    "decline_brief",
    "expire_brief",
    "give_tip",
    "hear_the_bank",
    "make_candidate",
    "make_quote",
    "miss_deadline",
    "open_dispute",
    "pay_instalment",
    "remind",
    "send_brief",
    "set_terms",
    "submit_proof",
    "take_note_of_payment",
    "take_proof_back",
    "watch_candidate",
    "withdraw_brief",
    "write_message",
]
