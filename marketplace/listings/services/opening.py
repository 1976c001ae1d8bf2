"""From a work to its sale in one go: issued, priced and, if wanted, published; or nothing of it."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.db import transaction

from marketplace.accounts.models import User
from marketplace.listings.models import Sale
from marketplace.listings.services.allowing import allow
from marketplace.listings.services.releasing import Series, Terms, issue_release, issue_series
from marketplace.listings.services.selling import AskedPrice, Schedule, change_sale, draft_sale, publish_sale


@transaction.atomic
def put_on_sale(
    *,
    artist_user: User,
    what: UUID | Series,
    terms: Terms,
    prices: Sequence[AskedPrice],
    schedule: Schedule,
    people: Iterable[str] = (),
    publish: bool = True,
) -> Sale:
    """Issue a work (its id) or a series, and sell it at a price. Raises what the single steps raise."""
    if isinstance(what, Series):
        release = issue_series(artist_user=artist_user, series=what, terms=terms)
    else:
        release = issue_release(artist_user=artist_user, artwork_id=what, terms=terms)
    return sell_release(
        artist_user=artist_user, release_id=release.pk, prices=prices, schedule=schedule, people=people,
        publish=publish,
    )  # fmt: skip


@transaction.atomic
def rework_sale(
    *, seller: User, sale_id: UUID, prices: Sequence[AskedPrice], schedule: Schedule, people: Iterable[str] = ()
) -> Sale:
    """Set everything of a draft or a paused sale anew; `people` join its list. Raises what the single steps raise."""
    changes = {name: getattr(schedule, name) for name in Schedule.__dataclass_fields__}
    sale = change_sale(seller=seller, sale_id=sale_id, prices=prices, changes=changes)
    if listed := list(people):
        allow(seller=seller, sale_id=sale_id, people=listed)
    return sale


@transaction.atomic
def sell_release(
    *,
    artist_user: User,
    release_id: UUID,
    prices: Sequence[AskedPrice],
    schedule: Schedule,
    people: Iterable[str] = (),
    publish: bool = True,
) -> Sale:
    """Sell what was issued before at a price. Raises what the single steps raise."""
    sale = draft_sale(seller=artist_user, release_id=release_id, prices=prices, schedule=schedule)
    if listed := list(people):
        allow(seller=artist_user, sale_id=sale.pk, people=listed)
    return publish_sale(seller=artist_user, sale_id=sale.pk) if publish else sale
