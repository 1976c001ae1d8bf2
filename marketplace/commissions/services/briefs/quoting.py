"""What a commission by brief is to cost: quoted, countered by either side, accepted."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from marketplace.accounts import selectors as accounts
from marketplace.accounts.models import User
from marketplace.commissions.errors import QuoteClosed, StyleWithdrawn
from marketplace.commissions.models import Brief, Quote, QuoteState
from marketplace.commissions.models.life import TIME_TO_ANSWER, TIME_TO_PAY
from marketplace.commissions.models.quotes import MOST_CANDIDATES, MOST_DAYS, MOST_MINUTES, MOST_REVISIONS
from marketplace.commissions.services.briefs.escrow import prepare_deposit
from marketplace.commissions.services.briefs.steps import locked_for, move, other_side, require, side_of
from marketplace.commissions.services.briefs.telling import day, tell
from marketplace.core.errors import Conflict, InvalidInput, NotFound
from marketplace.core.money import split
from marketplace.listings.models import StyleTerms
from marketplace.listings.services import LEAST_PRICE, MOST_PRICE

State = Brief.State


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What a quote says: money in minor units, time in days. See the fields of Quote."""

    price_amount: int
    days: int
    deposit_bps: int = 5000
    revisions: int = 1
    revision_days: int = 7
    revision_amount: int | None = None
    candidates: int | None = None
    minutes: int | None = None
    note: str = ""
    uses: Sequence[UUID] = field(default=())
    valid_days: int = 14


@transaction.atomic
def make_quote(*, author: User, brief_id: UUID, offer: Offer) -> Quote:
    """Quote a brief, or counter a quote: the artist until one is accepted, the collector once there is one.

    Which lent styles go into it the artist says; a collector's counter keeps them.
    Raises NotFound, NotNow, ArtistSuspended, InvalidInput (by the offer's names), StyleWithdrawn.
    """
    brief = locked_for(author, brief_id)
    require(brief, "quote")
    accounts.require_approved(brief.artist)
    side = side_of(brief, author)
    open_quote = Quote.objects.filter(brief=brief, state=QuoteState.OPEN).first()
    if side == "collector" and open_quote is None:
        raise Conflict(gettext("The artist quotes first."))
    _check(offer)
    kept = list(open_quote.uses.all()) if open_quote is not None and side == "collector" else None
    uses = kept if kept is not None else _lent(brief, offer.uses)
    _check_lent(uses, offer.price_amount)
    if open_quote is not None:
        open_quote.state, open_quote.answered_at = QuoteState.COUNTERED, timezone.now()
        open_quote.save(update_fields=["state", "answered_at", "updated_at"])
    said = asdict(offer)
    expires = timezone.now() + timedelta(days=said.pop("valid_days"))
    del said["uses"]
    quote = Quote.objects.create(brief=brief, author=author, expires_at=expires, **said)
    quote.uses.set(uses)
    move(brief, "quote", answer_by=min(expires, timezone.now() + TIME_TO_ANSWER))
    named = brief.artist.name if side == "artist" else brief.collector.name
    told = format_lazy(
        _("{named} offers {quote_price} for {brief_title}"),
        named=named,
        quote_price=quote.price,
        brief_title=brief.title,
    )
    body = format_lazy(
        _("The first proof within {quote_days} days; it stands until {day}."), quote_days=quote.days, day=day(expires)
    )
    tell(brief, other_side(brief, author), "commission.quoted", told, body, once=quote.pk)
    return quote


