"""Keeping searches, and telling of works that match since: hung, on sale, cheaper, of another look; of each once."""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import structlog
from django.db import connection, transaction
from django.db.models import Max, Min, QuerySet
from django.utils import timezone
from django.utils.functional import lazy
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gallery.models import MOST_SEARCHES, Card, Frequency, PastCard, SavedSearch
from gallery.selectors.matching import Parameters, as_parameters, matches, said_in
from gallery.selectors.works import hanging
from marketplace.accounts import services as accounts
from marketplace.accounts.models import User
from marketplace.core.errors import Conflict, InvalidInput, NotFound

log = structlog.get_logger(__name__)
LONGEST_NAME = 120
PAUSES = {Frequency.AT_ONCE: timedelta(), Frequency.DAILY: timedelta(days=1), Frequency.WEEKLY: timedelta(days=7)}
# A work may show itself after its time of hanging or changing, when the transaction that did it ends: one looks so far
# back again.
OVERLAP = timedelta(minutes=10)
MOST_AT_ONCE = 500  # works that one look takes in of one search; the next look goes on there
MOST_PEOPLE = 500  # that one go of the chore looks for
TOLD_BY_NAME = 10
Found = Mapping[SavedSearch, Sequence[UUID]]
_KEEP = """
    INSERT INTO gallery_find (search_id, artwork_id, found_at)
    SELECT %s, artwork, %s FROM unnest(%s::uuid[]) WITH ORDINALITY AS given (artwork, place) ORDER BY place
    ON CONFLICT (search_id, artwork_id) DO NOTHING RETURNING id, artwork_id
"""


@transaction.atomic
def save_search(
    *, owner: User, query: Mapping[str, Sequence[str]], name: str = "", frequency: str = Frequency.DAILY
) -> SavedSearch:
    """Keep a search; one that is kept already is answered as it stands. Raises InvalidInput, Conflict (too many)."""
    User.objects.select_for_update(no_key=True).get(pk=owner.pk)  # two at once cannot both be the last
    asked = as_parameters(query)
    fingerprint = hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()
    known = SavedSearch.objects.filter(owner=owner, fingerprint=fingerprint).first()
    if known is not None:
        return known
    if SavedSearch.objects.filter(owner=owner).count() >= MOST_SEARCHES:
        raise Conflict(_("You keep %(most)d searches; delete one first.") % {"most": MOST_SEARCHES})
    now = timezone.now()
    words = _checked(name or _named(asked), frequency)
    return SavedSearch.objects.create(
        owner=owner, query=asked, fingerprint=fingerprint, looked_until=now, due_at=_next(frequency, now), **words
    )


@transaction.atomic
def change_search(
    *, owner: User, search_id: UUID, name: str | None = None, frequency: str | None = None
) -> SavedSearch:
    """Another name, or another frequency; after “never” it looks from now on. Raises NotFound, InvalidInput."""
    search = _locked(owner, search_id)
    now, was = timezone.now(), search.frequency
    words = _checked(search.name if name is None else name, frequency or was)
    search.name, search.frequency = words["name"], words["frequency"]
    if search.frequency != was:
        search.due_at = _next(search.frequency, now)
        search.looked_until = now if was == Frequency.NEVER else search.looked_until
    search.save(update_fields=["name", "frequency", "due_at", "looked_until", "updated_at"])
    return search


@transaction.atomic
def delete_search(*, owner: User, search_id: UUID) -> None:
    """Forget a search and what was found. Raises NotFound."""
    _locked(owner, search_id).delete()


def tell_of_finds(*, now: datetime | None = None) -> int:
    """Look again for everybody whose searches are due; returns how many people were told of something.

    All of one person's that are due are looked at, told of in one notification (and so one e-mail), and marked in one
    transaction: whoever dies over it has done nothing, and who runs beside it takes others.
    """
    now, told = now or timezone.now(), 0
    owners = _due(now).values("owner").annotate(first=Min("due_at")).order_by("first", "owner")
    for owner_id in list(owners.values_list("owner", flat=True)[:MOST_PEOPLE]):
        told += _tell(owner_id, now)
    return told


