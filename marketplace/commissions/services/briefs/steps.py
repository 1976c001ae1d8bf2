"""How each step of a commission by brief begins and ends.

The order of locks, which every function of this package keeps: the artist's CommissionTerms (only where a place in the
queue is given away), then the Brief, then rows below it (quotes, candidates, instalments), then payments, editions and
artworks through the services of their own rooms. Nobody locks two briefs at once.
"""

from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext

from marketplace.accounts.models import User
from marketplace.commissions.models import BRIEF, IN_QUEUE, Brief, Quote, QuoteState
from marketplace.core import notify, outbox
from marketplace.core.errors import NotFound
from marketplace.core.machine import NotNow

CHANNEL = "brief"
PLACE_FREE, BALANCE_DUE = "brief.place_free", "brief.balance_due"
_NEEDED = ("collector", "artist__user", "licence", "quote", "proof__job__artwork")


def locked(brief_id: UUID) -> Brief | None:
    """The brief, locked: always the first lock."""
    return Brief.objects.select_for_update(of=("self",)).select_related(*_NEEDED).filter(pk=brief_id).first()


def locked_for(person: User, brief_id: UUID) -> Brief:
    """The brief, locked, for one of its two sides. Raises NotFound, also for strangers."""
    brief = locked(brief_id)
    if brief is None or person.pk not in {brief.collector_id, brief.artist.user_id}:
        raise NotFound(gettext("You have no such commission."))
    return brief


def locked_for_collector(collector: User, brief_id: UUID) -> Brief:
    """The brief, locked, for who asked for it. Raises NotFound."""
    brief = locked_for(collector, brief_id)
    if brief.collector_id != collector.pk:
        raise NotFound(gettext("Its collector alone can do this."))
    return brief


def locked_for_artist(artist_user: User, brief_id: UUID) -> Brief:
    """The brief, locked, for who is to make it. Raises NotFound."""
    brief = locked_for(artist_user, brief_id)
    if brief.artist.user_id != artist_user.pk:
        raise NotFound(gettext("Its artist alone can do this."))
    return brief


def side_of(brief: Brief, person: User) -> str:
    """As what somebody acts: `collector` or `artist`."""
    return "collector" if brief.collector_id == person.pk else "artist"


def other_side(brief: Brief, person: User) -> User:
    """Who is to hear what this person did."""
    return brief.artist.user if brief.collector_id == person.pk else brief.collector


def require(brief: Brief, name: str) -> None:
    """Nothing is written that the machine does not allow now. Raises NotNow."""
    if not BRIEF.allows(name, brief.state):
        raise NotNow(
            gettext("This cannot be done while it is %(get_state_display)s.")
            % {"get_state_display": brief.get_state_display().lower()},
            state=brief.state,
        )


def move(brief: Brief, name: str, **fields: Any) -> Brief:
    """Take a step, set the fields that go with it, save, and tell who watches. Raises NotNow."""
    was_in_queue = brief.state in IN_QUEUE
    BRIEF.move(brief, name)
    brief.reminded_at = None
    for field, value in fields.items():
        setattr(brief, field, value)
    brief.save()
    if brief.is_over:
        _close_quotes(brief)
        if was_in_queue:
            outbox.emit(PLACE_FREE, brief.artist_id)
    notify.publish(CHANNEL, str(brief.pk))
    return brief


def _close_quotes(brief: Brief) -> None:
    Quote.objects.filter(brief=brief, state=QuoteState.OPEN).update(state=QuoteState.CLOSED, answered_at=timezone.now())
