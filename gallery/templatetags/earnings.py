"""Money and shares as an earnings page says them."""

from collections.abc import Mapping
from uuid import UUID

from django import template
from django.utils import timezone
from django.utils.timesince import timeuntil
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from marketplace.core.money import Money
from payments.models import Payout, Share

register = template.Library()
ROLES = {
    "seller": _("Sale"),
    "artist": _("Sale"),
    "style": _("Style"),
    "model": _("Model"),
    "contributor": _("Contribution"),
    "royalty": _("Royalty"),
    "tip": _("Tip"),
}
PAYOUT_TONES = {"paid": "good", "failed": "bad", "canceled": "bad"}


@register.filter
def money(amount: int, currency: str) -> str:
    """Minor units as people read them."""
    return str(Money(amount, currency))


@register.filter
def role_words(share: Share) -> str:
    """As what one earned it."""
    return str(ROLES.get(share.role, share.role.capitalize()))


@register.filter
def title_of(paid_for: Mapping[UUID, str], share: Share) -> str:
    """What it was for."""
    return paid_for[share.payment_id]


@register.simple_tag
def standing_of(share: Share, disputed: set[UUID]) -> tuple[str, str]:
    """Where a share is: its words, and the badge's tone."""
    if share.owed < 0:
        return gettext("You owe %(money)s") % {"money": Money(-share.owed, share.payment.currency)}, "bad"
    if share.payment_id in disputed:
        return gettext("Disputed"), "bad"
    if share.refunded == share.amount:
        return gettext("Refunded"), ""
    if share.owed == 0:
        return gettext("Sent"), "good"
    if share.release_at is None:
        return gettext("Until it is delivered"), ""
    if share.release_at > timezone.now():
        return gettext("In %(time)s") % {"time": timeuntil(share.release_at, depth=1)}, ""
    return gettext("Due"), "now"


@register.filter
def payout_tone(payout: Payout) -> str:
    """A badge's tone."""
    return PAYOUT_TONES.get(payout.status, "now")


@register.filter
def payout_words(payout: Payout) -> str:
    """A payout's status as people say it."""
    return {"in_transit": gettext("On its way"), "pending": gettext("On its way")}.get(
        payout.status, payout.status.capitalize()
    )
