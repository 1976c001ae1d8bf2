"""Taking an edition for one buyer, and giving it back: single statements, so that no two can have the same one.

Whoever needs several rows locks them in this order: order, edition, release, sale, ownership, payment.
"""

from uuid import UUID

from django.db import connection, transaction
from django.db.models.functions import Now
from django.utils.translation import gettext

from marketplace.listings.models import Edition, EditionState, Release, Sale
from marketplace.orders.errors import SoldOut
from marketplace.orders.models import Ownership

# So many editions lie ready: of a crowd nobody waits for the row that counts as long as each finds one.
LEAST_FREE, NUMBERED_AT_ONCE = 32, 64
# The free edition with the lowest number; the first form passes over those that somebody is just taking.
_TAKE = """
    UPDATE listings_edition SET state = 'reserved', updated_at = now() WHERE id = (
        SELECT id FROM listings_edition WHERE release_id = %s AND state = 'free'
        ORDER BY number LIMIT 1 FOR NO KEY UPDATE {passing_over})
    RETURNING id
"""
_TAKE_ANY = _TAKE.format(passing_over="SKIP LOCKED")
_TAKE_OR_WAIT = _TAKE.format(passing_over="")


def prepare_editions(release: Release) -> None:
    """Have some free editions with numbers before one is taken; in a short transaction of its own. Raises SoldOut."""
    free = _free(release.pk)
    if free < LEAST_FREE and (release.size is None or release.numbered < release.size):
        free = number_editions(release.pk)
    if not free:
        raise SoldOut(gettext("“%(release_title)s” is sold out.") % {"release_title": release.title})


@transaction.atomic
def number_editions(release_id: UUID) -> int:
    """Give the next numbers where few editions are free, never beyond the size; return how many are free (or many)."""
    release = Release.objects.select_for_update(no_key=True).get(pk=release_id)
    free = _free(release_id)  # others may have numbered some while we waited
    last = release.numbered + NUMBERED_AT_ONCE
    last = last if release.size is None else min(last, release.size)
    if free < LEAST_FREE and last > release.numbered:
        numbers = range(release.numbered + 1, last + 1)
        Edition.objects.bulk_create(Edition(release=release, number=number) for number in numbers)
        release.numbered = last
        release.save(update_fields=["numbered", "updated_at"])
        free += len(numbers)
    return free


def reserve_for(sale: Sale, edition: Edition | None = None) -> UUID:
    """An edition of what the sale sells: `edition`, the one that is on sale, or any free one. Raises SoldOut."""
    chosen = edition or sale.edition
    if chosen is None:
        return _take_any(sale.issued)
    taken = _take_owned(chosen.pk, sale.seller_id) if sale.is_resale else take_free(chosen.pk)
    if not taken:
        raise SoldOut(gettext("This edition is being bought by somebody else, or has another owner by now."))
    return chosen.pk


def take_free(edition_id: UUID) -> bool:
    """Reserve this edition if it is nobody's."""
    free = Edition.objects.filter(pk=edition_id, state=EditionState.FREE)
    return bool(free.update(state=EditionState.RESERVED, updated_at=Now()))


def give_back(edition_id: UUID) -> None:
    """Nobody buys the edition any more: it is its owner's again, or free, and what was drawn for it is forgotten."""
    edition = Edition.objects.select_for_update(no_key=True).get(pk=edition_id)
    if edition.state != EditionState.RESERVED:
        return
    if Ownership.objects.filter(edition=edition).exists():
        edition.state = EditionState.SOLD
    else:
        edition.state, edition.seed, edition.made = EditionState.FREE, None, None
    edition.save(update_fields=["state", "seed", "made", "updated_at"])


def _take_any(release: Release) -> UUID:
    taken = _take(_TAKE_ANY, release.pk)
    if taken is None:
        number_editions(release.pk)
        taken = _take(_TAKE_ANY, release.pk)
    if taken is None:
        # All that is left is just being taken by others, who may yet fail: wait and see.
        taken = _take(_TAKE_OR_WAIT, release.pk)
    if taken is None:
        raise SoldOut(gettext("“%(release_title)s” is sold out.") % {"release_title": release.title})
    return taken


def _take_owned(edition_id: UUID, seller_id: UUID) -> bool:
    theirs = Ownership.objects.filter(edition=edition_id, owner=seller_id).values("edition")
    sold = Edition.objects.filter(pk=edition_id, state=EditionState.SOLD, pk__in=theirs)
    return bool(sold.update(state=EditionState.RESERVED, updated_at=Now()))


def _take(statement: str, release_id: UUID) -> UUID | None:
    with connection.cursor() as cursor:
        cursor.execute(statement, [release_id])
        row = cursor.fetchone()
    return row[0] if row else None


def _free(release_id: UUID) -> int:
    """How many editions are free, as far as it is worth counting."""
    return Edition.objects.filter(release=release_id, state=EditionState.FREE)[:LEAST_FREE].count()
