"""A brief on its way to an artist: sent, waiting in line, declined, withdrawn, expired; and what is said about it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.models import ArtistState, User
from marketplace.commissions.errors import CommissionsClosed
from marketplace.commissions.models import BEFORE_WORK, IN_QUEUE, Brief, CommissionTerms, Message
from marketplace.commissions.models.life import TIME_TO_ANSWER
from marketplace.commissions.services.briefs.escrow import release_unpaid
from marketplace.commissions.services.briefs.pictures import brought_pictures
from marketplace.commissions.services.briefs.steps import (
    locked,
    locked_for,
    locked_for_artist,
    locked_for_collector,
    move,
    other_side,
    side_of,
)
from marketplace.commissions.services.briefs.telling import tell
from marketplace.core import notify
from marketplace.core.errors import InvalidInput
from marketplace.core.languages import kept, translated_lazily
from marketplace.listings.models import Licence
from marketplace.listings.services import MOST_PRICE

State = Brief.State
MOST_SIDE = 16_384  # pixels


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What a collector would like: in words and numbers, money in minor units of the artist's currency."""

    title: str
    text: str
    licence: str
    budget_least: int
    budget_most: int
    reference_ids: Sequence[UUID] = ()
    medium: str = "image"
    width: int | None = None
    height: int | None = None
    wanted_by: date | None = None


@transaction.atomic
def send_brief(*, collector: User, artist_slug: str, wishes: Wishes, request_key: str | None = None) -> Brief:
    """Ask an artist for a work; where their queue is full, the brief waits in line. The same key sends it once.

    Raises CommissionsClosed, InvalidInput (by the wishes' names), PhotographNotReady.
    """
    if request_key and (known := Brief.objects.filter(request_key=request_key).first()):
        return known
    # Locked first, so that two who come at once do not both get the last place.
    terms = CommissionTerms.objects.select_for_update(of=("self",)).select_related("artist__user")
    offered = terms.filter(artist__slug=artist_slug, is_open=True, artist__state=ArtistState.APPROVED).first()
    if offered is None:
        raise CommissionsClosed()
    if offered.artist.user_id == collector.pk:
        raise InvalidInput(gettext("This is you."), errors={"artist": [gettext("Nobody commissions themselves.")]})
    _check(wishes, offered)
    is_full = Brief.objects.filter(artist=offered.artist, state__in=IN_QUEUE).count() >= offered.queue_limit
    brief = Brief(
        collector=collector, artist=offered.artist, title=wishes.title.strip(), text=wishes.text.strip(),
        medium=wishes.medium, width=wishes.width, height=wishes.height, wanted_by=wishes.wanted_by,
        licence=Licence.objects.get(pk=wishes.licence), budget_least=wishes.budget_least,
        budget_most=wishes.budget_most, currency=offered.currency, request_key=request_key, state="",
    )  # fmt: skip
    references = brought_pictures(collector, wishes.reference_ids, "references")
    try:
        with transaction.atomic():
            move(brief, "wait" if is_full else "request", answer_by=timezone.now() + TIME_TO_ANSWER)
    except IntegrityError:
        if request_key and (known := Brief.objects.filter(request_key=request_key).first()):
            return known
        raise
    brief.references.set(references)
    if not is_full:
        _tell_requested(brief)
    return brief


def admit_waiting(*, artist_id: UUID) -> int:
    """Move those who wait in line up to the places that are free, longest waiting first; return how many."""
    admitted = 0
    while _admit_one(artist_id):
        admitted += 1
    return admitted


@transaction.atomic
def _admit_one(artist_id: UUID) -> bool:
    terms = CommissionTerms.objects.select_for_update().filter(artist_id=artist_id).first()
    if terms is None or Brief.objects.filter(artist_id=artist_id, state__in=IN_QUEUE).count() >= terms.queue_limit:
        return False
    first = Brief.objects.filter(artist_id=artist_id, state=State.WAITLISTED).order_by("pk").first()
    brief = locked(first.pk) if first else None
    if brief is None or brief.state != State.WAITLISTED:
        return False
    move(brief, "request", answer_by=timezone.now() + TIME_TO_ANSWER)
    _tell_requested(brief)
    return True


@transaction.atomic
def decline_brief(*, artist_user: User, brief_id: UUID, reason: str = "") -> Brief:
    """The artist does not take it. Raises NotFound, NotNow."""
    brief = locked_for_artist(artist_user, brief_id)
    if brief.state == State.DECLINED:
        return brief
    move(brief, "decline", reason=reason.strip()[:500] or kept("The artist does not take it."))
    tell(
        brief,
        brief.collector,
        "commission.failed",
        format_lazy(_("{artist_name} declined {brief_title}"), artist_name=brief.artist.name, brief_title=brief.title),
        translated_lazily(brief.reason),
    )
    return brief