@transaction.atomic
def accept_quote(*, person: User, brief_id: UUID, quote_id: UUID) -> Brief:
    """Agree to what the other side offers: the deposit is to be paid now. Accepting twice is accepting once.

    The terms of every lent style are written down as they are.
    Raises NotFound, NotNow, ArtistSuspended, QuoteClosed, StyleWithdrawn.
    """
    brief = locked_for(person, brief_id)
    quote = Quote.objects.filter(brief=brief, pk=quote_id).first()
    if quote is None or quote.author_id == person.pk:
        raise NotFound(gettext("Nothing like this is offered to you."))
    if brief.quote_id == quote.pk:
        return brief
    if quote.state != QuoteState.OPEN or quote.expires_at <= timezone.now():
        raise QuoteClosed()
    uses = list(quote.uses.select_related("artist", "trained_model__training__dataset"))
    _require_lent(uses)
    accounts.require_approved(brief.artist)
    quote.state, quote.answered_at = QuoteState.ACCEPTED, timezone.now()
    quote.save(update_fields=["state", "answered_at", "updated_at"])
    brief.quote, brief.consents = quote, [terms.consent for terms in uses]
    pay_by = timezone.now() + TIME_TO_PAY
    move(brief, "accept_quote", pay_by=pay_by, answer_by=None)
    prepare_deposit(brief)
    told = format_lazy(_("{brief_title} is agreed at {quote_price}"), brief_title=brief.title, quote_price=quote.price)
    body = format_lazy(
        _("The deposit of {quote_deposit} is to be paid until {day}; then the work begins."),
        quote_deposit=quote.deposit,
        day=day(pay_by),
    )
    for one in (brief.collector, brief.artist.user):
        tell(brief, one, "commission.quoted", told, body, once=f"{quote.pk}:accepted")
    return brief


def _lent(brief: Brief, terms_ids: Sequence[UUID]) -> list[StyleTerms]:
    """Styles of others that are lent at present. Raises InvalidInput, StyleWithdrawn."""
    found = list(StyleTerms.objects.filter(pk__in=terms_ids).exclude(artist=brief.artist).select_related("artist"))
    if len(found) != len(set(terms_ids)):
        raise InvalidInput(
            gettext("Not all of these are lent."), errors={"uses": [gettext("Terms of styles that others lend.")]}
        )
    _require_lent(found)
    if any(terms.fee_amount and terms.currency != brief.currency for terms in found):
        raise InvalidInput(
            gettext("The fee is in another currency."),
            errors={"uses": [gettext("Fees must be in %(currency)s.") % {"currency": brief.currency}]},
        )
    return found


def _require_lent(found: Iterable[StyleTerms]) -> None:
    """Raises StyleWithdrawn, also where its artist does not take part."""
    if any(terms.withdrawn_at or terms.artist.is_suspended for terms in found):
        raise StyleWithdrawn()


def _check_lent(uses: Sequence[StyleTerms], price: int) -> None:
    """Something must be left for who does the work. Raises InvalidInput."""
    share = settings.ATELIER.artist_share_bps
    part, _ = split(price, [share, 10_000 - share])
    if sum(terms.fee_amount for terms in uses) >= part or sum(terms.share_bps for terms in uses) >= 10_000:
        raise InvalidInput(
            gettext("Nothing would be left."),
            errors={"uses": [gettext("Together they cost all that the artist gets.")]},
        )


def _check(offer: Offer) -> None:
    """Raises InvalidInput, whose `errors` name what is wrong."""
    errors: dict[str, list[str]] = {}

    def within(name: str, least: int, most: int, value: int | None = None) -> None:
        given = getattr(offer, name) if value is None else value
        if given is not None and not least <= given <= most:
            errors[name] = [gettext("From %(least)s to %(most)s.") % {"least": least, "most": most}]

    within("price_amount", LEAST_PRICE, MOST_PRICE)
    within("days", 1, MOST_DAYS)
    within("revision_days", 1, MOST_DAYS)
    within("revisions", 0, MOST_REVISIONS)
    within("revision_amount", LEAST_PRICE, MOST_PRICE)
    within("candidates", 1, MOST_CANDIDATES)
    within("minutes", 1, MOST_MINUTES)
    within("deposit_bps", 1, 10_000)
    within("valid_days", 1, 60)
    if offer.candidates is None and offer.minutes is None:
        errors["candidates"] = [gettext("How many pictures, or how many minutes of the machines, are had for it.")]
    if not errors:
        deposit = offer.price_amount * offer.deposit_bps // 10_000
        balance = offer.price_amount - deposit
        if deposit < LEAST_PRICE or 0 < balance < LEAST_PRICE:
            errors["deposit_bps"] = [
                gettext("Deposit and balance must be at least %(least_price)s minor units, or all at once.")
                % {"least_price": LEAST_PRICE}
            ]
    if errors:
        raise InvalidInput(gettext("This cannot be offered."), errors=errors)
