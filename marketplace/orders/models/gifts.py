"""An edition on its way from its owner to somebody it is given to."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.models import User
from marketplace.core.machine import BEGINNING, Machine, Transition
from marketplace.core.models import TimeStamped
from marketplace.listings.models import Edition


class GiftState(models.TextChoices):
    OFFERED = "offered", _("Waits to be accepted")
    ACCEPTED = "accepted", _("Accepted")
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    LAPSED = "lapsed", _("Not accepted in time")


GIFT = Machine(
    "gift",
    "A gift",
    (
        Transition("offer", (BEGINNING,), "offered", "owner"),
        Transition("accept", ("offered",), "accepted", "recipient"),
        Transition("decline", ("offered",), "declined", "recipient"),
        Transition("withdraw", ("offered",), "withdrawn", "owner"),
        Transition("lapse", ("offered",), "lapsed", "time", deadline="expires_at, or it has another owner"),
    ),
)


class Gift(TimeStamped):
    """Offered to an address; whoever proved that it is theirs may accept. Meanwhile the edition is not for sale."""

    State = GiftState

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="gifts")
    giver = models.ForeignKey(User, on_delete=models.PROTECT, related_name="gifts_given")
    to_email = models.EmailField(max_length=254, help_text="In small letters.")
    recipient = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="gifts_received")
    message = models.CharField(max_length=300, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.OFFERED)
    expires_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="orders_gift_state", condition=Q(state__in=GiftState.values)),
            models.CheckConstraint(
                name="orders_gift_accepted_by_somebody",
                condition=Q(state="accepted", recipient__isnull=False) | (~Q(state="accepted") & Q(recipient=None)),
            ),
            # Nobody promises the same to two.
            models.UniqueConstraint(name="orders_gift_once", fields=["edition"], condition=Q(state="offered")),
        ]
        indexes = [
            models.Index(name="orders_gift_to", fields=["to_email"], condition=Q(state="offered")),
            models.Index(name="orders_gift_deadlines", fields=["expires_at"], condition=Q(state="offered")),
        ]

    def __str__(self) -> str:
        return f"{self.edition} from {self.giver}"
