"""What can go wrong with orders and ownership.

AtelierError
├── Conflict
│   ├── AlreadyOwned      409  the work has another owner
│   ├── SoldOut           409  no edition is left, or the one that is sold is not to be had now
│   ├── NotPaidInTime     409  the reservation has ended, because nobody paid it in time
│   ├── NotYours          409  the edition has another owner by now
│   └── CertificateSuperseded 409  the certificate holds no longer
├── PermissionRefused
│   └── NotYourEdition    403  only its owner may sell an edition on
├── InvalidInput
│   └── PriceUnknown      422  there is no price in this currency under this licence
├── Unavailable
│   └── CertificateKeyUnusable 503  the house's key for certificates cannot be read: its operator must see to it
└── TooBusy               429  more is ordered than can be made soon; `retry_after` seconds (transient)

That something is not for sale to somebody, `listings.errors` says.
"""

from marketplace.core.errors import AtelierError, Conflict, InvalidInput, PermissionRefused, Unavailable


class AlreadyOwned(Conflict):
    """The work belongs to somebody else already."""

    code, title = "already-owned", "This work has an owner"


class SoldOut(Conflict):
    """No edition is left; a reservation that lapses may bring one back."""

    code, title = "sold-out", "This is sold out"


class NotPaidInTime(Conflict):
    """The reservation was not paid in time and has ended; nothing was charged."""

    code, title = "order-not-paid-in-time", "The order was not paid in time"


class NotYours(Conflict):
    """The edition has another owner by now."""

    code, title = "not-yours-any-more", "The edition has another owner"


class CertificateSuperseded(Conflict):
    """The edition has another owner by now, or its owner another name: there is a newer certificate."""

    code, title = "certificate-superseded", "The certificate holds no longer"


class NotYourEdition(PermissionRefused):
    """Only its owner may sell an edition on, or have it bid for."""

    code, title = "not-your-edition", "Only its owner may sell an edition on"


class PriceUnknown(InvalidInput):
    """There is no price in this currency under this licence."""

    code, title = "price-unknown", "There is no such price"


class TooBusy(AtelierError):
    """More is ordered than the house can make soon; nothing was reserved, and `retry_after` says when to ask again."""

    code, title, status = "too-busy", "The house is making as many as it can", 429
    transient = True


class CertificateKeyUnusable(Unavailable):
    """The house's key for certificates is missing or none; certificates are written once its operator saw to it."""

    code, title = "certificate-key-unusable", "Certificates cannot be signed at present"
