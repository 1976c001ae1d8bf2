"""What can go wrong with commissions.

AtelierError
├── Conflict
│   ├── NotNow             409  the commission is not at the point where this can be done
│   ├── NotPaidInTime      409  the order has ended, because nobody paid it in time
│   └── SeedTaken          409  this seed of the model is somebody's already
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


class PhotographNotReady(InvalidInput):
    """The photograph is not there, not checked yet, or was refused."""

    code, title = "photograph-not-ready", "The photograph cannot be painted yet"
