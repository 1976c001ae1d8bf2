"""What listings hear: that an edition was sold (told by orders when it is its buyer's)."""

from uuid import UUID

from marketplace.core.outbox import subscribe
from marketplace.listings import services


@subscribe("edition.sold")
def on_edition_sold(edition_id: str) -> None:
    services.end_if_sold_out(edition_id=UUID(edition_id))
