"""What the page of a commission by brief shows to each side of it, in each of its states."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from gallery.pages.asked_pictures import Asked
from gallery.pages.brief_forms import CandidateForm, OfferForm, TipForm
from generation import selectors as generation
from generation.engines.base import InputSpec
from generation.models import Upload
from marketplace.accounts.models import User
from marketplace.commissions import selectors
from marketplace.commissions.models import AT_WORK, MOST_PICTURES, OVER, Brief, InstalmentKind
from marketplace.commissions.services.briefs.reminding import deadline
from marketplace.core.money import Money, split

State = Brief.State
_SENT = gettext_noop("They are sent as you choose them.")
REFERENCES = InputSpec(
    name="references",
    title=gettext_noop("Pictures to go by"),
    help=_SENT,
    required=False,
    many=True,
    most=MOST_PICTURES,
)
ATTACHMENTS = InputSpec(
    name="attachments", title=gettext_noop("Pictures"), help=_SENT, required=False, many=True, most=MOST_PICTURES
)
FINISHED = InputSpec(
    name="finished",
    title=gettext_noop("A finished picture"),
    help=gettext_noop("Kept as it is, and shown with a watermark."),
)
BROUGHT = InputSpec(
    name="brought",
    title=gettext_noop("A picture to start from"),
    help=gettext_noop("For who paints one over."),
    required=False,
)
EVIDENCE = InputSpec(
    name="evidence",
    title=gettext_noop("Pictures that show it"),
    help=_SENT,
    required=False,
    many=True,
    most=MOST_PICTURES,
)
STEPS = (
    ("quoted", _("Agreed")),
    ("awaiting_deposit", _("Deposit")),
    ("in_progress", _("Being made")),
    ("proof", _("Proof")),
    ("delivered", _("Delivered")),
)
_AT = {
    "waitlisted": 0,
    "requested": 0,
    "quoted": 0,
    "awaiting_deposit": 1,
    "in_progress": 2,
    "proof": 3,
    "awaiting_balance": 4,
    "disputed": 3,
    "delivered": 5,
}


def shown_brief(person: User, brief: Brief) -> dict[str, Any]:
    """The page's context, for its collector, its artist, or staff."""
    side = "collector" if brief.collector_id == person.pk else "artist"
    side = side if person.pk in {brief.collector_id, brief.artist.user_id} else "staff"
    quote = selectors.open_quote(brief)
    context: dict[str, Any] = {
        "brief": brief,
        "side": side,
        "steps": _steps(brief),
        "open_quote": quote,
        "is_my_turn": quote is not None and side != "staff" and quote.author_id != person.pk,
        "due": selectors.due_instalment(brief) if side == "collector" else None,
        "endings": sorted(OVER),
        "deadline": deadline(brief),
        "dispute": selectors.dispute_of(brief),
        "candidates": [one for one in brief.candidates.all() if side != "collector" or one.shown_at],
        "conversation": [(message, _pictures(message.attachments.all())) for message in brief.messages.all()],
        "references": _pictures(brief.references.all()),
        "attachments": Asked(ATTACHMENTS),
        "brought_forward": [(one, _pictures(one.uploads.all())) for one in selectors.evidence_of(brief)],
        "evidence": Asked(EVIDENCE),
        "moment": _moment(brief),
        "is_watched": not brief.is_over,
        "may_cancel": side != "staff" and brief.state in AT_WORK,
        "may_dispute": side != "staff" and brief.state in AT_WORK,
        "place": selectors.place_in_line(brief) if brief.state == State.WAITLISTED else None,
        "may_download": brief.artwork is not None and generation.may_download(person, brief.artwork),
    }
    if context["may_cancel"]:
        context["back"] = _back(brief, side)
    if side == "artist":
        context |= _for_artist(brief)
    if side == "collector":
        context |= _for_collector(brief)
    return context


def _for_artist(brief: Brief) -> dict[str, Any]:
    context: dict[str, Any] = {}
    if brief.state in {State.REQUESTED, State.QUOTED}:
        most = brief.budget_most
        context["offer_form"] = OfferForm(artist=brief.artist, initial={"price_amount": most})
    if brief.state == State.IN_PROGRESS:
        context |= {
            "budget": selectors.budget_of(brief), "candidate_form": CandidateForm(artist=brief.artist),
            "finished": Asked(FINISHED), "brought": Asked(BROUGHT),
        }  # fmt: skip
    return context


def _for_collector(brief: Brief) -> dict[str, Any]:
    context: dict[str, Any] = {"tip_form": TipForm()}
    quote = selectors.open_quote(brief)
    if quote is not None and quote.author_id != brief.collector_id:
        told = {
            name: getattr(quote, name)
            for name in ("price_amount", "days", "revisions", "revision_days", "revision_amount", "candidates")
        }
        context["offer_form"] = OfferForm(initial=told | {"deposit": quote.deposit_bps // 100})
    if brief.quote is not None:
        context["revisions_left"] = brief.quote.revisions - brief.revisions_used
    return context


def _back(brief: Brief, side: str) -> Money:
    """What would go back to the collector if this side cancelled now."""
    bps = selectors.refund_on_cancelling(brief, side)
    paid = [one.payment.amount for one in brief.instalments.all() if one.is_paid and one.kind != InstalmentKind.TIP]
    return Money(sum(split(amount, [bps, 10_000 - bps])[0] for amount in paid), brief.currency)


def _pictures(uploads: Any) -> list[tuple[Upload, str]]:
    """Pictures with addresses for a while; those that a curator holds or refused have none."""
    return [(one, generation.upload_url(one) if one.state == Upload.State.READY else "") for one in uploads]


def _moment(brief: Brief) -> str:
    """What the page would have to be loaded again for."""
    made = sum(1 for one in brief.candidates.all() if one.job.is_final)
    paid = sum(1 for one in brief.instalments.all() if one.is_paid)
    counts = (brief.candidates.count(), made, paid, brief.messages.count(), brief.quotes.count())
    return f"{brief.state} {' '.join(map(str, counts))}"


def _steps(brief: Brief) -> list[dict[str, str]]:
    at = _AT.get(brief.state, -1)
    return [
        {"title": str(title), "tone": "done" if number < at else "now" if number == at else ""}
        for number, (_, title) in enumerate(STEPS)
    ]