def _due(now: datetime) -> "QuerySet[SavedSearch]":
    """Searches whose time has come, if anything was hung or changed since they looked."""
    moments = [Card.objects.aggregate(at=Max("hung_at"))["at"], PastCard.objects.aggregate(at=Max("at"))["at"]]
    newest = max((at for at in moments if at), default=None)
    due = SavedSearch.objects.filter(due_at__lte=now, owner__is_active=True)
    return due.filter(looked_until__lt=newest + OVERLAP) if newest else due.none()


@transaction.atomic
def _tell(owner_id: UUID, now: datetime) -> bool:
    due = SavedSearch.objects.select_for_update(skip_locked=True, of=("self",)).select_related("owner")
    searches = list(due.filter(owner=owner_id, due_at__lte=now).order_by("pk"))
    found = {search: _look(search, now) for search in searches}
    finds = [find for new in found.values() for find in new]
    if not finds:
        return False
    told = {search: [work for _pk, work in new] for search, new in found.items() if new}
    last = max(pk for pk, _work in finds)
    accounts.notify(
        person=searches[0].owner, kind="search.found", key=f"find:{last}",
        title=_in_their_language(_title, told), body=_in_their_language(_body, told),
        link="/saved-searches/", data={"works": [str(work) for _pk, work in finds][:MOST_AT_ONCE]},
    )  # fmt: skip
    log.info("search.told", person=str(owner_id), searches=len(searches), works=len(finds))
    return True


def _look(search: SavedSearch, now: datetime) -> list[tuple[int, UUID]]:
    """Keep what is new of one search, and how far it was looked."""
    since = max(search.created_at, search.looked_until - OVERLAP)
    works = matches(search, since, now, limit=MOST_AT_ONCE)
    with connection.cursor() as cursor:
        cursor.execute(_KEEP, [search.pk, now, works])
        new: list[tuple[int, UUID]] = cursor.fetchall()
    if len(works) < MOST_AT_ONCE:  # else there may be more: it stays due, and what was found is not found again
        search.looked_until, search.due_at = now, _next(search.frequency, now)
    search.save(update_fields=["looked_until", "due_at", "updated_at"])
    return new


def _in_their_language(words: Callable[[Found], str], found: Found) -> str:
    return lazy(words, str)(found)


def _title(found: Found) -> str:
    number = len({work for works in found.values() for work in works})
    return ngettext(
        "%(number)d new work matches what you look for", "%(number)d new works match what you look for", number
    ) % {"number": number}  # fmt: skip


def _body(found: Found) -> str:
    parts = []
    for search, works in found.items():
        lines = [_line(card.shown) for card in hanging(works[:TOLD_BY_NAME])]
        more = len(works) - len(lines)
        if more > 0:
            lines.append(ngettext("and %(more)d more", "and %(more)d more", more) % {"more": more})
        parts.append("\n".join([f"{search.name}:", *lines]))
    return "\n\n".join(parts)


def _line(shown: Mapping[str, Any]) -> str:
    return f"{shown['title']}, {shown['artist']['name']}" if shown["artist"] else str(shown["title"])


def _next(frequency: str, now: datetime) -> datetime | None:
    return None if frequency == Frequency.NEVER else now + PAUSES[Frequency(frequency)]


def _named(query: Parameters) -> str:
    return ", ".join(said_in(query))[:LONGEST_NAME] or _("Everything new")


def _checked(name: str, frequency: str) -> dict[str, Any]:
    errors = {}
    if not 0 < len(name.strip()) <= LONGEST_NAME:
        errors["name"] = [_("From 1 to %(most)d characters.") % {"most": LONGEST_NAME}]
    if frequency not in Frequency.values:
        errors["frequency"] = [_("Unknown. Known: %(known)s.") % {"known": ", ".join(Frequency.values)}]
    if errors:
        raise InvalidInput(errors=errors)
    return {"name": name.strip(), "frequency": frequency}


def _locked(owner: User, search_id: UUID) -> SavedSearch:
    search = SavedSearch.objects.select_for_update().filter(owner=owner, pk=search_id).first()
    if search is None:
        raise NotFound(_("You keep no such search."))
    return search
