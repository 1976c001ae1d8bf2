"""What can go wrong with listings.

AtelierError
├── Conflict
│   └── NotForSale        409  the listing is not open
└── PermissionRefused
    ├── NotTheHouse       403  only curators offer the engines of the house
    └── NotYourWork       403  only the artist of a work or a model may list it
"""

from marketplace.core.errors import Conflict, PermissionRefused


class NotForSale(Conflict):
    """The listing is a draft or paused."""

    code, title = "not-for-sale", "This is not for sale at present"


class NotYourWork(PermissionRefused):
    """Only the artist of a work or a model may list it."""

    code, title = "not-your-work", "Only its artist may list a work"


class NotTheHouse(PermissionRefused):
    """Engines are the house's: only its curators offer what they make."""

    code, title = "not-the-house", "Only curators offer the engines of the house"
