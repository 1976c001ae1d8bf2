"""What can go wrong with listings.

AtelierError
├── Conflict
│   ├── NotForSale        409  it is not offered, or not at present
│   │   ├── NotOpenYet    409  the sale opens later; `opens_at` says when
│   │   └── SaleEnded     409  the sale is over, or everything is sold
│   ├── BidsStand         409  somebody has bid, so the auction goes on
│   ├── BidTooLow         409  others have bid more; `least` says what would do
│   ├── CardNeeded        409  who bids has a saved card
│   ├── LimitReached      409  nobody may buy more of this
│   ├── AlreadyIssued     409  the work was issued in editions before, or made for somebody
│   ├── AlreadyOnOffer    409  it is offered elsewhere at the moment
│   ├── WorkHasOwner      409  it belongs to somebody else
│   └── OfferPending      409  an offer of yours is waiting for its answer
└── PermissionRefused
    ├── NotTheHouse       403  only curators offer the engines of the house
    ├── NotYourWork       403  only the artist of a work or a model may list it
    ├── NotYourSale       403  only who sells may change a sale
    ├── NotOnTheList      403  at present only those on its list can buy
    └── OwnWork           403  nobody buys from themselves
"""

from marketplace.core.errors import Conflict, PermissionRefused


class NotForSale(Conflict):
    """It is a draft, paused, ended, or what it shows may not be sold."""

    code, title = "not-for-sale", "This is not for sale at present"


class NotOpenYet(NotForSale):
    """The sale opens later; `opens_at` says when."""

    code, title = "not-open-yet", "This sale is not open yet"


class SaleEnded(NotForSale):
    """The sale is over, or everything is sold."""

    code, title = "sale-ended", "This sale is over"


class BidsStand(Conflict):
    """Somebody has bid: the auction goes on to its close, unless a curator calls it off."""

    code, title = "bids-stand", "Somebody has bid already"


class BidTooLow(Conflict):
    """Others have bid more, or bidding starts higher; `least` is the least that can be bid now, in minor units."""

    code, title = "bid-too-low", "This bid is too low"


class CardNeeded(Conflict):
    """Whoever wins is charged at once, so a card must be saved before the first bid."""

    code, title = "card-needed", "Save a card before you bid"


class LimitReached(Conflict):
    """One buyer gets no more than so many of this; `per_buyer` says how many."""

    code, title = "limit-reached", "You have as many of these as one buyer gets"


class AlreadyIssued(Conflict):
    """A work is issued once: what was promised to its owners holds."""

    code, title = "already-issued", "This work is issued already"


class AlreadyOnOffer(Conflict):
    """What is on offer is offered in one place at a time."""

    code, title = "already-on-offer", "This is on offer already"


class WorkHasOwner(Conflict):
    """The work was made for somebody, or given away: its artist has it no longer."""

    code, title = "work-has-owner", "This work belongs to somebody else"


class OfferPending(Conflict):
    """Nobody presses with two prices at a time: wait for the answer, or withdraw the first."""

    code, title = "offer-pending", "Your offer is waiting for its answer"


class NotYourWork(PermissionRefused):
    """Only the artist of a work or a model may list it."""

    code, title = "not-your-work", "Only its artist may list a work"


class NotTheHouse(PermissionRefused):
    """Engines are the house's: only its curators offer what they make."""

    code, title = "not-the-house", "Only curators offer the engines of the house"


class NotYourSale(PermissionRefused):
    """Only who sells may change a sale."""

    code, title = "not-your-sale", "Only who sells may change a sale"


class NotOnTheList(PermissionRefused):
    """At present only those on its list can buy; `until` says how long."""

    code, title = "not-on-the-list", "You are not on the list of this drop"


class OwnWork(PermissionRefused):
    """Nobody buys from themselves."""

    code, title = "own-work", "You cannot buy what you sell"