@transaction.atomic
def withdraw_brief(*, collector: User, brief_id: UUID) -> Brief:
    """The collector takes it back, before the deposit is paid. Raises NotFound, NotNow."""
    brief = locked_for_collector(collector, brief_id)
    if brief.state == State.WITHDRAWN:
        return brief
    move(brief, "withdraw", reason=kept("The collector took it back."))
    release_unpaid(brief)
    tell(
        brief,
        brief.artist.user,
        "commission.failed",
        format_lazy(_("{brief_title} was withdrawn"), brief_title=brief.title),
        translated_lazily(brief.reason),
    )
    return brief


@transaction.atomic
def expire_brief(*, brief_id: UUID) -> None:
    """Nobody answered, or paid the deposit, in time."""
    brief = locked(brief_id)
    if brief is None or brief.state not in BEFORE_WORK:
        return
    deadline = brief.pay_by if brief.state == State.AWAITING_DEPOSIT else brief.answer_by
    if deadline is None or deadline > timezone.now():
        return
    unpaid = brief.state == State.AWAITING_DEPOSIT
    move(
        brief,
        "expire",
        reason=kept("The deposit was not paid in time.") if unpaid else kept("It was not answered in time."),
    )
    release_unpaid(brief)
    for person in (brief.collector, brief.artist.user):
        tell(
            brief,
            person,
            "commission.failed",
            format_lazy(_("{brief_title} came to nothing"), brief_title=brief.title),
            translated_lazily(brief.reason),
        )


@transaction.atomic
def write_message(*, author: User, brief_id: UUID, text: str, upload_ids: Sequence[UUID] = ()) -> Message:
    """Say something to the other side, with pictures; it is kept. Raises NotFound, InvalidInput, PhotographNotReady."""
    brief = locked_for(author, brief_id)
    if not text.strip() and not upload_ids:
        raise InvalidInput(gettext("Say something."), errors={"text": [gettext("Write something, or add a picture.")]})
    attachments = brought_pictures(author, upload_ids, "attachments")
    message = Message.objects.create(brief=brief, author=author, text=text.strip())
    message.attachments.set(attachments)
    notify.publish("brief", str(brief.pk))
    named = brief.collector.name if side_of(brief, author) == "collector" else brief.artist.name
    told = format_lazy(_("{named} wrote about {brief_title}"), named=named, brief_title=brief.title)
    tell(brief, other_side(brief, author), "commission.message", told, text.strip()[:200], once=message.pk)
    return message


def _tell_requested(brief: Brief) -> None:
    least, most = brief.budget
    told = format_lazy(
        _("{collector_name} asks for {brief_title}"), collector_name=brief.collector.name, brief_title=brief.title
    )
    tell(
        brief,
        brief.artist.user,
        "commission.requested",
        told,
        format_lazy(_("Their budget is {least} to {most}."), least=least, most=most),
    )


def _check(wishes: Wishes, terms: CommissionTerms) -> None:
    """Raises InvalidInput, whose `errors` name what is wrong."""
    errors: dict[str, list[str]] = {}
    if not 1 <= len(wishes.title.strip()) <= 120:
        errors["title"] = [gettext("From 1 to 120 characters.")]
    if not 1 <= len(wishes.text.strip()) <= 5000:
        errors["text"] = [gettext("From 1 to 5,000 characters.")]
    if not terms.licences.filter(pk=wishes.licence, is_offered=True).exists():
        errors["licence"] = [gettext("The artist offers it not.")]
    if not 0 < wishes.budget_least <= wishes.budget_most <= MOST_PRICE:
        errors["budget_most"] = [
            gettext("From the least to the most, at most %(most_price)s minor units.") % {"most_price": MOST_PRICE}
        ]
    elif wishes.budget_most < terms.min_price_amount:
        errors["budget_most"] = [
            gettext("The artist takes commissions from %(terms_min_price)s on.") % {"terms_min_price": terms.min_price}
        ]
    if wishes.wanted_by is not None and wishes.wanted_by <= timezone.now().date():
        errors["wanted_by"] = [gettext("A day to come.")]
    for name in ("width", "height"):
        size = getattr(wishes, name)
        if size is not None and not 1 <= size <= MOST_SIDE:
            errors[name] = [gettext("From 1 to %(most_side)s pixels.") % {"most_side": MOST_SIDE}]
    if wishes.medium not in {"image", "animation"}:
        errors["medium"] = [gettext("image or animation.")]
    if errors:
        raise InvalidInput(gettext("The brief cannot be sent like this."), errors=errors)
