"""Reading commissions, instant ones and those by brief."""

from marketplace.commissions.selectors.briefs import (
    Budget,
    brief_for,
    briefs_for,
    briefs_of,
    budget_of,
    dispute_of,
    disputed_briefs,
    due_instalment,
    in_queue,
    made_for_briefs,
    open_quote,
    paid_for_briefs,
    place_in_line,
    refund_on_cancelling,
    terms_of,
)
from marketplace.commissions.selectors.evidence import case_file
from marketplace.commissions.selectors.instant import commission_of, commissions_of, painted_by, taken_seeds

__all__ = [
    "Budget",
    "brief_for",
    "briefs_for",
    "briefs_of",
    "budget_of",
    "case_file",
    "commission_of",
    "commissions_of",
    "dispute_of",
    "disputed_briefs",
    "due_instalment",
    "in_queue",
    "made_for_briefs",
    "open_quote",
    "paid_for_briefs",
    "painted_by",
    "place_in_line",
    "refund_on_cancelling",
    "taken_seeds",
    "terms_of",
]
