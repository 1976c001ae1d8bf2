"""What can go wrong with commissions.

AtelierError
├── Conflict
│   ├── NotNow             409  the commission is not at the point where this can be done
│   ├── NotPaidInTime      409  the order has ended, because nobody paid it in time
│   ├── SeedTaken          409  this seed of the model is somebody's already
│   ├── CommissionsClosed  409  the artist takes no briefs at present
│   ├── QuoteClosed        409  the quote has lapsed, or was answered by another
│   ├── StyleWithdrawn     409  a style or a model that the quote names is lent no longer
│   ├── BudgetSpent        409  the machines' time that was agreed is used up
│   ├── NoMoreRevisions    409  the quote has no more revisions
│   ├── NoMoreRerolls      409  as many pictures as were agreed were asked for
│   ├── TooLate            409  the card is not held long enough for another picture
│   └── TotalChanged       409  accepting costs something else than was agreed to; look again
└── InvalidInput
    └── PhotographNotReady 422  the upload is missing, unchecked or refused
"""

from marketplace.core.errors import Conflict, InvalidInput


class NotNow(Conflict):
    """The commission is at another point of its life; `state` says at which."""

    code, title = "commission-not-now", "The commission is not at the point where this can be done"


class NotPaidInTime(Conflict):
    """The order was not paid in time and has ended; nothing was charged. Order again."""

    code, title = "commission-not-paid-in-time", "The order was not paid in time"


class SeedTaken(Conflict):
    """The seed was commissioned from this model before: each is sold once, so choose another."""

    code, title = "seed-taken", "This seed is taken"


class CommissionsClosed(Conflict):
    """The artist takes no commissions by brief at present."""

    code, title = "commissions-closed", "The artist takes no commissions at present"


class QuoteClosed(Conflict):
    """The quote has lapsed, or another took its place."""

    code, title = "quote-closed", "The quote stands no longer"


class StyleWithdrawn(Conflict):
    """Its artist lends a style or a model that the quote names no longer; another quote is needed."""

    code, title = "style-withdrawn", "A style that goes into this is lent no longer"


class BudgetSpent(Conflict):
    """No more pictures can be made by the house's machines for what was agreed; finished ones can be brought."""

    code, title = "compute-budget-spent", "The agreed use of the machines is spent"


class NoMoreRevisions(Conflict):
    """The included revisions are used, and the quote offers no more."""

    code, title = "no-more-revisions", "There are no more revisions"


class NoMoreRerolls(Conflict):
    """As many pictures of this commission were asked for as were agreed."""

    code, title = "no-more-rerolls", "There are no more re-rolls"


class TooLate(Conflict):
    """The hold on the card ends too soon for another picture to be painted and looked at."""

    code, title = "too-late-for-a-reroll", "It is too late for another picture"


class TotalChanged(Conflict):
    """What accepting costs is not what the collector agreed to; `amount` says what it is now."""

    code, title = "total-changed", "The total has changed"


class PhotographNotReady(InvalidInput):
    """The photograph is not there, not checked yet, or was refused."""

    code, title = "photograph-not-ready", "The photograph cannot be painted yet"
