"""How commissions by brief are told on pages."""

from django import template
from django.utils.translation import gettext

from marketplace.commissions.models import Brief, BriefState, Instalment
from payments.models import Payment

register = template.Library()
State = BriefState
TONES = {
    State.PROOF: "now", State.QUOTED: "now", State.AWAITING_DEPOSIT: "now", State.AWAITING_BALANCE: "now",
    State.DELIVERED: "good", State.DISPUTED: "bad", State.MISSED: "bad", State.REVERSED: "bad",
}  # fmt: skip


@register.filter
def brief_tone(brief: Brief) -> str:
    """A badge's colour: to be answered, good, bad, or neither."""
    return TONES.get(State(brief.state), "")


@register.filter
def percent_of(bps: int) -> str:
    """Hundredths of a percent, for people: 2,500 is 25 %."""
    return f"{bps / 100:g} %"


@register.filter
def instalment_words(instalment: Instalment) -> str:
    """What became of a payment."""
    state, bps = instalment.payment.state, instalment.refunded_bps
    if state != Payment.State.CAPTURED:
        return gettext("not paid") if instalment.payment.is_payable else gettext("let go")
    if bps:
        return (
            gettext("all sent back")
            if bps == 10_000
            else gettext("paid, %(percent_of)s sent back") % {"percent_of": percent_of(bps)}
        )
    if instalment.kind == instalment.Kind.TIP or instalment.settled_at:
        return gettext("paid")
    return gettext("paid, kept by the house")
