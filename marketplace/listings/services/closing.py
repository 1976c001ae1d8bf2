"""What time does to sales: it ends those that are over or sold out, and tells the list of a drop that it opens."""

from uuid import UUID

import structlog
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from marketplace.accounts import services as accounts
from marketplace.accounts.models import User
from marketplace.listings.models import Edition, EditionState, Release, Sale, SaleKind, SaleState
from marketplace.listings.services.releasing import settle_size
from marketplace.listings.services.selling import RUNNING, end_sale

log = structlog.get_logger(__name__)
AT_A_PRICE = (SaleKind.FIXED, SaleKind.DUTCH)
LEFT = (EditionState.FREE, EditionState.RESERVED)


def end_what_is_over(*, limit: int = 200) -> int:
    """End the sales at a price whose time is over or of which no edition is left; returns how many.

    English auctions end with an award (see auctions.closing).
    """
    left = Edition.objects.filter(release=OuterRef("release"), state__in=LEFT)
    sold_out = Q(release__numbered__gte=F("release__size")) & ~Exists(left)
    over = Sale.objects.filter(Q(closes_at__lte=timezone.now()) | sold_out, kind__in=AT_A_PRICE, state__in=RUNNING)
    found = list(over.order_by("pk").values_list("pk", flat=True)[:limit])
    for sale_id in found:
        end_sale(sale_id=sale_id)
    return len(found)


def end_if_sold_out(*, edition_id: UUID) -> None:
    """An edition was sold: where it was the last one of its release, its sale ends. Again changes nothing."""
    releases = Release.objects.filter(editions=edition_id, numbered__gte=F("size"))
    left = Edition.objects.filter(release=OuterRef("pk"), state__in=LEFT)
    for release in releases.filter(~Exists(left)):
        for sale_id in release.sales.filter(kind__in=AT_A_PRICE, state__in=RUNNING).values_list("pk", flat=True):
            end_sale(sale_id=sale_id)


def settle_timed_releases(*, limit: int = 200) -> int:
    """Give a size to timed editions whose sale is over and of which nothing is being bought any more."""
    releases = Release.objects.filter(size=None, sales__state=SaleState.ENDED)
    busy = releases.filter(Q(editions__state=EditionState.RESERVED) | Q(sales__state__in=RUNNING)).values("pk")
    found = releases.filter(editions__state=EditionState.SOLD).exclude(pk__in=busy).distinct()
    ids = list(found.values_list("pk", flat=True)[:limit])
    for release_id in ids:
        settle_size(release_id=release_id)
    return len(ids)


def announce_drops(*, limit: int = 50) -> int:
    """Tell those on the list of a drop that it is open, once; returns how many drops were told of."""
    now = timezone.now()
    opened = Sale.objects.filter(
        Q(opens_at=None) | Q(opens_at__lte=now), state=SaleState.OPEN, announced_at=None, allowlist_until__gt=now,
        is_private=False,
    )  # fmt: skip
    found = list(opened.order_by("pk").values_list("pk", flat=True)[:limit])
    for sale_id in found:
        _announce(sale_id)
    return len(found)


@transaction.atomic
def _announce(sale_id: UUID) -> None:
    sale = Sale.objects.with_what_is_sold().select_for_update(of=("self",)).get(pk=sale_id)
    if sale.announced_at is not None:
        return
    listed = sale.allowed.all()
    people = User.objects.filter(
        Q(pk__in=listed.exclude(user=None).values("user")) | Q(email__in=listed.exclude(email="").values("email")),
        is_active=True,
    )
    accounts.notify_all(
        people=list(people.values_list("pk", flat=True)),
        kind="drop.opened",
        key=str(sale.pk),
        title=format_lazy(
            _("{issued_title} by {artist_name} is open to you"),
            issued_title=sale.issued.title,
            artist_name=sale.issued.artist.name,
        ),
        body=_("You are on its list, and can buy before everybody else."),
        link=f"/sales/{sale.pk}/",
    )
    sale.announced_at = timezone.now()
    sale.save(update_fields=["announced_at", "updated_at"])
