"""Errors of the gallery.

Unavailable
└── FileDamaged     503  what is kept of a work is not what was made
"""

from marketplace.core.errors import Unavailable


class FileDamaged(Unavailable):
    """The file that is kept has other bytes than were stored: nobody is handed that."""

    code, title = "file-damaged", "The kept file is damaged"
