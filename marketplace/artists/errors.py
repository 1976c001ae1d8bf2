"""What can go wrong with artists' applications and shops.

AtelierError
├── ApplicationOpen      409  an application is being decided already
└── PortraitUnusable     409  the picture is not there, or waits for a curator
"""

from marketplace.core.errors import Conflict


class ApplicationOpen(Conflict):
    """Your application is with the curators: withdraw it to change it, or wait for their answer."""

    code, title = "application-open", "Your application is being decided"


class PortraitUnusable(Conflict):
    """A portrait is an upload of yours that is complete, and that no curator holds back."""

    code, title = "portrait-unusable", "This picture cannot be your portrait"
