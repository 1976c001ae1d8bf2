"""What can go wrong with orders and ownership.

AtelierError
├── Conflict
│   ├── AlreadyOwned      409  the work has another owner
│   ├── SoldOut           409  no edition is left, or the one that is sold is not to be had now
│   ├── NotOpenYet        409  the sale opens later; `opens_at` says when
│   ├── LimitReached      409  the buyer has as many as one buyer may have
│   ├── NotPaidInTime     409  the reservation has ended, because nobody paid it in time
│   └── NotYours          409  the edition has another owner by now
├── PermissionRefused
│   ├── NotOnTheList      403  the drop is for those on its list so far; `until` says how long
│   └── OwnWork           403  nobody buys from themselves
├── InvalidInput
│   └── PriceUnknown      422  there is no price in this currency under this licence
└── TooBusy               429  more is ordered than can be made soon; `retry_after` seconds (transient)
"""

from marketplace.core.errors import AtelierError, Conflict, InvalidInput, PermissionRefused


class AlreadyOwned(Conflict):
    """The work belongs to somebody else already."""

    code, title = "already-owned", "This work has an owner"


class SoldOut(Conflict):
    """No edition is left; a reservation that lapses may bring one back."""

    code, title = "sold-out", "This is sold out"


class NotOpenYet(Conflict):
    """The sale has not opened yet; `opens_at` says when it does, by the house's clock."""

    code, title = "not-open-yet", "This cannot be bought yet"


class LimitReached(Conflict):
    """The buyer has bought or reserved as many as the sale allows one buyer."""

    code, title = "limit-reached", "You have as many as one buyer may have"


class NotPaidInTime(Conflict):
    """The reservation was not paid in time and has ended; nothing was charged."""

    code, title = "order-not-paid-in-time", "The order was not paid in time"


class NotYours(Conflict):
    """The edition has another owner by now."""

    code, title = "not-yours-any-more", "The edition has another owner"


class NotOnTheList(PermissionRefused):
    """So far only those on the list can buy; `until` says when everybody can."""

    code, title = "not-on-the-list", "So far this is for those on the list"


class OwnWork(PermissionRefused):
    """Nobody buys from themselves."""

    code, title = "own-work", "You cannot buy from yourself"


class PriceUnknown(InvalidInput):
    """There is no price in this currency under this licence."""

    code, title = "price-unknown", "There is no such price"


class TooBusy(AtelierError):
    """More is ordered than the house can make soon; nothing was reserved, and `retry_after` says when to ask again."""

    code, title, status = "too-busy", "The house is making as many as it can", 429
    transient = True
