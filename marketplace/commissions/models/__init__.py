"""Commissions: instant ones, and those by brief with quotes, candidates, revisions, instalments and disputes."""

from marketplace.commissions.models.briefs import MOST_PICTURES, Brief, Message
from marketplace.commissions.models.candidates import Candidate, Revision
from marketplace.commissions.models.instant import (
    HOLDS_SEED,
    TIME_TO_PAY_FOR_A_SEED,
    Commission,
    CommissionQuerySet,
    CommissionState,
)
from marketplace.commissions.models.life import AT_WORK, BEFORE_WORK, BRIEF, IN_QUEUE, OVER, REFUNDS, BriefState
from marketplace.commissions.models.money import MOST_EVIDENCE, BriefDispute, Evidence, Instalment, InstalmentKind
from marketplace.commissions.models.quotes import Quote, QuoteState
from marketplace.commissions.models.rerolls import REROLL, ClaimedSeed, Reroll, RerollState
from marketplace.commissions.models.terms import CommissionTerms

__all__ = [
    "AT_WORK",
    "BEFORE_WORK",
    "BRIEF",
    "HOLDS_SEED",
    "IN_QUEUE",
    "MOST_EVIDENCE",
    "MOST_PICTURES",
    "OVER",
    "REFUNDS",
    "REROLL",
    "TIME_TO_PAY_FOR_A_SEED",
    "Brief",
    "BriefDispute",
    "BriefState",
    "Candidate",
    "ClaimedSeed",
    "Commission",
    "CommissionQuerySet",
    "CommissionState",
    "CommissionTerms",
    "Evidence",
    "Instalment",
    "InstalmentKind",
    "Message",
    "Quote",
    "QuoteState",
    "Reroll",
    "RerollState",
    "Revision",
]
