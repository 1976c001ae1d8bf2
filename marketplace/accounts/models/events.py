"""What programs can be told of by webhooks: whatever people are told of, and a ping.

A room that publishes what no person is notified of adds a line to `OTHERS`.
"""

from django.utils.translation import gettext_noop as _

from marketplace.accounts.models.kinds import KINDS

OTHERS = {"ping": _("Nothing happened: sent on demand, to try an endpoint")}
ABOUT_WEBHOOKS = "webhook.paused"  # of no use where it would have to go
EVENT_TYPES = OTHERS | {code: kind.title for code, kind in KINDS.items() if code != ABOUT_WEBHOOKS}
EVERYTHING = "*"
