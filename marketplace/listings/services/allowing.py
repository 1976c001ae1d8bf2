"""The list of those who may buy early: people by their ids, or addresses that need not be known yet."""

import csv
from collections.abc import Iterable
from io import StringIO
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext

from marketplace.accounts.models import User
from marketplace.core.errors import InvalidInput
from marketplace.listings.errors import NotForSale
from marketplace.listings.models import Allowed, Sale, SaleState
from marketplace.listings.services.selling import locked_sale

MOST_ALLOWED = 10_000
CLOSED = (SaleState.ENDED, SaleState.CANCELLED)


@transaction.atomic
def allow(*, seller: User, sale_id: UUID, people: Iterable[str]) -> int:
    """Put people on a sale's list, by e-mail address or id; who is on it stays. Returns how many are on it now.

    Raises NotFound, NotYourSale, NotForSale where the sale is over, InvalidInput naming who is neither.
    """
    sale = _open_to_change(sale_id, seller)
    ids, addresses = _read(people)
    if unknown := ids - set(User.objects.filter(pk__in=ids).values_list("pk", flat=True)):
        raise InvalidInput(
            gettext("Not everybody is known."),
            errors={"people": [gettext("There is no %(one)s.") % {"one": one} for one in unknown][:20]},
        )
    rows = [Allowed(sale=sale, user_id=one) for one in ids] + [Allowed(sale=sale, email=one) for one in addresses]
    Allowed.objects.bulk_create(rows, ignore_conflicts=True, batch_size=2000)
    count = sale.allowed.count()
    if count > MOST_ALLOWED:
        raise InvalidInput(
            gettext("The list is too long."),
            errors={"people": [gettext("At most %(most_allowed)s together.") % {"most_allowed": f"{MOST_ALLOWED:,}"}]},
        )
    return count


@transaction.atomic
def disallow(*, seller: User, sale_id: UUID, people: Iterable[str]) -> int:
    """Take people off the list; returns how many are left on it. Raises as `allow` does."""
    sale = _open_to_change(sale_id, seller)
    ids, addresses = _read(people)
    sale.allowed.filter(Q(user__in=ids) | Q(email__in=addresses)).delete()
    return sale.allowed.count()


def people_in_csv(data: bytes) -> list[str]:
    """The first column of a CSV file (UTF-8), without a heading such as “email”. Raises InvalidInput."""
    try:
        text = data.decode("utf-8-sig")
        first = [row[0].strip() for row in csv.reader(StringIO(text), strict=True) if row and row[0].strip()]
    except (UnicodeDecodeError, csv.Error) as error:
        raise InvalidInput(
            gettext("This is no CSV file."),
            errors={"people": [gettext("It cannot be read: %(error)s.") % {"error": error}]},
        ) from error
    if first and "@" not in first[0] and not _is_id(first[0]):
        first = first[1:]
    return first


def _open_to_change(sale_id: UUID, seller: User) -> Sale:
    sale = locked_sale(sale_id, seller)
    if sale.state in CLOSED or sale.is_private:
        raise NotForSale(gettext("The list of this sale is closed."))
    return sale


def _read(people: Iterable[str]) -> tuple[set[UUID], set[str]]:
    """Ids and addresses. Raises InvalidInput."""
    ids, addresses, wrong = set(), set(), []
    for one in {given.strip().lower() for given in people}:
        try:
            if "@" in one:
                validate_email(one)
                addresses.add(one)
            else:
                ids.add(UUID(one))
        except (ValidationError, ValueError):
            wrong.append(gettext("“%(value)s” is neither an address nor an id.") % {"value": one[:80]})
    if wrong:
        raise InvalidInput(gettext("Not everybody can be read."), errors={"people": sorted(wrong)[:20]})
    if len(ids) + len(addresses) > MOST_ALLOWED:
        raise InvalidInput(
            gettext("The list is too long."),
            errors={"people": [gettext("At most %(most_allowed)s at once.") % {"most_allowed": f"{MOST_ALLOWED:,}"}]},
        )
    return ids, addresses


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
