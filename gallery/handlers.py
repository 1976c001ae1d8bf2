"""What the gallery does when it hears of something."""

from uuid import UUID

from gallery import services
from gallery.services.bundles import ASKED
from marketplace.core.outbox import subscribe


@subscribe(ASKED)
def on_bundle_asked(asked: str) -> None:
    certificate_id, language = asked.split()
    services.pack_bundle(certificate_id=UUID(certificate_id), language=language)
