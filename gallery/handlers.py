"""What the gallery hears: whatever changes how a work is shown on a wall, and what somebody asked for."""

from collections.abc import Sequence
from uuid import UUID

from gallery import services
from gallery.services import curating
from gallery.services.bundles import ASKED
from gallery.services.curating.notices import ANSWERED, GIVEN
from marketplace.core.outbox import subscribe, subscribe_parcels


@subscribe(ASKED)
def on_bundle_asked(asked: str) -> None:
    certificate_id, language = asked.split()
    services.pack_bundle(certificate_id=UUID(certificate_id), language=language)


@subscribe(GIVEN)
def on_notice_given(report_id: str) -> None:
    curating.confirm_notice(report_id=UUID(report_id))


@subscribe(ANSWERED)
def on_notice_answered(report_id: str) -> None:
    curating.answer_notice(report_id=UUID(report_id))


@subscribe_parcels("artwork.looked_at")
@subscribe_parcels("card.stale")
def on_cards_stale(artwork_ids: Sequence[str]) -> None:
    services.refresh_cards([UUID(artwork_id) for artwork_id in artwork_ids])


@subscribe_parcels("card.outdated")
def on_cards_outdated(artwork_ids: Sequence[str]) -> None:
    """The house draws cards otherwise than before: told by the migration of the version that does."""
    services.refresh_cards([UUID(artwork_id) for artwork_id in artwork_ids], is_news=False)
