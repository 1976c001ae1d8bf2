"""What can go wrong with ownership.

AtelierError
└── Conflict
    └── AlreadyOwned      409  the work has another owner
"""

from marketplace.core.errors import Conflict


class AlreadyOwned(Conflict):
    """The work belongs to somebody else already."""

    code, title = "already-owned", "This work has an owner"
