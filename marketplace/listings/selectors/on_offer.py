"""What everybody can buy of many works, in a few queries: for whoever draws walls of them."""

from collections import defaultdict
from collections.abc import Collection
from uuid import UUID

from marketplace.listings.models import Sale
from marketplace.listings.selectors.sales import sales_shown


def sales_of_artworks(artwork_ids: Collection[UUID]) -> dict[UUID, list[Sale]]:
    """The open sales of each of these works that has some: of its release, and of editions that owners resell.

    Two queries for any number of works; sales come with prices, auction and how many editions are left.
    """
    sales = sales_shown().of_works(artwork_ids).prefetch_related(None)
    found: dict[UUID, list[Sale]] = defaultdict(list)
    for sale in sales.prefetch_related("prices"):
        artwork_id = sale.edition.artwork_id if sale.edition else sale.issued.artwork_id
        if artwork_id is not None:
            found[artwork_id].append(sale)
    return dict(found)
