"""Errors of the gallery.

AtelierError
├── Conflict
│   ├── CaseChanged       409  somebody decided, or something came up, since the page was opened; data says what
│   ├── CaseClaimed       409  another curator is looking at the work just now; data says who and until when
│   ├── AlreadyReported   409  one report a person and work
│   ├── NotAppealable     409  it was appealed before, answers an appeal, or does not stand any more
│   └── TitleFixed        409  somebody owns, buys or bids for an edition under this title
└── Unavailable
    └── FileDamaged       503  what is kept of a work is not what was made
"""

from marketplace.core.errors import Conflict, Unavailable


class CaseChanged(Conflict):
    """Somebody decided about the work, or something came up, since you looked: look again."""

    code, title = "case-changed", "Something happened to this work meanwhile"


class CaseClaimed(Conflict):
    """Another curator looks at the work just now; it is free again when they are done, or after some minutes."""

    code, title = "case-claimed", "Another curator is looking at this work"


class AlreadyReported(Conflict):
    """You have reported this work before; a curator reads it."""

    code, title = "already-reported", "You have reported this work already"


class NotAppealable(Conflict):
    """A decision can be appealed against once, while it stands, and the answer to an appeal is final."""

    code, title = "not-appealable", "This decision cannot be appealed against"


class TitleFixed(Conflict):
    """A work keeps the title under which it was sold: certificates name it, and collectors look for it."""

    code, title = "title-fixed", "The work is sold under its title"


class FileDamaged(Unavailable):
    """The file that is kept has other bytes than were stored: nobody is handed that."""

    code, title = "file-damaged", "The kept file is damaged"
